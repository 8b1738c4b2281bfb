package dedupe

import (
	"cmp"
	"fmt"
	"slices"

	"chaff/article"
)

// repeatJudge tells repeats from repetition that is meant.
type repeatJudge struct {
	t     *Text
	found []aligned
	floor int
	// byFirst are the indices of found in the order of the first places.
	byFirst []int32
	// worth[i] is the number of words of prose before block i; one more entry ends
	// the last block.
	worth []int
	first []int // of each block: its first word; one more entry ends the last
	// prosaic is the share of the words that stand in blocks of prose.
	prosaic float64
	// entry tells which blocks are entries of a kind.
	entry      []bool
	hasEntries bool
	series     []bool // which of them are alike
}

func newRepeatJudge(t *Text, found []aligned, floor int) *repeatJudge {
	j := &repeatJudge{t: t, found: found, floor: floor, worth: []int{0}}
	for i := range found {
		j.byFirst = append(j.byFirst, int32(i))
	}
	slices.SortFunc(j.byFirst, func(f, g int32) int {
		return cmp.Or(cmp.Compare(found[f].a0, found[g].a0), cmp.Compare(f, g))
	})
	next, all, prose := 0, 0, 0
	for _, b := range t.layout() {
		first := next
		for next < t.Words.Len() && int(t.Words.Start[next]) < b.End {
			next++
		}
		j.first = append(j.first, first)
		n := t.prose(first, next)
		all += n
		if n >= proseBlock {
			prose += n
		}
		j.worth = append(j.worth, all)
	}
	j.first = append(j.first, t.Words.Len())
	j.prosaic = float64(prose) / float64(max(1, all))
	j.findEntries()
	return j
}

// judge returns why passage i is a repeat, or nil if it is none.
func (j *repeatJudge) judge(i int) []article.Reason {
	p := &j.found[i]
	t := j.t
	if p.b1 <= p.b0 || p.a1 <= p.a0 || p.a1 > p.b0 {
		return nil
	}
	if p.period == 0 && !j.varied(p) {
		return nil
	}
	if p.period > 0 {
		return []article.Reason{{Signal: "over and over", Evidence: t.extent(p, 1)}}
	}
	if j.hasEntries {
		j.trimEntries(p)
	}
	a, b := j.side(p.a0, p.a1), j.side(p.b0, p.b1)
	signal, ok := j.repeats(p, &a, &b)
	if !ok {
		return nil
	}
	blocks := 1
	if b.isBlocks() {
		blocks = b.lines()
	}
	reasons := []article.Reason{{Signal: "exact copy", Evidence: t.extent(p, blocks)}}
	if !p.exact() {
		reasons[0] = article.Reason{Signal: "edited copy", Evidence: fmt.Sprintf("%d %% of %s", int(100*p.likeness()), t.extent(p, blocks))}
	}
	if signal != "" {
		reasons = append(reasons, article.Reason{Signal: signal})
	}
	if figures := j.figuresOf(p); figures != "" {
		reasons = append(reasons, article.Reason{Signal: OtherFigures, Evidence: figures})
	}
	return reasons
}

// repeats decides about a passage and names what kind of repeat it is, if that has
// a name.
func (j *repeatJudge) repeats(p *aligned, a, b *repeatSide) (signal string, ok bool) {
	if j.renumbered(p, a, b) {
		return "", true
	}
	size := min(a.size, b.size)
	quote := j.pullQuote(a, b)
	like, least := p.likeness(), likeLong
	if size < longPassage {
		like, least = float64(p.equal)/float64(max(p.a1-p.a0, p.b1-p.b0)), likeShort
		if !p.exact() && !quote && p.b0-p.a1 < besides*j.t.unit {
			least = likeBesides // two sentences built alike
		}
	}
	if !p.exact() && j.filledIn(p, size) {
		if like < likeFilled || !j.refigured(p, a, b) {
			return "", false
		}
	} else if like < least {
		return "", false
	}
	if j.wholeText(p, b, size) {
		return "whole text", true
	}
	if j.tabular(b, p.exact() || b.isSentences() && b.closes()) || j.contents(p, a, b) {
		return "", false
	}
	if size < minClause && (j.besideLabels(p, a, b) || j.parallel(p, a, b)) || j.inSeries(p, a, b) {
		return "", false
	}
	if a.isBlocks() && b.isBlocks() && !quote {
		if j.perLine(b) < proseBlock || b.lines() == 1 && size < headingSize && !b.closes() || j.versed(b) {
			return j.shortLines(p, a, b)
		}
	}
	if !p.exact() && size < minEdited {
		return "", false
	}
	if size < j.floor || size < minQuestion && j.asks(b) || size < j.leastRefrain(p, a, b) && j.refrain(p) {
		return "", false
	}
	if size < minItem && (j.isItem(a) || j.isItem(b)) || size < minClauses && !b.isBlocks() && j.isItem(a) && j.isItem(b) || size < minClause && !p.exact() && j.isItem(a) && j.isItem(b) {
		return "", false
	}
	if quote {
		return "pull quote", true
	}
	if a.isSentences() || b.isSentences() {
		// A sentence that became a part of another one.
		return "", a.isSentences() && b.isSentences() || size >= minPart && a.touches() && b.touches()
	}
	return "", size >= minClause
}

// wholeText reports whether the article is a text and its copy. Of verse the two follow one
// another: a short poem that ends as it begins has a stanza between them.
func (j *repeatJudge) wholeText(p *aligned, b *repeatSide, size int) bool {
	return 5*(p.b1-p.b0) >= 2*j.t.Words.Len() && (p.exact() || size >= proseBlock) &&
		(b.lines() == 1 || j.perLine(b) >= proseBlock || p.b0-p.a1 <= joint*j.t.unit)
}

// perLine is the mean number of words of prose in the blocks that s has a part in.
func (j *repeatJudge) perLine(s *repeatSide) int {
	return (j.worth[s.last+1] - j.worth[s.first]) / s.lines()
}

// blockSize is the number of words of prose in block i, 0 if there is no such block.
func (j *repeatJudge) blockSize(i int) int {
	if i < 0 || i+1 >= len(j.worth) {
		return 0
	}
	return j.worth[i+1] - j.worth[i]
}
