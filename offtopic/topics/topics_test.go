package topics

import (
	"slices"
	"strings"
	"testing"

	"chaff/shingle"
)

func TestRead(t *testing.T) {
	table, err := read()
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Names) < 40 || len(table.langs) == 0 {
		t.Fatalf("%d subjects in %d languages", len(table.Names), len(table.langs))
	}
	for name, l := range table.langs {
		var has Set
		for _, e := range l.entries {
			has |= e.subjects
		}
		for i, subject := range table.Names {
			if has&(1<<i) == 0 {
				t.Errorf("%s has no words of %s", name, subject)
			}
		}
	}
}

// Every word of a file is found where it stands in a text: itself, with the
// subject it is listed under, or one that is no shorter.
func TestFind(t *testing.T) {
	table := Builtin()
	for name, l := range table.langs {
		for _, e := range l.entries {
			text := strings.ReplaceAll(e.folded, "*", "") + " and more"
			best, got := l.at([]byte(text))
			if got&e.subjects != e.subjects && len(l.entries[best].folded) < len(e.folded) {
				t.Errorf("%s: %q is found with %b, want %b", name, e.folded, got, e.subjects)
			}
		}
	}
	text := "He was sentenced on Monday; the stock markets fell."
	var w shingle.Words
	shingle.Tokenizer{}.Words(&w, text)
	folded, starts := Fold(nil, nil, text, &w)
	found := table.Language("en").Find(nil, folded, starts, 0, w.Len(), nil)
	has := func(word int, subject string) bool {
		return slices.ContainsFunc(found, func(m Mention) bool {
			return m.Word == word && m.Subjects&(1<<slices.Index(table.Names, subject)) != 0
		})
	}
	if !has(2, "courts") || !has(6, "markets") {
		t.Errorf("found %v", found)
	}
}

func TestFold(t *testing.T) {
	text := "The Élite's team: 足球GDP"
	var w shingle.Words
	shingle.Tokenizer{}.Words(&w, text)
	folded, starts := Fold(nil, nil, text, &w)
	if want := "the elite s team 足球gdp"; string(folded) != want {
		t.Errorf("folded %q, want %q", folded, want)
	}
	if len(starts) != w.Len() || !slices.IsSorted(starts) {
		t.Errorf("starts %v of %d words", starts, w.Len())
	}
}

// What is encoded is read again as it was, to a step.
func TestAffinity(t *testing.T) {
	a := NewAffinity(3)
	for s := range 3 {
		a.Prior[s] = []float64{.5, .3, .2}[s]
		copy(a.Given[s], []float64{.1, .2, .7})
	}
	got, err := DecodeAffinity(a.Encode(), 3)
	if err != nil {
		t.Fatal(err)
	}
	for s := range 3 {
		for u := range 3 {
			if r := got.Given[s][u] / a.Given[s][u]; r < .95 || r > 1.05 {
				t.Errorf("given %d, %d is %v, not %v", s, u, got.Given[s][u], a.Given[s][u])
			}
		}
	}
	if _, err := DecodeAffinity(a.Encode(), 4); err == nil {
		t.Error("read for another number of subjects")
	}
}

// The words of a block about what its article is about fit; those of one about
// something else do not, and the more of them the less.
func TestFit(t *testing.T) {
	table, a := Builtin(), BuiltinAffinity()
	of := func(names ...string) (all []Mention) {
		for i, name := range names {
			all = append(all, Mention{Word: i, Entry: i, Subjects: 1 << slices.Index(table.Names, name)})
		}
		return all
	}
	var counts [Most]float64
	Count(&counts, of("school", "school", "school", "school", "housing"))
	if fit := a.Fit(of("school", "school"), &counts); fit >= 0 {
		t.Errorf("the article's own subject has %v", fit)
	}
	one, three := a.Fit(of("markets"), &counts), a.Fit(of("markets", "markets", "markets"), &counts)
	if one <= 0 || three < one {
		t.Errorf("another subject has %v with one word, %v with three", one, three)
	}
}

func TestRarity(t *testing.T) {
	var words [Rarities - 1][]uint64
	words[0], words[3] = []uint64{1 << 40, 2 << 40}, []uint64{3 << 40}
	data := AppendRarity(AppendRarity(nil, "xx", words), "yy", [Rarities - 1][]uint64{})
	all, err := decodeRarities(data)
	if err != nil {
		t.Fatal(err)
	}
	for hash, want := range map[uint64]int{1 << 40: 0, 2 << 40: 0, 3 << 40: 3, 4 << 40: Rarities - 1} {
		if got := all["xx"].Of(hash); got != want {
			t.Errorf("%x is of class %d, want %d", hash, got, want)
		}
	}
	if _, err := decodeRarities(data[:len(data)-1]); err == nil {
		t.Error("cut short, and read")
	}
	var w shingle.Words
	shingle.Tokenizer{}.Words(&w, "the zyzzyva")
	if r := RarityIn("en"); r.Of(w.Hash[0]) != 0 || r.Of(w.Hash[1]) != Rarities-1 {
		t.Error("the rarest word of English is not a zyzzyva")
	}
}
