package offtopic

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
			r.add(evidence{unit: b.first, state: boiler, signal: groups[h.group].signal, at: r.seen(h), weight: w})
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
			r.add(evidence{unit: u, state: boiler, signal: groups[h.group].signal, at: at, weight: w})
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

// The titles behind a block that announces related posts.
const (
	followWeight = 3.5
	followSize   = 25 // words above which a line is no title
	followMost   = 12 // lines above which a list is something else
)

// follow weighs the titles behind a block that announces related posts: lines
// without a full stop, until prose begins again. A button ("Read more") announces
// nothing unless it ends with a colon.
func (r *reading) follow() {
	for i := 0; i < len(r.blocks); i++ {
		head := &r.blocks[i]
		if head.furniture != gRelated && (head.furniture != gReadMore || !head.colon) {
			continue
		}
		if head.size() > 8 && !head.colon {
			continue // the titles stand in the same block
		}
		for n := 0; n < followMost && i+1 < len(r.blocks); n++ {
			b := &r.blocks[i+1]
			if b.period || b.size() < 2 || b.size() > followSize || b.guarded || b.furniture != noGroup {
				break
			}
			i++
			r.add(evidence{unit: b.first, state: boiler, signal: "behind related posts", at: b.Span, weight: followWeight})
			b.follows = true
		}
	}
}
