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

// creditSize is the number of words, three letters each, up to which a Chinese or
// Japanese line with a byline anywhere in it is one: "(agency)【editor: name】".
const creditSize = 14

// isSource reports whether b names the sources of the article, its writer or its
// agency: it begins with a phrase for that. A single word must be set off from
// what follows ("Source: …"), or be all; "by" must be followed by a name.
func (r *reading) isSource(b *block) bool {
	if b.hi-b.lo > 60 {
		return false
	}
	credit := b.script == eastAsian && b.size() <= creditSize && !b.stops
	for _, h := range r.blockHits(b) {
		if h.mode == within && credit && h.group == gByline && r.setOff(h.hi-1) {
			return true
		}
		if h.lo != b.lo || h.mode != begin {
			continue
		}
		switch h.group {
		case gSource:
			if h.hi-h.lo > 1 && b.script != eastAsian || h.hi == b.hi || r.setOff(h.hi-1) {
				return true
			}
		case gByline:
			if b.hi-b.lo <= 12 && !b.stops && (r.setOff(h.hi-1) || h.hi < b.hi && isCapital(r.word(h.hi))) {
				return true
			}
		}
	}
	return false
}

// setOff reports whether a colon, a dash or a bar stands behind word w.
func (r *reading) setOff(w int) bool {
	rest := strings.TrimLeft(r.text[r.words.End[w]:min(len(r.text), int(r.words.End[w])+8)], " \u00a0")
	c, _ := utf8.DecodeRuneInString(rest)
	return strings.ContainsRune(":：|/–—-", c)
}
