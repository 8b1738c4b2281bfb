// Package article holds the words every other package of chaff speaks: an
// [Article] with its text, the [Block]s the text is laid out in, a [Span] of
// bytes, and the [Finding] that a detector makes about one.
//
// It imports nothing but the standard library, does no input or output, and
// all its values may be shared by goroutines that only read them.
package article

import "time"

// Article is one text to be judged, with what its source said about it.
//
// Only ID and Text are needed. Every other field is optional and its zero
// value means "not known".
type Article struct {
	// ID names the article in findings: the path relative to the scanned
	// folder, with what leads to it in there, or the id that a record has.
	ID string
	// Text is valid UTF-8, exactly as read: no newline, byte order mark inside
	// a JSON string, or other character has been taken away. Spans point here.
	Text string
	// Title is the headline where the source keeps it apart from the text.
	Title string
	// URL is where the article was found.
	URL string
	// Source names the publisher or site. Empty means not known.
	Source string
	// Lang is the language as the source declares it (BCP 47), not guessed.
	Lang string
	// Date is the day of publication. The zero time means not known.
	Date time.Time
	// Layout says what the page knew of the text where the source is HTML, in
	// text order and without overlaps. Nil means not known.
	Layout []Element
}

// Span is a half-open range of UTF-8 byte offsets into an article's text,
// 0 ≤ Start ≤ End ≤ len(Text), on rune boundaries. The zero Span is empty.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Len returns the length of s in bytes.
func (s Span) Len() int { return s.End - s.Start }

// Contains reports whether t lies in s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Overlaps reports whether s and t have a byte in common.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// Shared returns how many bytes s and t have in common, 0 if none.
func (s Span) Shared(t Span) int { return max(0, min(s.End, t.End)-max(s.Start, t.Start)) }

// In returns the part of text that s covers. It panics as slicing does when s
// does not lie in text.
func (s Span) In(text string) string { return text[s.Start:s.End] }
