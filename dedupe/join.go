package dedupe

import "slices"

// Two passages that go on from one another on both sides are one passage with a
// difference in it when no more than maxBridge words of prose stand between them on
// either side, and no more than half of what the shorter of the two has equal; or
// two thirds of what both have equal, where one side only has something between them:
// a sentence that was put in or left out. With 10 words 2 cases with such a sentence
// fall apart.
const maxBridge = 40

// joinPassages makes one passage of those that go on from one another and returns the
// passages, still in the order of b. One short passage may stand between the two:
// words of the difference that agree with some other place.
func joinPassages(found []aligned, unit int, apart bool) []aligned {
	out := found[:0]
	for _, p := range found {
		joined := false
		for back := 1; back <= 2 && back <= len(out); back++ {
			q := &out[len(out)-back]
			if back == 2 && 2*out[len(out)-1].equal > min(q.equal, p.equal) {
				break
			}
			if goesOn(q, &p, unit, apart) {
				q.runs = slices.Concat(q.runs, p.runs)
				q.a1, q.b1, q.equal = p.a1, p.b1, q.equal+p.equal
				out = out[:len(out)-back+1]
				joined = true
				break
			}
		}
		if !joined {
			out = append(out, p)
		}
	}
	return out
}

func goesOn(p, q *aligned, unit int, apart bool) bool {
	gapA, gapB := q.a0-p.a1, q.b0-p.b1
	bridge := min(p.equal, q.equal) / 2
	if min(gapA, gapB) <= unit {
		bridge = min(2*(p.equal+q.equal)/3, 2*min(p.equal, q.equal))
	}
	bridge = min(bridge, maxBridge*unit)
	return p.period == 0 && q.period == 0 &&
		gapA >= 0 && gapB >= 0 && max(gapA, gapB) <= bridge &&
		(!apart || q.a1 <= p.b0)
}

// toFirst makes each passage of one text that repeats a repetition point to the
// first place: where a lies in the later place of an earlier passage, it is moved
// to that one's first place, and what is equal is counted there.
func (s *sweeper) toFirst(found []aligned) {
	for k := range found {
		p := &found[k]
		if p.period > 0 {
			continue
		}
		// The latest passage that begins before a does.
		q, _ := slices.BinarySearchFunc(found[:k], p.a0+joint*s.al.unit, func(f aligned, at int) int {
			if f.b0 <= at {
				return -1
			}
			return 1
		})
		if q == 0 {
			continue
		}
		s.move(p, &found[q-1])
	}
}

// move points p to the first place of q if its own lies in the later one.
func (s *sweeper) move(p, q *aligned) {
	if q.period > 0 || p.a0 < q.b0-joint*s.al.unit || p.a1 > q.b1+joint*s.al.unit {
		return
	}
	a0, a1 := q.across(p.a0), q.across(p.a1)
	if a1 <= a0 {
		return
	}
	from := len(s.al.runs)
	equal := s.al.fit(a0, p.b0, a1-a0, p.b1-p.b0)
	if equal < s.floor || 3*equal < 2*p.equal {
		s.al.runs = s.al.runs[:from]
		return
	}
	p.a0, p.a1, p.equal = a0, a1, equal
	p.runs = s.al.runs[from:len(s.al.runs):len(s.al.runs)]
}

// across returns the word of p's first place that word b of its later place stands
// for.
func (p *aligned) across(b int) int {
	if b <= p.b0 {
		return p.a0
	}
	if b >= p.b1 {
		return p.a1
	}
	k, _ := slices.BinarySearchFunc(p.runs, b, func(r equalRun, b int) int {
		if int(r.b) <= b {
			return -1
		}
		return 1
	})
	if k == 0 {
		return p.a0
	}
	r := p.runs[k-1]
	at := int(r.a) + b - int(r.b)
	if k < len(p.runs) {
		return min(at, int(p.runs[k].a))
	}
	return min(at, p.a1)
}

// fit aligns na words from a with nb words from b as far as small differences allow,
// appends the runs to al.runs, and returns the number of equal words.
func (al *aligner) fit(a, b, na, nb int) (equal int) {
	from := len(al.runs)
	al.grow(a, b, na, nb, 1)
	for _, r := range al.runs[from:] {
		equal += int(r.n)
	}
	return equal
}
