package gen

import (
	"bytes"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// style is how an article's tokens are written down.
type style struct {
	curly      bool   // “curly” quotes and – dashes, not "straight" ones and --
	letters    string // "", "upper", "lower" or "title"
	diacritics string // "", "strip" or "add"
	misread    int    // permille of letters misread, as by OCR
}

// render appends d's text; s drives misreadings and added diacritics.
func (st *style) render(text []byte, d draft, s *stream) []byte {
	for i, p := range d.paras {
		if i > 0 {
			text = append(text, "\n\n"...)
		}
		for j, t := range p {
			if j > 0 && !d.lang.han {
				text = append(text, ' ')
			}
			text = st.token(text, d.lang, t)
		}
	}
	switch st.letters {
	case "upper":
		text = bytes.ToUpper(text)
	case "lower":
		text = bytes.ToLower(text)
	case "title":
		text = titled(text)
	}
	switch st.diacritics {
	case "strip":
		text = exchanged(text, func(r rune) string { return stripped[r] })
	case "add":
		text = exchanged(text, func(r rune) string {
			if with := accented[r]; with != "" && s.permille(60) {
				return with
			}
			return ""
		})
	}
	if st.misread > 0 {
		text = misread(text, s, st.misread)
	}
	return text
}

// token appends one token with its marks.
func (st *style) token(text []byte, l *language, t token) []byte {
	m := t.marks
	if m == 0 && t.word < numberBase {
		return append(text, l.words[t.word]...)
	}
	if m&quoteOpen != 0 {
		text = append(text, st.choose("“", `"`)...)
	}
	if t.word >= numberBase {
		text = appendNumber(text, int(t.word-numberBase))
	} else {
		at := len(text)
		text = append(text, l.words[t.word]...)
		if m&capital != 0 && 'a' <= text[at] && text[at] <= 'z' {
			text[at] -= 'a' - 'A'
		}
	}
	if m&comma != 0 {
		text = append(text, either(l.han, "，", ",")...)
	}
	if m&quoteClose != 0 {
		text = append(text, st.choose("”", `"`)...)
	}
	if m&stop != 0 {
		text = append(text, either(l.han, "。", ".")...)
	}
	if m&dash != 0 {
		text = append(text, st.choose(" –", " --")...)
	}
	return text
}

func (st *style) choose(curly, straight string) string { return either(st.curly, curly, straight) }

func either(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// appendNumber writes n with thousands separated, years alone without.
func appendNumber(text []byte, n int) []byte {
	if n >= 2100 {
		text = appendNumber(text, n/1000)
		text = append(text, ',', byte('0'+n/100%10), byte('0'+n/10%10), byte('0'+n%10))
		return text
	}
	return strconv.AppendInt(text, int64(n), 10)
}

// titled returns text with every word's first letter in upper case.
func titled(text []byte) []byte {
	start := true
	return bytes.Map(func(r rune) rune {
		letter := unicode.IsLetter(r)
		if letter && start {
			r = unicode.ToUpper(r)
		}
		start = !letter
		return r
	}, text)
}

var stripped = map[rune]string{
	'é': "e", 'è': "e", 'ü': "u", 'ö': "o", 'ä': "a",
	'ñ': "n", 'í': "i", 'ó': "o", 'ã': "a", 'ç': "c",
}

var accented = map[rune]string{'e': "é", 'u': "ü", 'o': "ö", 'a': "ä", 'n': "ñ", 'i': "í", 'c': "ç"}

// exchanged returns text with runes replaced by what with gives for them, "" for no change.
func exchanged(text []byte, with func(rune) string) []byte {
	out := make([]byte, 0, len(text)+len(text)/16)
	for _, r := range string(text) {
		if to := with(r); to != "" {
			out = append(out, to...)
		} else {
			out = utf8.AppendRune(out, r)
		}
	}
	return out
}

// lookAlike holds what a scanner takes a letter for.
var lookAlike = map[rune]string{
	'e': "c", 'l': "1", 'o': "0", 'm': "rn", 'i': "l", 'h': "b",
	's': "5", 'n': "ri", 'a': "o", 'u': "v", 'd': "cl", 't': "f", 'c': "e", 'r': "i",
}

// misread returns text with permille of its letters misread: taken for a
// look-alike, lost, or followed by a space.
func misread(text []byte, s *stream, permille int) []byte {
	out := make([]byte, 0, len(text)+len(text)/16)
	for _, r := range string(text) {
		if !unicode.IsLetter(r) || !s.permille(permille) {
			out = utf8.AppendRune(out, r)
			continue
		}
		switch s.below(4) {
		case 0: // lost
		case 1:
			out = append(utf8.AppendRune(out, r), ' ')
		default:
			switch to := lookAlike[r]; {
			case to != "":
				out = append(out, to...)
			case unicode.Is(unicode.Han, r):
				out = utf8.AppendRune(out, r+1)
			default:
				out = utf8.AppendRune(out, r)
			}
		}
	}
	return out
}
