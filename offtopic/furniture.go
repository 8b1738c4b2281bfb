package offtopic

import "math"

// weighFurniture looks for the stock phrases of web pages, and for what stands
// behind one that announces more.
func weighFurniture(r *reading) {
	for i := range r.blocks {
		b := &r.blocks[i]
		if b.hi == b.lo {
			continue
		}
		hits := r.blockHits(b)
		if len(hits) == 0 || b.quoted {
			continue
		}
		if h, n := r.covered(b, hits); n > 0 {
			w := h.weight() + min(float64(n-1), 3)*1.5
			r.add(evidence{unit: b.first, state: boiler, kind: kind(h.group), at: r.seen(h), weight: w})
			b.furniture = h.group
			continue
		}
		r.phrases(b, hits)
	}
	r.follow()
}

// covered reports whether b consists of phrases that stand for whole blocks:
// the weightiest and how many there are, or 0. Numbers between them don't count.
func (r *reading) covered(b *block, hits []hit) (best hit, n int) {
	at := b.lo
	for at < b.hi {
		next := at
		for _, h := range hits {
			if h.lo == at && h.mode == whole && h.group.furniture() && h.hi > next {
				next = h.hi
				if n == 0 || h.weight() > best.weight() {
					best = h
				}
			}
		}
		if next > at {
			n++
			at = next
			continue
		}
		if r.keys[at] != numberKey {
			return hit{}, 0
		}
		at++
	}
	return best, n
}

// phrases weighs the furniture phrases that begin b or stand in it.
func (r *reading) phrases(b *block, hits []hit) {
	for _, h := range hits {
		if !h.group.furniture() || h.mode == whole {
			continue
		}
		at := r.seen(h)
		w := h.weight()
		u := b.first
		if h.mode == begin {
			if vague(b, h) && !r.setOff(h.hi-1) {
				continue
			}
			w -= long(b.size(), 15)
			b.furniture = h.group
		} else {
			u = r.unitOf(b, h.lo)
			w -= long(r.units[u].hi-r.units[u].lo, 25)
			if r.inQuotes(at) {
				continue
			}
		}
		if w > 0 {
			r.add(evidence{unit: u, state: boiler, kind: kind(h.group), at: at, weight: w})
		}
	}
}

// vague reports whether h, in b, is so short that a sentence may begin with it: it has
// to be set off from what follows to stand for itself.
func vague(b *block, h hit) bool {
	if b.script == eastAsian {
		return h.hi-h.lo < 4
	}
	return h.hi-h.lo == 1
}

// long is what is taken off the weight of a phrase for the words of its block
// beyond the usual number.
func long(words, usual int) float64 {
	return max(0, float64(words-usual)) * 0.1
}

// What stands behind a block that announces it.
const (
	followWeight = 3.5
	followSize   = 25 // words above which a line is no title
	followMost   = 12 // lines above which a list is something else
	bioSize      = 70 // words above which a paragraph is no bio
)

// follow weighs the lines behind a block that announces them: the titles of related
// posts and the entries of a table of contents until prose begins again, and the name
// and the bio of the author. A button ("Read more") announces nothing unless it ends
// with a colon.
func (r *reading) follow() {
	for i := 0; i < len(r.blocks); i++ {
		head := &r.blocks[i]
		switch {
		case head.furniture == gAuthor && head.size() <= 8:
			i = r.followBio(i)
			continue
		case head.furniture == gContents:
		case head.furniture != gRelated && (head.furniture != gReadMore || !head.colon):
			continue
		}
		if head.size() > 8 && !head.colon {
			continue // the titles stand in the same block
		}
		for n := 0; n < followMost && i+1 < len(r.blocks); n++ {
			b := &r.blocks[i+1]
			if b.period || b.size() < 1 || b.size() > followSize || b.guarded || b.furniture != noGroup {
				break
			}
			i++
			r.follows(b)
		}
	}
}

// followBio weighs what stands behind block i, which announces the author: a name,
// and a paragraph, or the paragraph alone. It returns the last block of it.
func (r *reading) followBio(i int) int {
	for n := 0; n < 2 && i+1 < len(r.blocks); n++ {
		b := &r.blocks[i+1]
		line := b.size() <= 6 && !b.stops
		if b.guarded || b.furniture != noGroup || b.size() > bioSize || n > 0 && line {
			break
		}
		i++
		r.follows(b)
		if !line {
			break
		}
	}
	return i
}

func (r *reading) follows(b *block) {
	for u := b.first; u < b.last; u++ {
		r.add(evidence{unit: u, state: boiler, kind: kindFollows, at: b.Span, weight: followWeight / math.Sqrt(float64(b.last-b.first))})
	}
	b.follows = true
}
