package dedupe

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"chaff/article"
)

// bound says what begins at a word.
type bound uint8

const (
	within        bound = iota // neither of these
	sentenceBound              // a sentence
	blockBound                 // a block
)

// boundAt says what begins at word i, where the text ends, too.
func (t *Text) boundAt(i int) bound {
	if i <= 0 || i >= t.Words.Len() {
		return blockBound
	}
	text := t.Article.Text
	end, start := int(t.Words.End[i-1]), int(t.Words.Start[i])
	gap := text[end:start]
	if gap == "" || gap == " " {
		return within
	}
	if strings.ContainsAny(gap, "\n\r") && t.blockAt(end-1) != t.blockAt(start) {
		return blockBound
	}
	if t.endsSentence(i-1, gap, start) {
		return sentenceBound
	}
	return within
}

// endsSentence reports whether the sentence ends in gap, which stands between word
// i and the next one, at byte start.
func (t *Text) endsSentence(i int, gap string, start int) bool {
	at := strings.IndexFunc(gap, isTerminal)
	if at < 0 {
		return false
	}
	r, size := utf8.DecodeRuneInString(gap[at:])
	if r > 0x2FFF { // full-width: no space follows
		return true
	}
	rest := gap[at+size:]
	if !strings.ContainsFunc(rest, unicode.IsSpace) {
		return false
	}
	if next, _ := utf8.DecodeRuneInString(t.Article.Text[start:]); unicode.IsLower(next) {
		return false
	}
	return r != '.' || strings.Contains(rest, ".") || !t.isAbbreviation(i)
}

// word returns word i as it stands in the text.
func (t *Text) word(i int) string {
	return t.Article.Text[t.Words.Start[i]:t.Words.End[i]]
}

func isTerminal(r rune) bool {
	switch r {
	case '.', '!', '?', '…', '。', '！', '？', '｡', '．', '।', '॥', '؟', '۔', '։', '።', '၊', '။', '។':
		return true
	}
	return false
}

// sentenceTitles are the abbreviations that stand before a name, so that the full stop
// behind them seldom ends a sentence.
var sentenceTitles = []string{
	"mr", "mrs", "ms", "dr", "st", "prof", "gen", "sen", "rep", "gov", "lt", "col", "capt", "sgt",
	"rev", "hon", "no", "nr", "hr", "mme", "mlle", "sr", "sra", "dott", "vs", "art", "fig", "cf",
}

// isAbbreviation reports whether a full stop after word i seldom ends a sentence: it
// is an initial, a title, the number of a list item, or of a day in German.
func (t *Text) isAbbreviation(i int) bool {
	w := t.word(i)
	r, size := utf8.DecodeRuneInString(w)
	if size == len(w) && unicode.IsUpper(r) {
		return true
	}
	if len(w) <= 2 && '0' <= w[0] && w[0] <= '9' {
		return t.boundAt(i) != within || i+1 < t.Words.Len() && slices.Contains(germanMonths, t.word(i+1))
	}
	for _, title := range sentenceTitles {
		if strings.EqualFold(w, title) {
			return true
		}
	}
	return false
}

var germanMonths = []string{
	"Januar", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
	"November", "Dezember", "Jahrhundert", "Jahrhunderts",
}

// toBound returns the number of words from i, in direction step, to the next place
// where a sentence or block begins, or -1 if there is none within most words.
func (t *Text) toBound(i, step, most int) int {
	for k := 0; k <= most; k++ {
		if t.boundAt(i+step*k) != within {
			return k
		}
	}
	return -1
}

// span returns the bytes of words i to j: from the quotes and brackets that open
// before the first word to those that close behind the last one, with what ends the
// sentence. Where a block begins or ends, so does the span.
func (t *Text) span(i, j int) article.Span {
	text := t.Article.Text
	start, end := int(t.Words.Start[i]), int(t.Words.End[j-1])
	switch t.boundAt(i) {
	case blockBound:
		start = t.layout()[t.blockAt(start)].Start
	default:
		start = openedBefore(text, start, int(t.Words.End[i-1]))
	}
	switch t.boundAt(j) {
	case blockBound:
		end = t.layout()[t.blockAt(end-1)].End
	case sentenceBound:
		end = closedBehind(text, end, int(t.Words.Start[j]))
	}
	return article.Span{Start: start, End: end}
}

// openedBefore returns where the quotes and brackets begin that open right before
// byte start, no earlier than from.
func openedBefore(text string, start, from int) int {
	for start > from {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		opens := unicode.In(r, unicode.Ps, unicode.Pi) || r == '¿' || r == '¡'
		if r == '"' || r == '\'' {
			before, _ := utf8.DecodeLastRuneInString(text[:start-size])
			opens = unicode.IsSpace(before)
		}
		if !opens {
			break
		}
		start -= size
	}
	return start
}

// closedBehind returns where the marks end that close a sentence at byte end, no
// later than to.
func closedBehind(text string, end, to int) int {
	for end < to {
		r, size := utf8.DecodeRuneInString(text[end:])
		if unicode.IsSpace(r) {
			// French sets a space before the quotes that close.
			next, more := utf8.DecodeRuneInString(text[end+size:])
			if end+size+more > to || !unicode.In(next, unicode.Pe, unicode.Pf) {
				break
			}
			end += size + more
			continue
		}
		if unicode.In(r, unicode.Ps, unicode.Pi, unicode.Pd) || r == '¿' || r == '¡' {
			break
		}
		end += size
	}
	return end
}
