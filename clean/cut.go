package clean

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"chaff/article"
	"chaff/shingle"
)

// removal is a part of a text that is taken away: what one cut asks for, or
// several that touch, and white space beside it.
type removal struct {
	article.Span
	cuts []cut
}

// settle returns what is taken away from text for cuts, which are in text order.
// The result is in text order, and no two parts overlap.
//
// Of the white space on both sides of a part the one with fewer line ends goes
// with it, the one before it if they are alike; at the beginning and the end
// of the text all of it goes. So what was two paragraphs stays two, and no blank
// line or space stands twice. A part between two letters stays, where taking it
// away would make one word of two.
func settle(text string, cuts []cut) []removal {
	var out []removal
	for _, c := range standing(cuts) {
		s := c.span.of()
		if s.Start >= s.End || s.End > len(text) {
			continue
		}
		if n := len(out); n > 0 && blank(text[min(out[n-1].End, s.Start):s.Start]) {
			out[n-1].End = max(out[n-1].End, s.End)
			out[n-1].cuts = append(out[n-1].cuts, c)
			continue
		}
		out = append(out, removal{s, []cut{c}})
	}
	kept, end := out[:0], 0
	for _, r := range out {
		r.Span = withSpace(text, r.Span, end)
		if joins(text, r.Span) {
			continue
		}
		kept, end = append(kept, r), r.End
	}
	return kept
}

// standing returns the cuts whose first place is not taken away by another one.
func standing(cuts []cut) []cut {
	var all []cut
	end := uint32(0) // of all that is taken away so far
	for _, c := range cuts {
		f := c.first
		i := sort.Search(len(all), func(i int) bool { return all[i].span.end > f.start })
		if f.start < f.end && i < len(all) && all[i].span.start < f.end {
			continue
		}
		// The ends of cuts must rise for the search; one inside another adds nothing.
		if c.span.end > end {
			all, end = append(all, c), c.span.end
		}
	}
	return all
}

// withSpace returns s with white space beside it, none of it before from.
func withSpace(text string, s article.Span, from int) article.Span {
	start := from + len(strings.TrimRightFunc(text[from:s.Start], unicode.IsSpace))
	end := len(text) - len(strings.TrimLeftFunc(text[s.End:], unicode.IsSpace))
	before, after := text[start:s.Start], text[s.End:end]
	switch {
	case start == 0:
		s.Start, s.End = start, end
	case end == len(text), after != "" && lineEnds(after) >= lineEnds(before):
		s.Start = start
	default:
		s.End = end
	}
	return s
}

// lineEnds counts the ends of lines in white space: LF, CRLF and CR.
func lineEnds(space string) int {
	return strings.Count(space, "\n") + strings.Count(space, "\r") - strings.Count(space, "\r\n")
}

// joins reports whether the words around s would become one without it.
func joins(text string, s article.Span) bool {
	const near = 64 // bytes on each side that are looked at; words are seldom longer
	before, after := text[:s.Start], text[s.End:]
	if len(before) > near {
		n := len(before) - near
		for !utf8.RuneStart(before[n]) {
			n--
		}
		before = before[n:]
	}
	if len(after) > near {
		n := near
		for !utf8.RuneStart(after[n]) {
			n++
		}
		after = after[:n]
	}
	return words(before)+words(after) != words(before+after)
}

func words(text string) int {
	var w shingle.Words
	shingle.Tokenizer{}.Words(&w, text)
	return w.Len()
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
