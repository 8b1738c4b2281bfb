package store

import (
	"slices"

	"chaff/shingle"
)

// overlap counts the shingles that texts share with one text. It keeps buffers
// and belongs to one goroutine.
type overlap struct {
	size     int
	slots    []uint64 // open addressing; a power of two
	counted  []uint32 // by slot: the round in which it was counted last; 0: slot is free
	round    uint32
	shingles []uint64
}

// fill makes set the set that texts are compared with.
func (o *overlap) fill(set shingle.Set) {
	slots := 64
	for slots < 2*len(set) {
		slots *= 2
	}
	o.slots = slices.Grow(o.slots[:0], slots)[:slots]
	o.counted = slices.Grow(o.counted[:0], slots)[:slots]
	clear(o.counted)
	o.round = 1
	for _, h := range set {
		i, _ := o.slot(h)
		o.slots[i], o.counted[i] = h, 1
	}
}

// slot returns where h is, or would be.
func (o *overlap) slot(h uint64) (i uint64, found bool) {
	last := uint64(len(o.slots) - 1)
	for i = h & last; o.counted[i] != 0; i = (i + 1) & last {
		if o.slots[i] == h {
			return i, true
		}
	}
	return i, false
}

// shared returns the number of shingles that the text of these words shares with
// the set, each counted once.
func (o *overlap) shared(words []code) int {
	if len(words) < o.size {
		o.shingles = shingle.TextSet(o.shingles[:0], words, o.size)
	} else {
		o.shingles = shingle.Append(o.shingles[:0], words, o.size)
	}
	o.round++
	n := 0
	for _, h := range o.shingles {
		if i, found := o.slot(h); found && o.counted[i] != o.round {
			o.counted[i] = o.round
			n++
		}
	}
	return n
}
