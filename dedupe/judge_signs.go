package dedupe

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// itemMarks begin the items of lists.
const itemMarks = "•·-–*▪◦‣・■●◆"

// isItem reports whether s stands in a block that begins with a number, a bullet or a
// word and a number, or ends with a semicolon or follows on one: an item of a list, an
// article of a law.
func (j *repeatJudge) isItem(s *repeatSide) bool {
	t := j.t
	block := t.layout()[s.first]
	text := block.In(t.Article.Text)
	if r, _ := utf8.DecodeRuneInString(text); strings.ContainsRune(itemMarks, r) || endsClause(text) ||
		s.first > 0 && endsClause(t.layout()[s.first-1].In(t.Article.Text)) {
		return true
	}
	head, _, _ := strings.Cut(text[:min(len(text), 24)], " ")
	if strings.TrimRight(head, "0123456789.)(") == "" {
		return head != "" && !strings.HasPrefix(head, ".") && len(head) <= 4
	}
	number, _, found := strings.Cut(text[len(head):min(len(text), len(head)+8)], ".")
	return found && strings.Trim(number, " 0123456789") == "" && number != ""
}

func endsClause(block string) bool {
	return strings.HasSuffix(block, ";") || strings.HasSuffix(block, "；")
}

// tabular reports whether b is made of figures or cells; fewer of them are enough
// for an edited passage that is not of whole sentences.
func (j *repeatJudge) tabular(b *repeatSide, prose bool) bool {
	t := j.t
	numbers := 0
	for i := b.i; i < b.j; i++ {
		if isFigure(t.word(i)) {
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
	most := 2 // of five words
	if !prose {
		most = 1
	}
	return 5*numbers >= most*(b.j-b.i) || 6*cells >= b.j-b.i && cells > 1 || j.listsNames(b)
}

// listsNames reports whether b is a list of names, a line-up: three words in five of it
// begin with a capital inside a sentence, and a mark that separates comes with every third.
func (j *repeatJudge) listsNames(b *repeatSide) bool {
	t := j.t
	if t.unit > 1 {
		return false
	}
	names, marks := 0, 0
	for i := b.i; i < b.j; i++ {
		if r, _ := utf8.DecodeRuneInString(t.word(i)); unicode.IsUpper(r) {
			names++
		}
		if i > b.i && strings.ContainsAny(t.Article.Text[t.Words.End[i-1]:t.Words.Start[i]], ",;،؛()/–-") {
			marks++
		}
	}
	return 5*names >= 3*(b.j-b.i) && 3*marks >= b.j-b.i
}
