package dedupe

// recountGap is the number of words up to which a difference is looked into for
// single words that agree.
const recountGap = 64

// recount counts the equal words of p, those between its runs with them: single
// words that agree do not bridge a difference, but they are no difference either.
func (al *aligner) recount(p *aligned) {
	if p.period > 0 {
		return
	}
	p.equal = 0
	a, b := p.a0, p.b0
	for _, r := range p.runs {
		p.equal += al.common(a, int(r.a), b, int(r.b)) + int(r.n)
		a, b = int(r.a+r.n), int(r.b+r.n)
	}
	p.equal += al.common(a, p.a1, b, p.b1)
}

// common returns the length of the longest common subsequence of words a0 to a1 and
// b0 to b1, or 0 where either side has more than recountGap words.
func (al *aligner) common(a0, a1, b0, b1 int) int {
	if a1 <= a0 || b1 <= b0 || a1-a0 > recountGap || b1-b0 > recountGap {
		return 0
	}
	var row [recountGap + 1]int
	for i := a0; i < a1; i++ {
		diagonal := 0
		for j := b0; j < b1; j++ {
			k := j - b0 + 1
			above := row[k]
			if al.a[i] == al.b[j] {
				row[k] = diagonal + 1
			} else {
				row[k] = max(above, row[k-1])
			}
			diagonal = above
		}
	}
	return row[b1-b0]
}
