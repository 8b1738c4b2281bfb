package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"syscall"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"chaff/filter/store"
	"chaff/report"
)

// indexCommand returns a command of index that takes no PATH and lets do work with the
// index that is there.
func indexCommand(s streams, cmd *cobra.Command, readOnly bool, code *int, do func(context.Context, *store.Store) (int, error)) *cobra.Command {
	var flags indexFlags
	flags.register(cmd)
	if cmd.Args == nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return &usageError{fmt.Sprintf("%s takes no argument, and %q was given", cmd.Name(), args[0]), cmd.CommandPath()}
			}
			return nil
		}
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		interrupts := catchInterrupts()
		defer interrupts.stop()
		interrupted, err := interrupts.run(cmd.Context(), func(ctx context.Context) error {
			return flags.withIndex(cmd, readOnly, func(index *store.Store) (err error) {
				*code, err = do(ctx, index)
				return err
			})
		})
		switch {
		case interrupted:
			s.err.tell("interrupted; the index is as it was, but for what was done")
			*code = exitInterrupted
			return nil
		case errors.Is(err, syscall.EPIPE):
			return nil // whoever reads the pipe has enough
		}
		return err
	}
	return cmd
}

func newIndexRemove(s streams, code *int) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "remove --index DIR ID...",
		Short: "Remove articles from an index",
		Long: `remove takes the articles with these ids out of the index (-: ids from standard input,
one a line). compact frees the room they took.

Exit codes: 0 done; 2 wrong usage, or the index could not be written; 3 done, but some
articles were not in the index; 130 interrupted.`,
		Example: `  chaff index remove --index published monday/ferry.txt
  chaff index remove --index published - < ids.txt`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 || slices.Contains(args, "") {
				return &usageError{"remove needs the ID of an article, or - for standard input", cmd.CommandPath()}
			}
			return nil
		},
	}
	return indexCommand(s, cmd, false, code, func(ctx context.Context, index *store.Store) (int, error) {
		removed, missing := 0, 0
		remove := func(id string) error {
			err := index.Remove(ctx, id)
			if errors.Is(err, store.ErrNotFound) {
				s.err.tell(err.Error())
				missing++
				return nil
			}
			if err == nil {
				removed++
			}
			return err
		}
		for _, id := range cmd.Flags().Args() {
			var err error
			if id == "-" {
				err = eachLine(s.in, remove)
			} else {
				err = remove(id)
			}
			if err != nil {
				return exitUsage, err
			}
		}
		s.err.tell(report.Plural(removed, "article", "articles") + " removed")
		if missing > 0 {
			return exitDamaged, nil
		}
		return exitDone, nil
	})
}

// eachLine calls f with each line of r that is not empty.
func eachLine(r io.Reader, f func(string) error) error {
	if r == nil {
		return nil
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 2*store.MaxID)
	for lines.Scan() {
		if lines.Text() == "" {
			continue
		}
		if err := f(lines.Text()); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("reading ids: %w", err)
	}
	return nil
}

func newIndexStats(s streams, code *int) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:     "stats --index DIR",
		Short:   "Tell what an index holds",
		Long:    "stats tells how many articles an index holds and how large it is.",
		Example: `  chaff index stats --index published`,
	}
	cmd.Flags().StringVar(&format, "format", formatText, "text for people, jsonl for programs: one object")
	complete(cmd, map[string][]string{"format": formats})
	return indexCommand(s, cmd, true, code, func(_ context.Context, index *store.Store) (int, error) {
		if !slices.Contains(formats, format) {
			return exitUsage, &usageError{"--format: " + noneOf(format, formats).Error(), cmd.CommandPath()}
		}
		stats, err := index.Stats()
		if err != nil {
			return exitUsage, err
		}
		if format == formatJSONL {
			return exitDone, json.NewEncoder(s.out).Encode(stats)
		}
		each := int64(0)
		if stats.Articles > 0 {
			each = stats.DiskBytes / stats.Articles
		}
		_, err = fmt.Fprintf(s.out, "articles   %s\nwords      %s\ntext       %s\non disk    %s, %s an article\nshingles   of %d words, segmenter %s\nchanges    %s\nformat     %d\n",
			humanize.Comma(stats.Articles), humanize.Comma(stats.Words), report.Size(stats.TextBytes),
			report.Size(stats.DiskBytes), report.Size(each), stats.ShingleSize, stats.Segmenter, humanize.Comma(stats.Commits), stats.Format)
		return exitDone, err
	})
}

func newIndexVerify(s streams, code *int) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify --index DIR",
		Short: "Read a whole index and tell what is damaged",
		Long: `verify reads every file of an index and tells of each damage in a line on standard error.

Exit codes: 0 the index is sound; 2 it can't be opened; 3 it is damaged; 130 interrupted.`,
		Example: `  chaff index verify --index published`,
	}
	return indexCommand(s, cmd, true, code, func(ctx context.Context, index *store.Store) (int, error) {
		n, err := index.Verify(ctx, func(p store.Problem) { s.err.tell(p.Error()) })
		if err != nil {
			return exitUsage, err
		}
		if n > 0 {
			s.err.tell(report.Plural(n, "damage", "damages") + " found")
			return exitDamaged, nil
		}
		stats, err := index.Stats()
		if err != nil {
			return exitUsage, err
		}
		s.err.tell(fmt.Sprintf("the index is sound: %s", report.Plural(int(stats.Articles), "article", "articles")))
		return exitDone, nil
	})
}

func newIndexCompact(s streams, code *int) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "compact --index DIR",
		Short:   "Free the room of what was removed",
		Long:    "compact sorts the files of an index into as few as can be, which frees the room of what was\nremoved or replaced.",
		Example: `  chaff index compact --index published`,
	}
	return indexCommand(s, cmd, false, code, func(ctx context.Context, index *store.Store) (int, error) {
		before, err := index.Stats()
		if err != nil {
			return exitUsage, err
		}
		if err := index.Compact(ctx); err != nil {
			return exitUsage, err
		}
		after, err := index.Stats()
		if err != nil {
			return exitUsage, err
		}
		s.err.tell(fmt.Sprintf("%s on disk, %s before", report.Size(after.DiskBytes), report.Size(before.DiskBytes)))
		return exitDone, nil
	})
}

func newIndexExport(s streams, code *int) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export --index DIR",
		Short: "Write what an index holds as JSON Lines",
		Long: `export writes one JSON object for each article to standard output: its id, source, date
and sizes, and where they were kept its title, URL and text. What has its text can be
added to another index.`,
		Example: `  chaff index export --index published > published.jsonl`,
	}
	return indexCommand(s, cmd, true, code, func(ctx context.Context, index *store.Store) (int, error) {
		return exitDone, index.Export(ctx, s.out)
	})
}
