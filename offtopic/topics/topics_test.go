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
	found := table.Language("en").Find(nil, folded, starts, 0, w.Len())
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
