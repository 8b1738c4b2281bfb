package store

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"chaff/article"
	"chaff/shingle"
)

// A code stands for a word: 31 bits of its hash, and in the lowest bit whether
// the word begins with a digit. Words in their order are what an index keeps of a
// text: they take as much room as its sorted shingle hashes would, four bytes a
// word, and tell the order of the words as well, so that texts of the same words
// are known without a doubt and a form can be told from what is filled into it.
//
// Two different words have one code with probability 2⁻³¹. It takes that for two
// shingles that differ in one word to be taken for one; of two texts of 400 words
// at most some hundred shingles differ so, which makes J and C wrong for fewer
// than one pair in a million.
type code = uint64 // the low 32 bits

func wordCode(hash uint64, text string) code {
	c := hash >> 33 << 1
	if r, _ := utf8.DecodeRuneInString(text); unicode.IsDigit(r) {
		c |= 1
	}
	return c
}

// digest is what an index needs to know of a text, made once for each article.
type digest struct {
	codes    []code
	sequence uint64      // hash of the codes in their order
	set      shingle.Set // of the codes
	class    uint8
	samples  []uint64 // of set: the hashes cut to sampleBits, sorted
	text     [16]byte // SHA-256 of the text, cut
	date     time.Time
}

// size returns about how much memory d takes, in bytes.
func (d *digest) size() int { return 8 * (len(d.codes) + len(d.set) + len(d.samples)) }

func sequence(codes []code) uint64 {
	h := uint64(len(codes))
	for _, c := range codes {
		h = (h ^ c) * 0x9FB21C651E98DF25
		h ^= h >> 32
	}
	return h
}

func textSum(text string) (sum [16]byte) {
	whole := sha256.Sum256([]byte(text))
	copy(sum[:], whole[:])
	return sum
}

// digest makes the digest of a.
func (s *Store) digest(a *article.Article) *digest {
	var w shingle.Words
	s.tokenizer.Words(&w, a.Text)
	d := &digest{codes: w.Hash, text: textSum(a.Text), date: a.Date}
	for i, h := range w.Hash {
		d.codes[i] = wordCode(h, a.Text[w.Start[i]:w.End[i]])
	}
	d.sequence = sequence(d.codes)
	d.set = shingle.TextSet(nil, d.codes, s.size)
	d.class = classOf(len(d.set))
	d.samples = sampled(d.set, d.class)
	return d
}

// Sizes of texts, in shingles, are known by class: a quarter of a power of two,
// so that a class tells the size to within 19 %.
const classes = 4 * 40 // no text has 2⁴⁰ shingles

func classOf(shingles int) uint8 {
	if shingles == 0 {
		return 0
	}
	c := uint8(4 * math.Log2(float64(shingles)))
	for shingles >= classFloor(c+1) {
		c++
	}
	for shingles < classFloor(c) {
		c--
	}
	return c
}

// classFloor returns the least number of shingles of class c.
func classFloor(c uint8) int { return int(math.Ceil(math.Exp2(float64(c) / 4))) }

// sampleBits is the length of a sample's hash. At a million articles of 400
// words, 66 million samples, one look-up in 16,000 meets a stranger by chance.
const sampleBits = 40

// maxRate is the share of a long text's shingles that are in its sample: one in
// six. Of the 36 shingles that a text of 60 has in common with one that contains
// it to 0.6, none is sampled in 0.14 % of all cases; one in eight would miss
// 0.8 %, and one in four cost half as much room and time again.
const maxRate = 6

// rateOf returns the sampling rate of a text of class c. Short texts are sampled
// densely, so that two of about one length always have some samples in common.
// Rates are nested: what a text samples at one rate it samples at any lower one.
func rateOf(c uint8) uint64 {
	switch {
	case c < 24: // 64 shingles
		return 1
	case c < 28: // 128
		return 2
	case c < 32: // 256
		return 4
	}
	return maxRate
}

func sampled(set shingle.Set, class uint8) []uint64 {
	samples := shingle.Sample(make([]uint64, 0, len(set)/2+8), set, rateOf(class))
	for i, h := range samples {
		samples[i] = h >> (64 - sampleBits)
	}
	return slices.Compact(samples)
}

// appendCodes appends the codes to dst, four bytes each.
func appendCodes(dst []byte, codes []code) []byte {
	dst = slices.Grow(dst, 4*len(codes))
	for _, c := range codes {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(c))
	}
	return dst
}

// decodeCodes appends what appendCodes wrote to dst.
func decodeCodes(dst []code, b []byte) []code {
	dst = slices.Grow(dst, len(b)/4)
	for ; len(b) >= 4; b = b[4:] {
		dst = append(dst, code(binary.LittleEndian.Uint32(b)))
	}
	return dst
}
