package dedupe

import (
	"math"
	"slices"
	"sync/atomic"

	"chaff/article"
	"chaff/shingle"
)

// counterSlots is the number of slots in each of the two rows of a [BlockCounter].
// With four million different blocks, six in a thousand of those that stand once are
// counted three times or more.
const counterSlots = 1 << 22

// Blocks of so many words are counted. A block of one word is a word; furniture
// longer than the most is cut into blocks where it stands.
const (
	minCounted = 2
	maxCounted = 256
)

// BlockCounter counts in how many articles of one source a block stands, word for
// word, up to 65,535, in 16 MB however many there are. A count is never too low; it is too high
// where other blocks share both slots of one (a count-min sketch, Cormode and
// Muthukrishnan, 2005). It may be used by several goroutines, and neither their
// number nor the order of adding makes a difference.
type BlockCounter struct {
	rows [2][]atomic.Uint32 // two slots of 16 bits in each
}

// NewBlockCounter returns a counter that has counted nothing.
func NewBlockCounter() *BlockCounter {
	c := new(BlockCounter)
	for i := range c.rows {
		c.rows[i] = make([]atomic.Uint32, counterSlots/2)
	}
	return c
}

// sourceHash is what a source is known by.
func sourceHash(source string) uint64 {
	h := uint64(len(source)) + 1
	for i := range len(source) {
		h = (h ^ uint64(source[i])) * 0x9E3779B97F4A7C15
		h ^= h >> 29
	}
	return h
}

// blockKey is what a block of a source is known by, 0 where it isn't counted.
func blockKey(source uint64, words []uint64) uint64 {
	if len(words) < minCounted || len(words) > maxCounted {
		return 0
	}
	h := (sequenceHash(words) ^ source) * 0xD6E8FEB86659FD93
	return h ^ h>>32 | 1
}

// Add counts the blocks of an article with this text, each once, for its source.
// words are those of text; scratch is memory that may be used, and is returned.
func (c *BlockCounter) Add(source, text string, words *shingle.Words, scratch []uint64) []uint64 {
	keys := scratch[:0]
	h := sourceHash(source)
	for b := range wordBlocks(text, words) {
		if key := blockKey(h, words.Hash[b.i:b.j]); key != 0 {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for i, key := range keys {
		if i > 0 && keys[i-1] == key {
			continue
		}
		for row := range c.rows {
			c.increment(row, key)
		}
	}
	return keys
}

// Count returns in how many articles of a source a block of these words stands, those
// it is asked for among them; 0 for blocks that are not counted.
func (c *BlockCounter) Count(source string, words []uint64) int {
	return c.count(blockKey(sourceHash(source), words))
}

func (c *BlockCounter) count(key uint64) int {
	if key == 0 {
		return 0
	}
	return min(c.slot(0, key), c.slot(1, key))
}

// place returns the word that holds the slot of a key in a row, and where in it.
func (c *BlockCounter) place(row int, key uint64) (word *atomic.Uint32, shift uint) {
	if row > 0 {
		key *= 0xA0761D6478BD642F
	}
	slot := key >> 40 % counterSlots
	return &c.rows[row][slot/2], uint(slot % 2 * 16)
}

func (c *BlockCounter) slot(row int, key uint64) int {
	word, shift := c.place(row, key)
	return int(word.Load() >> shift & math.MaxUint16)
}

// increment adds one to a slot that isn't full.
func (c *BlockCounter) increment(row int, key uint64) {
	word, shift := c.place(row, key)
	for {
		old := word.Load()
		if old>>shift&math.MaxUint16 == math.MaxUint16 || word.CompareAndSwap(old, old+1<<shift) {
			return
		}
	}
}

// wordBlock is a block and its words, from i to j.
type wordBlock struct {
	article.Span
	i, j int
}

// wordBlocks goes over the blocks of text, whose words these are.
func wordBlocks(text string, words *shingle.Words) func(yield func(wordBlock) bool) {
	return func(yield func(wordBlock) bool) {
		next := 0
		for _, b := range article.Blocks(text) {
			first := next
			for next < words.Len() && int(words.Start[next]) < b.End {
				next++
			}
			if !yield(wordBlock{b.Span, first, next}) {
				return
			}
		}
	}
}

// What two articles share in blocks that stand in many articles of their source is no
// evidence that they are versions of one text, if each says something else besides
// that the other one doesn't.
const (
	// shortFurniture is the number of words up to which so few articles are many;
	// more text than that is a story with so many versions as often as furniture.
	shortFurniture = 150
	manyShort      = 5
	manyLong       = 12
	// ownShingles is the least number of shingles in what an article says besides,
	// ownShared the share of them (one in so many) from which the other says it, too.
	ownShingles = 8
	ownShared   = 10
)

// furnished tells pairs that share no more than furniture.
type furnished struct {
	counter *BlockCounter
	own     []uint64
	set     shingleTable
}

// only reports whether a and b, articles of one source, have in common no more than
// blocks that many articles of it have.
func (f *furnished) only(source uint64, a, b *reread, size int) bool {
	many := manyShort
	if min(a.words.Len(), b.words.Len()) > 2*shortFurniture {
		many = manyLong
	}
	return f.strange(source, a, b, size, many) && f.strange(source, b, a, size, many)
}

// strange reports whether a says something besides furniture, and b none of it.
func (f *furnished) strange(source uint64, a, b *reread, size, many int) bool {
	f.own = f.own[:0]
	for block := range wordBlocks(a.text, &a.words) {
		words := a.words.Hash[block.i:block.j]
		if f.counter.count(blockKey(source, words)) < many {
			f.own = shingle.Append(f.own, words, size)
		}
	}
	if len(f.own) < ownShingles {
		return false
	}
	f.set.fill(b.shingles)
	return ownShared*f.set.shared(f.own) < len(f.own)
}
