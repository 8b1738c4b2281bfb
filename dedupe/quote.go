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
	if s.begins != blockBound || s.lines() > 1 {
		return false
	}
	return s.ends == blockBound && (quoted || s.closes() || j.speaks(s.last+1)) ||
		quoted && j.blockSize(s.last)-s.size <= maxSpeaker
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

// quoted reports whether s stands in quotes.
func (j *repeatJudge) quoted(s *repeatSide) bool {
	t, text := j.t, j.t.Article.Text
	from, to := 0, len(text)
	if s.i > 0 {
		from = int(t.Words.End[s.i-1])
	}
	if s.j < t.Words.Len() {
		to = int(t.Words.Start[s.j])
	}
	return strings.ContainsFunc(text[from:t.Words.Start[s.i]], isQuote) && strings.ContainsFunc(text[t.Words.End[s.j-1]:to], isQuote)
}

// isQuote reports whether r is one of the marks that stand around what somebody said.
func isQuote(r rune) bool {
	switch r {
	case '"', '„', '‟', '「', '」', '『', '』', '﹁', '﹂', '＂', '〝', '〞', '〟':
		return true
	}
	return r > utf8.RuneSelf && unicode.In(r, unicode.Pi, unicode.Pf) && r != '’'
}
