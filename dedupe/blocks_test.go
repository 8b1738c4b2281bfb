package dedupe

import (
	"math/rand/v2"
	"os"
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
	notes := NewBlockNotes(t.TempDir())
	a, b := notes.Sketcher(), notes.Sketcher()
	add := func(s *BlockSketcher, n int, words []uint64) {
		if err := s.Add(n, s.Keys(words)); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 40 {
		s := a
		if n%2 == 1 {
			s = b
		}
		add(s, n, block(30))
		add(s, n, shared)
		add(s, n, shared) // twice in one article is once
		add(s, n, nil)
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
	table, err := NewBlockTable(notes, family)
	if err != nil {
		t.Fatal(err)
	}
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

// A table made of notes that went to a file is that of all notes, whoever took them.
func TestBlockNotesSpill(t *testing.T) {
	const keys, articles = 100_000, 300_000
	dir := t.TempDir()
	notes := NewBlockNotes(dir)
	sketchers := []*BlockSketcher{notes.Sketcher(), notes.Sketcher(), notes.Sketcher()}
	rnd := rand.New(rand.NewPCG(3, 4))
	family := func(n int) int { return n / 3 }
	want := make(map[uint64]map[int]int) // articles of each family
	for n := range articles {
		s := sketchers[rnd.IntN(len(sketchers))]
		added := make(map[uint64]bool)
		for range 2 {
			k := BlockKeys{1 + rnd.Uint64N(keys), keys + 1 + rnd.Uint64N(keys)}
			if err := s.Add(n, k); err != nil {
				t.Fatal(err)
			}
			for _, key := range k {
				if want[key] == nil {
					want[key] = make(map[int]int)
				}
				if !added[key] {
					want[key][family(n)]++
				}
				added[key] = true
			}
		}
	}
	if len(notes.runs) < 3 {
		t.Fatalf("%d runs are in the file", len(notes.runs))
	}
	table, err := NewBlockTable(notes, family)
	if err != nil {
		t.Fatal(err)
	}
	for key := uint64(1); key <= 2*keys; key++ {
		of, n := 0, 0
		for of, n = range want[key] {
			break
		}
		others, own := table.Count(BlockKeys{key}, of)
		wantOthers, wantOwn := max(0, len(want[key])-1), n
		if len(want[key]) == 1 && n == 1 { // one article only
			wantOwn = 0
		}
		if others != wantOthers || own != wantOwn {
			t.Fatalf("key %d: %d others and %d of family %d, want %d and %d", key, others, own, of, wantOthers, wantOwn)
		}
	}
	if err := notes.Close(); err != nil {
		t.Fatal(err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("%v, %v are left", files, err)
	}
	if err := NewBlockNotes(dir + "/missing").write([]blockItem{{1, 2}}); err == nil {
		t.Error("writing to a folder that is missing is no error")
	}
}
