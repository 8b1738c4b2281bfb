package truth

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// randomSets returns sets that overlap in all degrees: each is drawn from a
// small universe or is an earlier one with some shingles exchanged.
func randomSets(r *rand.Rand, n int) [][]uint64 {
	sets := make([][]uint64, n)
	for i := range sets {
		var set []uint64
		if i > 0 && r.IntN(2) == 0 {
			for _, h := range sets[r.IntN(i)] {
				if r.IntN(6) > 0 {
					set = append(set, h)
				}
			}
		}
		for range r.IntN(12) {
			set = append(set, uint64(r.IntN(60+r.IntN(3)*2000)))
		}
		slices.Sort(set)
		sets[i] = slices.Compact(set)
	}
	return sets
}

func TestJoinAgreesWithAllPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 60 {
		sets := randomSets(r, 80)
		for _, at := range []struct{ j, c float64 }{{.8, 0}, {.5, 0}, {1, 0}, {.3, .6}, {0, .6}, {0, 1}} {
			var want []Pair
			for a := range sets {
				for b := a + 1; b < len(sets); b++ {
					p := measure(a, b, len(sets[a]), len(sets[b]), overlap(sets[a], sets[b]))
					if at.j > 0 && p.J >= at.j-slack || at.c > 0 && p.C >= at.c-slack {
						want = append(want, p)
					}
				}
			}
			got := Join(slices.Clone(sets), at.j, at.c)
			if !slices.Equal(got, want) {
				t.Fatalf("J ≥ %v, C ≥ %v: %d pairs, want %d", at.j, at.c, len(got), len(want))
			}
			found += len(want)
		}
	}
	if found < 1000 {
		t.Fatalf("%d pairs are too few to tell anything", found)
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		text, same string
		words      int
	}{
		{"Don't stop", "don t stop", 3},
		{"1,234.5 dlrs", "1 234 5 DLRS", 4},
		{"日本語 text", "日 本 語 text", 4},
		{"text日本2語", "text 日 本 2 語", 5},
		{"カナかな", "カ ナ か な", 4},
		{"Élan—vital", "élan vital", 2},
		{"“quoted”", `"quoted"`, 1},
		{" \n…", "", 0},
		{"snake_case", "snake case", 2},
	} {
		got, same := appendWords(nil, c.text), appendWords(nil, c.same)
		if len(got) != c.words || !slices.Equal(got, same) {
			t.Errorf("%q: %d words, want the %d of %q", c.text, len(got), c.words, c.same)
		}
	}
}

func TestShortTextIsOneShingle(t *testing.T) {
	s := Shingler{Size: 5}
	for text, want := range map[string]int{"": 0, "one": 1, "one two three four": 1, "one two three four five six": 2} {
		if got := len(s.Set(text)); got != want {
			t.Errorf("%q has %d shingles, want %d", text, got, want)
		}
	}
}

func FuzzSet(f *testing.F) {
	f.Add("The same words, said twice: the same words said twice.", 3)
	f.Add("日本語 and text", 1)
	f.Fuzz(func(t *testing.T, text string, size int) {
		if size < 1 || size > 20 {
			t.Skip()
		}
		s := Shingler{Size: size}
		set := s.Set(text)
		if !slices.IsSorted(set) || len(slices.Compact(slices.Clone(set))) != len(set) {
			t.Error("the set isn't ascending and distinct")
		}
		spaced := strings.Map(func(r rune) rune {
			if unicode.IsPunct(r) {
				return ' '
			}
			return r
		}, text)
		if !slices.Equal(set, s.Set(" "+spaced+" ")) {
			t.Error("punctuation changes the set")
		}
	})
}
