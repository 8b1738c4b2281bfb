package dedupe

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

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

func (s *repeatSide) isBlocks() bool { return s.begins == blockBound && s.ends == blockBound }

func (s *repeatSide) isSentences() bool { return s.begins != within && s.ends != within }

func (s *repeatSide) touchesBlock() bool { return s.begins == blockBound || s.ends == blockBound }
func (s *repeatSide) touches() bool      { return s.begins != within || s.ends != within }

func (s *repeatSide) closes() bool { return isTerminal(s.end) }

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

func (j *repeatJudge) asks(b *repeatSide) bool {
	return strings.ContainsAny(j.t.span(b.i, b.j).In(j.t.Article.Text), "?？؟")
}
