package dedupe

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestBlockTable(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	block := func(n int) []uint64 {
		words := make([]uint64, n)
		for i := range words {
			words[i] = rnd.Uint64()
		}
		return words
	}
	shared, edited := block(20), 0
	a, b := NewBlockSketcher(), NewBlockSketcher()
	for n := range 40 {
		s := a
		if n%2 == 1 {
			s = b
		}
		s.Add(n, s.Keys(block(30)))
		s.Add(n, s.Keys(shared))
		s.Add(n, s.Keys(shared)) // twice in one article is once
		s.Add(n, s.Keys(nil))
	}
	keys := a.Keys(shared)
	for range 200 {
		near := slices.Clone(shared)
		near[rnd.IntN(len(near))] = rnd.Uint64() // 17 of 21 runs of two words stay
		if k := a.Keys(near); k[0] == keys[0] || k[1] == keys[1] {
			edited++
		}
	}
	if edited < 110 { // J is 0.81: 0.78 of them meet
		t.Errorf("of 200 blocks with one word changed %d keep a key", edited)
	}
	family := func(n int) int { return n - n%10 } // four families of ten
	table := NewBlockTable([]*BlockSketcher{b, a}, family)
	for n := range 40 {
		if others, own := table.Count(keys, family(n)); others != 3 || own != 10 {
			t.Errorf("article %d: the shared block stands in %d other families and %d articles of its own", n, others, own)
		}
	}
	if others, own := table.Count(keys, 99); others != 4 || own != 0 {
		t.Errorf("seen from outside the block stands in %d families and %d articles", others, own)
	}
	for _, words := range [][]uint64{block(30), nil} {
		if others, own := table.Count(a.Keys(words), 0); others != 0 || own != 0 {
			t.Errorf("a block of %d words stands in %d families and %d articles", len(words), others, own)
		}
	}
}
