package dedupe

import "slices"

// A match seldom ends where the passage does: the word before a copied sentence
// happens to agree, or the first word was changed. Its ends are moved to the
// sentence or block that was meant.
//
// Of pairs of BBC paragraphs planted a second time with every fifth word changed,
// 90 % come out with both ends right; where sentences were not compared as a whole
// 76 % did. These bounds are in words of prose.
const (
	// maxChanged is the number of words between a sentence bound and the next run of
	// equal words, where p is cut there.
	maxChanged = 5
	// maxExcess is the number of equal words that are taken away where they are not
	// most of their sentence.
	maxExcess = 12
	// minJoined is the length of a sentence that is taken in as a whole, where two
	// words in three are equal.
	minJoined = 6
	// maxShed is the longest sentence that is taken away or taken in. It goes where
	// less than three words in five are equal, or three in four where it is shorter
	// than minShed.
	maxShed = 40
	minShed = 8
)

// snap moves the ends of p to sentence bounds near them. The later place stays between
// words from and to.
func (t *Text) snap(p *aligned, from, to int) {
	if p.period > 0 {
		return
	}
	t.turn(p, to)
	t.snapEnd(p, to)
	t.snapStart(p, from)
	t.shedStart(p)
	t.shedEnd(p)
}

// turn moves both places of p on where its copies adjoin and what comes before the
// first is also the end of it: of "z yz yz", what stands twice may be zy or yz. Of
// these the first is taken in which most ends are those of blocks and sentences.
func (t *Text) turn(p *aligned, to int) {
	first, last := p.runs[0], &p.runs[len(p.runs)-1]
	if p.a1 != p.b0 || int(first.a) != p.a0 || int(first.b) != p.b0 || int(last.a+last.n) != p.a1 || int(last.b+last.n) != p.b1 {
		return
	}
	al := &t.sweep.al
	most := min(int(first.n)-1, al.equalFrom(p.a1, p.b1, to-p.b1, 1))
	by, best := 0, bound(0)
	for d := range most + 1 {
		if b := t.boundAt(p.a0+d) + t.boundAt(p.b0+d) + t.boundAt(p.b1+d); b > best {
			by, best = d, b
		}
	}
	if by == 0 {
		return
	}
	p.cut(p.a0+by, p.a1, p.b0+by, p.b1)
	p.runs[len(p.runs)-1].n += int32(by)
	p.a1, p.b1, p.equal = p.a1+by, p.b1+by, p.equal+by
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
	equal := t.sweep.al.common(a0, a1, b0, b1)
	if max(a1-a0, b1-b0) > recountGap {
		for _, r := range p.runs {
			from := max(int(r.a), a0, int(r.a)+b0-int(r.b))
			to := min(int(r.a+r.n), a1, int(r.a)+b1-int(r.b))
			equal += max(0, to-from)
		}
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

// snapStart moves the start of p to where a sentence begins.
func (t *Text) snapStart(p *aligned, from int) {
	for t.extendStart(p, from) {
	}
	if t.boundAt(p.a0) != within || t.boundAt(p.b0) != within {
		return
	}
	inA := t.toBound(p.a0, 1, min(maxExcess*t.unit, p.a1-p.a0-1))
	inB := t.toBound(p.b0, 1, min(maxExcess*t.unit, p.b1-p.b0-1))
	if n := max(inA, inB); min(inA, inB) < 0 && n > 0 && n <= maxChanged*t.unit && n < int(p.runs[0].n) && t.marked(p.a0+n) && t.marked(p.b0+n) {
		inA, inB = n, n
	}
	if inA >= 0 && inB >= 0 {
		t.keep(p, p.a0+inA, p.a1, p.b0+inB, p.b1)
	}
}

// snapEnd moves the end of p to where a sentence ends.
func (t *Text) snapEnd(p *aligned, to int) {
	for t.extendEnd(p, to) {
	}
	if t.boundAt(p.a1) != within || t.boundAt(p.b1) != within {
		return
	}
	inA := t.toBound(p.a1, -1, min(maxExcess*t.unit, p.a1-p.a0-1))
	inB := t.toBound(p.b1, -1, min(maxExcess*t.unit, p.b1-p.b0-1))
	if n := max(inA, inB); min(inA, inB) < 0 && n > 0 && n <= maxChanged*t.unit && n < int(p.runs[len(p.runs)-1].n) && t.marked(p.a1-n) && t.marked(p.b1-n) {
		inA, inB = n, n
	}
	if inA >= 0 && inB >= 0 {
		t.keep(p, p.a0, p.a1-inA, p.b0, p.b1-inB)
	}
}

// extendStart takes the rest of the sentence before p into it, or the whole sentence
// before that, if its places are alike; it reports whether they were.
func (t *Text) extendStart(p *aligned, from int) bool {
	most := maxShed * t.unit
	inA, inB := t.toBound(p.a0, 1, min(most, p.a1-p.a0)), t.toBound(p.b0, 1, min(most, p.b1-p.b0))
	if (inA == 0) != (inB == 0) {
		return false
	}
	outA, outB := t.toBound(p.a0, -1, most), t.toBound(p.b0, -1, most)
	if inA == 0 {
		outA, outB = t.toBound(p.a0-1, -1, most)+1, t.toBound(p.b0-1, -1, most)+1
	}
	if outA <= 0 || outB <= 0 || p.a0 < outA || p.b0-outB < max(from, p.a1) {
		return false
	}
	equal := t.sweep.al.common(p.a0-outA, p.a0, p.b0-outB, p.b0)
	if !t.oneSentence(inA, outA, inB, outB, equal, p) {
		return false
	}
	p.a0, p.b0 = p.a0-outA, p.b0-outB
	return true
}

// extendEnd takes the rest of the last sentence into p, or the whole one behind it.
func (t *Text) extendEnd(p *aligned, to int) bool {
	most := maxShed * t.unit
	inA, inB := t.toBound(p.a1, -1, min(most, p.a1-p.a0)), t.toBound(p.b1, -1, min(most, p.b1-p.b0))
	if (inA == 0) != (inB == 0) {
		return false
	}
	outA, outB := t.toBound(p.a1, 1, most), t.toBound(p.b1, 1, most)
	if inA == 0 {
		outA, outB = t.toBound(p.a1+1, 1, most)+1, t.toBound(p.b1+1, 1, most)+1
	}
	if outA <= 0 || outB <= 0 || p.a1+outA > p.b0 || p.b1+outB > to {
		return false
	}
	equal := t.sweep.al.common(p.a1, p.a1+outA, p.b1, p.b1+outB)
	if !t.oneSentence(inA, outA, inB, outB, equal, p) {
		return false
	}
	p.a1, p.b1 = p.a1+outA, p.b1+outB
	return true
}

// oneSentence reports whether the sentences at an end of p are alike. They have inA
// and inB words in p (all of p if negative), outA and outB outside of it, and of
// these some that are equal. A sentence that is all outside must be more alike.
func (t *Text) oneSentence(inA, outA, inB, outB, equal int, p *aligned) bool {
	if inA == 0 {
		n := max(outA, outB)
		return min(outA, outB) >= minJoined*t.unit && 3*equal >= 2*n
	}
	if inA < 0 {
		inA = p.a1 - p.a0
	}
	if inB < 0 {
		inB = p.b1 - p.b0
	}
	return 5*(min(inA, inB)+equal) >= 3*max(inA+outA, inB+outB)
}

// marked reports whether more than a space stands before word i.
func (t *Text) marked(i int) bool {
	gap := t.Article.Text[t.Words.End[i-1]:t.Words.Start[i]]
	return gap != "" && gap != " "
}
