package article

// Element is what a page of HTML knew of a piece of an article's text.
type Element struct {
	// Span covers the piece without the white space around it; it is not empty.
	Span
	// Tag is the innermost element around the piece that isn't inline, in
	// small letters: "p", "h2", "li", "tr", "figcaption", "div".
	Tag string
	// Within is the innermost landmark around the piece: "article", "main",
	// "aside", "nav", "header", "footer", "form" or "figure"; "" means none of
	// these.
	Within string
	// Links is the share of the piece's bytes that are links, in [0,1].
	Links float64
}
