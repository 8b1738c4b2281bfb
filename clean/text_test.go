package clean_test

import (
	"fmt"
	"testing"

	"chaff/article"
	"chaff/clean"
)

func ExampleText() {
	text := "The ferry sails at noon.\n\nBook now!\n\nThe ferry sails at noon.\n\nNobody has to book."
	fmt.Printf("%q\n", clean.Text(text, []article.Finding{
		{Kind: article.OffTopic, Tier: article.Certain, Span: &article.Span{Start: 26, End: 35}},
		{Kind: article.Repeat, Span: &article.Span{Start: 37, End: 61}, Other: &article.Ref{Span: &article.Span{Start: 0, End: 24}}},
	}))
	// Output:
	// "The ferry sails at noon.\n\nNobody has to book."
}

func TestTextKeepsWhatIsNotCertain(t *testing.T) {
	const text = "The ferry sails at noon. Book now!"
	for _, f := range [][]article.Finding{
		nil,
		{{Kind: article.OffTopic, Tier: article.Likely, Span: &article.Span{Start: 25, End: 34}}},
		{{Kind: article.NearDuplicate, Other: &article.Ref{Article: "b"}}},
		{{Kind: article.Repeat, Span: &article.Span{Start: 5, End: 6}, Other: &article.Ref{Span: &article.Span{}}}}, // within a word
	} {
		if got := clean.Text(text, f); got != text {
			t.Errorf("%+v: %q", f, got)
		}
	}
}
