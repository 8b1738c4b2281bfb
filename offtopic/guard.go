package offtopic

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// guard marks the blocks that belong to an article by their form, whatever is in
// them: notes, numbered references, source lines, bylines, wire credits.
func (r *reading) guard() {
	for i := range r.blocks {
		b := &r.blocks[i]
		b.guarded = r.isNote(b) || r.isSource(b)
	}
}

// isNote reports whether b is a footnote or a numbered reference: a number set
// as a note's, and something to look up.
func (r *reading) isNote(b *block) bool {
	s := b.In(r.text)
	if s[0] != '[' && !isDigit(s[0]) && !isSuperscript(s) {
		return false
	}
	if s[0] == '[' {
		end := strings.IndexByte(s, ']')
		return end > 1 && allDigits(s[1:end]) && b.hi-b.lo > 3
	}
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	if n > 3 || n > 0 && (n == len(s) || !strings.ContainsRune(".) ", rune(s[n]))) {
		return false
	}
	return strings.Contains(s, "://") || strings.Contains(s, "doi") || strings.Contains(s, "ISBN") || strings.Contains(s, "pp. ")
}

func isSuperscript(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.Is(unicode.No, c)
}

// isSource reports whether b begins with what names the sources of an article,
// its writer or its agency, and goes on for no more than a few lines.
func (r *reading) isSource(b *block) bool {
	if b.hi-b.lo > 60 {
		return false
	}
	for _, h := range r.blockHits(b) {
		if h.group == gSource && h.lo == b.lo {
			return true
		}
	}
	return false
}
