package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"

	"chaff/article"
)

// chunk is a piece of a source: some whole lines, or one text. Feeders read
// chunks and workers make articles of them.
type chunk struct {
	buf    []byte // holds data; goes back to the free list
	data   []byte
	source uint32
	kind   kind
	offset int64 // of data in the source
	line   int   // number of the first line in data
	ragged bool  // damage ends the data: the last line may not be whole
}

// errReadOnce is a mistake of the caller.
var errReadOnce = errors.New("corpus: Read was called before")

// Read calls fn once for every article, from opts.Workers goroutines at once,
// which are numbered from 0, in no particular order. It returns when all is
// read: with [ErrNothing] if there was not one article, with the first error of
// fn, which ends the reading, or with the cause of ctx's end. It waits for calls
// of fn that have begun, but not for standard input.
//
// The article and all its strings are good only during the call, because their
// memory is used again: a copy made with [strings.Clone] may be kept. at may be
// kept as it is; the articles of a corpus sorted by it are in reading order.
//
// Read may be called once.
func (c *Corpus) Read(ctx context.Context, fn func(worker int, a *article.Article, at Position) error) error {
	if c.reading.Swap(true) {
		return errReadOnce
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(ctx, c.sources.wake)()

	var walking, feeding, working sync.WaitGroup
	walking.Go(func() { c.walk(ctx) })
	chunks := make(chan chunk)
	for range c.opts.Workers {
		feeding.Go(func() {
			if err := c.feed(ctx, chunks); err != nil {
				cancel(err)
			}
		})
	}
	for n := range c.opts.Workers {
		working.Go(func() {
			w := worker{corpus: c, number: n, fn: fn}
			for k := range chunks {
				if err := w.work(ctx, k); err != nil {
					cancel(err)
				}
			}
		})
	}
	feeding.Wait()
	close(chunks)
	working.Wait()
	walking.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if c.articles.Load() == 0 {
		return ErrNothing
	}
	return nil
}

// worker makes articles of chunks.
type worker struct {
	corpus  *Corpus
	number  int
	fn      func(int, *article.Article, Position) error
	record  record
	article article.Article
}

// work hands every article in k to fn. It returns fn's error.
func (w *worker) work(ctx context.Context, k chunk) error {
	defer w.corpus.recycle(k.buf)
	if ctx.Err() != nil {
		return nil
	}
	if k.kind == text {
		return w.text(k)
	}
	return w.lines(ctx, k)
}

func (w *worker) text(k chunk) error {
	c := w.corpus
	s, err := decodeText(k.data, c.opts.MaxArticle)
	if err != nil {
		c.tell(Problem{Path: c.sources.path(k.source), Err: err, Harmless: errors.Is(err, ErrEmpty)})
		return nil
	}
	w.article = article.Article{ID: c.sources.id(k.source), Text: s}
	return w.deliver(Position{source: k.source, length: uint32(len(k.data)), offset: k.offset})
}

func (w *worker) lines(ctx context.Context, k chunk) error {
	c := w.corpus
	offset, number := k.offset, k.line
	for rest := k.data; len(rest) > 0; number++ {
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
		err := c.decodeLine(&w.record, line, &w.article)
		switch {
		case err == nil:
			if err := w.deliver(at); err != nil {
				return err
			}
		case end < 0 && k.ragged: // told once, as damage
		default:
			c.tell(Problem{Path: c.sources.path(k.source), Line: number, Err: err})
		}
	}
	return nil
}

func (w *worker) deliver(at Position) error {
	w.corpus.articles.Add(1)
	w.corpus.sources.count(at.source)
	return w.fn(w.number, &w.article, at)
}

// decodeLine reads one line within the limits.
func (c *Corpus) decodeLine(r *record, line []byte, a *article.Article) error {
	if int64(len(line)) > c.maxLine() {
		return fmt.Errorf("%w: a line of more than %d bytes", ErrTooLarge, c.maxLine())
	}
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

// buffer returns a chunk's memory, at least n bytes.
func (c *Corpus) buffer(n int) []byte {
	if n <= c.opts.chunk {
		select {
		case b := <-c.free:
			return b
		default:
			return make([]byte, c.opts.chunk)
		}
	}
	return make([]byte, n)
}

// recycle takes memory back. Larger pieces are left to the garbage collector:
// large articles are rare.
func (c *Corpus) recycle(b []byte) {
	if len(b) != c.opts.chunk {
		return
	}
	select {
	case c.free <- b:
	default:
	}
}
