package article_test

import (
	"fmt"

	"chaff/article"
)

func ExampleBlocks() {
	text := "Harbour reopens\n\nThe harbour is open again.\nShips may enter from noon."
	for _, b := range article.Blocks(text) {
		fmt.Printf("line %d, paragraph %d: %s\n", b.Line, b.Paragraph, b.In(text))
	}
	// Output:
	// line 1, paragraph 1: Harbour reopens
	// line 3, paragraph 2: The harbour is open again.
	// line 4, paragraph 3: Ships may enter from noon.
}

func ExampleFinding_Compare() {
	a := article.Finding{Kind: article.Repeat, Article: "a.txt", Span: &article.Span{Start: 40, End: 52}}
	b := article.Finding{Kind: article.Repeat, Article: "a.txt", Span: &article.Span{Start: 9, End: 21}}
	fmt.Println(a.Compare(&b) > 0, a.Span.Len(), a.Span.Overlaps(*b.Span))
	// Output: true 12 false
}
