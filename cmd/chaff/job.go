package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
	"chaff/report"
	"chaff/scan"
)

// job is one scan from its articles to its output.
type job struct {
	set     *settings
	streams streams
	state   *state
	pairs   *sideFile // nil for none
	blocks  *sideFile // of furniture; nil for none
}

// run reads, analyses and prints everything.
func (j *job) run(ctx context.Context, started time.Time) (err error) {
	sorter := report.NewSorter(report.SorterOptions{Dir: j.set.spillDir})
	defer func() { err = errors.Join(err, sorter.Close()) }()
	options := j.set.scan
	options.Progress = &j.state.scan
	options.Problem = func(err error) { j.state.problem(j.streams.err, err) }
	if j.pairs != nil {
		options.Pairs = func(p scan.Pair) error { return j.pairs.addPair(p.A, p.B, p.Jaccard, p.Containment) }
	}
	var sources *texts
	if j.set.withText {
		sources = &texts{
			corpus: j.state.corpus, problem: options.Problem, at: make(map[string][]corpus.Position),
		}
		options.Beside = sources.note
	}
	if j.blocks != nil {
		options.Furniture = j.blocks.addFurniture
	}
	summary, err := scan.Run(ctx, j.state.corpus, options, func(f article.Finding, at corpus.Position) error {
		if !j.set.policy.Keep(&f) {
			return nil
		}
		if sources != nil {
			sources.note(f.Article, at)
		}
		if j.set.policy.Fails(&f) {
			j.state.failed.Store(true)
		}
		j.state.add(f.Kind)
		return sorter.Add(f)
	})
	if err != nil {
		return err
	}
	j.state.writing.Store(true)
	tellLeft(j.streams.err, summary.Left, j.pairs != nil)
	err = j.write(ctx, sorter, sources, report.Summary{
		Articles:   summary.Articles,
		Bytes:      summary.Bytes,
		Problems:   int(j.state.problems.Load()),
		Uncompared: len(summary.Left.Articles),
		Elapsed:    time.Since(started),
	})
	// Where the pipe is closed, whoever reads it has enough.
	if err != nil && !errors.Is(err, syscall.EPIPE) {
		return err
	}
	for _, f := range []*sideFile{j.pairs, j.blocks} {
		if f != nil {
			if err := f.keep(); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellLeft tells what the search for near-duplicates left out.
func tellLeft(c *console, left dedupe.Left, pairs bool) {
	if n := len(left.Articles); n > 0 {
		c.tell(fmt.Sprintf("%s so much wording with a thousand others that not all of these were compared; near-duplicates may be missing",
			report.Plural(n, "article shares", "articles share")))
	}
	if left.Pairs > 0 && pairs {
		c.tell(fmt.Sprintf("%s of articles with the same words left out of the pairs",
			report.Plural(left.Pairs, "pair", "pairs")))
	}
}

// write prints the findings in order, with the texts of sources unless that is
// nil.
func (j *job) write(ctx context.Context, sorter *report.Sorter, sources *texts, summary report.Summary) error {
	out := gate{ctx, j.streams.out}
	var write func(article.Finding) error
	var end func() error
	switch j.set.format {
	case formatJSONL:
		w := report.NewJSONL(out)
		write, end = w.Write, w.Flush
		if sources != nil {
			write = func(f article.Finding) error {
				own, other := sources.of(&f)
				return w.WriteWithText(f, own, other)
			}
		}
	default:
		columns, terminal := terminalWidth(j.streams.out)
		w := report.NewText(out, report.TextOptions{Width: columns, Color: terminal && wantsColor(os.Getenv)})
		write, end = w.Write, func() error { return w.Close(summary) }
	}
	for f, err := range sorter.All() {
		if err != nil {
			return err
		}
		if err := write(f); err != nil {
			return err
		}
	}
	return end()
}

// gate lets writes through until ctx ends.
type gate struct {
	ctx context.Context
	w   io.Writer
}

func (g gate) Write(p []byte) (int, error) {
	if err := g.ctx.Err(); err != nil {
		return 0, err
	}
	return g.w.Write(p)
}

// wantsColor reports whether the environment lets a terminal be coloured (see no-color.org).
func wantsColor(getenv func(string) string) bool {
	return getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}
