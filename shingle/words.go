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

// Grow makes room for n words in all.
func (w *Words) Grow(n int) {
	if n > cap(w.Hash) {
		w.room(n)
	}
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
	w.room(len(w.Hash) + max(256, len(w.Hash)/2))
}

// room makes the capacity n, which is above that there is.
func (w *Words) room(n int) {
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

// The hash of a word eats its normalised bytes sixteen at a time, as two chunks
// of eight with the first byte lowest, the last step padded with zero bytes
// (which no word holds). Almost every word takes one step, which is one
// multiplication of 64 by 64 bits folded to 64 (as in wyhash, Wang Yi, 2019).
const (
	hashSeed  = 0x9E3779B97F4A7C15
	hashPrime = 0xD6E8FEB86659FD93
)

func hashStep(h, low, high uint64) uint64 {
	x, y := bits.Mul64(h^low, hashPrime^high)
	return x ^ y
}

const (
	ones     = 0x0101010101010101
	highBits = 0x80 * ones
	caseBits = 0x20 * ones // set in ASCII lower case letters and digits
)

// firstBytes[n] keeps the first n bytes of sixteen.
var firstBytes = func() (masks [17]struct{ low, high uint64 }) {
	for n := range masks {
		masks[n].low = 1<<(8*min(n, 8)) - 1
		masks[n].high = 1<<(8*max(n-8, 0)) - 1
	}
	return masks
}()

// asciiWord returns a mask with the high bit set in each byte of chunk that is
// an ASCII letter or digit.
//
// Each sum below tests one bound of a range in all eight bytes at once: no byte
// carries into the next since bytes with the high bit set are cleared before and
// excluded after.
func asciiWord(chunk uint64) uint64 {
	low := chunk &^ highBits
	lower := low | caseBits
	letter := (lower + (0x80-'a')*ones) &^ (lower + (0x7F-'z')*ones)
	digit := (low + (0x80-'0')*ones) &^ (low + (0x7F-'9')*ones)
	return (letter | digit) & highBits &^ chunk
}

// isASCIIWord is asciiWord for one byte.
func isASCIIWord(c byte) bool { return c|0x20-'a' < 26 || c-'0' < 10 }

// gather packs the high bits of the eight bytes of mask into one byte, the first
// byte's lowest.
func gather(mask uint64) uint64 {
	return mask >> 7 * 0x0102040810204080 >> 56
}

// load returns the eight bytes of b, the first in the low byte.
func load(b string) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// loadTail is load for what is left of a text, with zero bytes, which separate
// words, after its end.
func loadTail(b string) uint64 {
	if len(b) >= 8 {
		return load(b)
	}
	var chunk uint64
	for j := range len(b) {
		chunk |= uint64(b[j]) << (8 * j)
	}
	return chunk
}

// blockSize is how many bytes scan classifies at once, one bit each in a map.
const blockSize = 64

// mapBlockPlain returns a map of the ASCII letters and digits of the block that
// text begins with, and one of its bytes beyond ASCII.
func mapBlockPlain(text string) (letters, beyond uint64) {
	for j := range 8 {
		chunk := load(text[8*j : 8*j+8])
		letters |= gather(asciiWord(chunk)) << (8 * j)
		beyond |= gather(chunk&highBits) << (8 * j)
	}
	return letters, beyond
}

// scan appends the words of text to w. A block becomes a map of its letters and
// digits in which words are runs of ones, so that no branch depends on where
// words end. Words with bytes beyond ASCII are read rune by rune.
func scan(w *Words, text string) {
	if len(text) > math.MaxUint32 {
		text = text[:math.MaxUint32]
	}
	i := 0 // no word that began before i goes on there
	for len(text)-i >= blockSize+16 {
		letters, beyond := mapBlock(text[i : i+blockSize])
		if beyond != 0 {
			if bits.OnesCount64(beyond) > blockSize/2 {
				i = scanEach(w, text, i, i+blockSize)
				continue
			}
			beyond &^= separating(text[i:i+blockSize], beyond)
		}
		if beyond != 0 {
			i = scanMixed(w, text, i, letters, beyond)
		} else {
			i = scanBlock(w, text, i, letters)
		}
	}
	scanEach(w, text, i, len(text))
}

// separating returns the runs of bytes beyond ASCII, which beyond maps, that are
// nothing but separators: quotes, dashes, spaces. A run that ends the block is
// none of them, for it may go on.
func separating(block string, beyond uint64) uint64 {
	var found uint64
	for left := beyond; left != 0; {
		at := bits.TrailingZeros64(left)
		end := at + bits.TrailingZeros64(^(left >> at))
		if end >= blockSize {
			break
		}
		run := (uint64(1)<<(end-at) - 1) << at
		left &^= run
		i := at
		for i < end {
			r, size := utf8.DecodeRuneInString(block[i:end])
			if foldRune(r).class != separator {
				break
			}
			i += size
		}
		if i == end {
			found |= run
		}
	}
	return found
}

// scanMixed appends the words of the block at byte i, of which letters and beyond
// are the maps, and returns where to go on, as scanBlock does.
func scanMixed(w *Words, text string, i int, letters, beyond uint64) int {
	all := letters | beyond
	for beyond != 0 {
		// The run of word bytes that holds the next byte beyond ASCII.
		in := bits.TrailingZeros64(beyond)
		at := bits.Len64(^all & (uint64(1)<<in - 1))
		end := in + bits.TrailingZeros64(^(all >> in))
		before := uint64(1)<<at - 1
		scanWords(w, text, i, letters&before)
		if end >= blockSize { // it may go on
			if at == 0 {
				return scanRunes(w, text, i)
			}
			return i + at
		}
		scanEach(w, text, i+at, i+end)
		behind := ^uint64(0) << end
		letters, beyond = letters&behind, beyond&behind
	}
	return scanBlock(w, text, i, letters)
}

// scanBlock appends the words of the block at byte i, of which letters is the
// map, and returns where to go on: at the last word if it may go on past the
// block.
func scanBlock(w *Words, text string, i int, letters uint64) int {
	if letters>>(blockSize-1) == 0 {
		scanWords(w, text, i, letters)
		return i + blockSize
	}
	last := bits.Len64(^letters)
	scanWords(w, text, i, letters&(uint64(1)<<last-1))
	if last == 0 { // a word as long as the block
		return scanRunes(w, text, i)
	}
	return i + last
}

// scanWords appends the words of the block at byte i, of which letters is the
// map. None of them reaches the end of the block.
func scanWords(w *Words, text string, i int, letters uint64) {
	if cap(w.Hash)-len(w.Hash) < blockSize/2 {
		w.grow()
	}
	n := len(w.Hash)
	room := n + blockSize/2
	hashes, starts, ends := w.Hash[n:room], w.Start[n:room], w.End[n:room]
	found := 0
	first, behind := letters&^(letters<<1), letters<<1&^letters
	for ; first != 0; first, behind = first&(first-1), behind&(behind-1) {
		start := i + bits.TrailingZeros64(first)
		end := i + bits.TrailingZeros64(behind)
		var h uint64
		if end-start <= 16 {
			keep := &firstBytes[end-start]
			word := text[start : start+16]
			h = hashStep(hashSeed,
				(load(word)|caseBits)&keep.low,
				(load(word[8:])|caseBits)&keep.high)
		} else {
			h = hashASCII(text[start:end])
		}
		hashes[found], starts[found], ends[found] = h, uint32(start), uint32(end)
		found++
	}
	n += found
	w.Hash, w.Start, w.End = w.Hash[:n], w.Start[:n], w.End[:n]
}

// hashASCII hashes a word of ASCII letters and digits.
func hashASCII(word string) uint64 {
	h := uint64(hashSeed)
	for len(word) > 0 {
		n := min(len(word), 16)
		keep := firstBytes[n]
		low := (loadTail(word) | caseBits) & keep.low
		var high uint64
		if n > 8 {
			high = (loadTail(word[8:]) | caseBits) & keep.high
		}
		h = hashStep(h, low, high)
		word = word[n:]
	}
	return h
}

// scanEach appends the words of text that begin before limit, from byte i, and
// returns where to go on: at limit or after the last word.
func scanEach(w *Words, text string, i, limit int) int {
	for i < limit {
		chunk := loadTail(text[i:])
		word := asciiWord(chunk)
		if word&0x80 == 0 {
			if chunk&0x80 == 0 { // separators: go to the next byte that is none
				i += bits.TrailingZeros64(word|chunk&highBits) >> 3
				continue
			}
			if plainHan(chunk) {
				w.add(hashStep(hashSeed, chunk&0xFFFFFF, 0), i, i+3)
				i += 3
				continue
			}
			i = scanRunes(w, text, i)
			continue
		}
		low, high, size := chunk, uint64(0), 0
		if word == highBits {
			size = 8
			chunk = loadTail(text[i+8:])
			word = asciiWord(chunk)
			high = chunk
		}
		rest := bits.TrailingZeros64(^word&highBits) &^ 7 // letters left, in bits; 64 if no end is seen
		if rest == 64 || chunk>>rest&0x80 != 0 {
			i = scanRunes(w, text, i) // long, or goes on or ends with another rune
			continue
		}
		size += rest >> 3
		keep := &firstBytes[size]
		w.add(hashStep(hashSeed, (low|caseBits)&keep.low, (high|caseBits)&keep.high), i, i+size)
		i += size + 1 // what ended the word separates
	}
	return i
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
		} else if isASCIIWord(byte(r)) && !alone {
			b.addByte(byte(r) | 0x20)
			i++
			end = i
			continue
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

// wordBuilder hashes a word from its runes, as hashASCII does from its bytes.
type wordBuilder struct {
	h     uint64
	chunk [2]uint64
	n     int // bytes in chunk
	begun bool
}

func (b *wordBuilder) add(f *folded) {
	if n := int(f.n); n > 0 && b.n&7+n <= 8 {
		b.chunk[b.n>>3] |= f.packed << (8 * (b.n & 7))
		if b.n += n; b.n == 16 {
			b.flush()
		}
		return
	}
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
	b.chunk[b.n>>3] |= uint64(c) << (8 * (b.n & 7))
	b.n++
	if b.n == 16 {
		b.flush()
	}
}

func (b *wordBuilder) flush() {
	if !b.begun {
		b.h, b.begun = hashSeed, true
	}
	b.h = hashStep(b.h, b.chunk[0], b.chunk[1])
	b.chunk, b.n = [2]uint64{}, 0
}

func (b *wordBuilder) sum() uint64 {
	if b.n > 0 {
		b.flush()
	}
	return b.h
}
