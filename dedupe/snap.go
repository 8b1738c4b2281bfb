package dedupe

import "slices"

// A match seldom ends where the passage does: the word before a copied sentence
// happens to agree, or the first word was changed. Its ends are moved to the
// sentence or block that was meant.
//
// These bounds are in words of prose.
const (
	// maxChanged is the number of words at the end of a sentence that may differ
	// when the rest of it, at least twice as many, is equal.
	maxChanged = 5
	// maxExcess is the number of equal words that are taken away where they are
	// less than half of their sentence.
	maxExcess = 12
	// maxShed is the longest sentence that is taken away as a whole, because its
	// places have less than three words in five in common, or three in four where
	// it is shorter than minShed.
	maxShed = 40
	minShed = 8
)

// snap moves the ends of p to sentence bounds near them. The later place starts no
// earlier than word from.
func (t *Text) snap(p *aligned, from int) {
	if p.period > 0 {
		return
	}
	t.snapEnd(p)
	t.snapStart(p, from)
	t.shedStart(p)
	t.shedEnd(p)
}

// shedStart takes the first sentence from p if its places have too little in common
// for a sentence of the passage.
func (t *Text) shedStart(p *aligned) {
	inA := t.toBound(p.a0+1, 1, min(maxShed*t.unit, p.a1-p.a0-2))
	inB := t.toBound(p.b0+1, 1, min(maxShed*t.unit, p.b1-p.b0-2))
	if inA < 0 || inB < 0 || t.alike(p, p.a0, p.a0+inA+1, p.b0, p.b0+inB+1) {
		return
	}
	t.keep(p, p.a0+inA+1, p.a1, p.b0+inB+1, p.b1)
}

// shedEnd takes the last sentence from p likewise.
func (t *Text) shedEnd(p *aligned) {
	inA := t.toBound(p.a1-1, -1, min(maxShed*t.unit, p.a1-p.a0-2))
	inB := t.toBound(p.b1-1, -1, min(maxShed*t.unit, p.b1-p.b0-2))
	if inA < 0 || inB < 0 || t.alike(p, p.a1-inA-1, p.a1, p.b1-inB-1, p.b1) {
		return
	}
	t.keep(p, p.a0, p.a1-inA-1, p.b0, p.b1-inB-1)
}

// alike reports whether words a0 to a1 and b0 to b1 of p are mostly equal.
func (t *Text) alike(p *aligned, a0, a1, b0, b1 int) bool {
	equal := 0
	for _, r := range p.runs {
		from := max(int(r.a), a0, int(r.a)+b0-int(r.b))
		to := min(int(r.a+r.n), a1, int(r.a)+b1-int(r.b))
		equal += max(0, to-from)
	}
	words := a1 - a0 + b1 - b0
	if words < 2*minShed*t.unit {
		return 8*equal >= 3*words
	}
	return 10*equal >= 3*words
}

// keep cuts p to words a0 to a1 and b0 to b1, if that leaves its ends near them.
func (t *Text) keep(p *aligned, a0, a1, b0, b1 int) {
	changed := maxChanged * t.unit
	q := *p
	q.runs = slices.Clone(p.runs)
	q.cut(a0, a1, b0, b1)
	if q.equal > 0 && q.a0-a0 <= changed && q.b0-b0 <= changed && a1-q.a1 <= changed && b1-q.b1 <= changed {
		q.a0, q.b0, q.a1, q.b1 = a0, b0, a1, b1
		*p = q
	}
}

func (t *Text) snapStart(p *aligned, from int) {
	if t.boundAt(p.a0) != within || t.boundAt(p.b0) != within {
		return
	}
	changed, excess := maxChanged*t.unit, maxExcess*t.unit
	outA, outB := t.toBound(p.a0, -1, changed), t.toBound(p.b0, -1, changed)
	inA := t.toBound(p.a0, 1, min(excess, p.a1-p.a0-1))
	inB := t.toBound(p.b0, 1, min(excess, p.b1-p.b0-1))
	rest := smallerOr(inA, inB, min(p.a1-p.a0, p.b1-p.b0))
	if outA >= 0 && outB >= 0 && 2*max(outA, outB) <= rest && p.b0-outB >= max(from, p.a1) {
		p.a0, p.b0 = p.a0-outA, p.b0-outB
		return
	}
	if inA < 0 || inB < 0 {
		return
	}
	t.keep(p, p.a0+inA, p.a1, p.b0+inB, p.b1)
}

func (t *Text) snapEnd(p *aligned) {
	if t.boundAt(p.a1) != within || t.boundAt(p.b1) != within {
		return
	}
	changed, excess := maxChanged*t.unit, maxExcess*t.unit
	outA, outB := t.toBound(p.a1, 1, changed), t.toBound(p.b1, 1, changed)
	inA := t.toBound(p.a1, -1, min(excess, p.a1-p.a0-1))
	inB := t.toBound(p.b1, -1, min(excess, p.b1-p.b0-1))
	rest := smallerOr(inA, inB, min(p.a1-p.a0, p.b1-p.b0))
	if outA >= 0 && outB >= 0 && 2*max(outA, outB) <= rest && p.a1+outA <= p.b0 {
		p.a1, p.b1 = p.a1+outA, p.b1+outB
		return
	}
	if inA < 0 || inB < 0 {
		return
	}
	t.keep(p, p.a0, p.a1-inA, p.b0, p.b1-inB)
}

// smallerOr returns the smaller of a and b, or rest for one that is negative.
func smallerOr(a, b, rest int) int {
	if a < 0 {
		a = rest
	}
	if b < 0 {
		b = rest
	}
	return min(a, b)
}
