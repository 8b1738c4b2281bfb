package store

import "math/bits"

// counts tell how often articles were met.
type counts struct {
	articles []met
	slots    []uint32 // by number, open addressing: the place in articles, plus one
	shift    int
	marks    [1 << markBits]uint8 // how often articles are met that share a mark, at most 255
}

// markBits is the length of an article's mark. So many counters, a byte each, stay in the
// processor's cache, and of 7,000 articles one in ten shares its mark.
const markBits = 16

// met is an article that was met so many times.
type met struct {
	number uint32
	hits   uint32
	class  uint8 // if whoever counts knows it
}

// reset makes t ready for so many hits at most.
func (t *counts) reset(most int) {
	t.articles = t.articles[:0]
	size := 1 << bits.Len(uint(2*most)|63)
	if cap(t.slots) < size {
		t.slots = make([]uint32, size)
	} else {
		t.slots = t.slots[:size]
		clear(t.slots)
	}
	t.shift = 32 - bits.TrailingZeros(uint(size))
}

// add counts article number, of this class.
func (t *counts) add(number uint32, class uint8) {
	last := uint32(len(t.slots) - 1)
	for i := number * spread >> t.shift; ; i = (i + 1) & last {
		if t.slots[i] == 0 {
			t.articles = append(t.articles, met{number, 1, class})
			t.slots[i] = uint32(len(t.articles))
			return
		}
		if m := &t.articles[t.slots[i]-1]; m.number == number {
			m.hits++
			return
		}
	}
}

// often leaves those of the articles out that are there fewer than least times, all but a
// few of them; least is at most 255. They are most of all.
func (t *counts) often(articles []uint32, least int) []uint32 {
	clear(t.marks[:])
	for _, n := range articles {
		if m := &t.marks[shareOf(n)]; *m < 255 {
			*m++
		}
	}
	kept := articles[:0]
	for _, n := range articles {
		if int(t.marks[shareOf(n)]) >= least {
			kept = append(kept, n)
		}
	}
	return kept
}

// spread makes neighbouring numbers differ in their first bits (Knuth's multiplicative
// hashing).
const spread = 0x9E3779B1

func shareOf(number uint32) uint32 { return number * spread >> (32 - markBits) }
