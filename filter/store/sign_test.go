package store

import (
	"math/rand/v2"
	"testing"
)

// TestSigns holds that signs tell of each article's samples the number of those looked up
// that it may have: never fewer than it has, and as many as have their bits.
func TestSigns(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 5))
	fewer := 0
	for range 300 {
		var s sign
		has := make(map[uint64]bool)
		for range rng.IntN(150) {
			h := rng.Uint64() >> (64 - sampleBits)
			has[h] = true
			s.add(signBit(h))
			if _, entry := shardOf(h); entryBit(entry|uint64(rng.IntN(1<<heldBits))) != signBit(h) {
				t.Fatalf("sample %x has one bit, and its entry another", h)
			}
		}
		var of signs
		var looked, shared, may int
		look := func(h uint64) {
			looked++
			of = of.add(signBit(h))
			if has[h] {
				shared++
			}
			if s.has(signBit(h)) {
				may++
			}
		}
		for h := range has {
			if rng.IntN(2) == 0 {
				look(h)
			}
		}
		for range rng.IntN(100) {
			look(rng.Uint64() >> (64 - sampleBits))
		}
		if most := of.most(&s); most != may || most < shared {
			t.Fatalf("of %d samples, of which it has %d, an article has %d at the most, want %d", looked, shared, most, may)
		}
		if may < looked {
			fewer++
		}
	}
	if fewer < 250 {
		t.Errorf("signs told something %d times", fewer)
	}
}

// TestOften holds that articles are left out only if they are met too seldom, and that
// most of those are.
func TestOften(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 5))
	var c counts
	for _, least := range []int{2, 5, 255} {
		var all []uint32
		times := make(map[uint32]int)
		for range 3000 {
			n := rng.Uint32N(1 << heldBits)
			for range 1 + rng.IntN(2*least)*(1-min(1, rng.IntN(20))) {
				all = append(all, n)
				times[n]++
			}
		}
		kept := make(map[uint32]int)
		for _, n := range c.often(all, least) {
			kept[n]++
		}
		rare := 0
		for n, hits := range times {
			switch {
			case hits >= least && kept[n] != hits:
				t.Fatalf("least %d: of %d hits %d are kept", least, hits, kept[n])
			case hits < least && kept[n] > 0:
				rare++
			}
		}
		if rare > len(times)/10 || len(kept) == rare {
			t.Errorf("least %d: of %d articles %d are kept, of which %d are met too seldom", least, len(times), len(kept), rare)
		}
	}
}
