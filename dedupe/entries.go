package dedupe

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An article may consist of entries that are written alike and mean different things:
// the days of a forecast, the posts of a live blog, the clauses of terms, the words of a
// glossary. What says so is in front of them: a label, a stamp, a number, a heading for
// each. What two entries share is meant then, unless it is all of an entry with its label.

const (
	// labelWords is the number of words of prose in a label.
	labelWords = 4
	// leastEntries is the number of entries from which they are the article's form.
	leastEntries = 3
)

// findEntries notes which blocks are entries, if at least leastEntries and a third of
// the blocks that are no headings are.
func (j *repeatJudge) findEntries() {
	blocks := j.t.layout()
	j.entry = make([]bool, len(blocks))
	labelled, headed, all := 0, 0, 0
	single := make([]bool, len(blocks)) // the one block below a heading
	for i := range blocks {
		if j.isTitle(i) {
			continue
		}
		all++
		if j.labelled(i) {
			j.entry[i] = true
			labelled++
		}
		if i > 0 && j.isTitle(i-1) && (i+1 == len(blocks) || j.isTitle(i+1)) {
			single[i] = true
			headed++
		}
	}
	if headed >= leastEntries && 3*headed >= 2*all {
		for i, s := range single {
			j.entry[i] = j.entry[i] || s
		}
		j.hasEntries = true
		return
	}
	j.hasEntries = labelled >= leastEntries && 3*labelled >= all
	if !j.hasEntries {
		clear(j.entry)
	}
}

// isTitle reports whether block i is short and no sentence, or a question.
func (j *repeatJudge) isTitle(i int) bool {
	n := j.blockSize(i)
	if n >= proseBlock+labelWords {
		return false
	}
	last := lastMark(j.t.layout()[i].In(j.t.Article.Text))
	return last == '?' || last == '？' || last == '؟' || !isTerminal(last) && !j.labelled(i)
}

// labelled reports whether block i begins with a number, a time, a mark of lists, or a few
// words that are set off.
func (j *repeatJudge) labelled(i int) bool {
	t := j.t
	text := t.layout()[i].In(t.Article.Text)
	r, _ := utf8.DecodeRuneInString(text)
	if r == '§' || strings.ContainsRune(itemMarks, r) || stamped(text) {
		return true
	}
	runes, spaces, capitals := 0, 0, 0
	for at, r := range text {
		runes++
		switch {
		case r == ' ':
			spaces++
		case unicode.IsUpper(r):
			capitals++
		case r == ':' || r == '：':
			return spaces < labelWords && at > 0
		case r == '.' || r == '。':
			return spaces < 2 && capitals <= 2 && runes > 3 && runes <= 20
		case r == ',':
			return capitals == runes-1 && capitals > 2
		case r == ';' || r == '?' || r == '!':
			return false
		}
		if spaces >= labelWords || runes > 40 || spaces == 0 && runes > 16 {
			return false
		}
	}
	return false
}

// stamped reports whether text begins with a number or a time that is set off from what
// follows, or with the number of an article of Chinese or Japanese law.
func stamped(text string) bool {
	if rest, ok := strings.CutPrefix(text, "第"); ok {
		rest = strings.TrimLeft(rest, "0123456789一二三四五六七八九十百")
		return strings.HasPrefix(rest, "条") || strings.HasPrefix(rest, "條")
	}
	text = strings.TrimLeft(text, "(（[")
	rest := strings.TrimLeft(text, "0123456789:.-/h")
	if len(rest) == len(text) {
		return false
	}
	if rest == "" || text[len(text)-len(rest)-1] == '.' || text[len(text)-len(rest)-1] == ':' {
		return true
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsSpace(r) || strings.ContainsRune(")）]、", r)
}

// besideLabels reports whether p is what two entries share below their labels, or with
// different ones.
func (j *repeatJudge) besideLabels(p *aligned, a, b *repeatSide) bool {
	if a.lines() > 1 || b.lines() > 1 || a.first == b.first || !j.entry[a.first] || !j.entry[b.first] {
		return false
	}
	if a.begins != blockBound || b.begins != blockBound {
		return true
	}
	if !j.labelled(a.first) {
		return !a.isBlocks() || !b.isBlocks() || !p.exact()
	}
	// The label is equal where the passage begins with it.
	first := p.runs[0]
	return int(first.a) != p.a0 || int(first.b) != p.b0 || int(first.n) < 2*j.t.unit
}

// parallel reports whether p is what a paragraph and the next one have in common that
// begin with the same words and then say different things.
func (j *repeatJudge) parallel(p *aligned, a, b *repeatSide) bool {
	const same = 3 // words
	if a.lines() > 1 || b.lines() > 1 || b.first != a.first+1 || a.begins == blockBound && b.begins == blockBound {
		return false
	}
	t := j.t
	i, k := j.first[a.first], j.first[b.first]
	n := same * t.unit
	return i+n <= p.a0 && k+n <= p.b0 && slices.Equal(t.Words.Hash[i:i+n], t.Words.Hash[k:k+n])
}

// trimEntries takes from p what it has of the entries before and behind the whole ones.
func (j *repeatJudge) trimEntries(p *aligned) {
	t := j.t
	a, b := j.side(p.a0, p.a1), j.side(p.b0, p.b1)
	if a.lines() > 1 && b.lines() > 1 && j.entry[a.first] && j.entry[b.first] {
		na, nb := j.first[a.first+1], j.first[b.first+1]
		whole := a.begins == blockBound && b.begins == blockBound && na-p.a0 == nb-p.b0
		if !whole || !slices.Equal(t.Words.Hash[p.a0:na], t.Words.Hash[p.b0:nb]) {
			t.keep(p, na, p.a1, nb, p.b1)
		}
	}
	a, b = j.side(p.a0, p.a1), j.side(p.b0, p.b1)
	if a.lines() > 1 && b.lines() > 1 && j.entry[a.last] && j.entry[b.last] {
		na, nb := j.first[a.last], j.first[b.last]
		whole := a.ends == blockBound && b.ends == blockBound && p.a1-na == p.b1-nb
		if !whole || !slices.Equal(t.Words.Hash[na:p.a1], t.Words.Hash[nb:p.b1]) {
			t.keep(p, p.a0, na, p.b0, nb)
		}
	}
}

// doubledItem reports whether p is an item of a list that stands in it again.
func (j *repeatJudge) doubledItem(p *aligned, a, b *repeatSide) bool {
	if !p.exact() || a.lines() > 1 || b.lines() > 1 || b.size < minDoubled || !j.isItem(a) || !j.isItem(b) || j.refrain(p) {
		return false
	}
	for i := a.first + 1; i < b.first; i++ {
		if !j.labelled(i) {
			return false
		}
	}
	return true
}
