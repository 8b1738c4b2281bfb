package dedupe

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"chaff/article"
)

// judge tells repeats from repetition that is meant.
type judge struct {
	t     *Text
	found []aligned
	floor int
	// words[i] is the first word of block i; one more entry ends the last one.
	words []int
	// prosaic is the share of the words that stand in blocks of prose.
	prosaic float64
}

// The thresholds of meaning, in words of prose.
const (
	proseBlock = 15 // a block of so many words is no line of verse, of a list or a table
	minEdited  = 12 // equal words of an edited sentence
	minClause  = 40 // what is neither sentence nor block
	minRefrain = 16 // a sentence that stands three times
	minList    = 30 // several short lines
	minLikely  = 0.72
)

func newJudge(t *Text, found []aligned, floor int) *judge {
	j := &judge{t: t, found: found, floor: floor}
	next, prose := 0, 0
	for _, b := range t.layout() {
		first := next
		j.words = append(j.words, first)
		for next < t.Words.Len() && int(t.Words.Start[next]) < b.End {
			next++
		}
		if t.prose(next-first) >= proseBlock {
			prose += next - first
		}
	}
	j.words = append(j.words, next)
	j.prosaic = float64(prose) / float64(max(1, next))
	return j
}

// side is one place of a passage.
type side struct {
	i, j        int // words
	first, last int // blocks
	begins      bound
	ends        bound
}

func (j *judge) side(w0, w1 int) side {
	return side{
		i: w0, j: w1,
		first:  j.t.blockAt(int(j.t.Words.Start[w0])),
		last:   j.t.blockAt(int(j.t.Words.End[w1-1]) - 1),
		begins: j.t.boundAt(w0),
		ends:   j.t.boundAt(w1),
	}
}

func (p side) isBlocks() bool    { return p.begins == blockBound && p.ends == blockBound }
func (p side) isSentences() bool { return p.begins != within && p.ends != within }

// blockWords is the mean number of prose words in the blocks from first to last.
func (j *judge) blockWords(first, last int) int {
	return j.t.prose(j.words[last+1]-j.words[first]) / (last - first + 1)
}

// judge returns why passage i is a repeat, or nil if it is none.
func (j *judge) judge(i int) []article.Reason {
	p := &j.found[i]
	t := j.t
	if p.b1 <= p.b0 || p.a1 <= p.a0 || p.a1 > p.b0 {
		return nil
	}
	if p.period > 0 {
		return []article.Reason{{Signal: "over and over", Evidence: t.extent(p, 1)}}
	}
	a, b := j.side(p.a0, p.a1), j.side(p.b0, p.b1)
	signal, ok := j.repeats(p, a, b)
	if !ok {
		return nil
	}
	blocks := 1
	if b.isBlocks() {
		blocks = b.last - b.first + 1
	}
	reasons := []article.Reason{{Signal: "exact copy", Evidence: t.extent(p, blocks)}}
	if like := p.likeness(); like < 1 {
		reasons[0] = article.Reason{Signal: "edited copy", Evidence: fmt.Sprintf("%d %% of %s", int(100*like), t.extent(p, blocks))}
	}
	if signal != "" {
		reasons = append(reasons, article.Reason{Signal: signal})
	}
	return reasons
}

func (j *judge) repeats(p *aligned, a, b side) (signal string, ok bool) {
	t := j.t
	size := t.prose(p.b1 - p.b0)
	like := p.likeness()
	if like < minLikely {
		return "", false
	}
	if 5*(p.b1-p.b0) >= 2*t.Words.Len() {
		return "whole text", true
	}
	if j.tabular(b) {
		return "", false
	}
	perLine := j.blockWords(b.first, b.last)
	if b.isBlocks() && a.isBlocks() && perLine < proseBlock {
		return j.shortLines(p, a, b)
	}
	if like < 1 && t.prose(p.equal) < minEdited {
		return "", false
	}
	if a.isSentences() && b.isSentences() {
		switch {
		case size < j.floor,
			size < proseBlock && j.asks(b),
			size < minRefrain && j.places(p) >= 3:
			return "", false
		}
		if a.isBlocks() != b.isBlocks() && (a.isBlocks() || b.isBlocks()) && max(a.last-a.first, b.last-b.first) == 0 {
			return "pull quote", true
		}
		return "", true
	}
	if (a.isBlocks() || b.isBlocks()) && size >= j.floor {
		block := a
		if b.isBlocks() {
			block = b
		}
		if block.first == block.last && j.closes(block) {
			return "pull quote", true
		}
	}
	return "", size >= minClause
}

// shortLines judges a passage of whole short blocks.
func (j *judge) shortLines(p *aligned, a, b side) (signal string, ok bool) {
	size := j.t.prose(p.b1 - p.b0)
	lines := b.last - b.first + 1
	if j.prosaic < 0.4 {
		return "", false
	}
	if p.equal == p.b1-p.b0 && p.equal == p.a1-p.a0 {
		if a.first <= 1 && b.first <= 5 && b.first <= a.last+2 {
			return "headline", true
		}
		if b.first <= a.last+1 && j.near(a.first-1, b.last+1) {
			return "", true
		}
	}
	if lines > 1 {
		return "", size >= minList
	}
	return "", j.closes(b) && size >= j.floor && (p.likeness() == 1 || size >= minEdited) && !j.asks(b) && j.places(p) < 3
}

// near reports whether one of two blocks is of prose.
func (j *judge) near(before, after int) bool {
	return before >= 0 && j.blockWords(before, before) >= proseBlock ||
		after < len(j.words)-1 && j.blockWords(after, after) >= proseBlock
}

// places counts the places in which the words of p stand.
func (j *judge) places(p *aligned) int {
	n := 1
	for i := range j.found {
		if q := &j.found[i]; q.a0 < p.a1 && p.a0 < q.a1 {
			n++
		}
	}
	return n
}

// lastRune returns the rune that ends place b's sentence.
func (j *judge) closing(b side) rune {
	s := j.t.span(b.i, b.j)
	for k := s.End; k > s.Start; {
		r, size := utf8.DecodeLastRuneInString(j.t.Article.Text[s.Start:k])
		if isTerminal(r) || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
			return r
		}
		k -= size
	}
	return 0
}

func (j *judge) closes(b side) bool { return isTerminal(j.closing(b)) }

func (j *judge) asks(b side) bool {
	switch j.closing(b) {
	case '?', '？', '؟':
		return true
	}
	return false
}

// tabular reports whether b is made of figures or cells.
func (j *judge) tabular(b side) bool {
	t := j.t
	numbers := 0
	for i := b.i; i < b.j; i++ {
		if c := t.Article.Text[t.Words.Start[i]]; '0' <= c && c <= '9' {
			numbers++
		}
	}
	cells := 0
	s := t.span(b.i, b.j)
	for _, c := range []byte(s.In(t.Article.Text)) {
		if c == '\t' || c == '|' {
			cells++
		}
	}
	return 5*numbers >= 2*(b.j-b.i) || 6*cells >= b.j-b.i && cells > 1
}
