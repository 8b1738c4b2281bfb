package model

import (
	_ "embed"
	"encoding/binary"
	"sync"
)

// Classes of English words of like use: the commonest words, grouped by k-means
// over their GloVe vectors (public domain), coarsely and finely. Each entry of the
// file is four bytes of a word's hash, one of its coarse and two of its fine class.
//
//go:embed classes.bin
var classFile []byte

const classEntry = 7

// class is the coarse and the fine class of a word, both counted from 1.
type class struct {
	key    uint32
	coarse uint16
	fine   uint16
}

type classTable struct {
	slots []class
	shift int
}

var loadClasses = sync.OnceValue(func() *classTable {
	n := len(classFile) / classEntry
	size, bits := 16, 4
	for size < 2*n {
		size *= 2
		bits++
	}
	t := &classTable{slots: make([]class, size), shift: 32 - bits}
	for i := range n {
		e := classFile[i*classEntry:]
		c := class{binary.LittleEndian.Uint32(e), uint16(e[4]), binary.LittleEndian.Uint16(e[5:])}
		at := t.slot(c.key)
		t.slots[at] = c
	}
	return t
})

func (t *classTable) slot(k uint32) int {
	i := int(k * 0x9E3779B1 >> t.shift)
	for t.slots[i].coarse != 0 && t.slots[i].key != k {
		i = (i + 1) & (len(t.slots) - 1)
	}
	return i
}

// Class returns the fine and the coarse class of the word with a key, 0 for both
// where it has none.
func (t *classTable) of(key uint64) class { return t.slots[t.slot(fold(key))] }

// fold makes 32 bits of a hash.
func fold(h uint64) uint32 { return uint32(h>>32) ^ uint32(h) }
