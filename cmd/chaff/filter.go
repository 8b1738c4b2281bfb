package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
	"chaff/filter"
	"chaff/filter/store"
	"chaff/report"
)

// filterFlags are the flags of filter as they were given.
type filterFlags struct {
	indexFlags
	likenessFlags
	policy     string
	failOn     string
	drop       bool
	clean      bool
	storeText  bool
	repair     bool
	minRepeat  int
	workers    int
	idField    string
	textField  string
	maxArticle string
}

func newFilter(s streams, code *int) *cobra.Command {
	var flags filterFlags
	cmd := &cobra.Command{
		Use:   "filter [flags] [PATH]",
		Short: "Give each article of a stream a verdict before it is published",
		Long: `filter reads JSON Lines from PATH, or standard input, and writes each line to standard
output, in order, with a verdict in a field chaff: accept, review or reject. The line
stays as it is otherwise; a field chaff that it had is replaced.

With --index it remembers the articles it accepts, and makes the index where there is
none. A near-duplicate of an article accepted before, in this stream or an earlier one,
is rejected, unless both are a form filled in anew. The line of an accepted article is
written when the index has it on disk: a stream that was cut off can be sent again. An
article whose id and text are in the index is accepted again; another text under an id
takes the place of the old one. Without --index near-duplicates are not looked for.

An article that repeats itself, or holds what certainly does not belong to it, is left
for review. --policy names a file with other rules, as JSON:

  {"rules": [{"kind": "near-duplicate", "relation": "template", "verdict": "accept"},
             {"kind": "near-duplicate", "verdict": "reject"},
             {"kind": "repeat", "verdict": "review"},
             {"kind": "off-topic", "tier": "certain", "verdict": "review"}],
   "sources": {"wire": [{"label": "advertisement", "score": 0.9, "verdict": "reject"}]}}

For each finding the first rule that fits decides, those of the article's source first;
the severest verdict is the article's. Those above are the default, but for the source.

A line without an article is written with an error, and the stream goes on.

Exit codes: 0 done; 1 a finding named by --fail-on was made; 2 wrong usage, or input,
output or index failed; 3 done, but some lines held no article; 130 interrupted: what
was read is finished.`,
		Example: `  chaff filter --index published < today.jsonl > judged.jsonl
  chaff filter --index published --drop --clean today.jsonl`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && args[0] == "" {
				return &usageError{"filter takes one PATH, or none for standard input", cmd.CommandPath()}
			}
			return nil
		},
	}
	flags.indexFlags.register(cmd)
	fs := cmd.Flags()
	fs.StringVar(&flags.policy, "policy", "", "`file` with the rules that give verdicts")
	fs.StringVar(&flags.failOn, "fail-on", "", "exit with 1 if a finding of one of these `kinds` is made: "+join(article.Kinds))
	fs.BoolVar(&flags.drop, "drop", false, "leave the lines of rejected articles out")
	fs.BoolVar(&flags.clean, "clean", false, "give the text without later copies of repeats and certain off-topic blocks, as cleaned")
	fs.BoolVar(&flags.storeText, "store-text", false, "keep the texts in the index, too")
	fs.BoolVar(&flags.repair, "repair", false, "go on with what is left of an index that has lost its last entries")
	flags.likenessFlags.register(cmd)
	fs.IntVar(&flags.minRepeat, "min-repeat-words", dedupe.DefaultRepeatWords, "words that a sentence or paragraph has at least to be told as a repeat, 1 or more")
	fs.IntVar(&flags.workers, "workers", 0, "how many articles are looked at in parallel (0: as many as there are cores)")
	fs.StringVar(&flags.idField, "id-field", "id", "field with the `name` of an article")
	fs.StringVar(&flags.textField, "text-field", "text", "field with its `text`")
	fs.StringVar(&flags.maxArticle, "max-article", humanize.IBytes(corpus.DefaultMaxArticle), "largest article that is read (`size`, as 4MiB)")
	complete(cmd, map[string][]string{"fail-on": strs(article.Kinds)})
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		set, err := flags.resolve(cmd)
		if err != nil {
			return &usageError{err.Error(), cmd.CommandPath()}
		}
		if len(paths) == 1 {
			set.path = paths[0]
		}
		*code, err = runFilter(cmd.Context(), set, s)
		return err
	}
	return cmd
}

// filtering is what a filter does, checked and complete.
type filtering struct {
	path   string // empty or -: standard input
	index  string // folder; empty for none
	store  store.Options
	check  filter.CheckerOptions
	stream filter.StreamOptions
	failOn []article.Kind
}

func (f *filterFlags) resolve(cmd *cobra.Command) (*filtering, error) {
	set := &filtering{index: f.dir}
	var err error
	if f.dir != "" {
		if set.store, err = f.indexFlags.resolve(cmd); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"index", "cache", "store-text", "repair", "jaccard", "containment"} {
		if f.dir == "" && cmd.Flags().Changed(name) {
			return nil, fmt.Errorf("--%s needs --index, the folder of the index", name)
		}
	}
	if set.store.Jaccard, set.store.Containment, err = f.likenessFlags.resolve(); err != nil {
		return nil, err
	}
	set.store.StoreText, set.store.Repair = f.storeText, f.repair
	input := inputFlags{html: string(corpus.Main), idField: f.idField, textField: f.textField, maxArticle: f.maxArticle}
	if set.stream.Lines, err = input.resolve(); err != nil {
		return nil, err
	}
	if f.minRepeat < 1 {
		return nil, fmt.Errorf("--min-repeat-words: %d is below 1", f.minRepeat)
	}
	if f.workers < 0 {
		return nil, fmt.Errorf("--workers: %d is below 0", f.workers)
	}
	set.check.Repeats.MinWords = f.minRepeat
	set.stream.Workers, set.stream.Drop, set.stream.Clean = f.workers, f.drop, f.clean
	if cmd.Flags().Changed("fail-on") {
		if set.failOn, err = filter.ParseKinds(f.failOn); err != nil {
			return nil, fmt.Errorf("--fail-on: %w", err)
		}
	}
	if f.policy != "" {
		if set.check.Rules, err = readRules(f.policy); err != nil {
			return nil, fmt.Errorf("--policy: %w", err)
		}
	}
	return set, nil
}

func readRules(path string) (*filter.Rules, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rules, err := filter.ReadRules(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return rules, nil
}

// runFilter does what set says and returns the exit code. An error means that input,
// output or index failed.
func runFilter(ctx context.Context, set *filtering, s streams) (code int, err error) {
	interrupts := catchInterrupts()
	defer interrupts.stop()
	in := s.in
	if in == nil {
		in = strings.NewReader("")
	}
	if set.path != "" && set.path != "-" {
		file, err := os.Open(set.path)
		if err != nil {
			return exitUsage, err
		}
		defer file.Close()
		in = file
	}
	if set.index != "" {
		defer limitGarbage()()
		index, err := store.Open(set.index, set.store)
		if err != nil {
			return exitUsage, err
		}
		defer func() {
			if e := index.Close(); e != nil && err == nil {
				code, err = exitUsage, fmt.Errorf("closing index: %w", e)
			}
		}()
		set.check.Index = index
	}
	set.stream.Checker = filter.NewChecker(set.check)
	set.stream.Problem = func(line int, err error) { s.err.tell(fmt.Sprintf("line %d: %v", line, err)) }
	started := time.Now()
	var summary filter.Summary
	err = interrupts.serve(ctx, func(ctx context.Context) (err error) {
		summary, err = filter.Run(ctx, in, s.out, set.stream)
		return err
	})
	return set.exit(s.err, summary, err, time.Since(started))
}

// exit tells what became of the stream and returns the exit code.
func (set *filtering) exit(c *console, summary filter.Summary, err error, elapsed time.Duration) (int, error) {
	done := filtered(summary)
	switch {
	case errors.Is(err, context.Canceled):
		c.tell(fmt.Sprintf("interrupted after %s: %s", report.Duration(elapsed), done))
		return exitInterrupted, nil
	case errors.Is(err, syscall.EPIPE), errors.Is(err, io.ErrClosedPipe):
		// Whoever reads the pipe has enough.
	case err != nil:
		return exitUsage, fmt.Errorf("%w; before that %s", err, done)
	default:
		c.tell(done)
	}
	if slices.ContainsFunc(set.failOn, func(k article.Kind) bool { return summary.Found[k] > 0 }) {
		return exitFound, nil
	}
	if summary.Bad > 0 {
		return exitDamaged, nil
	}
	return exitDone, nil
}

// filtered says what became of a stream.
func filtered(s filter.Summary) string {
	line := fmt.Sprintf("%s: %d accepted, %d for review, %d rejected",
		report.Plural(s.Lines, "line", "lines"), s.Accepted, s.Reviewed, s.Rejected)
	if s.Bad > 0 {
		line += fmt.Sprintf(", %d without an article", s.Bad)
	}
	return line
}
