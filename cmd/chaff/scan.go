package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"chaff/article"
	"chaff/clean"
	"chaff/corpus"
	"chaff/report"
	"chaff/scan"
)

func newScan(s streams, code *int) *cobra.Command {
	var flags scanFlags
	cmd := &cobra.Command{
		Use:   "scan [flags] PATH...",
		Short: "Scan files and folders for chaff",
		Long: `scan reads every article in the files and folders that PATH names (- for
standard input) and prints what it finds.

It reads text and HTML (an article each), JSON Lines (one in each line, an object
with an id and a text), WARC, WET and Parquet, all of these compressed with gzip,
zstd, bzip2 or xz, and in tar and zip archives. The content tells what a file is.
Folders are read with all that is below them, but for names that begin with a
dot.

A glob of --include or --exclude that has a slash is matched with the path below
PATH, one without with the last name in it. * and ? match anything but a slash,
** slashes as well, {a,b} is a choice. What is excluded stays out, also if it is
included; a folder that is excluded stays out with all that is in it. Files in
archives are chosen like files in folders; --include reaches into those that PATH
names, of all others it chooses the archive. A file that PATH names is always read.

With --explain every block of every article is told besides the findings, with the
probability it would have by itself for each label of off-topic content, and what
each signal adds to its log-odds or takes off. In JSON Lines these are objects of
kind explanation, in place among the findings.

Exit codes: 0 done; 1 a finding named by --fail-on was made; 2 wrong usage, or
nothing could be read; 3 done, but some inputs were damaged or unreadable; 130
interrupted.`,
		Example: `  chaff scan articles/
  chaff scan --only repeat,off-topic --format jsonl articles/ more.jsonl.gz
  chaff scan --fail-on near-duplicate - < today.jsonl
  chaff scan --only off-topic --profile ours.json --explain articles/odd.txt`,
		DisableFlagsInUseLine: true,
	}
	flags.register(cmd)
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		set, err := flags.resolve(cmd.Flags().Changed, paths)
		if err != nil {
			return &usageError{err.Error(), cmd.CommandPath()}
		}
		*code, err = runScan(cmd.Context(), set, s)
		return err
	}
	return cmd
}

// state is what a running scan tells of itself. All of it may be asked at any time.
type state struct {
	corpus   *corpus.Corpus
	scan     scan.Progress
	writing  atomic.Bool                    // all is found, and printed
	files    atomic.Pointer[clean.Progress] // of cleaned files, while they are written
	found    [3]atomic.Int64                // findings, in the order of article.Kinds
	failed   atomic.Bool                    // a finding named by --fail-on was made
	problems atomic.Int64                   // but the harmless ones
}

// input tells of an input that can't be read, or that there is nothing in it.
func (s *state) input(c *console, p corpus.Problem) {
	if p.Harmless {
		c.tell(p.Error())
	} else {
		s.problem(c, p)
	}
}

// problem tells of an input that could not be read, or not again.
func (s *state) problem(c *console, err error) {
	c.tell(err.Error())
	s.problems.Add(1)
}

func (s *state) add(k article.Kind) {
	for i, kind := range article.Kinds {
		if k == kind {
			s.found[i].Add(1)
		}
	}
}

// runScan does what set says and returns the exit code. An error means that
// the scan could not be done.
func runScan(ctx context.Context, set *settings, s streams) (int, error) {
	interrupts := catchInterrupts()
	defer interrupts.stop()

	defer limitMemory(set.memory)()
	tellStale(s.err, set.stale)
	st := new(state)
	opts := set.corpus
	opts.Workers, opts.SpillDir, opts.Stdin = set.scan.Workers, set.spillDir, s.in
	opts.Keep = set.scan.Rereads() || set.pairs != "" || set.furniture != "" || set.withText
	opts.Problem = func(p corpus.Problem) { st.input(s.err, p) }
	c, err := corpus.Open(set.paths, opts)
	if err != nil {
		return exitUsage, set.nothing(err)
	}
	st.corpus = c

	job := &job{set: set, streams: s, state: st}
	for _, side := range []struct {
		flag, path string
		file       **sideFile
	}{{"pairs", set.pairs, &job.pairs}, {"furniture", set.furniture, &job.blocks}} {
		if side.path == "" {
			continue
		}
		if *side.file, err = createSide(side.flag, side.path, s.in, s.out, s.err.w); err != nil {
			return exitUsage, errors.Join(err, c.Close())
		}
		defer (*side.file).discard()
	}
	meter := startMeter(s.err, st, set.progress)
	defer meter.stop()

	started := time.Now()
	interrupted, err := interrupts.run(ctx, func(ctx context.Context) error {
		err := job.run(ctx, started)
		return errors.Join(err, c.Close())
	})
	meter.stop()
	return st.exit(s.err, interrupted, set.nothing(err), started)
}

// exit returns the exit code of what began at started and ended with err, and tells of
// an interrupt.
func (s *state) exit(c *console, interrupted bool, err error, started time.Time) (int, error) {
	switch {
	case interrupted:
		for _, line := range s.interrupted(time.Since(started)) {
			c.tell(line)
		}
		return exitInterrupted, nil
	case err != nil:
		return exitUsage, err
	}
	return s.code(), nil
}

// code returns the exit code of what was done to its end.
func (s *state) code() int {
	switch {
	case s.failed.Load():
		return exitFound
	case s.problems.Load() > 0:
		return exitDamaged
	}
	return exitDone
}

func (s *reading) nothing(err error) error { return nothing(s.paths, err) }

// nothing returns err, or where it says that there is nothing to read, the
// causes and after them the paths in which that is so.
func nothing(paths []string, err error) error {
	if !errors.Is(err, corpus.ErrNothing) {
		return err
	}
	var causes []error
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		causes = slices.DeleteFunc(slices.Clone(joined.Unwrap()), func(e error) bool { return errors.Is(e, corpus.ErrNothing) })
	}
	return errors.Join(append(causes, fmt.Errorf("nothing to read in %s", strings.Join(paths, ", ")))...)
}

// interrupted says what was done before an interrupt and what was not.
func (s *state) interrupted(elapsed time.Duration) []string {
	p := s.corpus.Progress()
	total := int64(0)
	for i := range s.found {
		total += s.found[i].Load()
	}
	lines := []string{fmt.Sprintf("interrupted after %s: %s read (%s), %s so far: %s, %s, %s",
		report.Duration(elapsed), report.Plural(int(p.Articles), "article", "articles"), report.Size(p.Bytes),
		report.Plural(int(total), "finding", "findings"),
		report.Plural(int(s.found[0].Load()), "repeat", "repeats"),
		report.Plural(int(s.found[1].Load()), "near-duplicate", "near-duplicates"),
		report.Plural(int(s.found[2].Load()), "off-topic passage", "off-topic passages"))}
	stage, done, of := s.scan.State()
	if s.writing.Load() {
		return append(lines, "not finished: writing the findings; those printed are not all")
	}
	rest := "not finished: " + doings[stage]
	if of > 0 {
		rest += fmt.Sprintf(", %d of %d done", done, of)
	}
	return append(lines, rest+"; nothing was printed")
}
