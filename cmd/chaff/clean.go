package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"chaff/article"
	"chaff/clean"
	"chaff/corpus"
	"chaff/filter"
	"chaff/report"
	"chaff/scan"
)

// cleanFlags are the flags of clean as they were given.
type cleanFlags struct {
	readFlags
	out            string
	keepDuplicates bool
	keepOffTopic   bool
	tier           string
	restore        bool
}

func (f *cleanFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&f.out, "out", "", "write to this `folder`, which must be new or empty")
	fs.BoolVar(&f.keepDuplicates, "keep-duplicates", false, "keep near-duplicates")
	fs.BoolVar(&f.keepOffTopic, "keep-off-topic", false, "keep off-topic blocks")
	fs.StringVar(&f.tier, "tier", string(article.Certain), "the least sure off-topic blocks to take away: "+join(article.Tiers))
	fs.BoolVar(&f.restore, "restore", false, "write the originals of the cleaned folder that PATH names")
	f.readFlags.register(cmd)
	complete(cmd, map[string][]string{"tier": strs(article.Tiers)})
}

// cleaning is what clean does, checked and complete.
type cleaning struct {
	reading
	out      string
	policy   filter.Policy // of what is taken away
	settings clean.Settings
	restore  bool
}

// resolve checks the flags, of which given are on the command line.
func (f *cleanFlags) resolve(given []string, paths []string) (*cleaning, error) {
	r, err := f.readFlags.resolve("clean", paths)
	if err != nil {
		return nil, err
	}
	if f.out == "" {
		return nil, fmt.Errorf("clean needs --out, the folder to write to")
	}
	c := &cleaning{reading: r, out: f.out, restore: f.restore}
	if f.restore {
		if len(paths) > 1 || paths[0] == "-" {
			return nil, fmt.Errorf("--restore needs one PATH, the cleaned folder")
		}
		for _, name := range given {
			if !slices.Contains([]string{"out", "restore", "progress"}, name) {
				return nil, fmt.Errorf("--%s has no meaning with --restore", name)
			}
		}
		return c, nil
	}
	if c.policy.Tier, err = filter.ParseTier(f.tier); err != nil {
		return nil, fmt.Errorf("--tier: %w", err)
	}
	c.scan.Kinds = []article.Kind{article.Repeat}
	if !f.keepDuplicates {
		c.scan.Kinds = append(c.scan.Kinds, article.NearDuplicate)
	}
	if !f.keepOffTopic {
		c.scan.Kinds = append(c.scan.Kinds, article.OffTopic)
	} else if slices.Contains(given, "tier") {
		return nil, fmt.Errorf("--tier has no meaning with --keep-off-topic")
	}
	c.settings = clean.Settings{
		KeepDuplicates: f.keepDuplicates,
		Jaccard:        f.jaccard, Containment: f.containment, ShingleSize: f.shingleSize,
		Engine: f.engine, Segmenter: f.segmenter, Profile: f.profile,
	}
	if !f.keepOffTopic {
		c.settings.Tier = c.policy.Tier
	}
	return c, nil
}

func newClean(s streams, code *int) *cobra.Command {
	var flags cleanFlags
	cmd := &cobra.Command{
		Use:   "clean [flags] PATH... --out DIR",
		Short: "Write articles without their chaff, to a new folder",
		Long: `clean reads what scan reads and writes it to a new folder, without the later copies
of repeats, without off-topic blocks that are certain, and without near-duplicates: of
versions of one text the one that stands for all is kept. A form that was filled in
anew stays, and so does an article that stands in a far longer one, and one that would
have no word left without its off-topic blocks.

The folder mirrors what was read: a folder's files are at their paths in it, and with
several PATHs each is in a place of its own name. What holds nothing to take away is
copied byte for byte, and so is all that is neither text nor JSON Lines, plain or in
gzip, which can't be written without a part: each such file with chaff in it is
named, but for an HTML page that is left out whole. What could not be read as text is not copied. The folder gets its name when
all is written; until then it has .partial behind it.

manifest.jsonl in it says what was taken away and why. From it, --restore writes every
original again, byte for byte, to another folder.

Exit codes: 0 done; 2 wrong usage, nothing could be read, or the folder could not be
written; 3 done, but some inputs were damaged or unreadable, or some originals can't be
restored; 130 interrupted.`,
		Example: `  chaff clean articles/ --out cleaned
  chaff clean --keep-duplicates --tier likely articles/ more.jsonl.gz --out cleaned
  chaff clean --restore cleaned --out articles-again`,
		DisableFlagsInUseLine: true,
	}
	flags.register(cmd)
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		var given []string
		cmd.Flags().Visit(func(f *pflag.Flag) { given = append(given, f.Name) })
		set, err := flags.resolve(given, paths)
		if err == nil && !set.restore {
			err = clean.Apart(paths)
		}
		if err != nil {
			return &usageError{err.Error(), cmd.CommandPath()}
		}
		run := runClean
		if set.restore {
			run = runRestore
		}
		*code, err = run(cmd.Context(), set, s)
		return err
	}
	return cmd
}

// runClean does what set says and returns the exit code. An error means that
// the folder could not be written.
func runClean(ctx context.Context, set *cleaning, s streams) (code int, err error) {
	defer limitMemory(set.memory)()
	tellStale(s.err, set.stale)
	interrupts := catchInterrupts()
	defer interrupts.stop()

	st, plan := new(state), clean.NewPlan()
	var stdin io.Reader
	var captured *clean.Capture
	if slices.Contains(set.paths, "-") && s.in != nil {
		if captured, err = clean.NewCapture(s.in, set.spillDir); err != nil {
			return exitUsage, err
		}
		defer func() { err = errors.Join(err, captured.Close()) }()
		stdin = captured
	}
	opts := set.corpus
	opts.Workers, opts.SpillDir, opts.Stdin = set.scan.Workers, set.spillDir, stdin
	opts.Keep = set.scan.Rereads()
	opts.Problem = func(p corpus.Problem) {
		plan.Unread(p)
		st.input(s.err, p)
	}
	c, err := corpus.Open(set.paths, opts)
	if err != nil {
		return exitUsage, set.nothing(err)
	}
	st.corpus = c
	out, err := clean.Create(set.out, set.paths)
	if err != nil {
		return exitUsage, errors.Join(err, c.Close())
	}
	meter := startMeter(s.err, st, set.progress)
	defer meter.stop()

	started := time.Now()
	var done clean.Summary
	interrupted, err := interrupts.run(ctx, func(ctx context.Context) (err error) {
		defer out.Discard()
		defer func() { err = errors.Join(err, c.Close()) }()
		options := set.scan
		options.Progress = &st.scan
		options.Problem = func(err error) { st.problem(s.err, err) }
		summary, err := scan.Run(ctx, c, options, func(f article.Finding, at corpus.Position) error {
			if !set.policy.Keep(&f) {
				return nil
			}
			return plan.Add(f, at)
		})
		if err != nil {
			return err
		}
		tellLeft(s.err, summary.Left, false)
		progress := new(clean.Progress)
		st.files.Store(progress)
		done, err = clean.Write(ctx, c, plan, out, clean.Options{
			Paths: set.paths, Stdin: captured, Settings: set.settings,
			Problem:  func(err error) { st.problem(s.err, err) },
			Left:     func(source corpus.Source) { s.err.tell(leftLine(source)) },
			Progress: progress,
		})
		if err != nil {
			return err
		}
		return out.Commit(ctx)
	})
	meter.stop()
	switch {
	case interrupted:
		tellStopped(s.err, set.out, time.Since(started))
		return exitInterrupted, nil
	case err != nil:
		return exitUsage, set.nothing(err)
	}
	s.err.tell(cleanedLine(done, set.out))
	return st.code(), nil
}

// leftLine says that a source was copied with the chaff in it.
func leftLine(s corpus.Source) string {
	return fmt.Sprintf("%s holds chaff and is copied as it is: only text and JSON Lines, plain or in gzip, are cut", s.Path)
}

// cleanedLine says what was written.
func cleanedLine(d clean.Summary, out string) string {
	line := fmt.Sprintf("%s written to %s, %s; %s, %s saved",
		report.Plural(d.Articles-d.Dropped, "article", "articles"), out, report.Plural(d.Cut, "of them cut", "of them cut"),
		report.Plural(d.Dropped, "dropped", "dropped"), report.Size(d.Saved))
	if d.Spared > 0 {
		line += fmt.Sprintf("; %s left whole, being off-topic from end to end", report.Plural(d.Spared, "article", "articles"))
	}
	if d.Left > 0 {
		line += fmt.Sprintf("; %s copied with chaff in", report.Plural(d.Left, "file", "files"))
	}
	if d.Skipped > 0 {
		line += fmt.Sprintf("; %s not copied", report.Plural(d.Skipped, "file", "files"))
	}
	return line
}

// runRestore restores the originals of a cleaned folder.
func runRestore(ctx context.Context, set *cleaning, s streams) (int, error) {
	interrupts := catchInterrupts()
	defer interrupts.stop()
	out, err := clean.Create(set.out, set.paths)
	if err != nil {
		return exitUsage, err
	}
	st, progress := new(state), new(clean.Progress)
	st.files.Store(progress)
	meter := startMeter(s.err, st, set.progress)
	defer meter.stop()
	started, restored := time.Now(), 0
	interrupted, err := interrupts.run(ctx, func(ctx context.Context) (err error) {
		defer out.Discard()
		restored, err = clean.Restore(ctx, set.paths[0], out, clean.RestoreOptions{
			Problem:  func(err error) { st.problem(s.err, err) },
			Progress: progress,
		})
		if err != nil {
			return err
		}
		return out.Commit(ctx)
	})
	meter.stop()
	switch {
	case interrupted:
		tellStopped(s.err, set.out, time.Since(started))
		return exitInterrupted, nil
	case err != nil:
		return exitUsage, err
	}
	s.err.tell(fmt.Sprintf("%s restored to %s", report.Plural(restored, "file", "files"), set.out))
	return st.code(), nil
}

// tellStopped says that an interrupt left nothing, or what it left.
func tellStopped(c *console, out string, elapsed time.Duration) {
	c.tell(fmt.Sprintf("interrupted after %s; %s was not written", report.Duration(elapsed), out))
	partial := filepath.Clean(out) + clean.PartialSuffix
	if _, err := os.Lstat(partial); err == nil {
		c.tell(fmt.Sprintf("%s is left behind; the next run with --out %s removes it", partial, out))
	}
}
