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
// stands between blank lines, or from one indented line to the next where that is
// how the text marks its paragraphs. LF, CRLF and CR all end a line.
func Blocks(text string) []Block { return AppendBlocks(nil, text) }

// AppendBlocks appends the blocks of text, as [Blocks] returns them, to dst.
func AppendBlocks(dst []Block, text string) []Block {
	first := len(dst)
	dst = appendLines(dst, text)
	lines := dst[first:]
	width := wrapWidth(text, lines)
	margin, indents := 0, false
	if width > 0 {
		margin, indents = leftMargin(text, lines)
	}
	blocks := lines[:0] // written behind what is read
	blank := true       // the line before was blank, or there is none
	var before Block    // the line before
	for _, l := range lines {
		if l.Len() == 0 {
			blank = true
			continue
		}
		opening := width == 0 || blank || indents && opens(text, before, l, margin, width)
		if !opening {
			blocks[len(blocks)-1].End = l.End
			before = l
			continue
		}
		before = l
		l.Paragraph = len(blocks) + 1
		blocks = append(blocks, l)
		blank = false
	}
	return dst[:first+len(blocks)]
}

// appendLines appends the lines of text without the white space at either end.
// A blank line is an empty span.
func appendLines(dst []Block, text string) []Block {
	cr := nextByte(text, 0, '\r')
	for start, line := 0, 1; ; line++ {
		lf := nextByte(text, start, '\n')
		if cr < start {
			cr = nextByte(text, start, '\r')
		}
		end := min(lf, cr)
		dst = append(dst, Block{Span: trim(text, Span{start, end}), Place: Place{Line: line}})
		if end == len(text) {
			return dst
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
	if line == "" || isPrinted(line[0]) && isPrinted(line[len(line)-1]) {
		return s // as with most lines
	}
	end := s.Start + len(strings.TrimRightFunc(line, unicode.IsSpace))
	start := s.End - len(strings.TrimLeftFunc(line, unicode.IsSpace))
	if start >= end {
		return Span{s.Start, s.Start}
	}
	return Span{start, end}
}

// isPrinted reports whether c is an ASCII character that leaves ink.
func isPrinted(c byte) bool { return c-'!' <= '~'-'!' }

// wrapWidth returns the width in runes to which the lines of text were broken, 0 if
// they were not. A line that is followed by another was wrapped if the first word of
// the next line would not have fitted on it; a text is hard-wrapped if most such lines
// were. Lines of verse, lists and one-line paragraphs are broken earlier; where their
// widths hide that, most of them end with a mark, as one line in ten of BBC articles
// wrapped at 72 columns does.
func wrapWidth(text string, lines []Block) int {
	const (
		minWidth = 40  // narrower columns are lists and verse, not wrapped prose
		maxWidth = 120 // wider lines are whole paragraphs
	)
	for _, l := range lines { // most texts have a line that says so at a glance
		if longer(l.In(text), maxWidth) {
			return 0
		}
	}
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(l.In(text)))
	}
	if width < minWidth {
		return 0
	}
	followed, wrapped, marked := 0, 0, 0
	for i, l := range lines[:len(lines)-1] {
		next := lines[i+1]
		if l.Len() == 0 || next.Len() == 0 {
			continue
		}
		followed++
		if full(text, l, next, width) {
			wrapped++
		}
		if last, _ := utf8.DecodeLastRuneInString(l.In(text)); unicode.IsPunct(last) {
			marked++
		}
	}
	if wrapped*2 > followed && marked*2 <= followed {
		return width
	}
	return 0
}

// full reports whether the first word of next would not have fitted on line l.
func full(text string, l, next Block, width int) bool {
	word, _, _ := strings.Cut(next.In(text), " ")
	return utf8.RuneCountInString(l.In(text))+1+utf8.RuneCountInString(word) > width-width/8
}

// leftMargin returns the least indentation of the lines of a hard-wrapped text, and
// whether the first lines of its paragraphs are told by a larger one: at least two
// lines below another are indented farther, but not most lines are.
func leftMargin(text string, lines []Block) (margin int, indents bool) {
	margin = len(text)
	for _, l := range lines {
		if l.Len() > 0 {
			margin = min(margin, indentation(text, l))
		}
	}
	below, farther := 0, 0
	for i, l := range lines {
		if i == 0 || l.Len() == 0 || lines[i-1].Len() == 0 {
			continue
		}
		below++
		if indentation(text, l) > margin {
			farther++
		}
	}
	return margin, farther >= 2 && 2*farther <= below
}

// opens reports whether line l of a text that indents its paragraphs opens one. In a
// quotation that is indented as a whole, only the first line does.
func opens(text string, before, l Block, margin, width int) bool {
	in := indentation(text, l)
	return in > margin && (in != indentation(text, before) || !full(text, before, l, width))
}

// indentation is the number of bytes of white space before a line.
func indentation(text string, l Block) int {
	line := text[:l.Start]
	return len(line) - len(strings.TrimRightFunc(line, func(r rune) bool { return r != '\n' && r != '\r' && unicode.IsSpace(r) }))
}

// longer reports whether line has more than n runes.
func longer(line string, n int) bool {
	// The bytes of a rune that is cut off count for one each.
	const cut = utf8.UTFMax - 1
	if len(line) > n+cut && utf8.RuneCountInString(line[:n+cut+1]) > n+cut {
		return true // known by its beginning
	}
	return len(line) > n && utf8.RuneCountInString(line) > n
}
