package dedupe

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"chaff/article"
	"chaff/shingle"
)

func newTestText(s string) *Text {
	return NewText(&article.Article{ID: "t", Text: s}, shingle.Tokenizer{}, 0)
}

// checkFindings fails where a finding breaks what every finding promises.
func checkFindings(t *testing.T, text string, findings []article.Finding) {
	t.Helper()
	last := 0
	for i, f := range findings {
		span, other := *f.Span, f.Other.Span
		for _, s := range []article.Span{span, *other} {
			if s.Start < 0 || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("finding %d: span %v of a text of %d bytes", i, s, len(text))
			}
			if utf8.ValidString(text) && (!utf8.RuneStart(text[s.Start]) || s.End < len(text) && !utf8.RuneStart(text[s.End])) {
				t.Fatalf("finding %d: span %v is not on rune boundaries", i, s)
			}
		}
		if other.End > span.Start {
			t.Fatalf("finding %d: first place %v overlaps or follows %v", i, *other, span)
		}
		if span.Start < last {
			t.Fatalf("finding %d: span %v begins before the last one ends, at %d", i, span, last)
		}
		last = span.End
		if f.Score <= 0 || f.Score > 1 || f.Text != span.In(text) || len(f.Reasons) == 0 || f.Kind != article.Repeat {
			t.Fatalf("finding %d: score %v, text %q, reasons %v, kind %s", i, f.Score, f.Text, f.Reasons, f.Kind)
		}
		if f.At.Line < 1 || f.OtherAt.Line < 1 || f.At.Line < f.OtherAt.Line {
			t.Fatalf("finding %d: lines %d and %d", i, f.At.Line, f.OtherAt.Line)
		}
	}
}

// FuzzRepeats: findings keep their promises for any text, and a long paragraph
// that is put before and after the text is found.
func FuzzRepeats(f *testing.F) {
	f.Add("One. Two.\r\n\r\nThree “four” five.\rSix")
	f.Add(strings.Repeat("so so ", 150))
	f.Add(strings.Repeat("a b a a b ", 60))
	f.Add("市议会周二晚间决定关闭老游泳馆。\n市议会周二晚间决定关闭老游泳馆。")
	f.Add("\xff\xfe broken \xc3 bytes stand here and broken \xc3 bytes stand here again")
	f.Fuzz(func(t *testing.T, text string) {
		x := newTestText(text)
		checkFindings(t, text, Repeats(x, RepeatOptions{}))
		checkFindings(t, text, Repeats(x, RepeatOptions{MinWords: 1}))

		const paragraph = "Quorbin the glazier walked over seven frozen meadows before anybody in Thessaly noticed " +
			"that his ladder, which he had borrowed from an aunt, was standing alone against the chapel wall and " +
			"that every window above the door had been taken out as neatly as a tooth."
		whole := paragraph + "\n\n" + text + "\n\n" + paragraph
		x.Reset(&article.Article{ID: "t", Text: whole})
		got := Repeats(x, RepeatOptions{})
		checkFindings(t, whole, got)
		at := len(whole) - len(paragraph)
		for _, g := range got {
			if g.Span.Start <= at && g.Span.End >= len(whole)-1 {
				return
			}
		}
		if strings.Contains(strings.ToLower(text), "glazier") {
			return // the fuzzer has put copies of its own
		}
		t.Fatalf("the copy at %d is not among %v", at, got)
	})
}

// Every run of words that stands twice without overlap is covered by what the
// sweep finds, whatever the words are.
func FuzzSweepOracle(f *testing.F) {
	f.Add([]byte("abcdefghijabcdefghij"), uint8(4))
	f.Add([]byte("abaababaabaababaababa"), uint8(3))
	f.Add([]byte("aaaaaaaaaaaaaaaaaaaaaaaa"), uint8(5))
	f.Add([]byte("abcabcabcxyzabcabcabcxyzxyz"), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, least uint8) {
		if len(data) > 200 {
			data = data[:200]
		}
		var words []string
		for _, b := range data {
			words = append(words, "w"+string(rune('a'+b%16)))
		}
		floor := max(3, int(least%12))
		x := newTestText(strings.Join(words, " "))
		x.table.fill(x.seeds)
		checkSweep(t, x, floor)
	})
}

func checkSweep(t *testing.T, x *Text, floor int) {
	t.Helper()
	found := x.sweep.self(x, floor)
	w := x.Words.Hash
	covered := make([]bool, len(w))
	for _, p := range found {
		if p.a0 < 0 || p.a1 > p.b0 || p.b1 > len(w) || p.period == 0 && p.a1 <= p.a0 || p.b1 <= p.b0 {
			t.Fatalf("passage %+v of %d words", p, len(w))
		}
		equal, a, b := 0, p.a0, p.b0
		for _, r := range p.runs {
			if int(r.a) < a || int(r.b) < b || r.n < 1 {
				t.Fatalf("run %+v after %d, %d", r, a, b)
			}
			for k := range int(r.n) {
				if w[int(r.a)+k] != w[int(r.b)+k] {
					t.Fatalf("run %+v: word %d is not equal", r, k)
				}
			}
			a, b, equal = int(r.a+r.n), int(r.b+r.n), equal+int(r.n)
		}
		if a > p.a1 || b > p.b1 || equal != p.equal {
			t.Fatalf("runs %v of %+v", p.runs, p)
		}
		for k := p.b0; k < p.b1; k++ {
			covered[k] = true
		}
	}
	// A difference within a passage may hold words that stand elsewhere, too, and
	// not every place is tried of what stands more often than recentSeeds says.
	least := floor + maxGap*x.unit
	for j := range w {
		for i := range j {
			n := 0
			for i+n < j && j+n < len(w) && w[i+n] == w[j+n] {
				n++
			}
			if n < least || i > 0 && w[i-1] == w[j-1] || len(x.table.of(nil, x.seeds[j])) > recentSeeds {
				continue
			}
			missed := 0
			for k := j; k < j+n; k++ {
				if !covered[k] {
					missed++
				}
			}
			if 2*missed > n {
				t.Fatalf("words %d to %d stand at %d, too, and are in none of %+v", j, j+n, i, found)
			}
		}
	}
}

func TestSweepRandom(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		n, letters := 10+rng.IntN(120), 2+rng.IntN(25)
		var b strings.Builder
		for range n {
			fmt.Fprintf(&b, "w%c ", 'a'+rune(rng.IntN(letters)))
		}
		x := newTestText(b.String())
		x.table.fill(x.seeds)
		checkSweep(t, x, 3+rng.IntN(6))
	}
}

// prose returns n sentences of words that seldom recur, one paragraph each.
func madeParagraphs(rng *rand.Rand, n int) []string {
	paragraphs := make([]string, n)
	for i := range paragraphs {
		var b strings.Builder
		for s := range 3 {
			for w := range 8 + rng.IntN(12) {
				if w > 0 {
					b.WriteByte(' ')
				}
				word := fmt.Sprintf("w%dx", rng.IntN(4000))
				if w == 0 {
					word = "W" + word[1:]
				}
				b.WriteString(word)
			}
			b.WriteString(". ")
			_ = s
		}
		paragraphs[i] = strings.TrimSpace(b.String())
	}
	return paragraphs
}

// A paragraph that is copied to another place is found there, and nothing else.
func TestRepeatsFindsAddedCopy(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for round := range 300 {
		ps := madeParagraphs(rng, 4+rng.IntN(12))
		from := rng.IntN(len(ps))
		to := from + 1 + rng.IntN(len(ps)-from)
		copied := ps[from]
		edits := 0
		if round%2 == 1 { // every eighth word is another one
			words := strings.Fields(copied)
			for k := 3; k < len(words)-3; k += 8 {
				words[k] = "edited"
				edits++
			}
			copied = strings.Join(words, " ")
		}
		ps = append(ps[:to:to], append([]string{copied}, ps[to:]...)...)
		text := strings.Join(ps, "\n\n")
		got := Repeats(newTestText(text), RepeatOptions{})
		checkFindings(t, text, got)
		start := len(strings.Join(ps[:to], "\n\n")) + 2
		if len(got) != 1 || *got[0].Span != (article.Span{Start: start, End: start + len(copied)}) || (got[0].Score < 1) != (edits > 0) {
			t.Fatalf("round %d, %d edits: found %v, want the copy at %d to %d", round, edits, got, start, start+len(copied))
		}
	}
}

// Of a copy right behind its first place it cannot be told where the one ends and the
// other begins if the words before both are those at its end; the paragraph decides.
func TestAdjoiningCopyKeepsParagraph(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for tail := 1; tail <= 6; tail++ {
		ps := madeParagraphs(rng, 4)
		words := strings.Fields(ps[2])
		end := strings.Join(words[len(words)-tail:], " ")
		ps[1] = strings.TrimSuffix(ps[1], ".") + " " + end
		text := strings.Join(slices.Insert(ps, 3, ps[2]), "\n\n")
		got := Repeats(newTestText(text), RepeatOptions{})
		checkFindings(t, text, got)
		if len(got) != 1 || got[0].Text != ps[2] || got[0].Other.Span.In(text) != ps[2] {
			t.Fatalf("%d words: found %v, want %q twice", tail, got, ps[2])
		}
	}
}

// hostile are texts made to be slow or to be reported a thousand times.
func hostile(bytes int) map[string]string {
	rng := rand.New(rand.NewPCG(5, 6))
	var random, few strings.Builder
	for random.Len() < bytes {
		fmt.Fprintf(&random, "%x ", rng.Uint32())
	}
	for few.Len() < bytes {
		few.WriteByte('a' + byte(rng.IntN(4)))
		few.WriteByte(' ')
	}
	a, b := "a ", "a b "
	for len(b) < bytes {
		a, b = b, b+a
	}
	paragraph := madeParagraphs(rng, 1)[0] + "\n\n"
	return map[string]string{
		"one word":      strings.Repeat("so ", bytes/3),
		"random words":  random.String(),
		"four letters":  few.String(),
		"fibonacci":     b,
		"one paragraph": strings.Repeat(paragraph, bytes/len(paragraph)),
		"short lines":   strings.Repeat("a line of five words\n", bytes/21),
		"one letter":    strings.Repeat("字", bytes/3),
	}
}

func TestRepeatsHostile(t *testing.T) {
	const size = 200_000
	for name, text := range hostile(size) {
		got := Repeats(newTestText(text), RepeatOptions{})
		checkFindings(t, text, got)
		most := 1
		switch name {
		case "random words":
			most = 0
		case "four letters", "fibonacci":
			most = 40
		case "one paragraph":
			most = strings.Count(text, "\n\n") - 1
		}
		if len(got) > most {
			t.Errorf("%s: %d findings, want at most %d", name, len(got), most)
		}
	}
}

func BenchmarkRepeatsHostile(b *testing.B) {
	texts := hostile(10_000_000)
	for _, name := range []string{"one word", "random words", "four letters", "fibonacci", "one paragraph", "short lines", "one letter"} {
		b.Run(name, func(b *testing.B) {
			text := texts[name]
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = len(Repeats(newTestText(text), RepeatOptions{}))
			}
			b.ReportMetric(float64(n), "findings")
		})
	}
}
