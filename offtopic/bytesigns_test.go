package offtopic

import (
	"math/rand/v2"
	"testing"

	"chaff/article"
)

// What the bytes of a block rule out is not found in it either.
func TestByteSigns(t *testing.T) {
	pieces := []string{"www.a.org", "http://b.net", "c@d.org", "020 7946 0000", "+44 20 7946 0000", "$5", "£3.50", "12 €", "3元", "{{name}}", "{NAME}", "[INSERT X]", "%%TO%%", "<%=a%>", "${b}", "var x = {};", "$(a);", "a_b<c>;#", "“q”", "\"q\"", "«q»", "„q“", "「q」", "plain words", "!", " ", " ", "é", "第"}
	rng := rand.New(rand.NewPCG(1, 2))
	found := [cueMarks + 3]int{}
	for range 20000 {
		s := "x"
		for range rng.IntN(4) {
			s += pieces[rng.IntN(len(pieces))]
		}
		s = s[rng.IntN(2)*min(1, len(s)-1):]
		var b block
		b.countLetters(s)
		r := &reading{text: s, hosts: true}
		span := article.Span{End: len(s)}
		for m := range cueMarks {
			if r.mark(m, span).Len() > 0 {
				found[m]++
				if !r.mayHave(m, &b) {
					t.Fatalf("%q: mark %d is ruled out", s, m)
				}
			}
		}
		at, w := residueIn(s, span, b.signs)
		all, want := residueIn(s, span, ^byteSigns(0))
		if at != all || w != want {
			t.Fatalf("%q: residue %v %v, without signs %v %v", s, at, w, all, want)
		}
		switch want {
		case templateField:
			found[cueMarks]++
		case codeLine:
			found[cueMarks+1]++
		}
		for i := range len(s) {
			if quoteAt(s, i, 0) != 0 {
				found[cueMarks+2]++
				if b.signs&signQuote == 0 || signOf[s[i]]&signQuote == 0 {
					t.Fatalf("%q: a quotation mark is ruled out", s)
				}
			}
		}
	}
	for k, n := range found {
		if n == 0 && k != cueQuestion {
			t.Errorf("nothing of kind %d was found: the pieces don't test it", k)
		}
	}
}

func TestWordTable(t *testing.T) {
	l := loadLexicon()
	if len(l.common) == 0 || len(l.roots) == 0 {
		t.Fatal("no words")
	}
	keys := []uint64{0, 1, 2, numberKey}
	for k := range l.common {
		keys = append(keys, k, k+1)
	}
	for k := range l.roots {
		keys = append(keys, k, k^1<<40)
	}
	for i, e := range l.table.append(nil, keys) {
		if k := keys[i]; e.common != l.common[k] || e.node != l.roots[k] {
			t.Errorf("word %x: %v, want %v and %v", k, e, l.common[k], l.roots[k])
		}
	}
}
