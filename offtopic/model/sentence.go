package model

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"chaff/article"
)

// shortestSentence is the length in bytes below which a stop does not end a
// sentence: "U.S.", "No. 5", "e.g." and their like are shorter than any graft.
const shortestSentence = 24

// Sentences appends the sentences of s, a block of text, to dst. A sentence ends
// with a stop, with quotes and brackets that close after it, when white space
// and something that can begin a sentence follow; in East Asian scripts a stop
// is enough. Sentences too short to be judged stay with the one before.
func Sentences(dst []article.Span, text string, s article.Span) []article.Span {
	start := s.Start
	for i := s.Start; i < s.End; {
		c := text[i]
		if c < utf8.RuneSelf {
			i++
			if c != '.' && c != '!' && c != '?' {
				continue
			}
			if end, next := sentenceEnd(text, i, s.End, c == '.'); next > 0 && end-start >= shortestSentence {
				dst = append(dst, article.Span{Start: start, End: end})
				start, i = next, next
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:s.End])
		i += size
		switch r {
		case '。', '！', '？', '｡':
			end := skipClosing(text, i, s.End)
			if next := skipSpace(text, end, s.End); next < s.End && end-start >= shortestSentence {
				dst = append(dst, article.Span{Start: start, End: end})
				start, i = next, next
			}
		case '…', '؟', '۔', '।':
			if end, next := sentenceEnd(text, i, s.End, false); next > 0 && end-start >= shortestSentence {
				dst = append(dst, article.Span{Start: start, End: end})
				start, i = next, next
			}
		}
	}
	return append(dst, article.Span{Start: start, End: s.End})
}

// sentenceEnd returns where the sentence whose stop ends at i ends, closing marks
// included, and where the next begins; next is 0 if none begins here.
func sentenceEnd(text string, i, limit int, dot bool) (end, next int) {
	end = skipClosing(text, i, limit)
	next = skipSpace(text, end, limit)
	if next == end || next >= limit {
		return end, 0
	}
	r, _ := utf8.DecodeRuneInString(text[next:limit])
	if unicode.IsLower(r) {
		return end, 0
	}
	if dot && end == i && abbreviation(text[:i-1]) {
		return end, 0
	}
	return end, next
}

// abbreviation reports whether the stop after before belongs to an abbreviation:
// a single letter, or a short title.
func abbreviation(before string) bool {
	k := len(before)
	for k > 0 {
		r, size := utf8.DecodeLastRuneInString(before[:k])
		if !unicode.IsLetter(r) {
			break
		}
		k -= size
	}
	word := before[k:]
	if utf8.RuneCountInString(word) == 1 {
		return true
	}
	switch word {
	case "Mr", "Mrs", "Ms", "Dr", "Prof", "Sr", "Jr", "St", "No", "Sen", "Rep", "Gov", "Gen", "Lt", "Col", "Capt", "Sgt", "Hon", "vs", "Inc", "Co", "Corp", "Ltd",
		"Nr", "Hr", "Fr", "Abs", "Art", "Mme", "Mlle", "Sra", "Dra", "Ing", "Lic", "Sig", "dott", "prof", "ca", "cf", "al", "ed", "vol", "pp",
		"Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Oct", "Nov", "Dec":
		return true
	}
	return false
}

func skipClosing(text string, i, limit int) int {
	for i < limit {
		r, size := utf8.DecodeRuneInString(text[i:limit])
		if !strings.ContainsRune("\"'”’»)]）」』】.!?！？。…", r) {
			break
		}
		i += size
	}
	return i
}

func skipSpace(text string, i, limit int) int {
	for i < limit {
		r, size := utf8.DecodeRuneInString(text[i:limit])
		if !unicode.IsSpace(r) {
			break
		}
		i += size
	}
	return i
}
