package store

import "math/bits"

// counts tell how often articles were met.
type counts struct {
	articles []met
	slots    []uint32 // by number, open addressing: the place in articles, plus one
	shift    int
	once     [seenBits / 64]uint64
	twice    [seenBits / 64]uint64
}

// seenBits is how many bits tell whether an article will be met twice: 8 KB of them
// stay at hand, and of 5,000 articles one in 13 shares its bit.
const seenBits = 1 << 16

// met is an article that was met so many times.
type met struct {
	number uint32
	hits   uint32
	class  uint8
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
	for i := number * 0x9E3779B1 >> t.shift; ; i = (i + 1) & last {
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

// expect finds out which articles will be met more than once.
func (t *counts) expect(lists []run) {
	clear(t.once[:])
	clear(t.twice[:])
	for _, r := range lists {
		for i := range r.len() {
			word, bit := seenBit(r.number(i))
			t.twice[word] |= t.once[word] & bit
			t.once[word] |= bit
		}
	}
}

// again reports whether the article will be met more than once, or may be.
func (t *counts) again(number uint32) bool {
	word, bit := seenBit(number)
	return t.twice[word]&bit != 0
}

func seenBit(number uint32) (word uint32, bit uint64) {
	at := number * 0x9E3779B1 / (1 << 32 / seenBits)
	return at / 64, 1 << (at % 64)
}
