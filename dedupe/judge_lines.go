package dedupe

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// shortLines judges a passage of whole short blocks.
func (j *repeatJudge) shortLines(p *aligned, a, b *repeatSide) (signal string, ok bool) {
	if j.doubledItem(p, a, b) {
		return "", true
	}
	if j.prosaic < 0.4 {
		return "", false
	}
	if p.exact() {
		if a.first <= 1 && b.first <= 5 && j.shortBetween(0, a.first) && (b.first == a.last+1 || b.size >= minHeadline) && j.shortBetween(a.last+1, b.first) {
			return j.headline(a), true
		}
		if j.afterLead(p, a, b) {
			return j.headline(a), true
		}
		if b.first == a.last+1 && (b.lines() > 1 && b.size >= minTwice || max(j.blockSize(a.first-1), j.blockSize(b.last+1)) >= proseBlock) {
			return "", true
		}
	}
	if b.lines() > 1 {
		return "", b.size >= minVerse || b.size >= minList && j.mostlyClosed(b)
	}
	least := j.floor
	if !p.exact() {
		least = max(least, minEdited)
	}
	if j.isItem(b) {
		least = max(least, minItem)
	}
	if j.asks(b) {
		least = max(least, minQuestion)
	}
	return "", b.closes() && b.size >= least && !j.refrain(p)
}

// headline names a doubled headline; one that ends with a full stop is a sentence.
func (j *repeatJudge) headline(a *repeatSide) string {
	if strings.ContainsRune(".。।", a.end) {
		return ""
	}
	return "headline"
}

// afterLead reports whether p is the first line of the article and stands, just once
// more, behind the lead.
func (j *repeatJudge) afterLead(p *aligned, a, b *repeatSide) bool {
	const most = 2 // paragraphs in a lead
	if a.first > 0 || a.lines() > 1 || b.lines() > 1 || b.size < minHeadline || j.isItem(a) || j.asks(b) {
		return false
	}
	prose := 0
	for i := a.last + 1; i < b.first; i++ {
		if j.blockSize(i) >= proseBlock {
			prose++
		}
	}
	return prose <= most && b.first <= 3*most && !j.refrain(p)
}

// shortBetween reports whether no block from first to before last is of prose.
func (j *repeatJudge) shortBetween(first, last int) bool {
	for i := first; i < last; i++ {
		if j.blockSize(i) >= proseBlock {
			return false
		}
	}
	return true
}

// mostlyClosed reports whether most words of s are in blocks that end as sentences
// do.
func (j *repeatJudge) mostlyClosed(s *repeatSide) bool {
	closed := 0
	for i, b := range j.t.layout()[s.first : s.last+1] {
		if isTerminal(lastMark(b.In(j.t.Article.Text))) {
			closed += j.blockSize(s.first + i)
		}
	}
	return 2*closed > s.size
}

// versed reports whether most lines of s, and there are several, end with a mark that ends no
// sentence, as long lines of verse do.
func (j *repeatJudge) versed(s *repeatSide) bool {
	open := 0
	for _, b := range j.t.layout()[s.first : s.last+1] {
		if r, _ := utf8.DecodeLastRuneInString(b.In(j.t.Article.Text)); strings.ContainsRune(",;:—–，、；،؛", r) {
			open++
		}
	}
	return s.lines() > 1 && 2*open > s.lines()
}

// fromFirst returns where in j.byFirst the passages begin whose first place begins
// at word i or later.
func (j *repeatJudge) fromFirst(i int) int {
	k, _ := slices.BinarySearchFunc(j.byFirst, i, func(f int32, i int) int {
		return cmp.Compare(j.found[f].a0, i)
	})
	return k
}

// contents reports whether p is an entry of a list and the heading it points to:
// the next or last entry stands elsewhere again, too, and not next to p.
func (j *repeatJudge) contents(p *aligned, a, b *repeatSide) bool {
	const most = 8 // passages looked at
	if a.lines() > 1 || b.lines() > 1 || !a.isBlocks() || !b.isBlocks() || a.size >= headingSize {
		return false
	}
	next := j.fromFirst(p.a1)
	for k := next; k < len(j.byFirst) && k < next+most; k++ {
		q := &j.found[j.byFirst[k]]
		if q.a0 != p.a1 {
			break
		}
		if j.isHeading(q) && j.t.blockAt(int(j.t.Words.Start[q.b0])) > b.last+1 {
			return true
		}
	}
	last := j.fromFirst(p.a0) - 1
	for k := last; k >= 0 && k > last-most; k-- {
		q := &j.found[j.byFirst[k]]
		if q.a1 == p.a0 && j.isHeading(q) && j.t.blockAt(int(j.t.Words.Start[q.b0])) < b.first-1 {
			return true
		}
	}
	return false
}

// isHeading reports whether p is whole short blocks in both places.
func (j *repeatJudge) isHeading(p *aligned) bool {
	t := j.t
	return p.a1-p.a0 < headingSize*t.unit && t.boundAt(p.a0) == blockBound && t.boundAt(p.a1) == blockBound &&
		t.boundAt(p.b0) == blockBound && t.boundAt(p.b1) == blockBound
}
