package offtopic

// wordEntry is what the lexicon has of a single word.
type wordEntry struct {
	common langs // languages in which the word is one of the commonest
	node   int32 // where phrases that begin with the word go on, 0 if none does
}

// wordTable holds the words that are common or begin a phrase. Most words of a
// text are neither, and one bit tells that of nearly all of them.
type wordTable struct {
	bits  []uint64
	slots []wordSlot
}

type wordSlot struct {
	key uint64
	wordEntry
}

// wordBits is the number of bits kept for each slot: few other words share one.
const wordBits = 8

func makeWordTable(l *lexicon) wordTable {
	size := 64
	for size < 2*(len(l.common)+len(l.roots)) {
		size *= 2
	}
	t := wordTable{bits: make([]uint64, size*wordBits/64), slots: make([]wordSlot, size)}
	for k, set := range l.common {
		t.grow(k).common = set
	}
	for k, node := range l.roots {
		t.grow(k).node = node
	}
	return t
}

func wordHash(k uint64) uint64 { return k * 0x9E3779B97F4A7C15 >> 20 }

// grow returns the place of a word, which is made if there is none.
func (t *wordTable) grow(k uint64) *wordSlot {
	h := wordHash(k)
	b := h % uint64(64*len(t.bits))
	t.bits[b/64] |= 1 << (b % 64)
	mask := uint64(len(t.slots) - 1)
	i := h & mask
	for t.slots[i].wordEntry != (wordEntry{}) && t.slots[i].key != k {
		i = (i + 1) & mask
	}
	t.slots[i].key = k
	return &t.slots[i]
}

// append appends what t has of words to dst, the zero value for those it hasn't.
func (t *wordTable) append(dst []wordEntry, keys []uint64) []wordEntry {
	bits, slots := t.bits, t.slots
	mask, last := uint64(len(slots)-1), uint64(64*len(bits)-1)
	for _, k := range keys {
		var e wordEntry
		h := wordHash(k)
		if b := h & last; bits[b/64]&(1<<(b%64)) != 0 {
			for i := h & mask; slots[i].wordEntry != (wordEntry{}); i = (i + 1) & mask {
				if slots[i].key == k {
					e = slots[i].wordEntry
					break
				}
			}
		}
		dst = append(dst, e)
	}
	return dst
}
