package clean

import (
	"cmp"
	"slices"
	"strings"
	"unique"

	"chaff/article"
	"chaff/corpus"
)

// Text returns text without what findings about it ask to be taken away: the later
// places of repeats, and off-topic passages of tier [article.Certain]. It cuts as
// [Write] does: with white space beside a cut, and so that no two words become one.
func Text(text string, findings []article.Finding) string {
	var cuts []cut
	for i := range findings {
		f := &findings[i]
		if f.Span != nil && f.Tier.AtLeast(article.Certain) {
			cuts = append(cuts, cutFor(f, corpus.Position{}))
		}
	}
	slices.SortFunc(cuts, cut.compare)
	var out strings.Builder
	kept := 0
	for _, r := range settle(text, cuts) {
		out.WriteString(text[kept:r.Start])
		kept = r.End
	}
	if kept == 0 {
		return text
	}
	out.WriteString(text[kept:])
	return out.String()
}

// compare orders cuts of one article by where they begin, longer ones first.
func (c cut) compare(d cut) int {
	return cmp.Or(cmp.Compare(c.span.start, d.span.start), cmp.Compare(d.span.end, c.span.end))
}

// cutFor returns what f, which has a span, asks for in the article at a position.
func cutFor(f *article.Finding, at corpus.Position) cut {
	c := cut{at: at, span: placeOf(*f.Span), why: unique.Make(whyOf(f))}
	if f.Other != nil && f.Other.Span != nil {
		c.first = placeOf(*f.Other.Span)
	}
	return c
}
