package offtopic

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A title of another article, left over behind the end of this one.
const (
	titleStray  = 3.2 // a line set as a title at the very end
	titleAlone  = 1.4 // whose words are not the article's, for each of the first two units of log-likelihood
	titleSite   = 2.0 // with the name of a site behind a dash or a bar
	titleBehind = 1.5 // right behind page furniture
	titleWords  = 4
	titlesMost  = 8 // blocks from the end
)

// weighTitle looks for titles behind the last paragraph, where an article has
// nothing to announce any more.
func weighTitle(r *reading) {
	for i := len(r.blocks) - 1; i > max(0, len(r.blocks)-titlesMost); i-- {
		b := &r.blocks[i]
		n := b.hi - b.lo
		if b.furniture != noGroup || b.follows || b.guarded {
			continue
		}
		if b.stops || b.colon || b.listed || isDigit(r.text[b.Start]) || b.quoted || n < titleWords || n > 25 || !b.titled {
			return
		}
		k := &r.kin[i]
		if k.ratio <= 0 || k.words-k.far < 2 || !r.proseBefore(i) {
			return
		}
		w := titleStray + titleAlone*min(2, k.ratio)
		if site(b.In(r.text)) {
			w += titleSite
		}
		if r.blocks[i-1].furniture != noGroup {
			w += titleBehind
		}
		r.add(evidence{unit: b.first, state: foreign, signal: "title out of place", at: b.Span, weight: w})
	}
}

// proseBefore reports whether the block before block i, furniture and titles
// aside, is a paragraph.
func (r *reading) proseBefore(i int) bool {
	for i--; i >= 0; i-- {
		b := &r.blocks[i]
		if b.furniture != noGroup || b.titled {
			continue
		}
		return b.hi-b.lo > 25
	}
	return false
}

// site reports whether a title ends with the name of a site, set off from it.
func site(s string) bool {
	k := max(strings.LastIndex(s, " – "), strings.LastIndex(s, " | "), strings.LastIndex(s, " - "), strings.LastIndex(s, " — "))
	if k < 0 {
		return false
	}
	return len(strings.Fields(s[k:])) <= 4
}

func isCapital(word string) bool {
	c, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(c)
}
