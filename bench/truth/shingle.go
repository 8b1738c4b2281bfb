// Package truth computes which articles of a corpus are near-duplicates, by an
// exhaustive join: the yardstick for what a sketch finds or misses.
//
// Its tokeniser is deliberately plain, so that any tool can count the same
// words: a word is a maximal run of letters, marks and digits, lower-cased; a
// Han or Kana character is a word of its own. A shingle is the 64-bit hash of n
// consecutive words; a text of fewer words is one shingle. Results are exact but
// for hash collisions, of which 30 million shingles have one with a chance of
// about 2.5e-5.
package truth

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// Shingler turns texts into sets of shingles. The zero value has shingles of
// zero words and isn't useful. It may not be used by several goroutines at once.
type Shingler struct {
	Size  int // words a shingle
	words []uint64
}

// Set returns the text's distinct shingles in ascending order, nil for a text
// without words.
func (s *Shingler) Set(text string) []uint64 {
	s.words = appendWords(s.words[:0], text)
	if len(s.words) == 0 {
		return nil
	}
	n := min(s.Size, len(s.words))
	set := make([]uint64, 0, len(s.words)-n+1)
	for i := 0; i+n <= len(s.words); i++ {
		h := uint64(fnvOffset)
		for _, w := range s.words[i : i+n] {
			h = scramble(h ^ w)
		}
		set = append(set, h)
	}
	slices.Sort(set)
	return slices.Clip(slices.Compact(set))
}

// scramble is the finalizer of MurmurHash3 (Appleby, 2011), times a constant.
func scramble(h uint64) uint64 {
	h = (h ^ h>>33) * 0xFF51AFD7ED558CCD
	h = (h ^ h>>33) * 0xC4CEB9FE1A85EC53
	return (h ^ h>>33) * fnvPrime
}

// appendWords appends the FNV-1a hash of every word of text.
func appendWords(words []uint64, text string) []uint64 {
	h, in := uint64(fnvOffset), false
	var buf [utf8.UTFMax]byte
	for _, r := range text {
		alone := unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
		if in && (alone || !isWord(r)) {
			words, h, in = append(words, h), fnvOffset, false
		}
		if !alone && !isWord(r) {
			continue
		}
		for _, b := range buf[:utf8.EncodeRune(buf[:], unicode.ToLower(r))] {
			h = (h ^ uint64(b)) * fnvPrime
		}
		in = true
		if alone {
			words, h, in = append(words, h), fnvOffset, false
		}
	}
	if in {
		words = append(words, h)
	}
	return words
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}
