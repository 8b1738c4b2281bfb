package offtopic

import "chaff/article"

// Cues of advertising that are no words: the rest are groups of the lexicon.
const (
	cueURL = iota
	cueEmail
	cuePhone
	cuePrice
	cueExclaim
	cueQuestion
	cueMarks
)

var marks = [cueMarks]struct {
	signal string
	weight float64
}{
	cueURL:      {"web address", 1.1},
	cueEmail:    {"e-mail address", 1.0},
	cuePhone:    {"phone number", 1.4},
	cuePrice:    {"price", 0.6},
	cueExclaim:  {"exclamation", 0.5},
	cueQuestion: {"question to the reader", 0.6},
}

// cues is the set of cues in a unit: groups from gAction on, then marks.
type cues uint16

// buttonWeight is what a call to action is worth besides when it stands alone.
const buttonWeight = 3.2

// usualUnits bounds the neighbourhood of a unit where units have few words.
const usualUnits = 64

const markBit = int(gImperative-gAction) + 1

// cueCounts counts the units with each cue.
type cueCounts [markBit + int(cueMarks)]int32

// weighCues weighs what advertisements say and articles rarely do: call, book,
// buy; we offer; a price, an address. Cues that the article is full of beyond the
// neighbourhood of the unit prove nothing, nor do those in quotation marks.
func weighCues(r *reading) {
	r.sums = append(r.sums[:0], make([]cueCounts, len(r.units)+1)...)
	sums, found := r.sums, r.cues[:0]
	for i := range r.blocks {
		b := &r.blocks[i]
		hits := r.blockHits(b)
		help := helps(hits)
		for u := b.first; u < b.last; u++ {
			sums[u+1] = sums[u]
			if help {
				continue
			}
			var set cues
			for len(hits) > 0 && hits[0].lo < r.units[u].hi {
				h := hits[0]
				hits = hits[1:]
				if !h.group.cue() || h.hi-h.lo == 1 && !r.spoken(b, h.langs) ||
					h.group == gImperative && h.lo != r.units[u].lo {
					continue
				}
				at := r.seen(h)
				bit := int(h.group - gAction)
				if r.inQuotes(at) {
					continue
				}
				w := h.weight()
				if set&(1<<bit) != 0 {
					w *= 0.4
				} else {
					sums[u+1][bit]++
				}
				set |= 1 << bit
				found = append(found, evidence{unit: u, state: advert, kind: kind(h.group), at: at, n: bit, weight: w})
			}
			if at, ok := r.button(b); ok && u == b.first {
				found = append(found, evidence{unit: u, state: advert, kind: kindButton, at: at, weight: buttonWeight})
			}
			for m := range cueMarks {
				if m == cueQuestion && b.last-b.first > 1 {
					continue // questions stand in any prose
				}
				if !r.mayHave(m, b) {
					continue
				}
				at := r.mark(m, r.units[u].Span)
				if at.Len() == 0 || r.inQuotes(at) {
					continue
				}
				bit := markBit + m
				sums[u+1][bit]++
				found = append(found, evidence{unit: u, state: advert, kind: kindURL + kind(m), at: at, n: bit, weight: marks[m].weight})
			}
		}
	}
	r.cues = found
	for _, e := range found {
		if w := e.weight * (1 - r.usual(sums, e.n, e.unit)); w > 0 {
			e.weight, e.n = w, 0
			r.add(e)
		}
	}
}

// helps reports whether a block names a helpline, the police or an embassy, whom
// an article asks its readers to call, and offers nothing.
func helps(hits []hit) bool {
	help := false
	for _, h := range hits {
		switch h.group {
		case gHelp:
			help = true
		case gOffer, gService:
			return false
		}
	}
	return help
}

// button reports whether b is a call to action and hardly anything else, as the
// label of a button is: "Book now", "Buy at Corner Shop".
func (r *reading) button(b *block) (article.Span, bool) {
	if b.size() > 5 || b.stops || b.colon || b.quoted {
		return article.Span{}, false
	}
	for _, h := range r.blockHits(b) {
		if h.group == gAction && h.lo == b.lo && 2*(h.hi-h.lo) >= b.hi-b.lo && r.spoken(b, h.langs) && (h.hi-h.lo > 1 || b.script == eastAsian) {
			return r.seen(h), true
		}
	}
	return article.Span{}, false
}

// spoken reports whether b, or the article as far as can be told, is in one of
// the languages: a single word means too many things in the others.
func (r *reading) spoken(b *block, in langs) bool {
	switch {
	case b.lang >= 0:
		return in&(1<<b.lang) != 0
	case r.lang >= 0 && (b.script == r.script || b.script == noScript):
		return in&(1<<r.lang) != 0
	}
	return true
}

// usual says how usual cue bit is in the units of the article that are not near
// unit u: 0 if it is not met there, 1 if one in six units has it.
func (r *reading) usual(sums []cueCounts, bit, u int) float64 {
	lo, hi := u, u+1
	for lo > 0 && u-lo < usualUnits && r.units[u].lo-r.units[lo-1].lo <= r.near {
		lo--
	}
	for hi < len(r.units) && hi-u < usualUnits && r.units[hi].lo-r.units[u].lo <= r.near {
		hi++
	}
	n := len(r.units)
	outside := n - (hi - lo)
	with := int(sums[n][bit] - sums[hi][bit] + sums[lo][bit])
	return min(1, 6*float64(with)/float64(outside+4))
}

// mayHave reports whether the mark may stand in b, by the bytes that do.
func (r *reading) mayHave(m int, b *block) bool {
	switch m {
	case cueURL:
		return b.signs&signSlash != 0 || r.hosts
	case cueEmail:
		return b.signs&signAt != 0
	case cuePhone:
		return b.digits >= phoneLeast
	case cuePrice:
		return b.signs&signMoney != 0 && b.digits > 0
	}
	return true
}

// mark returns the first place in s where the mark stands.
func (r *reading) mark(m int, s article.Span) article.Span {
	var start, end int
	text := s.In(r.text)
	switch m {
	case cueURL:
		start, end = findURL(text)
	case cueEmail:
		start, end = findEmail(text)
	case cuePhone:
		start, end = findPhone(text)
	case cuePrice:
		start, end = findPrice(text)
	case cueExclaim:
		if n := len(text); text[n-1] == '!' {
			start, end = n-1, n
		}
	case cueQuestion:
		if n := len(text); text[n-1] == '?' {
			end = n
		}
	}
	return article.Span{Start: s.Start + start, End: s.Start + end}
}
