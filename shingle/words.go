package shingle

import (
	"math"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// Words are the words of one text in order: what each hashes to and where it
// stands. The three slices have one length; word i covers the bytes from
// Start[i] to End[i] of the text, on rune boundaries, and no two words overlap.
//
// The zero Words is empty and ready for use; using one again for the next text
// keeps its memory.
type Words struct {
	Hash       []uint64
	Start, End []uint32
}

// Len returns the number of words.
func (w *Words) Len() int { return len(w.Hash) }

// Reset empties w and keeps its memory.
func (w *Words) Reset() {
	w.Hash, w.Start, w.End = w.Hash[:0], w.Start[:0], w.End[:0]
}

// add appends a word. The three slices have one capacity, see grow.
func (w *Words) add(hash uint64, start, end int) {
	n := len(w.Hash)
	if n == cap(w.Hash) {
		w.grow()
	}
	w.Hash, w.Start, w.End = w.Hash[:n+1], w.Start[:n+1], w.End[:n+1]
	w.Hash[n], w.Start[n], w.End[n] = hash, uint32(start), uint32(end)
}

// grow makes room for half as many words again, 256 at the least. The slices are
// cut to one capacity, so that a look at one tells of all three.
func (w *Words) grow() {
	n := len(w.Hash) + max(256, len(w.Hash)/2)
	w.Hash = slices.Grow(w.Hash, n-len(w.Hash))[:len(w.Hash):n]
	w.Start = slices.Grow(w.Start, n-len(w.Start))[:len(w.Start):n]
	w.End = slices.Grow(w.End, n-len(w.End))[:len(w.End):n]
}

// Tokenizer splits text into words. The zero Tokenizer takes every letter of a
// script without spaces for a word; it may be used by several goroutines.
//
// A word is a maximal run of letters, marks and digits. Two words are the same,
// and hash the same, when they agree after compatibility decomposition, case
// folding and the removal of accents, soft hyphens and other invisible
// characters. Quotes, dashes and all other characters separate words and are
// not looked at, so it makes no difference how they are written.
type Tokenizer struct {
	// Segmenter finds the words of Chinese and Japanese. The zero value is
	// [Chars].
	Segmenter Segmenter
}

// Words appends the words of text to w. Text need not be valid UTF-8: a byte
// that is not separates words. Beyond 4 GiB nothing is read.
func (t Tokenizer) Words(w *Words, text string) {
	if t.Segmenter == GSE {
		segmentWords(w, text)
		return
	}
	scan(w, text)
}

// The hash of a word works on its normalised bytes in chunks of eight, the last
// one padded with zero bytes (which no word holds).
const (
	hashSeed  = 0x9E3779B97F4A7C15
	hashPrime = 0xD6E8FEB86659FD93
)

func hashChunk(h, chunk uint64) uint64 {
	hi, lo := bits.Mul64(h^chunk, hashPrime)
	return hi ^ lo
}

const (
	highBits = 0x8080808080808080
	ones     = 0x0101010101010101
)

// asciiWord returns a mask with the high bit set in each byte of chunk that is
// an ASCII letter or digit, counted from the low byte.
//
// Each sum below tests one bound of a range in all eight bytes at once: no byte
// carries into the next since bytes with the high bit set are cleared before and
// excluded after.
func asciiWord(chunk uint64) uint64 {
	low := chunk &^ highBits
	lower := low | 0x20*ones
	letter := (lower + (0x80-'a')*ones) &^ (lower + (0x7F-'z')*ones)
	digit := (low + (0x80-'0')*ones) &^ (low + (0x7F-'9')*ones)
	return (letter | digit) & highBits &^ chunk
}

// load returns the eight bytes of b, the first in the low byte.
func load(b string) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// tail is load for the last bytes of a text, with zero bytes, which separate
// words, after its end.
func tail(b string) uint64 {
	var chunk uint64
	for j := range len(b) {
		chunk |= uint64(b[j]) << (8 * j)
	}
	return chunk
}

// scan appends the words of text to w. Runs of ASCII are read eight bytes at a
// time; a word with any other rune in it goes through scanRunes.
func scan(w *Words, text string) {
	if len(text) > math.MaxUint32 {
		text = text[:math.MaxUint32]
	}
	for i := 0; i < len(text); {
		var chunk uint64
		if i+8 <= len(text) {
			chunk = load(text[i : i+8])
		} else {
			chunk = tail(text[i:])
		}
		word := asciiWord(chunk)
		if word&0x80 == 0 {
			if chunk&0x80 == 0 { // separators: go to the next byte that is none
				i += bits.TrailingZeros64(word|chunk&highBits) >> 3
				continue
			}
			if plainHan(chunk) {
				w.add(hashChunk(hashSeed, chunk&0xFFFFFF), i, i+3)
				i += 3
				continue
			}
			i = scanRunes(w, text, i)
			continue
		}
		h, start := uint64(hashSeed), i
		for word == highBits {
			h = hashChunk(h, chunk|0x20*ones)
			i += 8
			if i+8 <= len(text) {
				chunk = load(text[i : i+8])
			} else {
				chunk = tail(text[i:])
			}
			word = asciiWord(chunk)
		}
		n := bits.TrailingZeros64(^word&highBits) &^ 7 // letters left, 0 to 7, in bits
		if chunk>>n&0x80 != 0 {
			i = scanRunes(w, text, start) // goes on, or ends, with another rune
			continue
		}
		if n > 0 {
			h = hashChunk(h, (chunk|0x20*ones)&(1<<(n&63)-1))
		}
		i += n >> 3
		w.add(h, start, i)
		i++ // what ended the word separates
	}
}

// plainHan reports whether chunk begins with a unified ideograph (U+4E00–U+9FFF,
// its own normal form) that nothing can follow as a mark: another such one, or
// an ASCII character.
func plainHan(chunk uint64) bool {
	lead, next := byte(chunk), byte(chunk>>24)
	return chunk&0xC0C0F0 == 0x8080E0 && lead >= 0xE4 && lead <= 0xE9 &&
		(lead > 0xE4 || byte(chunk>>8) >= 0xB8) &&
		(next < utf8.RuneSelf || next >= 0xE4 && next <= 0xE9)
}

// scanRunes reads one word, or one rune that is part of none, from byte i of
// text, and returns where to go on.
func scanRunes(w *Words, text string, i int) int {
	var b wordBuilder
	start, end := i, i
	alone := false // the word is a solo letter: only marks may follow
	for i < len(text) {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		f := foldRune(r) // of a broken byte: of U+FFFD, which separates
		begun := end > start
		switch f.class {
		case separator:
			if !begun {
				return i + size
			}
			w.add(b.sum(), start, end)
			return i
		case ignored, accent:
			if !begun {
				return i + size
			}
			if f.class == accent {
				end = i + size
			}
			i += size
			continue
		case solo:
			if begun {
				w.add(b.sum(), start, end)
				return i
			}
			alone = true
		case inWord:
			if alone {
				w.add(b.sum(), start, end)
				return i
			}
		case mark:
			alone = alone || !begun
		}
		b.add(f)
		i += size
		end = i
	}
	if end > start {
		w.add(b.sum(), start, end)
	}
	return i
}

// wordBuilder hashes a word from its runes, as scan does from its bytes.
type wordBuilder struct {
	h, chunk uint64
	n        int // bytes in chunk
	begun    bool
}

func (b *wordBuilder) add(f *folded) {
	if f.long != "" {
		for i := range len(f.long) {
			b.addByte(f.long[i])
		}
		return
	}
	for i := range f.n {
		b.addByte(byte(f.packed >> (8 * i)))
	}
}

func (b *wordBuilder) addByte(c byte) {
	b.chunk |= uint64(c) << (8 * b.n)
	b.n++
	if b.n == 8 {
		b.flush()
	}
}

func (b *wordBuilder) flush() {
	if !b.begun {
		b.h, b.begun = hashSeed, true
	}
	b.h = hashChunk(b.h, b.chunk)
	b.chunk, b.n = 0, 0
}

func (b *wordBuilder) sum() uint64 {
	if b.n > 0 {
		b.flush()
	}
	return b.h
}
