package dedupe

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSpeaker is the number of words of prose in the line or rest of a line that says
// whose words were quoted.
const maxSpeaker = 8

// pullQuote reports whether one place is a block by itself, alone or with its speaker,
// and the other place stands in a paragraph or without quotes.
func (j *repeatJudge) pullQuote(a, b *repeatSide) bool {
	quotedA, quotedB := j.quoted(a), j.quoted(b)
	return j.setApart(a, quotedA) && j.inText(b, quotedA && !quotedB || b.closes() && !a.closes() && j.speaks(a.last+1)) ||
		j.setApart(b, quotedB) && j.inText(a, quotedB && !quotedA || a.closes() && !b.closes() && j.speaks(b.last+1))
}

// setApart reports whether s is a block, or all of one but the speaker.
func (j *repeatJudge) setApart(s *repeatSide, quoted bool) bool {
	if s.lines() > 1 {
		return false
	}
	return s.isBlocks() && (quoted || s.closes() || j.speaks(s.last+1)) ||
		quoted && s.touchesBlock() && j.blockSize(s.last)-s.size <= maxSpeaker
}

// speaks reports whether block i is a line with a name.
func (j *repeatJudge) speaks(i int) bool {
	n := j.blockSize(i)
	if n == 0 || n > maxSpeaker {
		return false
	}
	line := j.t.layout()[i].In(j.t.Article.Text)
	return !isTerminal(lastMark(line))
}

// inText reports whether s stands in a paragraph, as a part of it unless all of one
// may be meant.
func (j *repeatJudge) inText(s *repeatSide, whole bool) bool {
	if s.lines() > 1 {
		return false
	}
	if s.isBlocks() {
		return whole
	}
	return s.isSentences() || j.quoted(s)
}

// quoted reports whether s stands in quotes, or behind the dash that begins speech and up to
// the one that ends it.
func (j *repeatJudge) quoted(s *repeatSide) bool {
	t := j.t
	if t.opensQuote(s.i) {
		return t.closesQuote(s.j)
	}
	return s.begins != within && strings.ContainsAny(t.gap(s.i), dashes) && (s.ends != within || strings.ContainsAny(t.gap(s.j), dashes))
}

// gap returns what stands between word i and the one before it.
func (t *Text) gap(i int) string {
	from, to := 0, len(t.Article.Text)
	if i > 0 {
		from = int(t.Words.End[i-1])
	}
	if i < t.Words.Len() {
		to = int(t.Words.Start[i])
	}
	return t.Article.Text[from:to]
}

// opensQuote reports whether quotes open right before word i.
func (t *Text) opensQuote(i int) bool {
	gap := t.gap(i)
	if strings.ContainsFunc(gap, isQuote) {
		return true
	}
	if !strings.HasSuffix(gap, "'") && !strings.HasSuffix(gap, "‘") {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(gap, "'‘"))
	return i == 0 || unicode.IsSpace(last)
}

// closesQuote reports whether quotes close right behind word i-1. A mark that nothing but
// the next word follows is an apostrophe.
func (t *Text) closesQuote(i int) bool {
	gap := t.gap(i)
	return strings.ContainsFunc(gap, isQuote) || strings.ContainsAny(gap, "'’") && (i == t.Words.Len() || gap != "'" && gap != "’")
}

// dashes begin speech, and end it where somebody is named who speaks.
const dashes = "—–―"

// isQuote reports whether r is one of the marks that stand around what somebody said.
// Single ones are none: they may be apostrophes.
func isQuote(r rune) bool {
	switch r {
	case '"', '„', '‟', '「', '」', '『', '』', '﹁', '﹂', '＂', '〝', '〞', '〟':
		return true
	case '‘', '’', '‚', '‛':
		return false
	}
	return r > utf8.RuneSelf && unicode.In(r, unicode.Pi, unicode.Pf)
}

// snapQuote takes from p, if a place ends inside a sentence, what stands there behind the
// quotes that close, where the sentence or block ends with them in the other place: who said
// it, in the text and below the pull quote.
func (t *Text) snapQuote(p *aligned) {
	if t.boundAt(p.a1) != within && t.boundAt(p.b1) != within || !t.opensQuote(p.a0) || !t.opensQuote(p.b0) {
		return
	}
	most := min(maxSpeaker*t.unit, p.a1-p.a0-1, p.b1-p.b0-1)
	backA, backB := t.toQuoteEnd(p.a1, most), t.toQuoteEnd(p.b1, most)
	if backA > 0 && backB > 0 && max(t.boundAt(p.a1-backA), t.boundAt(p.b1-backB)) > within && t.evenQuotes(p.a0, p.a1-backA) && t.evenQuotes(p.b0, p.b1-backB) {
		t.keep(p, p.a0, p.a1-backA, p.b0, p.b1-backB)
	}
}

// evenQuotes reports whether as many quotes close as open around and inside words i to k.
func (t *Text) evenQuotes(i, k int) bool {
	n := 0
	for w := i; w <= k; w++ {
		for _, r := range t.gap(w) {
			if isQuote(r) {
				n++
			}
		}
	}
	return n%2 == 0
}

// toQuoteEnd returns the number of words from word i back to where quotes close, or -1 if
// there are none within most words.
func (t *Text) toQuoteEnd(i, most int) int {
	for k := range most + 1 {
		if t.closesQuote(i - k) {
			return k
		}
	}
	return -1
}
