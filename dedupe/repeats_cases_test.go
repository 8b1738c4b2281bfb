package dedupe

import (
	"testing"

	"chaff/article"
	"chaff/internal/cases"
	"chaff/shingle"
)

// near reports whether offsets a and b of text are at most most words apart; a
// letter of a script without spaces is a word.
func near(text string, a, b, most int) bool {
	var w shingle.Words
	shingle.Tokenizer{}.Words(&w, text[min(a, b):max(a, b)])
	return w.Len() <= most
}

// Each case names all repeats of its article, or none. Both places of an exact
// copy must come out to the word, those of an edited one within three.
func TestRepeatsCases(t *testing.T) {
	all, err := cases.Load("../testdata/repeats")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			a := &article.Article{ID: c.Name, Text: c.Text}
			got := Repeats(NewText(a, shingle.Tokenizer{}, 0), RepeatOptions{})
			used := make([]bool, len(got))
			for _, w := range c.Want {
				found := false
				for i, g := range got {
					words := 1
					if g.Score < 1 {
						words = 3
					}
					if !used[i] && g.Span.Overlaps(w.Span) {
						found, used[i] = true, true
						if !near(c.Text, g.Span.Start, w.Span.Start, words) || !near(c.Text, g.Span.End, w.Span.End, words) ||
							!near(c.Text, g.Other.Span.Start, w.Other.Start, words) || !near(c.Text, g.Other.Span.End, w.Other.End, words) {
							t.Errorf("repeat %v of %v:\n%q\n%q, want %v of %v:\n%q\n%q", *g.Span, *g.Other.Span, g.Text, g.Other.Span.In(c.Text),
								w.Span, w.Other, w.Span.In(c.Text), w.Other.In(c.Text))
						}
						if w.Reason != "" && !hasSignal(g.Reasons, w.Reason) {
							t.Errorf("repeat %q has reasons %v, want %q", g.Text, g.Reasons, w.Reason)
						}
						break
					}
				}
				if !found {
					t.Errorf("%q not found", w.Span.In(c.Text))
				}
			}
			for i, g := range got {
				if !used[i] {
					t.Errorf("repeat %q of %q, score %.2f, %v: not wanted", g.Text, g.Other.Span.In(c.Text), g.Score, g.Reasons)
				}
			}
		})
	}
}

func hasSignal(reasons []article.Reason, signal string) bool {
	for _, r := range reasons {
		if r.Signal == signal {
			return true
		}
	}
	return false
}
