package calibrate

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"chaff/article"
	"chaff/offtopic"
)

// A plant stands where it is said to, and without it the text is as it was.
func TestPlant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		block := rapid.SampledFrom([]string{"One two three.", "Vier", "五六。", "“Seven” eight"})
		gap := rapid.SampledFrom([]string{"\n", "\n\n", "\r\n\r\n", "\r\n", "\n \n"})
		var b strings.Builder
		for range rapid.IntRange(1, 6).Draw(t, "blocks") {
			b.WriteString(block.Draw(t, "block") + gap.Draw(t, "gap"))
		}
		text := b.String()
		if rapid.Bool().Draw(t, "ends early") {
			text = strings.TrimSpace(text)
		}
		graft := rapid.SampledFrom([]string{"Buy.", "Share\nPrint"}).Draw(t, "graft")
		a := &article.Article{Text: text}
		k := Kind(rapid.IntRange(0, int(Kinds)-1).Draw(t, "kind"))
		got, span := plant(a, graft, k, rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed"))))
		if span.In(got) != graft {
			t.Fatalf("%q in %q at %v", graft, got, span)
		}
		rest := got[:span.Start] + got[span.End:]
		if strings.Join(strings.Fields(rest), " ") != strings.Join(strings.Fields(text), " ") {
			t.Fatalf("%q became %q", text, rest)
		}
		if span.Start == 0 || strings.TrimSpace(got[:span.Start]) == "" {
			t.Fatalf("the graft is before the article: %q", got)
		}
	})
}

// No model may learn what calibration measures with.
func TestPlantsAreNotLearnt(t *testing.T) {
	files, err := filepath.Glob("../model/train/text/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no texts", err)
	}
	learnt := make(map[string]bool)
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for piece := range strings.SplitSeq(string(data), "\n---\n") {
			learnt[offtopic.TextKey(piece)] = true
		}
	}
	n := 0
	for name, texts := range written() {
		for _, text := range texts {
			n++
			if offtopic.TextKey(text) == "" || learnt[offtopic.TextKey(text)] {
				t.Errorf("%s: %q is learnt", name, text)
			}
		}
	}
	if n < 100 || len(Languages()) != 9 {
		t.Errorf("%d plants in %v", n, Languages())
	}
	for _, lang := range Languages() {
		for k := range Paragraph {
			if textFor(k, lang, rand.New(rand.NewPCG(1, 1))) == "" {
				t.Errorf("no %s in %s", k, lang)
			}
		}
	}
}

// Bounds are those of the tables.
func TestAtMost(t *testing.T) {
	for _, c := range []struct {
		k, n int
		want float64
	}{{0, 100, 0.0295}, {0, 1, 0.95}, {1, 10, 0.3942}, {5, 50, 0.1988}, {3, 3, 1}, {20, 2000, 0.0145}} {
		if got := atMost(c.k, c.n); math.Abs(got-c.want) > 0.0001 {
			t.Errorf("%d of %d: at most %.4f, want %.4f", c.k, c.n, got, c.want)
		}
	}
}

// pointsOf draws findings of sort 1 that are right as a line says.
func pointsOf(line offtopic.Line, n int) []Point {
	r := rand.New(rand.NewPCG(7, 7))
	all := make([]Point, n)
	for i := range all {
		z := 8 * r.Float64()
		all[i] = Point{1, z, r.Float64() < 1/(1+math.Exp(-line.At(z))), 1}
	}
	return all
}

// The line that findings follow is found from enough of them, and kept where there
// are none; what it says then comes true.
func TestFitOdds(t *testing.T) {
	for _, want := range []offtopic.Line{{Slope: 1, Shift: 0}, {Slope: 0.6, Shift: -2}, {Slope: 1.4, Shift: -4}} {
		all := pointsOf(want, 20_000)
		got := FitOdds([offtopic.Sorts]offtopic.Line{2: {Slope: 0.7, Shift: 0.3}}, all)
		if math.Abs(got[1].Slope-want.Slope) > 0.1 || math.Abs(got[1].Shift-want.Shift) > 0.3 {
			t.Errorf("%+v is fitted as %+v", want, got[1])
		}
		if got[0] != (offtopic.Line{Slope: 1}) || got[2] != (offtopic.Line{Slope: 0.7, Shift: 0.3}) {
			t.Errorf("lines without findings became %+v, %+v", got[0], got[2])
		}
		p := offtopic.Builtin()
		p.Odds = got
		r := Reliable(&p, all)
		sum := 0.0
		for _, b := range r.Bins {
			sum += b.Weight
			if b.Weight > 400 && math.Abs(b.Said-b.Right) > 0.04 {
				t.Errorf("%+v: of findings said to be right by %.3f, %.3f of %.0f are", want, b.Said, b.Right, b.Weight)
			}
		}
		if sum != 20_000 || r.Tiers[0].Weight+r.Tiers[1].Weight+r.Tiers[2].Weight != sum {
			t.Errorf("%v findings in bins, %+v in tiers", sum, r.Tiers)
		}
		p.Certain = leastCertain(&p, all, 0.9)
		if c := Reliable(&p, all).Tiers[0]; p.Certain < 0.9 || c.Right < 0.9 {
			t.Errorf("certain from %v on: %+v", p.Certain, c)
		}
	}
	few := FitOdds([offtopic.Sorts]offtopic.Line{}, []Point{{0, 9, true, 1}, {0, 1, true, 1}, {0, 3, false, 1}})
	if few[0].Slope < 0.7 || few[0].Slope > 1.3 {
		t.Errorf("three findings make %+v", few[0])
	}
}
