package shingle

import (
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// class says what a rune does to the word it stands in.
type class uint8

const (
	separator class = iota // ends a word
	inWord                 // a letter or digit: begins or goes on with a word
	solo                   // a word of its own: scripts that set no spaces
	mark                   // goes on with the word before, a word of its own where there is none
	accent                 // stands in the word before and leaves no trace in its normal form
	ignored                // invisible: neither ends a word nor belongs to one
)

// kept reports whether runes of class c leave a trace in the normal form.
func (c class) kept() bool { return c == inWord || c == solo || c == mark }

// folded is what normalisation makes of one rune: its class and the UTF-8 bytes
// that stand for it in a normalised word. Up to seven bytes are kept in the low
// bytes of packed, the rest (Hangul, Arabic ligatures) in long.
type folded struct {
	packed uint64
	long   string
	class  class
	n      uint8 // bytes in packed; 0 if long is set or nothing is left of the rune
}

type page [256]folded

// pages caches the folding of each block of 256 runes, made when first needed.
// Two goroutines may make the same page; they make it equal.
var pages [(unicode.MaxRune + 1) >> 8]atomic.Pointer[page]

func foldRune(r rune) *folded {
	p := pages[r>>8].Load()
	if p == nil {
		p = newPage(r >> 8)
		pages[r>>8].Store(p)
	}
	return &p[r&0xff]
}

func newPage(n rune) *page {
	p := new(page)
	fold := cases.Fold()
	for i := range p {
		r := n<<8 | rune(i)
		if r >= 0xD800 && r < 0xE000 {
			continue // surrogates are no characters
		}
		p[i] = fold1(fold, r)
	}
	return p
}

// spaceless are the scripts written without spaces between words. Their every
// letter is a word of its own, unless a segmenter is asked for.
var spaceless = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// accents are the marks that normalisation takes away. Those of other scripts
// (vowel signs, the dakuten of kana) change the letter and stay.
var accents = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x0300, Hi: 0x036F, Stride: 1}, // combining diacritical marks
		{Lo: 0x0483, Hi: 0x0489, Stride: 1}, // Cyrillic
		{Lo: 0x0591, Hi: 0x05C7, Stride: 1}, // Hebrew points
		{Lo: 0x0610, Hi: 0x061A, Stride: 1}, // Arabic signs
		{Lo: 0x064B, Hi: 0x065F, Stride: 1}, // Arabic vowels
		{Lo: 0x0670, Hi: 0x0670, Stride: 1},
		{Lo: 0x06D6, Hi: 0x06ED, Stride: 1},
		{Lo: 0x1AB0, Hi: 0x1AFF, Stride: 1},
		{Lo: 0x1DC0, Hi: 0x1DFF, Stride: 1},
		{Lo: 0x20D0, Hi: 0x20FF, Stride: 1},
		{Lo: 0xFE00, Hi: 0xFE0F, Stride: 1}, // variation selectors
		{Lo: 0xFE20, Hi: 0xFE2F, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0xE0100, Hi: 0xE01EF, Stride: 1}},
}

// classify tells the class of r before folding. An apostrophe encoded as a
// letter (U+02BB–U+02BD) is a quote, and quotes separate.
func classify(r rune) class {
	switch {
	case r >= 0x02BB && r <= 0x02BD:
		return separator
	case r == 'ー' || r == 'ｰ' || r == '々' || r == '〆':
		return solo
	case unicode.Is(accents, r):
		return accent
	case unicode.IsMark(r) || r == '\uFF9E' || r == '\uFF9F': // or a half-width voicing mark
		return mark
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		if unicode.IsOneOf(spaceless, r) {
			return solo
		}
		return inWord
	case r != '\u200B' && unicode.Is(unicode.Cf, r): // a zero width space does separate
		return ignored
	}
	return separator
}

func fold1(fold cases.Caser, r rune) folded {
	f := folded{class: classify(r)}
	if !f.class.kept() {
		return f
	}
	s := fold.String(norm.NFKD.String(string(r)))
	s = strings.Map(func(r rune) rune {
		switch {
		case r == 'ı':
			// Its capital is I, which every language but Turkish and its kin folds to i:
			// without the language, i and ı can only be one letter.
			return 'i'
		case classify(r).kept():
			return r
		}
		return -1
	}, norm.NFKD.String(s))
	if s == "" {
		f.class = separator
		return f
	}
	if len(s) > 7 {
		f.long = s
		return f
	}
	f.n = uint8(len(s))
	for i := range len(s) {
		f.packed |= uint64(s[i]) << (8 * i)
	}
	return f
}

// AppendFolded appends the normalised form of text to dst and returns it: words
// in compatibility form, case-folded, without accents and soft hyphens, with one
// space between them. Scripts without spaces keep their runs together.
//
// It is for looking words up; shingles are made from hashes, see [Tokenizer].
func AppendFolded(dst []byte, text string) []byte {
	gap := false // a separator has been seen since the last word
	first := len(dst)
	for _, r := range text {
		if r < utf8.RuneSelf {
			switch {
			case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			case 'A' <= r && r <= 'Z':
				r += 'a' - 'A'
			default:
				gap = true
				continue
			}
			if gap && len(dst) > first {
				dst = append(dst, ' ')
			}
			gap = false
			dst = append(dst, byte(r))
			continue
		}
		f := foldRune(r)
		switch f.class {
		case separator:
			gap = true
			continue
		case accent, ignored:
			continue
		}
		if gap && len(dst) > first {
			dst = append(dst, ' ')
		}
		gap = false
		dst = f.append(dst)
	}
	return dst
}

func (f *folded) append(dst []byte) []byte {
	if f.long != "" {
		return append(dst, f.long...)
	}
	for i := range f.n {
		dst = append(dst, byte(f.packed>>(8*i)))
	}
	return dst
}
