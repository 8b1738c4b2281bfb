// Package clean writes a corpus without its chaff: articles without the later
// copies of repeats and without off-topic blocks, and of near-duplicates none but
// the representatives. The
// cleaned folder mirrors the one that was read and has a manifest, from which
// [Restore] makes every original again.
//
// A run goes through four steps: [Create] makes the folder to write into, a
// [Plan] gathers the findings of a scan, [Write] reads the corpus once more and
// writes it without what the plan takes away, and [Output.Commit] gives the
// folder its name, all at once. The input is only read.
//
// # What is written
//
// A source without a change is copied byte for byte. In one of JSON Lines a
// changed record loses the spans from the value of its text, and an article that
// is dropped loses its line; every other byte stays. A text file loses the
// spans, or is not written; what was not UTF-8 becomes UTF-8. What was
// compressed with gzip is compressed anew. An HTML page that is dropped is not
// written. A file that could not be read as text
// is not copied.
//
// # The manifest
//
// manifest.jsonl is JSON Lines. Its first line is a [Header]. For each source
// there is a [File] in reading order, after it a [Change] for each changed
// record, and where the source is compressed or UTF-16, so that its bytes can't be
// had from its records, the whole original in pieces, a [Piece] each. The last
// line is an [End]; a manifest without it is not whole.
package clean

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"

	"chaff/corpus"
)

// Options say how to write. The zero value is not enough: Paths must be those
// that the corpus was opened with.
type Options struct {
	// Paths are the PATHs of the corpus as they were given.
	Paths []string
	// Stdin is what was read where a PATH is "-"; nil if none is.
	Stdin *Capture
	// Settings go into the header of the manifest as they are.
	Settings Settings
	// Problem, if not nil, is told of every source that could not be read again.
	// It is missing in the cleaned folder.
	Problem func(error)
	// Left, if not nil, is told of every source that holds something to take away
	// and is copied as it is: one that is neither text nor JSON Lines, plain or in
	// gzip, but for a page that is left out whole.
	Left func(corpus.Source)
	// Progress, if not nil, is kept up to date.
	Progress *Progress
}

// Progress is how far [Write] or [Restore] has come. It may be read at any time.
type Progress struct{ files, total atomic.Int64 }

// Files returns how many files are done, of how many; total is 0 where that is
// not known.
func (p *Progress) Files() (done, total int) { return int(p.files.Load()), int(p.total.Load()) }

// Summary is what was written.
type Summary struct {
	// Files is how many sources there are, and Skipped how many of them are not
	// copied because they could not be read.
	Files, Skipped int
	// Left is how many of them hold something to take away and are copied as they
	// are, because they are neither text nor JSON Lines, plain or in gzip.
	Left int
	// Articles were read, of which Cut are written without some of their text,
	// and Dropped are not written.
	Articles, Cut, Dropped int
	// Spared is how many articles off-topic findings cover whole. They are written
	// with all that these cover.
	Spared int
	// Saved is how many bytes the written records are shorter than those read,
	// before compression.
	Saved int64
}

// Write writes the sources of c without what plan takes away into out. It is for
// use after the scan that filled plan; c must have been read to its end. It ends
// with the cause of ctx's end or with the first error of writing.
func Write(ctx context.Context, c *corpus.Corpus, plan *Plan, out *Output, o Options) (Summary, error) {
	places, err := newMirror(o.Paths)
	if err != nil {
		return Summary{}, err
	}
	if o.Progress == nil {
		o.Progress = new(Progress)
	}
	if o.Stdin != nil && o.Stdin.err != nil {
		return Summary{}, fmt.Errorf("keeping standard input: %w", o.Stdin.err)
	}
	o.Progress.total.Store(c.Progress().Files)
	plan.sort()
	manifest, err := out.manifest()
	if err != nil {
		return Summary{}, err
	}
	w := &writer{Options: o, ctx: ctx, corpus: c, plan: plan, out: out, places: places, manifest: manifest}
	if w.changes, err = out.scratch(); err != nil {
		return Summary{}, err
	}
	if err := manifest.write(newHeader(o)); err != nil {
		return Summary{}, err
	}
	for s := range c.Sources() {
		if err := w.write(s); err != nil {
			return w.summary, err
		}
		w.summary.Files++
		w.summary.Articles += s.Articles
		o.Progress.files.Add(1)
	}
	return w.summary, manifest.write(newEnd(w.summary))
}

// writer writes one source after the other.
type writer struct {
	Options
	ctx      context.Context
	corpus   *corpus.Corpus
	plan     *Plan
	out      *Output
	places   *mirror
	manifest *manifest
	changes  *scratch // of the source that is being written, until its line is in the manifest
	summary  Summary
	gzip     *gzip.Writer // for use again
}

// inputError is an error of reading a source. It costs that source alone.
type inputError struct{ error }

func (e *inputError) Unwrap() error { return e.error }

// write writes s and its lines of the manifest.
func (w *writer) write(s corpus.Source) error {
	if err := context.Cause(w.ctx); err != nil {
		return err
	}
	if reason := w.plan.unread[s.Path]; reason != nil && s.Articles == 0 && s.Holds != corpus.Lines {
		return w.skip(s, reason)
	}
	err := w.source(s)
	var input *inputError
	if !errors.As(err, &input) {
		return err
	}
	if w.Problem != nil {
		w.Problem(fmt.Errorf("not copied: %w", input.error))
	}
	return w.skip(s, input.error)
}

// skip notes that s is not copied.
func (w *writer) skip(s corpus.Source, reason error) error {
	w.summary.Skipped++
	f := w.places.file(s, false)
	f.Output, f.OutputBase64 = "", ""
	f.Skipped = reason.Error()
	return w.manifest.write(f)
}

// source writes a source that was read.
func (w *writer) source(s corpus.Source) error {
	switch {
	case !w.plan.touches(s.Number):
		return w.copy(s)
	case s.Holds == corpus.Page:
		if d := w.plan.dropIn(s.Number); d != nil {
			return w.dropPage(s, d)
		}
		return w.leave(s)
	case s.Holds == corpus.Other:
		return w.leave(s)
	}
	in, err := w.open(s)
	if err != nil {
		return err
	}
	defer in.close()
	e, err := w.edit(s, in)
	if err == nil {
		err = in.finish()
	}
	if err == nil {
		w.summary.Spared += e.spared
	}
	if err == nil && e.changed() == 0 {
		e.discard()
		return w.copy(s)
	}
	if err != nil {
		e.discard()
		return err
	}
	if err := e.finish(); err != nil {
		return err
	}
	f := w.places.file(s, packed(in.head))
	f.SHA256, f.Bytes, f.Changed, f.Kept = in.sum(), in.bytes, e.changed(), e.whole
	if e.out == nil {
		f.Output, f.OutputBase64 = "", ""
	}
	if err := w.manifest.write(f); err != nil {
		return err
	}
	if err := w.changes.moveTo(w.manifest); err != nil {
		return err
	}
	w.summary.Cut += e.cut
	w.summary.Dropped += e.dropped
	w.summary.Saved += e.saved
	if e.whole {
		return w.keep(s, in.sum())
	}
	return nil
}

// dropPage leaves out a page. Its text is not the file's, so this is kept whole.
func (w *writer) dropPage(s corpus.Source, d *drop) error {
	in, err := w.open(s)
	if err != nil {
		return err
	}
	defer in.close()
	if err := in.copyTo(io.Discard); err != nil {
		return err
	}
	f := w.places.file(s, packed(in.head))
	c := d.change(s.ID)
	c.Line, c.Path, c.PathBase64 = 1, f.Path, f.PathBase64
	f.SHA256, f.Bytes, f.Changed, f.Kept = in.sum(), in.bytes, 1, true
	f.Output, f.OutputBase64 = "", ""
	if err := w.manifest.write(f); err != nil {
		return err
	}
	if err := w.manifest.write(c); err != nil {
		return err
	}
	w.summary.Dropped++
	w.summary.Saved += in.bytes
	return w.keep(s, in.sum())
}

// leave writes s as it is, though it holds something to take away, and tells so.
func (w *writer) leave(s corpus.Source) error {
	if err := w.copy(s); err != nil {
		return err
	}
	w.summary.Left++
	if w.Left != nil {
		w.Left(s)
	}
	return nil
}

// copy writes s as it is.
func (w *writer) copy(s corpus.Source) error {
	in, err := w.open(s)
	if err != nil {
		return err
	}
	defer in.close()
	f := w.places.file(s, packed(in.head))
	file, err := w.out.create(f.output())
	if err != nil {
		return err
	}
	if err := in.copyTo(file); err != nil {
		w.out.remove(file)
		return err
	}
	w.out.keep(file)
	f.SHA256, f.Bytes = in.sum(), in.bytes
	return w.manifest.write(f)
}

// keep writes the whole original of s, which has the given sum, into the
// manifest.
func (w *writer) keep(s corpus.Source, sum string) error {
	in, err := w.open(s)
	if err != nil {
		return keepError(err)
	}
	defer in.close()
	if err := in.copyTo(&pieces{manifest: w.manifest}); err != nil {
		return keepError(err)
	}
	if in.sum() != sum {
		return fmt.Errorf("reading %s again: %w", s.Path, corpus.ErrChanged)
	}
	return nil
}

// keepError makes an error of reading fatal: the line of the source is in the
// manifest already.
func keepError(err error) error {
	var input *inputError
	if errors.As(err, &input) {
		return input.error
	}
	return err
}

// packed reports whether a source with this head is compressed.
func packed(head []byte) bool { return bytes.HasPrefix(head, []byte{0x1f, 0x8b}) }
