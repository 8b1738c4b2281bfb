package article

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Block is a piece of an article's layout: a paragraph, a headline, a list item.
type Block struct {
	// Span covers the block without the white space around it; it is not empty.
	Span
	// Place is the line on which the block begins, and its paragraph, both
	// counted from 1. A paragraph is what stands between blank lines, or a
	// block where the text knows no blank lines.
	Place
}

// Blocks splits text into its blocks, in text order. No two overlap, and
// between them stands white space only.
//
// A line is a block of its own unless the text is hard-wrapped (its lines are
// broken where the next word would not have fitted), when a block is what
// stands between blank lines. LF, CRLF and CR all end a line.
func Blocks(text string) []Block {
	lines := splitLines(text)
	wrapped := hardWrapped(text, lines)
	var blocks []Block
	paragraph := 0
	blank := true // the line before was blank, or there is none
	for i, l := range lines {
		if l.Len() == 0 {
			blank = true
			continue
		}
		if wrapped && !blank {
			blocks[len(blocks)-1].End = l.End
			continue
		}
		paragraph++
		blocks = append(blocks, Block{Span: l, Place: Place{Line: i + 1, Paragraph: paragraph}})
		blank = false
	}
	return blocks
}

// splitLines returns the lines of text without the white space at either end.
// A blank line is an empty span.
func splitLines(text string) []Span {
	lines := make([]Span, 0, 1+strings.Count(text, "\n"))
	cr := nextByte(text, 0, '\r')
	for start := 0; ; {
		lf := nextByte(text, start, '\n')
		if cr < start {
			cr = nextByte(text, start, '\r')
		}
		end := min(lf, cr)
		lines = append(lines, trim(text, Span{start, end}))
		if end == len(text) {
			return lines
		}
		if lf == cr+1 && lf < len(text) {
			end++
		}
		start = end + 1
	}
}

// nextByte returns the index of the next c in text from i on, or the length of text.
func nextByte(text string, i int, c byte) int {
	if n := strings.IndexByte(text[i:], c); n >= 0 {
		return i + n
	}
	return len(text)
}

// trim returns s without the white space at its ends.
func trim(text string, s Span) Span {
	line := text[s.Start:s.End]
	end := s.Start + len(strings.TrimRightFunc(line, unicode.IsSpace))
	start := s.End - len(strings.TrimLeftFunc(line, unicode.IsSpace))
	if start >= end {
		return Span{s.Start, s.Start}
	}
	return Span{start, end}
}

// hardWrapped reports whether the lines of text were broken to fit a width.
// A line that is followed by another was wrapped if the first word of the next
// line would not have fitted on it; a text is hard-wrapped if most such lines
// were. Lines of verse, lists and one-line paragraphs are broken earlier.
func hardWrapped(text string, lines []Span) bool {
	const (
		minWidth = 40  // narrower columns are lists and verse, not wrapped prose
		maxWidth = 120 // wider lines are whole paragraphs
	)
	width := 0
	for _, l := range lines {
		if l.Len() > maxWidth*utf8.UTFMax {
			return false
		}
		n := utf8.RuneCountInString(l.In(text))
		if n > maxWidth {
			return false
		}
		width = max(width, n)
	}
	if width < minWidth {
		return false
	}
	followed, full := 0, 0
	for i, l := range lines[:len(lines)-1] {
		next := lines[i+1]
		if l.Len() == 0 || next.Len() == 0 {
			continue
		}
		followed++
		word, _, _ := strings.Cut(next.In(text), " ")
		if utf8.RuneCountInString(l.In(text))+1+utf8.RuneCountInString(word) > width-width/8 {
			full++
		}
	}
	return full*2 > followed
}
