package clean

import (
	"strings"
	"testing"
	"unicode"

	"chaff/article"
	"chaff/shingle"

	"pgregory.net/rapid"
)

func cutAt(start, end int) cut { return cut{span: place{uint32(start), uint32(end)}} }

func apply(text string, removals []removal) string {
	var b strings.Builder
	at := 0
	for _, r := range removals {
		b.WriteString(text[at:r.Start])
		at = r.End
	}
	return b.String() + text[at:]
}

// What stands in brackets is cut out.
func TestCutTakesWhiteSpace(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"One.\n\n[Two.]\n\nThree.", "One.\n\nThree."},
		{"One.\n\n[Two.]", "One."},
		{"One.\n\n[Two.]\n", "One.\n"},
		{"One.\r\n\r\n[Two.]\r\n", "One.\r\n"},
		{"[One.]\n\nTwo.", "Two."},
		{"\n [One.]\n\nTwo.", "Two."},
		{"One. [Two.] Three.", "One. Three."},
		{"One.\n\nTwo. [Three.]\n\nFour.", "One.\n\nTwo.\n\nFour."},
		{"One.\n\n[Two.] Three.", "One.\n\nThree."},
		{"One.\n\n[Two.]\nThree.", "One.\n\nThree."},
		{"One.\n[Two.]\n\nThree.", "One.\n\nThree."},
		{"One.\r\n\r\n[Two.]\r\nThree.", "One.\r\n\r\nThree."},
		{"One.\n\n[Two.]\n\n[Three.]\n\nFour.", "One.\n\nFour."},
		{"One.\n\n[Two. ][Three.]\n\nFour.", "One.\n\nFour."},
		{"One “[two]” three.", "One “” three."},
		{"One [two], three.", "One , three."},
		{"one[two]three", "onetwothree"}, // would be one word
		{"one[ two ]three", "one two three"},
		{"一。[二三。]四。", "一。四。"},
		{"一[二]三", "一三"},
		{"[One.]", ""},
		{"\u3000一。\u3000[二。]\u3000三。", "\u3000一。\u3000三。"},
	} {
		text, cuts := brackets(c.text)
		if got := apply(text, settle(text, cuts)); got != c.want {
			t.Errorf("%q without what is in brackets is %q, want %q", c.text, got, c.want)
		}
	}
}

// brackets takes the brackets out of marked.
func brackets(marked string) (text string, cuts []cut) {
	for {
		open := strings.IndexByte(marked, '[')
		if open < 0 {
			return text + marked, cuts
		}
		text += marked[:open]
		start := len(text)
		inside, rest, _ := strings.Cut(marked[open+1:], "]")
		text += inside
		marked = rest
		cuts = append(cuts, cutAt(start, len(text)))
	}
}

// The words of a text without what was cut are its words without those in the
// cuts; white space that is left stood there before, and no blank line or space
// is doubled by a cut.
func TestCutTakesNoOtherWord(t *testing.T) {
	pieces := []string{"one", "two", "Drei", "é", "e\u0301", "\u00ad", "四", "五", "。", ".", "“", "-", " ", " ", "  ", "\n", "\n\n", "\r\n", "\t", "\u3000"}
	taken := 0
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 60).Draw(rt, "text"), "")
		var w shingle.Words
		shingle.Tokenizer{}.Words(&w, text)
		var cuts []cut
		for i := 0; i < w.Len(); {
			first := i + rapid.IntRange(0, 4).Draw(rt, "keep")
			last := first + rapid.IntRange(1, 4).Draw(rt, "cut")
			if last > w.Len() {
				break
			}
			cuts = append(cuts, cutAt(int(w.Start[first]), int(w.End[last-1])))
			i = last
			if rapid.IntRange(0, 4).Draw(rt, "overlap") == 0 && last-first > 1 { // as two findings may
				cuts = append(cuts, cutAt(int(w.Start[last-1]), int(w.End[last-1])))
			}
		}
		removals := settle(text, cuts)
		taken += len(removals)
		var want []uint64
		end := 0
		for _, r := range removals {
			if r.Start < end || r.Len() == 0 {
				rt.Fatalf("%q: parts overlap or are empty: %v", text, removals)
			}
			end = r.End
		}
		for i, h := range w.Hash {
			at := article.Span{Start: int(w.Start[i]), End: int(w.End[i])}
			in := false
			for _, r := range removals {
				if r.Contains(at) {
					in = true
				} else if r.Overlaps(at) {
					rt.Fatalf("%q: a word is cut in two: %v", text, removals)
				}
			}
			if !in {
				want = append(want, h)
			}
		}
		got := apply(text, removals)
		var left shingle.Words
		shingle.Tokenizer{}.Words(&left, got)
		if len(left.Hash) != len(want) {
			rt.Fatalf("%q became %q: %d words, want %d", text, got, left.Len(), len(want))
		}
		for i := range want {
			if left.Hash[i] != want[i] {
				rt.Fatalf("%q became %q: word %d is another", text, got, i)
			}
		}
		for _, r := range removals {
			before, after := text[:r.Start], text[r.End:]
			if spaceAtEnd(before) && after != "" && spaceAtEnd(after[:1]) && strings.TrimSpace(before) != "" && strings.TrimSpace(after) != "" {
				rt.Fatalf("%q: white space is left on both sides of %q", text, r.In(text))
			}
		}
	})
	if taken == 0 {
		t.Error("nothing was cut")
	}
}

func spaceAtEnd(s string) bool { return strings.TrimRightFunc(s, unicode.IsSpace) != s }

// What was said first stays: a copy of what is itself taken away isn't.
func TestFirstPlaceStays(t *testing.T) {
	of := func(first, start, end int) cut {
		c := cutAt(start, end)
		c.first = place{uint32(first), uint32(first + end - start)}
		return c
	}
	got := standing([]cut{of(0, 10, 20), of(12, 30, 34), of(2, 40, 44), of(41, 50, 52), of(20, 60, 65)})
	want := []cut{of(0, 10, 20), of(2, 40, 44), of(20, 60, 65)}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}
