package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"chaff/article"
)

var newline = []byte{'\n'}

// lines reads JSON Lines; buf holds the first n bytes.
func (f *feeder) lines(s *stream, buf []byte, n int, err error) error {
	c := f.corpus
	limit := max(c.opts.chunk, int(c.maxLine())+1)
	offset, line := s.kept, 1
	if bytes.HasPrefix(buf[:n], byteOrderMark) {
		offset += int64(len(byteOrderMark))
		n = copy(buf, buf[len(byteOrderMark):n])
	}
	empty := true
	for searched := 0; ; {
		// Up to where are the lines whole?
		end := searched + bytes.LastIndexByte(buf[searched:n], '\n') + 1
		if end == searched {
			end = 0
		}
		if err != nil {
			end = n
		}
		if end > 0 {
			empty = empty && blank(buf[:end])
			next := c.buffer(n - end)
			rest := copy(next, buf[end:n])
			count := bytes.Count(buf[:end], newline)
			k := chunk{buf: buf, data: buf[:end], kind: lines, offset: offset, line: line}
			k.ragged = err != nil && !errors.Is(err, io.EOF)
			if failed := f.send(s, k); failed != nil {
				return failed
			}
			offset, line = offset+int64(end), line+count
			buf, n = next, rest
		}
		switch {
		case errors.Is(err, io.EOF) && empty:
			c.recycle(buf)
			return ErrEmpty
		case errors.Is(err, io.EOF):
			c.recycle(buf)
			return nil
		case err != nil:
			c.recycle(buf)
			return s.damage(err)
		case n == limit:
			p := Problem{Path: s.path, Line: line, Err: fmt.Errorf("%w: a line of more than %d bytes", ErrTooLarge, c.maxLine())}
			if failed := f.tell(p); failed != nil {
				return failed
			}
			empty = false
			var skipped int64
			skipped, n, err = s.skipLine(buf)
			offset, line = offset+int64(limit)+skipped, line+1
			searched = 0
			continue
		case n == len(buf):
			grown := make([]byte, min(2*n, limit))
			copy(grown, buf)
			c.recycle(buf)
			buf = grown
		}
		searched = n
		n, err = s.fill(buf, n)
	}
}

// send hands k, some lines or encoded articles, to a worker, and before that to
// the spool unless s is read in place.
func (f *feeder) send(s *stream, k chunk) error {
	c := f.corpus
	k.source, k.path = s.number, s.path
	if s.file == nil {
		s.kept = k.offset + int64(len(k.data))
		if c.opts.Keep {
			if err := c.spool.write(k.source, k.offset, k.data, k.kind); err != nil {
				return &spoolError{err}
			}
		}
	}
	return f.pass(k)
}

// lines hands the article of every line in k to fn.
func (w *worker) lines(ctx context.Context, k chunk) error {
	allowed := w.corpus.take(ctx, k, func() int { return w.countLines(k) })
	offset, number := k.offset, k.line
	for rest := k.data; len(rest) > 0 && allowed > 0; number++ {
		if ctx.Err() != nil {
			return nil
		}
		line, after := rest, []byte(nil)
		end := bytes.IndexByte(rest, '\n')
		if end >= 0 {
			line, after = rest[:end], rest[end+1:]
		}
		at := Position{source: k.source, length: uint32(len(line)), offset: offset}
		offset += int64(len(rest) - len(after))
		rest = after
		if blank(line) {
			continue
		}
		err := w.corpus.decodeLine(&w.record, line, &w.article)
		switch {
		case err == nil:
			allowed--
			if err := w.deliver(at); err != nil {
				return err
			}
		case end < 0 && k.ragged: // told once, as damage
		default:
			w.corpus.tell(Problem{Path: k.path, Line: number, Err: err})
		}
	}
	return nil
}

// countLines returns how many articles are in k.
func (w *worker) countLines(k chunk) int {
	n := 0
	for line := range bytes.Lines(k.data) {
		line = bytes.TrimSuffix(line, newline)
		if !blank(line) && w.corpus.decodeLine(&w.record, line, &w.article) == nil {
			n++
		}
	}
	return n
}

// decodeLine reads one line within the limits.
func (c *Corpus) decodeLine(r *record, line []byte, a *article.Article) error {
	if int64(len(line)) > c.maxLine() {
		return fmt.Errorf("%w: a line of more than %d bytes", ErrTooLarge, c.maxLine())
	}
	r.idField, r.textField = c.opts.IDField, c.opts.TextField
	if err := r.decode(line, a); err != nil {
		return err
	}
	if int64(len(a.Text)) > c.opts.MaxArticle {
		return fmt.Errorf("%w: a text of %d bytes", ErrTooLarge, len(a.Text))
	}
	return nil
}

// maxLine is the length of the longest line read, without its end: escapes
// such as \u4e2d double the length of Chinese text.
func (c *Corpus) maxLine() int64 { return 2 * c.opts.MaxArticle }

// blank reports whether b is nothing but JSON's white space.
func blank(b []byte) bool {
	for _, c := range b {
		if !isSpace(c) {
			return false
		}
	}
	return true
}
