package dedupe

import (
	"cmp"
	"slices"
)

// varied reports whether the words of p are as varied as those of a text: among the
// first variedWords one in variedShare is not like one before it.
func (j *repeatJudge) varied(p *aligned) bool {
	words := j.t.Words.Hash[p.b0:min(p.b1, p.b0+variedWords)]
	distinct := 0
	for i, w := range words {
		if !slices.Contains(words[:i], w) {
			distinct++
		}
	}
	return variedShare*distinct >= len(words)
}

// exact reports whether both places have the same words.
func (p *aligned) exact() bool { return p.equal == max(p.a1-p.a0, p.b1-p.b0) }

// refrain reports whether the words of p stand in three places or more, and not all
// in a row.
func (j *repeatJudge) refrain(p *aligned) bool {
	t := j.t
	if t.sweep.inRow(p, j.found) {
		return false
	}
	often, seeds := 0, 0
	for i := p.b0; i <= p.b1-t.seedSize(); i++ {
		seeds++
		if t.table.standsThrice(i) {
			often++
		}
	}
	return seeds > 0 && 2*often >= seeds
}

// leastRefrain is the size of what may stand three times. A refrain is varied where it
// is said in between, and it keeps its place: it begins or ends paragraphs. What stands in
// the midst of one, or in quotes in an article of prose, was put there again.
func (j *repeatJudge) leastRefrain(p *aligned, a, b *repeatSide) int {
	switch {
	case p.exact() && j.prosaic >= mostlyProse && (!a.touchesBlock() || !b.touchesBlock() || j.quoted(a) && j.quoted(b)):
		return minAgain
	case p.exact() || a.isBlocks() && b.isBlocks():
		return minRefrain
	}
	return minClause
}

// inRow reports whether p follows its first place or another copy of it directly.
func (s *sweeper) inRow(p *aligned, found []aligned) bool {
	near := joint * s.al.unit
	if p.b0-p.a1 <= near {
		return true
	}
	k, ok := slices.BinarySearchFunc(found, p.b0, func(q aligned, b int) int { return cmp.Compare(q.b0, b) })
	return ok && k > 0 && p.b0-found[k-1].b1 <= near && found[k-1].a0 < p.a1 && p.a0 < found[k-1].a1
}
