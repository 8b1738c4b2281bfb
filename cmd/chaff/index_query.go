package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"chaff/article"
	"chaff/corpus"
	"chaff/filter"
	"chaff/filter/store"
	"chaff/report"
)

// queryFlags are the flags of index query as they were given.
type queryFlags struct {
	indexFlags
	inputFlags
	likenessFlags
	format   string
	failOn   string
	workers  int
	progress string
}

func newIndexQuery(s streams, code *int) *cobra.Command {
	var flags queryFlags
	cmd := &cobra.Command{
		Use:   "query [flags] --index DIR PATH...",
		Short: "Tell which articles are near-duplicates of those in an index",
		Long: `query reads what scan reads and prints, for each article, of which articles in the index
it is a near-duplicate. An article of the same id is not among them. Nothing is added.

Exit codes: 0 done; 1 a near-duplicate was found and --fail-on near-duplicate is given;
2 wrong usage, or nothing could be read; 3 done, but some inputs were damaged or
unreadable; 130 interrupted.`,
		Example: `  chaff index query --index published draft.txt
  chaff index query --index published --format jsonl - < today.jsonl`,
	}
	flags.indexFlags.register(cmd)
	fs := cmd.Flags()
	fs.StringVar(&flags.format, "format", formatText, "text for people, jsonl for programs: one finding a line")
	fs.StringVar(&flags.failOn, "fail-on", "", "exit with 1 if a finding of one of these `kinds` is printed")
	flags.likenessFlags.register(cmd)
	fs.IntVar(&flags.workers, "workers", 0, "how many articles are looked at in parallel (0: as many as there are cores)")
	fs.StringVar(&flags.progress, "progress", progressAuto, "tell on standard error how far it is: auto (on a terminal), never or always")
	flags.inputFlags.register(cmd)
	complete(cmd, map[string][]string{"format": formats, "progress": progress, "fail-on": strs(article.Kinds)})
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		set, options, err := flags.resolve(cmd, paths)
		if err != nil {
			return &usageError{err.Error(), cmd.CommandPath()}
		}
		*code, err = runIndexQuery(cmd.Context(), flags.dir, options, set, s)
		return err
	}
	return cmd
}

func (f *queryFlags) resolve(cmd *cobra.Command, paths []string) (*settings, store.Options, error) {
	wrong := func(err error) (*settings, store.Options, error) { return nil, store.Options{}, err }
	o, err := f.indexFlags.resolve(cmd)
	if err != nil {
		return wrong(err)
	}
	o.ReadOnly = true
	set := &settings{format: f.format, reading: reading{paths: paths, progress: f.progress}}
	if err := checkPaths("query", paths); err != nil {
		return wrong(err)
	}
	if set.corpus, err = f.inputFlags.resolve(); err != nil {
		return wrong(err)
	}
	if err := checkProgress(f.progress); err != nil {
		return wrong(err)
	}
	if o.Jaccard, o.Containment, err = f.likenessFlags.resolve(); err != nil {
		return wrong(err)
	}
	if f.workers < 0 {
		return wrong(fmt.Errorf("--workers: %d is below 0", f.workers))
	}
	set.scan.Workers = f.workers
	if !slices.Contains(formats, f.format) {
		return wrong(fmt.Errorf("--format: %w", noneOf(f.format, formats)))
	}
	if cmd.Flags().Changed("fail-on") {
		if set.policy.FailOn, err = filter.ParseKinds(f.failOn); err != nil {
			return wrong(fmt.Errorf("--fail-on: %w", err))
		}
	}
	return set, o, nil
}

// runIndexQuery asks the index in dir what set says and returns the exit code. An
// error means that it could not be asked.
func runIndexQuery(ctx context.Context, dir string, options store.Options, set *settings, s streams) (int, error) {
	interrupts := catchInterrupts()
	defer interrupts.stop()
	index, err := store.Open(dir, options)
	if err != nil {
		return exitUsage, err
	}
	st := new(state)
	input := set.corpus
	input.Workers, input.Stdin = set.scan.Workers, s.in
	input.Problem = func(p corpus.Problem) { st.input(s.err, p) }
	c, err := corpus.Open(set.paths, input)
	if err != nil {
		return exitUsage, errors.Join(set.nothing(err), index.Close())
	}
	st.corpus = c
	meter := startMeter(s.err, st, set.progress)
	defer meter.stop()
	started := time.Now()
	j := &job{set: set, streams: s, state: st}
	interrupted, err := interrupts.run(ctx, func(ctx context.Context) error {
		err := j.query(ctx, index, started)
		return errors.Join(err, c.Close(), index.Close())
	})
	meter.stop()
	return st.exit(s.err, interrupted, set.nothing(err), started)
}

// query asks index about every article and prints what it tells.
func (j *job) query(ctx context.Context, index *store.Store, started time.Time) (err error) {
	sorter := report.NewSorter(report.SorterOptions{Dir: j.set.spillDir})
	defer func() { err = errors.Join(err, sorter.Close()) }()
	var articles, bytes atomic.Int64
	err = j.state.corpus.Read(ctx, func(_ int, a *article.Article, _ corpus.Position) error {
		articles.Add(1)
		bytes.Add(int64(len(a.Text)))
		matches, err := index.Query(ctx, a)
		if err != nil {
			return err
		}
		for i := range matches {
			f := filter.NearDuplicate(a.ID, &matches[i])
			if j.set.policy.Fails(&f) {
				j.state.failed.Store(true)
			}
			j.state.add(f.Kind)
			if err := sorter.Add(f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	j.state.writing.Store(true)
	err = j.write(ctx, sorter, nil, report.Summary{
		Articles: int(articles.Load()),
		Bytes:    bytes.Load(),
		Problems: int(j.state.problems.Load()),
		Elapsed:  time.Since(started),
	})
	if errors.Is(err, syscall.EPIPE) {
		return nil // whoever reads the pipe has enough
	}
	return err
}
