package model

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"chaff/article"
	"chaff/shingle"
)

// Number is the key of every word that is made of digits only.
const Number = 0x9D39247E33776D41

// Features are what a model knows of a sentence: hashes of its words, of pairs of
// words that follow each other and of the beginnings of long words, and a set of
// outward signs. The zero value is empty and ready; using it again keeps its memory.
type Features struct {
	Words  []uint32 // hashes, at least signs
	Place  []int32  // the word each begins at
	Shapes []uint32 // below signs
	size   size

	kept []uint32
}

// size is how long a text is, in words.
type size struct {
	words int
	solo  int // of which are letters of a script without spaces
}

func (s *size) add(o size) {
	s.words += o.words
	s.solo += o.solo
}

// signs is the number below which a feature is an outward sign.
const signs = 1 << 8

const (
	seedStart  = 0x51A7
	seedEnd    = 0x0E4D
	seedPrefix = 0x9F1E
	seedClass  = 0xC1A5
)

// Find replaces f by the features of the words lo to hi of text, which stand in
// s. Keys are the hashes of all words of the text, with one for all numbers.
func (f *Features) Find(text string, s article.Span, w *shingle.Words, keys []uint64, lo, hi int) {
	most := 5*(hi-lo) + 2
	f.Words, f.Place, f.Shapes = slices.Grow(f.Words[:0], most), slices.Grow(f.Place[:0], most), f.Shapes[:0]
	before := uint64(seedStart)
	classes := loadClasses()
	solo := 0
	for i := lo; i < hi; i++ {
		k := keys[i]
		f.add(k, i)
		f.add(pair(before, k), max(lo, i-1))
		word := text[w.Start[i]:w.End[i]]
		if isSolo(word) {
			solo++
			if i+2 < hi && w.Start[i+1] == w.End[i] && w.Start[i+2] == w.End[i+1] {
				f.add(pair(pair(k, keys[i+1]), keys[i+2]), i)
			}
		} else {
			if h, ok := prefix(word); ok {
				f.add(h, i)
			}
			if c := classes.of(k); c.coarse != 0 {
				f.add(pair(seedClass, uint64(c.coarse)), i)
				f.add(pair(seedClass, 256+uint64(c.fine)), i)
			}
		}
		before = k
	}
	if hi > lo {
		f.add(pair(before, seedEnd), hi-1)
	}
	f.size = size{hi - lo, solo}
	f.shape(s.In(text), f.size)
}

// Sum returns how many words and features a sentence adds to those of its block.
func (f *Features) Sum() Sum { return Sum{features: len(f.Words), size: f.size} }

// FindBlock replaces f by the outward signs of a block, whose sentences add up to s.
func (f *Features) FindBlock(block string, s Sum) {
	f.Words, f.Place, f.Shapes = f.Words[:0], f.Place[:0], f.Shapes[:0]
	f.shape(block, s.size)
}

func (f *Features) add(h uint64, place int) {
	f.Words = append(f.Words, max(signs, fold(h)))
	f.Place = append(f.Place, int32(place))
}

func pair(a, b uint64) uint64 {
	h := (a*0x9FB21C651E98DF25 ^ b) * 0xD6E8FEB86659FD93
	return h ^ h>>29
}

// isSolo reports whether word is one letter of a script without spaces.
func isSolo(word string) bool {
	if len(word) < 3 || word[0] < 0xE2 {
		return false
	}
	r, size := utf8.DecodeRuneInString(word)
	return size == len(word) && (r >= 0x3040 && r <= 0x30FF || r >= 0x3400 && r <= 0x9FFF)
}

const (
	prefixRunes = 5
	longWord    = 7 // runes from which a word's beginning is a feature of its own
)

// prefix returns the hash of the beginning of a long word, which is what the
// forms of one word have in common in many languages.
func prefix(word string) (uint64, bool) {
	if len(word) < longWord {
		return 0, false
	}
	h := uint64(seedPrefix)
	n, cut := 0, uint64(0)
	for _, r := range word {
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				r |= 0x20
			}
		} else {
			r = unicode.ToLower(r)
		}
		h = (h ^ uint64(r)) * 0x9FB21C651E98DF25
		n++
		if n == prefixRunes {
			cut = h ^ h>>31
		}
		if n == longWord {
			return cut, true
		}
	}
	return 0, false
}

// Outward signs: each base is followed by its kinds.
const (
	shapeSize  = 0  // 8 sizes, of a script with spaces and without
	shapeEnd   = 16 // 8 ends, of short pieces and long
	shapeStart = 32 // 8 beginnings
	shapeCase  = 40 // 4 shares of capitals
	shapeMark  = 48 // what stands in it
)

func (f *Features) shape(s string, n size) {
	size, spaceless := n.words-n.solo+(n.solo+1)/2, uint32(0)
	if 2*n.solo > n.words {
		spaceless = 8
	}
	bucket := uint32(7)
	for i, most := range [...]int{2, 4, 7, 11, 17, 25, 40} {
		if size <= most {
			bucket = uint32(i)
			break
		}
	}
	f.Shapes = append(f.Shapes, shapeSize+spaceless+bucket)
	last, _ := utf8.DecodeLastRuneInString(s)
	end := endOf(last, size)
	if size > 12 {
		end += 8
	}
	f.Shapes = append(f.Shapes, shapeEnd+end, shapeStart+start(s))
	f.marks(s)
}

// endOf numbers the last rune of a text of some size.
func endOf(last rune, size int) uint32 {
	if 'a' <= last && last <= 'z' {
		return 7
	}
	switch last {
	case '.', '。', '।', '۔':
		return 0
	case '!', '！':
		return 1
	case '?', '？', '؟':
		return 2
	case ':', '：':
		return 3
	case '…':
		return 4
	case '»':
		if size < 4 {
			return 4
		}
		return 5
	case '"', '”', '’', '」', '』':
		return 5
	case ')', ']', '）', '】', '>', '}':
		return 6
	}
	return 7
}

func start(s string) uint32 {
	r, _ := utf8.DecodeRuneInString(s)
	switch {
	case unicode.IsUpper(r):
		return 0
	case unicode.IsLower(r):
		return 1
	case unicode.IsDigit(r):
		return 2
	case unicode.IsLetter(r):
		return 3
	case strings.ContainsRune("([【（", r):
		return 4
	case strings.ContainsRune("\"“„«‘「『", r):
		return 5
	case strings.ContainsRune("-–—•·*", r):
		return 6
	}
	return 7
}

// marks looks once at every byte of s for what stands in it.
func (f *Features) marks(s string) {
	var seen uint64
	small, capitals, digits := 0, 0, 0
	for i := 0; i < len(s); i++ {
		m := byteMark[s[i]]
		seen |= uint64(m)
		small += int(m >> byteSmall & 1)
		capitals += int(m >> byteCapital & 1)
		digits += int(m >> byteDigit & 1)
		if m>>byteWide != 0 {
			seen |= wideMark(s[i:])
		}
	}
	letters := small + capitals
	if digits >= 9 {
		seen |= 1 << markDigits
	}
	if digits > 0 {
		seen |= 1 << markDigit
	}
	const scheme = 1<<markColon | 1<<markSlash
	if seen&scheme == scheme && strings.Contains(s, "://") || strings.Contains(s, "www.") {
		seen |= 1 << markAddress
	}
	for m := range uint32(markCount) {
		if seen&(1<<m) != 0 {
			f.Shapes = append(f.Shapes, shapeMark+m)
		}
	}
	share := uint32(0)
	switch {
	case letters < 4:
	case 2*capitals > letters:
		share = 3
	case 6*capitals > letters:
		share = 2
	case 12*capitals > letters:
		share = 1
	}
	f.Shapes = append(f.Shapes, shapeCase+share)
}

// Marks that say something of the text they stand in.
const (
	markBar = iota
	markBrace
	markBracket
	markAngle
	markAt
	markHash
	markStar
	markSlash
	markEquals
	markUnder
	markPercent
	markMoney
	markAmpersand
	markSemicolon
	markDash
	markArrow
	markRights
	markEmoji
	markDot
	markEllipsis
	markDigit
	markDigits
	markAddress
	markQuote
	markExclaim
	markQuestion
	markParen
	markColon
	markCount
)

var asciiMark = [utf8.RuneSelf]uint32{
	'|': 1 << markBar, '{': 1 << markBrace, '}': 1 << markBrace, '[': 1 << markBracket, '<': 1 << markAngle, '>': 1 << markAngle,
	'@': 1 << markAt, '#': 1 << markHash, '*': 1 << markStar, '/': 1 << markSlash, '=': 1 << markEquals, '_': 1 << markUnder,
	'%': 1 << markPercent, '$': 1 << markMoney, '&': 1 << markAmpersand, ';': 1 << markSemicolon, '"': 1 << markQuote,
	'!': 1 << markExclaim, '?': 1 << markQuestion, '(': 1 << markParen, ':': 1 << markColon,
}

// What a byte is besides a mark of its own, by bits above those of marks.
const (
	byteSmall = markCount + iota
	byteCapital
	byteDigit
	byteWide // a mark of several bytes may begin with it
)

var byteMark = func() (m [256]uint32) {
	copy(m[:], asciiMark[:])
	for c := range 26 {
		m['a'+c], m['A'+c] = 1<<byteSmall, 1<<byteCapital
	}
	for c := range 10 {
		m['0'+c] = 1 << byteDigit
	}
	for _, c := range [...]byte{0xE2, 0xC2, 0xC3, 0xF0} {
		m[c] = 1 << byteWide
	}
	return m
}()

func wideMark(s string) uint64 {
	r, _ := utf8.DecodeRuneInString(s)
	switch {
	case r == '–' || r == '—':
		return 1 << markDash
	case r >= 0x2190 && r <= 0x21FF || r == '»' || r == '›' || r == '▶':
		return 1 << markArrow
	case r == '©' || r == '®' || r == '™':
		return 1 << markRights
	case r == '€' || r == '£' || r == '₺' || r == '₽' || r == '₩':
		return 1 << markMoney
	case r == '·' || r == '•':
		return 1 << markDot
	case r == '…':
		return 1 << markEllipsis
	case r == '“' || r == '«':
		return 1 << markQuote
	case r >= 0x1F000 || r >= 0x2600 && r <= 0x27BF:
		return 1 << markEmoji
	}
	return 0
}

// Keys appends the hashes of the words of text to keys, with [Number] for all
// numbers.
func Keys(keys []uint64, w *shingle.Words, text string) []uint64 {
	for i, h := range w.Hash {
		if allDigits(text[w.Start[i]:w.End[i]]) {
			h = Number
		}
		keys = append(keys, h)
	}
	return keys
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
