package clean

import (
	"strings"
	"testing"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
	"chaff/shingle"
)

// A copy with other words is taken away, one with other figures says something else.
func TestOtherFiguresStay(t *testing.T) {
	const first = "Of the 387 hives that were entered in the register last autumn, 141 were empty when the keepers opened them in March, and another 26 held no queen."
	const between = "\n\nThe chairman, who keeps bees behind the waterworks, blames the warm days of January. The bees flew out, he says, found nothing, and did not come back.\n\n"
	for _, c := range []struct {
		old, new string
		figures  string // that are told of
		cuts     int
	}{
		{"", "", "", 1},
		{"opened", "uncovered", "", 1},
		{"141", "158", "158", 0},
		{"387", "four hundred", "four", 0},
		{" and another 26 held no queen", "", "", 1}, // nothing goes that is not said before
	} {
		a := &article.Article{ID: "a", Text: first + between + strings.Replace(first, c.old, c.new, 1)}
		found := dedupe.Repeats(dedupe.NewText(a, shingle.Tokenizer{}, 0), dedupe.RepeatOptions{})
		if len(found) != 1 {
			t.Fatalf("%q for %q: %d findings", c.new, c.old, len(found))
		}
		figures := ""
		for _, r := range found[0].Reasons {
			if r.Signal == dedupe.OtherFigures {
				figures = r.Evidence
			}
		}
		p := NewPlan()
		if err := p.Add(found[0], corpus.Position{}); err != nil {
			t.Fatal(err)
		}
		if figures != c.figures || len(p.cuts) != c.cuts {
			t.Errorf("%q for %q: figures %q, %d cuts, want %q, %d", c.new, c.old, figures, len(p.cuts), c.figures, c.cuts)
		}
	}
}
