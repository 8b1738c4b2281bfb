package filter

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"chaff/article"
	"chaff/clean"
	"chaff/corpus"
)

// lineReader reads lines until a context ends.
type lineReader struct {
	in      *bufio.Reader
	longest int64 // without its end
	number  int   // of the line read last
}

func newLineReader(ctx context.Context, in io.Reader, longest int64) *lineReader {
	return &lineReader{in: bufio.NewReaderSize(newPump(ctx, in), 64<<10), longest: longest}
}

var byteOrderMark = []byte("\ufeff")

// next returns the next line without its LF, in memory of its own. One that is too long
// has the error bad. Where the context ended, a line that was begun is not returned.
func (r *lineReader) next() (line []byte, bad, err error) {
	if r.number == 0 {
		if mark, _ := r.in.Peek(len(byteOrderMark)); bytes.Equal(mark, byteOrderMark) {
			if _, err := r.in.Discard(len(byteOrderMark)); err != nil {
				return nil, nil, err
			}
		}
	}
	begun := false
	for {
		part, err := r.in.ReadSlice('\n')
		begun = begun || len(part) > 0
		if bad == nil {
			line = append(line, part...)
		}
		if int64(len(line)) > r.longest+2 { // CR LF
			bad = fmt.Errorf("%w: a line of more than %d bytes", corpus.ErrTooLarge, r.longest)
			line = nil
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || !begun):
			return nil, nil, err
		}
		r.number++
		return bytes.TrimSuffix(line, []byte{'\n'}), bad, nil
	}
}

// pump reads ahead of its reader, which it lets go when a context ends, whether or not
// the input has anything.
type pump struct {
	ctx    context.Context
	chunks chan chunk
	rest   chunk
}

type chunk struct {
	data []byte
	err  error
}

func newPump(ctx context.Context, in io.Reader) *pump {
	p := &pump{ctx: ctx, chunks: make(chan chunk)}
	go func() {
		// A chunk is used up before the next but one is read.
		for buffers := [2][]byte{make([]byte, 64<<10), make([]byte, 64<<10)}; ; buffers[0], buffers[1] = buffers[1], buffers[0] {
			n, err := in.Read(buffers[0])
			select {
			case p.chunks <- chunk{buffers[0][:n], err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return p
}

// Read reads what there is.
func (p *pump) Read(b []byte) (int, error) {
	for len(p.rest.data) == 0 {
		if p.rest.err != nil {
			return 0, p.rest.err
		}
		select {
		case p.rest = <-p.chunks:
		case <-p.ctx.Done():
			p.rest.err = context.Cause(p.ctx)
		}
	}
	n := copy(b, p.rest.data)
	p.rest.data = p.rest.data[n:]
	return n, nil
}

// field is the name of the field that a line gets.
const field = "chaff"

// judgement is the value of the field.
type judgement struct {
	Verdict  Verdict           `json:"verdict"`
	Findings []article.Finding `json:"findings"`
	Cleaned  *string           `json:"cleaned,omitempty"`
}

// fault is the value of the field of an object without an article, or the line where
// there is no object.
type fault struct {
	Error string `json:"error"`
	Line  int    `json:"line,omitempty"`
}

// lineWriter writes lines with what is to be said of them.
type lineWriter struct {
	out   *bufio.Writer
	clean bool
	value bytes.Buffer
	buf   []byte
}

// encode returns v as JSON, good until the next call.
func (w *lineWriter) encode(v any) ([]byte, error) {
	w.value.Reset()
	e := json.NewEncoder(&w.value)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(w.value.Bytes(), []byte{'\n'}), err
}

func (w *lineWriter) line(b []byte) error {
	_, err := w.out.Write(b)
	if err == nil {
		err = w.out.WriteByte('\n')
	}
	return err
}

// judged writes the line of an article with its verdict.
func (w *lineWriter) judged(j *job) error {
	v := judgement{Verdict: j.result.Verdict, Findings: j.result.Findings}
	if v.Findings == nil {
		v.Findings = []article.Finding{}
	}
	for i := range v.Findings {
		if v.Findings[i].Reasons == nil {
			v.Findings[i].Reasons = []article.Reason{}
		}
	}
	if w.clean {
		text := clean.Text(j.article.Text, v.Findings)
		v.Cleaned = &text
	}
	return w.with(j.raw, v)
}

// with writes an object with v in its field.
func (w *lineWriter) with(object []byte, v any) error {
	value, err := w.encode(v)
	if err != nil {
		return err
	}
	if w.buf, err = corpus.AppendWithField(w.buf[:0], object, field, value); err != nil {
		return err
	}
	return w.line(w.buf)
}

// bad writes a line that holds no article.
func (w *lineWriter) bad(j *job) error {
	if !holdsObject(j) {
		value, err := w.encode(fault{j.bad.Error(), j.number})
		if err != nil {
			return err
		}
		return w.line(value)
	}
	return w.with(j.raw, fault{Error: j.bad.Error()})
}

// holdsObject reports whether the line of j, which holds no article, holds an object.
func holdsObject(j *job) bool {
	for _, err := range []error{corpus.ErrNotJSON, corpus.ErrNotObject, corpus.ErrNotUTF8} {
		if errors.Is(j.bad, err) {
			return false
		}
	}
	return j.raw != nil
}
