package main

import (
	"errors"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"chaff/filter/store"
)

// newIndex returns the command index with what can be done to an index.
func newIndex(s streams, code *int) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "index",
		Short: "Keep an index of articles on disk, to tell near-duplicates of them",
		Long: `index keeps a folder that remembers articles: what is needed to tell of a new article
which of them it is a near-duplicate of, and their text only if that is asked for. What
was added is on disk when chaff says so.

One command at a time may change an index; any number may read it meanwhile, as it was
when they began.`,
		Args: needsCommand,
		RunE: func(*cobra.Command, []string) error { return nil },
	}
	cmd.AddCommand(
		newIndexAdd(s, code), newIndexQuery(s, code), newIndexRemove(s, code),
		newIndexStats(s, code), newIndexVerify(s, code), newIndexCompact(s, code), newIndexExport(s, code),
	)
	return cmd
}

// indexFlags say which index, and how it is opened, as they were given.
type indexFlags struct {
	dir   string
	cache string
}

const (
	defaultCache = "256MiB"
	leastCache   = 1 << 20
)

func (f *indexFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&f.dir, "index", "", "the `folder` of the index")
	fs.StringVar(&f.cache, "cache", defaultCache, "memory for what is read of the index (`size`); fast while three quarters of it hold 0.9 bytes a word indexed")
	cmd.DisableFlagsInUseLine = true
}

// resolve checks the flags and returns how to open the index.
func (f *indexFlags) resolve(cmd *cobra.Command) (store.Options, error) {
	if f.dir == "" {
		return store.Options{}, fmt.Errorf("%s needs --index, the folder of the index", cmd.Name())
	}
	cache, err := parseSize(f.cache, leastCache, math.MaxInt64)
	if err != nil {
		return store.Options{}, fmt.Errorf("--cache: %w", err)
	}
	return store.Options{Cache: cache}, nil
}

// withIndex opens the index that flags name, which must be there, and lets use work
// with it. With readOnly that is the index as it is at this moment.
func (f *indexFlags) withIndex(cmd *cobra.Command, readOnly bool, use func(*store.Store) error) error {
	options, err := f.resolve(cmd)
	if err != nil {
		return &usageError{err.Error(), cmd.CommandPath()}
	}
	options.ReadOnly, options.Existing = readOnly, true
	index, err := store.Open(f.dir, options)
	if err != nil {
		return err
	}
	return errors.Join(use(index), index.Close())
}
