package dedupe

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	first []int // of each block: its first word
	// prosaic is the share of the words that stand in blocks of prose.
	prosaic float64
	// entry tells which blocks are entries of a kind.
	entry      []bool
	hasEntries bool
}

// The thresholds of meaning, in words of prose. Measured on the cases in
// testdata/repeats (148 articles), on the findings in 19,043 Reuters and 2,225 BBC
// articles (33 and 6; 30 of Reuters' are right in an editor's eyes), and on copies
// planted in BBC and chinanews articles.
const (
	// proseBlock: a block of so many words is no line of verse, of a list or a
	// table. From 10 to 20 nothing measured changes.
	proseBlock = 15
	// headingSize: a block that does not end as a sentence may be a heading up to
	// here. 15 reports long entries of a table of contents, and 2 more forms of
	// Reuters; 40 loses 2 real repeats of Reuters.
	headingSize = 25
	// minHeadline is the size of a headline that stands again below a line after
	// it. 3 reports "Shr not given" in 2 earnings tables of Reuters.
	minHeadline = 5
	// minEdited is the size of an edited sentence. 20 loses an edited pull quote
	// of the cases, 1 finding of Reuters and 3 of BBC.
	minEdited = 12
	// minRefigured is the size of a sentence in which all figures were changed, in an
	// article that has mostlyProse of its words in blocks of prose. From 15 to 20
	// nothing measured changes; 25 loses 2 cases.
	minRefigured = 20
	mostlyProse  = 0.6
	// minPart is the size of a sentence that is the beginning or end of another
	// one. 8 reports 2 more in BBC, 24 two less.
	minPart = 14
	// minClause is the size of what is neither sentence nor block. 20 reports 2
	// forms of Reuters more; 60 loses 1 of BBC.
	minClause = 40
	// minRefrain is the size of what may stand three times, and not in a row. 16
	// reports the refrains of 2 cases, 8 of 4; 40 loses paragraphs of 2 cases.
	minRefrain = 24
	// minQuestion is the size of a question. 5 reports the questions of 2 cases.
	minQuestion = 15
	// minItem is the size of an item of a numbered or marked list. With 5 nothing
	// measured changes.
	minItem = 15
	// minDoubled is the size of an item that stands in its list again. From 3 to 8
	// the cases come out alike, 10 loses 2.
	minDoubled = 5
	// minClauses is the size of a sentence inside two such items. 10 reports a
	// clause of the terms among the cases.
	minClauses = 25
	// minList is the size of several short lines that end as sentences do. 10
	// reports a case.
	minList = 20
	// minVerse is the size of several short lines that do not. 20 reports a song
	// that is quoted in an article.
	minVerse = 80
	// minTwice is the size of several short lines that stand twice running: lists
	// of links, menus. From 5 to 20 nothing measured changes.
	minTwice = 10

	// longPassage is the size from which more may be changed.
	longPassage = 30
	// likeShort is the least likeness of a shorter passage: equal words by words of
	// the longer place. 0.65 reports a case, 8 more of Reuters (all forms) and 3 of
	// BBC; 0.85 loses sentences with every fifth word changed.
	likeShort = 0.77
	// likeLong is the least likeness of others. 0.6 reports a case, 2 forms of
	// Reuters and 2 of BBC; 0.8 loses an article with a sentence put in.
	likeLong = 0.70
	// likeBesides is the least likeness of a shorter passage fewer than besides
	// words after its first place, where two sentences are often built alike. With
	// likeShort instead 3 of these are reported in Reuters.
	likeBesides = 0.87
	besides     = 25

	// variedShare: one in so many of the first variedWords words must be new. Only
	// texts made of a handful of words have fewer.
	variedWords = 60
	variedShare = 4
)

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
	j.prosaic = float64(prose) / float64(max(1, all))
	j.findEntries()
	return j
}

// repeatSide is one place of a passage.
type repeatSide struct {
	i, j        int // words
	first, last int // blocks
	begins      bound
	ends        bound
	end         rune // the mark that ends it, or a letter
	size        int  // words of prose
}

func (j *repeatJudge) side(w0, w1 int) repeatSide {
	t := j.t
	s := repeatSide{
		i: w0, j: w1,
		first:  t.blockAt(int(t.Words.Start[w0])),
		last:   t.blockAt(int(t.Words.End[w1-1]) - 1),
		begins: t.boundAt(w0),
		ends:   t.boundAt(w1),
		size:   t.prose(w0, w1),
	}
	s.end = lastMark(t.span(w0, w1).In(t.Article.Text))
	return s
}

func (s *repeatSide) isBlocks() bool    { return s.begins == blockBound && s.ends == blockBound }
func (s *repeatSide) isSentences() bool { return s.begins != within && s.ends != within }
func (s *repeatSide) touches() bool     { return s.begins != within || s.ends != within }
func (s *repeatSide) closes() bool      { return isTerminal(s.end) }

// lines is the number of blocks that s has a part in.
func (s *repeatSide) lines() int { return s.last - s.first + 1 }

// lastMark returns the last letter, digit or mark that ends a sentence.
func lastMark(s string) rune {
	for len(s) > 0 {
		r, size := utf8.DecodeLastRuneInString(s)
		if isTerminal(r) || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
			return r
		}
		s = s[:len(s)-size]
	}
	return 0
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
	return reasons
}

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

// repeats decides about a passage and names what kind of repeat it is, if that has
// a name.
func (j *repeatJudge) repeats(p *aligned, a, b *repeatSide) (signal string, ok bool) {
	size := min(a.size, b.size)
	like, least := p.likeness(), likeLong
	if size < longPassage {
		like, least = float64(p.equal)/float64(max(p.a1-p.a0, p.b1-p.b0)), likeShort
		if !p.exact() && p.b0-p.a1 < besides*j.t.unit {
			least = likeBesides // two sentences built alike
		}
	}
	if like < least || !p.exact() && j.filledIn(p, size) && !j.refigured(p, a, b) {
		return "", false
	}
	if 5*(p.b1-p.b0) >= 2*j.t.Words.Len() && (p.exact() || size >= proseBlock) {
		return "whole text", true
	}
	if j.tabular(b, p.exact() || b.isSentences() && b.closes()) || j.contents(p, a, b) {
		return "", false
	}
	if size < minClause && (j.besideLabels(p, a, b) || j.parallel(p, a, b)) {
		return "", false
	}
	quote := j.pullQuote(a, b)
	if a.isBlocks() && b.isBlocks() && !quote {
		if j.perLine(b) < proseBlock || b.lines() == 1 && size < headingSize && !b.closes() {
			return j.shortLines(p, a, b)
		}
	}
	if !p.exact() && size < minEdited {
		return "", false
	}
	if size < j.floor || size < minQuestion && j.asks(b) || size < leastRefrain(p, a, b) && j.refrain(p) {
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
// is said in between.
func leastRefrain(p *aligned, a, b *repeatSide) int {
	if p.exact() || a.isBlocks() && b.isBlocks() {
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

func (j *repeatJudge) asks(b *repeatSide) bool {
	return strings.ContainsAny(j.t.span(b.i, b.j).In(j.t.Article.Text), "?？؟")
}
