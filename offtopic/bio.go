package offtopic

// The author's bio: what it says of a person, and how it stands.
const (
	bioName    = 4.0 // the name that stands alone before it, and the bio behind such a name
	bioOpen    = 1.5 // the bio begins with a name that the article doesn't know
	bioMost    = 6.0 // all phrases together
	bioAlone   = 1.5 // off, for a phrase is soon met in a report of people
	bioSubject = 3.0 // off, if the article speaks of the person
)

// weighBio looks for a paragraph about the author near either end of the article.
// A person whom the article itself speaks of is its subject.
func weighBio(r *reading) {
	for i := range r.blocks {
		b := &r.blocks[i]
		if i > 1 && r.words.Len()-b.hi > 60 && i < len(r.blocks)-6 || b.quoted || b.hi-b.lo < 6 {
			continue
		}
		first := hit{lo: -1}
		sum := 0.0
		for _, h := range r.blockHits(b) {
			if h.group != gBio {
				continue
			}
			if first.lo < 0 {
				first = h
			}
			sum += h.weight()
		}
		if first.lo < 0 {
			continue
		}
		sum = min(sum, bioMost) - bioAlone
		name := r.nameBefore(i)
		if name < i {
			sum += bioName
			for k := name; k < i; k++ {
				r.add(evidence{unit: r.blocks[k].first, state: boiler, kind: kindName, at: r.blocks[k].Span, weight: bioName})
			}
		}
		if known := r.units[b.first].far > 0 && r.knows(b); known {
			sum -= bioSubject
		} else if r.opensWithName(b) {
			sum += bioOpen
		}
		if sum > 0 {
			// The whole block is the bio, so each sentence has its share.
			n := float64(b.last - b.first)
			for u := b.first; u < b.last; u++ {
				r.add(evidence{unit: u, state: boiler, kind: kind(gBio), at: r.seen(first), weight: sum / n})
			}
		}
	}
}

// nameBefore returns the first of the blocks right before block i that are the
// name block i begins with, standing alone; i if there is none.
func (r *reading) nameBefore(i int) int {
	b := &r.blocks[i]
	k := i
	for k > 0 && r.blocks[k-1].named {
		p := &r.blocks[k-1]
		if p.hi-p.lo > b.hi-b.lo || r.keys[p.lo] != r.keys[b.lo] {
			break
		}
		k--
	}
	return k
}

// opensWithName reports whether b begins with two capitalised words.
func (r *reading) opensWithName(b *block) bool {
	return b.hi-b.lo > 2 && isCapital(r.word(b.lo)) && isCapital(r.word(b.lo+1)) && !r.isCommon(b.lo)
}

// knows reports whether the second word of b, most often a surname, is one of a
// block far from it.
func (r *reading) knows(b *block) bool {
	if b.hi-b.lo < 2 {
		return false
	}
	for w := 0; w < b.lo-r.near; w++ {
		if r.keys[w] == r.keys[b.lo+1] {
			return true
		}
	}
	return false
}
