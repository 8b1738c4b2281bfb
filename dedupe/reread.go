package dedupe

import (
	"container/list"
	"fmt"
	"math/bits"
	"unsafe"

	"chaff/shingle"
)

// reread is a text read again, for the exact comparison.
type reread struct {
	node     uint32
	text     string
	buf      []byte // holds text if the index doesn't
	words    shingle.Words
	shingles []uint64 // each once, in text order
	err      error
}

func (r *reread) size() int {
	return cap(r.buf) + 16*cap(r.words.Hash) + 8*cap(r.shingles) + 256
}

// reader reads the texts of nodes and keeps those used last.
type reader struct {
	index    *Index
	nodes    *nodes
	limit    int // bytes to keep
	used     int
	recent   *list.List // of *reread, the one used last in front
	open     map[uint32]*list.Element
	spare    []*reread
	table    shingleTable
	problems []Problem
}

func newReader(x *Index, g *nodes, limit int) *reader {
	return &reader{index: x, nodes: g, limit: limit, recent: list.New(), open: make(map[uint32]*list.Element)}
}

// read returns the text of a node, good until two others have been read.
func (r *reader) read(node uint32) *reread {
	if e, ok := r.open[node]; ok {
		r.recent.MoveToFront(e)
		return e.Value.(*reread)
	}
	for r.used > r.limit && r.recent.Len() > 2 {
		last := r.recent.Remove(r.recent.Back()).(*reread)
		delete(r.open, last.node)
		r.used -= last.size()
		r.spare = append(r.spare, last)
	}
	t := new(reread)
	if n := len(r.spare); n > 0 {
		t, r.spare = r.spare[n-1], r.spare[:n-1]
	}
	t.node = node
	r.load(t)
	r.used += t.size()
	r.open[node] = r.recent.PushFront(t)
	return t
}

// load reads the text of t's node from the first of its articles that can be
// read.
func (r *reader) load(t *reread) {
	for _, n := range r.nodes.articles(t.node) {
		if t.err = r.index.reread(t, &r.table, int(n)); t.err == nil {
			return
		}
		r.problems = append(r.problems, Problem{Article: int(n), Err: t.err})
	}
}

// reread reads article n into t, by way of table.
func (x *Index) reread(t *reread, table *shingleTable, n int) error {
	t.words.Reset()
	t.shingles = t.shingles[:0]
	if x.opts.Text == nil {
		t.text = x.texts[n]
	} else {
		buf, err := x.opts.Text(t.buf[:0], n)
		if err != nil {
			return fmt.Errorf("reading article %q again: %w", x.id(n), err)
		}
		t.buf, t.text = buf, unsafe.String(unsafe.SliceData(buf), len(buf))
	}
	x.opts.Tokenizer.Words(&t.words, t.text)
	if sequenceHash(t.words.Hash) != x.record(n).sequence {
		return fmt.Errorf("article %q has changed since it was added", x.id(n))
	}
	t.shingles = table.distinct(t.shingles, t.words.Hash, x.opts.ShingleSize)
	return nil
}

// shingleTable is a set of shingles with open addressing. Shingles are as good
// as random, so their low bits are the slot.
type shingleTable struct {
	slots []uint64
	zero  bool // whether the shingle 0 is in the set; it marks a free slot
	n     int
}

// reset empties the set and makes room for n shingles.
func (t *shingleTable) reset(n int) {
	size := 1 << bits.Len(uint(2*n))
	if size > cap(t.slots) {
		t.slots = make([]uint64, size)
	} else {
		t.slots = t.slots[:size]
		clear(t.slots)
	}
	t.zero, t.n = false, 0
}

// add adds h and reports whether it was not there before.
func (t *shingleTable) add(h uint64) bool {
	if h == 0 {
		if t.zero {
			return false
		}
		t.zero = true
		t.n++
		return true
	}
	last := uint64(len(t.slots) - 1)
	for i := h & last; ; i = (i + 1) & last {
		switch t.slots[i] {
		case h:
			return false
		case 0:
			t.slots[i] = h
			t.n++
			return true
		}
	}
}

func (t *shingleTable) has(h uint64) bool {
	if h == 0 {
		return t.zero
	}
	last := uint64(len(t.slots) - 1)
	for i := h & last; ; i = (i + 1) & last {
		switch t.slots[i] {
		case h:
			return true
		case 0:
			return false
		}
	}
}

// distinct returns the shingles of a text, each once, reusing dst. They are left
// in t.
func (t *shingleTable) distinct(dst, words []uint64, size int) []uint64 {
	dst = appendShingles(dst[:0], words, size)
	t.reset(len(dst))
	kept := dst[:0]
	for _, h := range dst {
		if t.add(h) {
			kept = append(kept, h)
		}
	}
	return kept
}

// fill makes t the set of these shingles.
func (t *shingleTable) fill(shingles []uint64) {
	t.reset(len(shingles))
	for _, h := range shingles {
		t.add(h)
	}
}

// shared returns how many of shingles, each there once, are in t.
func (t *shingleTable) shared(shingles []uint64) int {
	n := 0
	for _, h := range shingles {
		if t.has(h) {
			n++
		}
	}
	return n
}
