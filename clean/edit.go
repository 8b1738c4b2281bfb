package clean

import (
	"errors"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"

	"chaff/article"
	"chaff/corpus"
)

// edit is the writing of one source whose records are not all written as they are.
type edit struct {
	w     *writer
	in    *input
	recs  *corpus.Records
	place File // of the source, for its changes

	out    *file // nil until something is written
	packer *gzip.Writer

	whole   bool // the original can't be had from the records
	cut     int
	dropped int
	spared  int
	saved   int64
}

func (e *edit) changed() int { return e.cut + e.dropped }

// edit writes the records of s. What it returns is to be finished or discarded,
// after an error as well.
func (w *writer) edit(s corpus.Source, in *input) (*edit, error) {
	e := &edit{w: w, in: in, place: w.places.file(s, packed(in.head))}
	w.changes.reset()
	var err error
	if e.recs, err = w.corpus.Records(s.Number, in); err != nil {
		return e, in.failed(err)
	}
	e.whole = e.recs.Packed || e.recs.Recoded
	if s.Holds == corpus.Lines { // which stay a file, even if no record is left
		if err := e.create(); err != nil {
			return e, err
		}
	}
	for {
		rec, err := e.recs.Next()
		if errors.Is(err, io.EOF) || errors.Is(err, corpus.ErrDamaged) { // told when it was read first
			break
		}
		if err != nil {
			return e, in.failed(err)
		}
		if err := e.record(rec); err != nil {
			return e, err
		}
	}
	return e, nil
}

// record writes rec as the plan wants it.
func (e *edit) record(rec corpus.Record) error {
	cuts, drop := e.w.plan.of(rec.At)
	if len(cuts) == 0 && drop == nil {
		return e.write(rec.Raw)
	}
	a, err := e.recs.Article(rec)
	if err != nil {
		return e.in.failed(err)
	}
	c := Change{Type: changeType, ID: a.ID}
	if drop != nil {
		c = drop.change(a.ID)
	}
	c.Line, c.Path, c.PathBase64 = rec.Line, e.place.Path, e.place.PathBase64
	if drop != nil {
		e.dropped++
		e.saved += int64(len(rec.Raw))
		return e.note(c, rec)
	}
	removals, spared := settle(a.Text, cuts)
	if spared {
		e.spared++
	}
	if len(removals) == 0 {
		return e.write(rec.Raw)
	}
	c.Action = Cut
	spans := make([]article.Span, len(removals))
	for i, r := range removals {
		spans[i] = r.Span
		c.Cuts = append(c.Cuts, cutOf(a.Text, r))
	}
	cleaned, err := e.recs.Without(rec, spans)
	if err != nil {
		return e.in.failed(err)
	}
	e.cut++
	e.saved += int64(len(rec.Raw) - len(cleaned))
	if err := e.write(cleaned); err != nil {
		return err
	}
	return e.note(c, rec)
}

func cutOf(text string, r removal) CutSpan {
	c := CutSpan{Span: r.Span, Text: r.In(text)}
	for _, asked := range r.cuts {
		w := asked.why.Value()
		reason := CutReason{Kind: w.kind, Label: w.label, Tier: w.tier, Span: asked.span.of()}
		if asked.first.end > asked.first.start {
			first := asked.first.of()
			reason.First = &first
		}
		if w.signals != "" {
			reason.Signals = strings.Split(w.signals, "\n")
		}
		c.Reasons = append(c.Reasons, reason)
	}
	return c
}

// note keeps the line of a change, with the record as it was.
func (e *edit) note(c Change, rec corpus.Record) error {
	c.Original, c.OriginalBase64 = stringOrBase64(rec.Raw)
	return e.w.changes.write(c)
}

func (e *edit) create() error {
	var err error
	e.out, err = e.w.out.create(e.place.output())
	if err == nil && e.recs.Packed {
		e.packer = e.w.packer(e.out)
	}
	return err
}

// packer returns a compressor, the same one every time.
func (w *writer) packer(to io.Writer) *gzip.Writer {
	if w.gzip == nil {
		w.gzip = gzip.NewWriter(to)
	} else {
		w.gzip.Reset(to)
	}
	return w.gzip
}

func (e *edit) write(b []byte) error {
	if e.out == nil {
		if err := e.create(); err != nil {
			return err
		}
	}
	if e.packer != nil {
		_, err := e.packer.Write(b)
		return err
	}
	_, err := e.out.Write(b)
	return err
}

// finish writes out what is left.
func (e *edit) finish() error {
	if e.out == nil {
		return nil
	}
	if e.packer != nil {
		if err := e.packer.Close(); err != nil {
			e.discard()
			return err
		}
	}
	e.w.out.keep(e.out)
	return nil
}

// discard removes what was written.
func (e *edit) discard() {
	if e.out != nil {
		e.w.out.remove(e.out)
		e.out = nil
	}
}
