package report

import (
	"strings"
	"testing"

	"chaff/article"
)

// An explanation says all that signals say, and is counted as no finding.
func TestTextExplains(t *testing.T) {
	var b strings.Builder
	w := NewText(&b, TextOptions{})
	for _, f := range []article.Finding{
		{
			Kind: article.Explanation, Article: "a.txt", Span: &article.Span{End: 20}, Text: "The council met.", At: article.Place{Line: 1, Paragraph: 1},
			Probabilities: &article.Probabilities{Advertisement: 0.004, Foreign: 0.3},
			Reasons: []article.Reason{
				{Signal: "call to action", Evidence: "Book\x1b[31m now", Weight: 2.7, Label: article.Advertisement},
				{Signal: "silence", Weight: -0.5, Label: article.Foreign},
			},
		},
		{
			Kind: article.Explanation, Article: "a.txt", Span: &article.Span{Start: 22, End: 40}, Text: "Share", At: article.Place{Line: 3, Paragraph: 2},
			Label: article.Boilerplate, Tier: article.Review, Score: 0.7,
		},
	} {
		if err := w.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(Summary{Articles: 1}); err != nil {
		t.Fatal(err)
	}
	const want = `a.txt
  block           on topic: line 1 (paragraph 1)
                  “The council met.”
                  advertisement 1%: call to action +2.70 (Book␛[31m now)
                  boilerplate 0%:
                  foreign 30%: silence -0.50
  block           boilerplate, review: line 3 (paragraph 2)
                  “Share”
                  advertisement 0%:
                  boilerplate 0%:
                  foreign 0%:

────────────────────────────────────────────────────────────
1 article read (0 bytes) in 0.0 s: nothing found.
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
