package main

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"chaff/article"
	"chaff/corpus"
	"chaff/filter/store"
	"chaff/report"
	"chaff/shingle"
)

// addFlags are the flags of index add as they were given.
type addFlags struct {
	indexFlags
	inputFlags
	storeText   bool
	shingleSize int
	segmenter   string
	repair      bool
	progress    string
}

func newIndexAdd(s streams, code *int) *cobra.Command {
	var flags addFlags
	cmd := &cobra.Command{
		Use:   "add [flags] --index DIR PATH...",
		Short: "Add articles to an index, and make it where there is none",
		Long: `add reads what scan reads and adds every article to the index, whether or not it is a
near-duplicate of another. An article whose id is there with another text takes the place
of that one; one that is there with the same text is left alone. Of several articles with
one id the last one stays.

An interrupted run can be started again: what was added is not added twice.

Exit codes: 0 done; 2 wrong usage, nothing could be read, or the index could not be
written; 3 done, but some inputs were damaged or unreadable; 130 interrupted.`,
		Example: `  chaff index add --index published articles/ more.jsonl.gz
  chaff index add --index published --store-text - < today.jsonl`,
	}
	flags.indexFlags.register(cmd)
	fs := cmd.Flags()
	fs.BoolVar(&flags.storeText, "store-text", false, "keep the texts, too")
	fs.IntVar(&flags.shingleSize, "shingle-size", 0, fmt.Sprintf("of a new index: words in a row that count as one piece of shared text, 1 to %d (default %d)", maxShingleSize, shingle.DefaultSize))
	fs.StringVar(&flags.segmenter, "segmenter", "", "of a new index: words of scripts without spaces, chars or gse (default chars)")
	fs.BoolVar(&flags.repair, "repair", false, "go on with what is left of an index that has lost its last entries")
	fs.StringVar(&flags.progress, "progress", progressAuto, "tell on standard error how far it is: auto (on a terminal), never or always")
	flags.inputFlags.register(cmd)
	complete(cmd, map[string][]string{
		"progress":  progress,
		"segmenter": {string(shingle.Chars), string(shingle.GSE)},
	})
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		options, input, err := flags.resolve(cmd, paths)
		if err != nil {
			return &usageError{err.Error(), cmd.CommandPath()}
		}
		*code, err = runIndexAdd(cmd.Context(), &flags, options, input, paths, s)
		return err
	}
	return cmd
}

func (f *addFlags) resolve(cmd *cobra.Command, paths []string) (store.Options, corpus.Options, error) {
	o, err := f.indexFlags.resolve(cmd)
	if err != nil {
		return o, corpus.Options{}, err
	}
	if err := checkPaths("add", paths); err != nil {
		return o, corpus.Options{}, err
	}
	input, err := f.inputFlags.resolve()
	if err != nil {
		return o, input, err
	}
	if err := checkProgress(f.progress); err != nil {
		return o, input, err
	}
	if f.shingleSize < 0 || f.shingleSize > maxShingleSize || cmd.Flags().Changed("shingle-size") && f.shingleSize == 0 {
		return o, input, fmt.Errorf("--shingle-size: %d is not between 1 and %d", f.shingleSize, maxShingleSize)
	}
	o.StoreText, o.Repair, o.ShingleSize = f.storeText, f.repair, f.shingleSize
	if f.segmenter != "" {
		if o.Tokenizer.Segmenter, err = shingle.ParseSegmenter(f.segmenter); err != nil {
			return o, input, fmt.Errorf("--segmenter: %w", err)
		}
	}
	return o, input, nil
}

// runIndexAdd does what flags say and returns the exit code. An error means that the
// index could not be written.
func runIndexAdd(ctx context.Context, flags *addFlags, options store.Options, input corpus.Options, paths []string, s streams) (int, error) {
	interrupts := catchInterrupts()
	defer interrupts.stop()
	st := new(state)
	// One worker reads, so that articles come in their order.
	input.Workers, input.Stdin = 1, s.in
	input.Problem = func(p corpus.Problem) { st.input(s.err, p) }
	c, err := corpus.Open(paths, input)
	if err != nil {
		return exitUsage, nothing(paths, err)
	}
	st.corpus = c
	index, err := store.Open(flags.dir, options)
	if err != nil {
		return exitUsage, errors.Join(err, c.Close())
	}
	meter := startMeter(s.err, st, flags.progress)
	defer meter.stop()
	started := time.Now()
	a := newAdder(index, func(err error) { st.problem(s.err, err) })
	interrupted, err := interrupts.run(ctx, func(ctx context.Context) error {
		err := a.all(ctx, c)
		return errors.Join(err, c.Close(), index.Close())
	})
	meter.stop()
	switch {
	case interrupted:
		s.err.tell(fmt.Sprintf("interrupted after %s: %s; what was added stays", report.Duration(time.Since(started)), a.done(flags.dir)))
		return exitInterrupted, nil
	case err != nil:
		return exitUsage, nothing(paths, err)
	}
	s.err.tell(a.done(flags.dir))
	return st.code(), nil
}

const (
	// adders is how many articles are added at a time. They share one write to the
	// disk: with 1 there is one for each article.
	adders = 64
	// maxWaiting is how many bytes of text may wait to be added.
	maxWaiting = 64 << 20
)

// adder adds the articles of a corpus to an index. Those of one id go through one
// queue, so that they are added in their order.
type adder struct {
	index   *store.Store
	problem func(error)
	seed    maphash.Seed

	added, updated, known atomic.Int64
}

func newAdder(index *store.Store, problem func(error)) *adder {
	return &adder{index: index, problem: problem, seed: maphash.MakeSeed()}
}

// all adds every article of c.
func (a *adder) all(ctx context.Context, c *corpus.Corpus) error {
	group, ctx := errgroup.WithContext(ctx)
	room := semaphore.NewWeighted(maxWaiting)
	queues := make([]chan *article.Article, adders)
	for i := range queues {
		queues[i] = make(chan *article.Article)
		group.Go(func() error {
			for next := range queues[i] {
				err := a.add(ctx, next)
				room.Release(room64(next))
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer func() {
			for _, q := range queues {
				close(q)
			}
		}()
		return c.Read(ctx, func(_ int, next *article.Article, _ corpus.Position) error {
			if err := room.Acquire(ctx, room64(next)); err != nil {
				return err
			}
			select {
			case queues[maphash.String(a.seed, next.ID)%adders] <- keep(next):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	return group.Wait()
}

// room64 is how much of the room for what waits an article takes.
func room64(a *article.Article) int64 { return int64(min(len(a.Text), maxWaiting)) }

// keep copies an article whose memory is used again.
func keep(a *article.Article) *article.Article {
	b := *a
	for _, s := range []*string{&b.ID, &b.URL, &b.Source, &b.Title, &b.Lang, &b.Text} {
		*s = strings.Clone(*s)
	}
	return &b
}

func (a *adder) add(ctx context.Context, next *article.Article) error {
	status, err := a.index.Add(ctx, next)
	switch {
	case errors.Is(err, store.ErrID):
		a.problem(err)
		return nil
	case err != nil:
		return err
	}
	switch status {
	case store.Added:
		a.added.Add(1)
	case store.Updated:
		a.updated.Add(1)
	case store.Known:
		a.known.Add(1)
	}
	return nil
}

// done says what was added.
func (a *adder) done(dir string) string {
	return fmt.Sprintf("%s added to %s, %d updated, %d known already",
		report.Plural(int(a.added.Load()), "article", "articles"), dir, a.updated.Load(), a.known.Load())
}
