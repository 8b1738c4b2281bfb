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

// A title between two paragraphs of which neither shares a word with it.
//
// Of what was planted so, half is told in English, French, Spanish, Russian, Turkish and
// Arabic articles, a third in Chinese and a quarter in Japanese, against none of 1,500
// BBC, 2 of 1,500 Chinese (chinanews) and 4 of 1,500 Japanese (Livedoor) articles.
const (
	titleBetween    = 6.0
	titlesBetween   = 2 // of an article; one with more has headings of its own
	titleLeast      = 4 // words of such a title
	titleLong       = 18
	titleContent    = 3  // content words
	titleProse      = 20 // words of the paragraphs
	titlePairs      = 6  // of letters, in scripts without spaces: some come again by chance
	titlePairsFar   = 5  // of so many, one
	titlePairsClose = 3  // surprise of those in the paragraphs beside it
)

// weighTitleBetween looks for titles between paragraphs that have nothing to do with
// them.
func weighTitleBetween(r *reading) {
	titles := 0
	for i := range r.blocks {
		if r.betweenProse(i) {
			titles++
		}
	}
	if titles == 0 || titles > titlesBetween {
		return
	}
	for i := range r.blocks {
		b, k := &r.blocks[i], &r.kin[i]
		if !r.betweenProse(i) {
			continue
		}
		apart := k.words >= titleContent && k.far == 0 && k.before+k.behind == 0
		if b.script == eastAsian {
			apart = k.words >= titlePairs && k.far*titlePairsFar <= k.words && k.before+k.behind < titlePairsClose
		}
		if apart {
			r.add(evidence{unit: b.first, state: stranger, kind: kindTitle, at: b.Span, weight: titleBetween})
		}
	}
}

// betweenProse reports whether block i is a line such as titles are, between two
// paragraphs.
func (r *reading) betweenProse(i int) bool {
	if i == 0 || i+1 == len(r.blocks) || r.blocks[i-1].size() < titleProse || r.blocks[i+1].size() < titleProse {
		return false
	}
	b := &r.blocks[i]
	return !b.stops && !b.colon && !b.listed && !b.quoted && !b.guarded && b.furniture == noGroup && b.size() >= titleLeast && b.size() <= titleLong
}

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
		r.add(evidence{unit: b.first, state: stranger, kind: kindTitle, at: b.Span, weight: w})
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
