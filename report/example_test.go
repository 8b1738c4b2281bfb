package report_test

import (
	"os"
	"time"

	"chaff/article"
	"chaff/report"
)

func Example() {
	sorter := report.NewSorter(report.SorterOptions{})
	defer sorter.Close()

	// Any number of goroutines may add, in any order.
	_ = sorter.Add(article.Finding{
		Kind: article.OffTopic, Label: article.Advertisement, Tier: article.Certain,
		Article: "harbour.txt", Span: &article.Span{Start: 900, End: 960}, Score: 0.98,
		Text:    "Book your crossing today!\nTwo for one until Sunday.",
		Reasons: []article.Reason{{Signal: "call to action", Evidence: "Book your crossing", Weight: 2.1}},
		At:      article.Place{Line: 21, Paragraph: 9},
	})
	_ = sorter.Add(article.Finding{
		Kind: article.Repeat, Article: "harbour.txt", Span: &article.Span{Start: 500, End: 570}, Score: 1,
		Other:   &article.Ref{Article: "harbour.txt", Span: &article.Span{Start: 100, End: 170}},
		Text:    "The second ferry is to sail from the north pier from the spring on.",
		Reasons: []article.Reason{{Signal: "same words", Evidence: "14 words"}},
		At:      article.Place{Line: 9, Paragraph: 5}, OtherAt: article.Place{Line: 3, Paragraph: 2},
	})

	text := report.NewText(os.Stdout, report.TextOptions{})
	for f, err := range sorter.All() {
		if err != nil {
			panic(err)
		}
		if err := text.Write(f); err != nil {
			panic(err)
		}
	}
	_ = text.Close(report.Summary{Articles: 2, Bytes: 5120, Elapsed: 120 * time.Millisecond})
	// Output:
	// harbour.txt
	//   repeat          line 9 (paragraph 5); first at line 3 (paragraph 2)
	//                   “The second ferry is to sail from the north pier from the…”
	//                   why: same words (14 words)
	//   off-topic       advertisement, certain: lines 21–22 (paragraph 9)
	//                   “Book your crossing today! Two for one until Sunday.”
	//                   why: call to action (Book your crossing)
	//
	// ────────────────────────────────────────────────────────────
	// 2 articles read (5.1 kB) in 0.1 s; 2 findings in 1 of them:
	//   1 repeat in 1 article
	//   1 off-topic passage in 1 article: 1 advertisement
}
