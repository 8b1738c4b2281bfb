package dedupe

import "math/bits"

// recentSeeds is how many occurrences of a shingle are tried besides the first,
// the latest ones. The bound keeps matching linear where a text says the same thing
// all over. Most of what is repeated is repeated once: with 1 the cases and planted
// copies come out as with 7.
const recentSeeds = 7

// seedTable tells where each shingle of one text stands: an open hash table of
// first occurrences, from which the others hang as a list. It takes 10 bytes a
// shingle.
type seedTable struct {
	seeds []uint64
	slots []int32 // position of a first occurrence + 1, or 0
	// prev[i] is the occurrence before i of the shingle at i; at the first one
	// it is the complement of the last.
	prev []int32
}

// fill makes t the table of seeds and returns how many positions hold a shingle
// that has stood before.
func (t *seedTable) fill(seeds []uint64) (repeated int) {
	size := len(seeds) + len(seeds)/2 + 64
	if cap(t.slots) < size {
		t.slots = make([]int32, size)
	} else {
		t.slots = t.slots[:size]
		clear(t.slots)
	}
	if cap(t.prev) < len(seeds) {
		t.prev = make([]int32, len(seeds))
	}
	t.seeds, t.prev = seeds, t.prev[:len(seeds)]
	for i, h := range seeds {
		slot := t.find(h)
		first := t.slots[slot] - 1
		if first < 0 {
			t.slots[slot] = int32(i) + 1
			t.prev[i] = ^int32(i)
			continue
		}
		t.prev[i] = ^t.prev[first]
		t.prev[first] = ^int32(i)
		repeated++
	}
	return repeated
}

// find returns the slot of shingle h, an empty one if h does not occur.
func (t *seedTable) find(h uint64) int {
	high, _ := bits.Mul64(h, uint64(len(t.slots))) // a hash spread over the slots
	slot := int(high)
	for t.slots[slot] != 0 && t.seeds[t.slots[slot]-1] != h {
		slot++
		if slot == len(t.slots) {
			slot = 0
		}
	}
	return slot
}

// before appends the occurrences before i of the shingle at i to dst: the first
// and up to recentSeeds others, latest first.
func (t *seedTable) before(dst []int32, i int) []int32 {
	if t.prev[i] < 0 {
		return dst
	}
	return t.back(dst, t.prev[i])
}

// standsThrice reports whether the shingle at i stands in three places or more.
func (t *seedTable) standsThrice(i int) bool {
	first := t.slots[t.find(t.seeds[i])] - 1
	last := ^t.prev[first]
	return t.prev[last] >= 0 && t.prev[t.prev[last]] >= 0
}

// of appends the occurrences of shingle h to dst: the first and up to recentSeeds
// others, latest first.
func (t *seedTable) of(dst []int32, h uint64) []int32 {
	first := t.slots[t.find(h)] - 1
	if first < 0 {
		return dst
	}
	return t.back(dst, ^t.prev[first])
}

func (t *seedTable) back(dst []int32, at int32) []int32 {
	for range recentSeeds {
		dst = append(dst, at)
		if t.prev[at] < 0 {
			return dst
		}
		at = t.prev[at]
	}
	return append(dst, t.slots[t.find(t.seeds[at])]-1)
}
