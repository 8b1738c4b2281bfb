package corpus

import (
	"errors"
	"fmt"

	"chaff/article"
)

// Buffer is the memory that Load uses. The zero value is ready for use. One
// goroutine at a time may use it.
type Buffer struct {
	data    []byte
	record  record
	article article.Article
	layout  []article.Element
}

// Load reads the article at a position that Read gave, as Read gave it. It may
// be called by several goroutines, each with a buffer of its own, during and
// after Read. The article, its strings and its layout are good until the next Load
// with the same buffer.
//
// It fails with [ErrChanged] if the file is no longer the same by size or time
// of change, with [ErrNotKept] if it can't be read twice and [Options.Keep] was
// not set, and with the system's error if the file is gone. A JSON Lines file
// that is open for another Load is read as it was.
func (c *Corpus) Load(at Position, buf *Buffer) (*article.Article, error) {
	e, ok := c.sources.get(at.source)
	if !ok || e.kind == unknown {
		return nil, errors.New("corpus: a position of another corpus")
	}
	a, err := c.load(e, at, buf)
	if err != nil {
		return nil, fmt.Errorf("reading %s again: %w", c.sources.path(at.source), err)
	}
	return a, nil
}

func (c *Corpus) load(e entry, at Position, buf *Buffer) (*article.Article, error) {
	kind := e.kind
	var err error
	if e.again {
		buf.data = atLeast(buf.data, int(at.length))
		err = c.readAgain(e, at, buf.data)
	} else {
		buf.data, kind, err = c.spool.read(at, buf.data)
	}
	if err != nil {
		return nil, cause(err)
	}
	data := buf.data
	a := &buf.article
	switch kind {
	case lines:
		err = c.decodeLine(&buf.record, data, a)
	case rows, page:
		err = decodeArticle(data, a, buf.layout[:0])
		if a.Layout != nil {
			buf.layout = a.Layout
		}
	default:
		*a = article.Article{ID: c.sources.id(at.source)}
		a.Text, err = decodeText(data, "", c.opts.MaxArticle)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrChanged, err)
	}
	return a, nil
}

// atLeast returns n bytes, in b's memory if there are as many.
func atLeast(b []byte, n int) []byte {
	if cap(b) < n {
		b = make([]byte, n+n/4)
	}
	return b[:n]
}

// readAgain fills data from a file, if it is still the one that was read.
func (c *Corpus) readAgain(e entry, at Position, data []byte) error {
	file, err := c.opened.take(at.source, c.sources)
	if err != nil {
		return err
	}
	defer c.opened.put(file, e.kind == lines)
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if stampOf(info) != e.stamp {
		return ErrChanged
	}
	_, err = file.ReadAt(data, at.offset)
	return err
}
