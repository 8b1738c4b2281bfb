package dedupe

import (
	"slices"
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
	return 5*numbers >= most*(b.j-b.i) || 6*cells >= b.j-b.i && cells > 1
}

// isFigure reports whether w begins with a digit, or is a small number in words.
func isFigure(w string) bool {
	return '0' <= w[0] && w[0] <= '9' || slices.Contains(smallNumbers, strings.ToLower(w))
}

// smallNumbers are the numbers that English texts write in words; other languages
// write most of theirs in figures, too, where a form is filled in.
var smallNumbers = []string{
	"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
	"first", "second", "third", "fourth", "fifth", "sixth", "nil", "zero",
}

// filledIn reports whether the places of p differ as two copies of a form do: in
// figures and names rather than in wording.
func (j *repeatJudge) filledIn(p *aligned, size int) bool {
	if size >= minClause && p.likeness() >= 0.95 {
		return false // a figure put right
	}
	names := j.capitals(p.b0, p.b1)*4 < p.b1-p.b0 // not where nouns are written like names
	differences, keys := 0, 0
	a, b := p.a0, p.b0
	count := func(a1, b1 int) {
		if a1 > a || b1 > b {
			differences++
			if j.key(a, a1, b, b1, names) && j.key(b, b1, a, a1, names) {
				keys++
			}
		}
	}
	for _, r := range p.runs {
		count(int(r.a), int(r.b))
		a, b = int(r.a+r.n), int(r.b+r.n)
	}
	count(p.a1, p.b1)
	return 2*keys >= differences
}

// refigured reports whether p is prose in which nothing but figures was changed: whole
// sentences in an article that has no others like them.
func (j *repeatJudge) refigured(p *aligned, a, b *repeatSide) bool {
	t := j.t
	if b.size < minRefigured || j.prosaic < mostlyProse || j.entry[a.first] || j.entry[b.first] ||
		2*(p.b0-p.a1) < besides*t.unit || !a.isSentences() || !b.isSentences() {
		return false
	}
	at, to := p.a0, p.b0
	for _, r := range p.runs {
		if !j.figures(at, int(r.a)) || !j.figures(to, int(r.b)) {
			return false
		}
		at, to = int(r.a+r.n), int(r.b+r.n)
	}
	return j.figures(at, p.a1) && j.figures(to, p.b1) && !j.refrain(p)
}

// figures reports whether words i to k are mostly figures.
func (j *repeatJudge) figures(i, k int) bool {
	n := 0
	for w := i; w < k; w++ {
		if isFigure(j.t.word(w)) {
			n++
		}
	}
	return 2*n >= k-i
}

// key reports whether there is a figure or, if asked for, a name among words i to k
// that is not among words m to n.
func (j *repeatJudge) key(i, k, m, n int, names bool) bool {
	hashes := j.t.Words.Hash
	for ; i < k; i++ {
		if (isFigure(j.t.word(i)) || names && j.capitals(i, i+1) > 0) && !slices.Contains(hashes[m:n], hashes[i]) {
			return true
		}
	}
	return false
}

// capitals counts the words from i to k that begin with a capital inside a sentence.
func (j *repeatJudge) capitals(i, k int) int {
	n := 0
	for ; i < k; i++ {
		if r, _ := utf8.DecodeRuneInString(j.t.word(i)); unicode.IsUpper(r) && j.t.boundAt(i) == within {
			n++
		}
	}
	return n
}
