package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"chaff/article"
)

// document reads a stream that is one article and sends it as k says; buf holds
// its first n bytes.
func (f *feeder) document(s *stream, k chunk, buf []byte, n int, err error) error {
	c := f.corpus
	limit := c.opts.MaxArticle + int64(len(byteOrderMark))
	if k.kind == text && bytes.IndexByte(buf[:n], 0) >= 0 {
		c.recycle(buf)
		return ErrBinary
	}
	if s.size > limit {
		c.recycle(buf)
		return fmt.Errorf("%w: %d bytes", ErrTooLarge, s.size)
	}
	buf, n, err = f.whole(s, buf, n, err, limit)
	if int64(n) > limit {
		c.recycle(buf)
		return fmt.Errorf("%w: more than %d bytes", ErrTooLarge, c.opts.MaxArticle)
	}
	ended := errors.Is(err, io.EOF)
	if !ended {
		n = wholeRunes(buf[:n])
		if n == 0 {
			c.recycle(buf)
			return s.damage(err)
		}
	}
	k.buf, k.data, k.ragged = buf, buf[:n], !ended
	if failed := f.sendDocument(s, k); failed != nil {
		return failed
	}
	if !ended {
		return s.damage(err)
	}
	return nil
}

// whole reads s to its end, or until more than limit bytes have come. buf holds
// the first n, and err is the error of reading them. It returns buf, or a larger
// one in its place.
func (f *feeder) whole(s *stream, buf []byte, n int, err error, limit int64) ([]byte, int, error) {
	c := f.corpus
	for err == nil && int64(n) <= limit {
		if n == len(buf) {
			// Not at once what the size says, which may be a lie.
			grown := c.buffer(int(min(max(2*int64(n), min(s.size+1, 16*int64(n))), limit+1)))
			copy(grown, buf)
			c.recycle(buf)
			buf = grown
		}
		n, err = s.fill(buf, n)
	}
	return buf, n, err
}

// sendDocument hands k to a worker.
func (f *feeder) sendDocument(s *stream, k chunk) error {
	k.source, k.path, k.id = s.number, s.path, s.id
	if k.keep = s.file == nil; k.keep {
		k.offset = s.kept
		s.kept += max(int64(len(k.data)), 1)
	}
	return f.pass(k)
}

// document makes an article of k and hands it to fn.
func (w *worker) document(ctx context.Context, k chunk) error {
	c := w.corpus
	made, problem := w.make(k)
	allowed := c.take(ctx, k, func() int {
		if made {
			return 1
		}
		return 0
	})
	if allowed == 0 {
		return nil
	}
	if made {
		at := Position{source: k.source, length: uint32(len(k.data)), offset: k.offset}
		if k.keep && c.opts.Keep {
			w.encoded = appendArticle(w.encoded[:0], &w.article)
			if err := c.spool.write(k.source, k.offset, w.encoded, page); err != nil {
				return &spoolError{err}
			}
		}
		if err := w.deliver(at); err != nil {
			return err
		}
	}
	if problem != nil {
		c.tell(newProblem(k.path, problem))
	}
	return nil
}

// make makes w.article of k. An article may come with a problem, if it is not
// whole.
func (w *worker) make(k chunk) (made bool, problem error) {
	a, limit := &w.article, w.corpus.opts.MaxArticle
	*a = article.Article{ID: k.id}
	data, charset := k.data, k.charset
	if m := k.message; m != nil {
		a.URL, a.Lang, charset = m.url, m.lang, m.charset()
		data, problem = m.body(data, limit)
	}
	var err error
	kind := k.kind
	if kind == unknown {
		kind = text
		if looksLikeHTML(data) {
			kind = page
		}
	}
	switch {
	case int64(len(bytes.TrimPrefix(data, byteOrderMark))) > limit:
		err = fmt.Errorf("%w: more than %d bytes", ErrTooLarge, limit)
	case kind == page:
		err = w.page(data, charset)
	default:
		a.Text, err = decodeText(data, charset, limit)
	}
	switch {
	case k.ragged: // told once, as damage
		problem = nil
	case problem == nil:
		problem = err
	}
	return err == nil, problem
}

// rows hands the encoded articles in k, each with its length before it, to fn.
func (w *worker) rows(ctx context.Context, k chunk) error {
	allowed := w.corpus.take(ctx, k, func() int { return k.line })
	for offset := 0; offset < len(k.data) && allowed > 0; allowed-- {
		if ctx.Err() != nil {
			return nil
		}
		n := rowLength(k.data[offset:])
		offset += rowPrefix
		at := Position{source: k.source, length: uint32(n), offset: k.offset + int64(offset)}
		if err := decodeArticle(k.data[offset:offset+n], &w.article, nil); err != nil {
			return err
		}
		if err := w.deliver(at); err != nil {
			return err
		}
		offset += n
	}
	return nil
}
