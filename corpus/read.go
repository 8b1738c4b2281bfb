package corpus

import (
	"context"
	"errors"
	"sync"

	"chaff/article"
)

// chunk is a piece of a source: some whole lines, some encoded articles, or one
// document. Feeders read chunks and workers make articles of them.
type chunk struct {
	buf    []byte // holds data; goes back to the free list
	data   []byte
	source uint32
	path   string // as problems name it
	kind   kind
	offset int64 // of data in the source, or among what is kept of it
	line   int   // number of the first line in data, or of the articles in it
	ragged bool  // damage ends the data: the last line, or the document, is not whole

	// Of a document:
	id      string
	charset string   // as declared; "" means not known
	message *message // how it came over the network; nil means that it didn't
	keep    bool     // isn't read in place

	problem *Problem // instead of all that

	before, after chan struct{} // closed when the chunk before, and this one, are counted
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
	// The feeding ends before the rest when there are enough articles.
	feedCtx, enough := context.WithCancel(ctx)
	defer enough()
	c.left, c.enough = c.opts.Limit, enough
	defer context.AfterFunc(feedCtx, c.sources.wake)()

	feeders := c.opts.Workers
	if c.limited() {
		feeders = 1
	}
	var walking, feeding, working sync.WaitGroup
	walking.Go(func() { c.walk(feedCtx) })
	chunks := make(chan chunk)
	for range feeders {
		feeding.Go(func() {
			if err := c.feed(feedCtx, chunks); err != nil {
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
	encoded []byte

	layout    layout // of a page
	extracted layout // of what was extracted from it
	main      layout // of that, as it stands in the page
}

// work hands every article in k to fn. It returns fn's error.
func (w *worker) work(ctx context.Context, k chunk) error {
	defer w.corpus.recycle(k.buf)
	if ctx.Err() != nil {
		return nil
	}
	switch {
	case k.problem != nil:
		if w.corpus.take(ctx, k, func() int { return 0 }) > 0 {
			w.corpus.tell(*k.problem)
		}
		return nil
	case k.kind == lines:
		return w.lines(ctx, k)
	case k.kind == rows:
		return w.rows(ctx, k)
	}
	return w.document(ctx, k)
}

func (w *worker) deliver(at Position) error {
	w.corpus.articles.Add(1)
	w.corpus.sources.count(at.source)
	return w.fn(w.number, &w.article, at)
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
