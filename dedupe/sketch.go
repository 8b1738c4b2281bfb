package dedupe

import (
	"slices"

	"chaff/shingle"
)

// places is the length of a signature. 128 places of 16 bits tell J to within a
// standard deviation of 0.044 and leave room for enough bands at J = 0.5; 256
// bytes an article are 256 MB at a million.
const places = 128

// packed is a signature, four places of 16 bits to a word, so that four places
// are compared at once.
type packed [places / 4]uint64

const signatureSize = 2 * places // bytes

// Sketch is what an [Index] keeps of an article's text instead of the text. It
// belongs to the [Sketcher] that made it and holds until that makes the next.
type Sketch struct {
	words     int
	sequence  uint64 // hash of the words in order: equal for texts of the same words
	signature packed
	samples   []uint32 // sampled shingles, sorted, each once
}

// Words returns the number of words of the text.
func (s *Sketch) Words() int { return s.words }

// Sketcher makes sketches. It keeps buffers: each goroutine needs its own, from
// [Index.Sketcher].
type Sketcher struct {
	size     int
	rate     uint64 // one in rate shingles is sampled; 0: none
	signer   *shingle.Signer
	shingles []uint64
	sampled  []uint64
	places   shingle.Signature
	scratch  []uint32
	sketch   Sketch
}

// Sketch returns the sketch of a text with these word hashes, as
// [shingle.Tokenizer.Words] gives them. The sketch is good until the next call.
func (s *Sketcher) Sketch(words []uint64) *Sketch {
	sk := &s.sketch
	*sk = Sketch{words: len(words), samples: sk.samples[:0]}
	if len(words) == 0 {
		return sk
	}
	sk.sequence = sequenceHash(words)
	s.shingles = appendShingles(s.shingles[:0], words, s.size)
	s.places = s.signer.Sign(s.places[:0], s.shingles)
	for i, v := range s.places {
		sk.signature[i/4] |= uint64(v) << (i % 4 * 16)
	}
	if s.rate > 0 {
		s.sampled = shingle.Sample(s.sampled[:0], s.shingles, s.rate)
		for _, h := range s.sampled {
			sk.samples = append(sk.samples, uint32(h>>32))
		}
		sk.samples = s.sortSamples(sk.samples)
	}
	return sk
}

// appendShingles appends the shingles of a text, in text order, to dst. The set
// of them is that of [shingle.TextSet].
func appendShingles(dst, words []uint64, size int) []uint64 {
	if len(words) < size {
		return shingle.TextSet(dst, words, size)
	}
	return shingle.Append(dst, words, size)
}

// sequenceHash returns a hash of words in their order: four hashes of every
// fourth word, so that no step waits for the one before.
func sequenceHash(words []uint64) uint64 {
	const base = 0xA0761D6478BD642F
	h := [4]uint64{uint64(len(words)), 1, 2, 3}
	for len(words) >= 4 {
		h[0] = h[0]*base + words[0]
		h[1] = h[1]*base + words[1]
		h[2] = h[2]*base + words[2]
		h[3] = h[3]*base + words[3]
		words = words[4:]
	}
	for i, w := range words {
		h[i] = h[i]*base + w
	}
	sum := h[0]
	for _, v := range h[1:] {
		sum = (sum^sum>>32)*base + v
	}
	return sum ^ sum>>32
}

// sortSamples sorts hashes and drops what is there twice. They are spread evenly
// over their range, so one distribution by the high byte nearly sorts them, and
// an insertion sort does the rest: a quarter of the time of slices.Sort.
func (s *Sketcher) sortSamples(hashes []uint32) []uint32 {
	const evenly = 1 << 13 // above it a byte's share is too long for an insertion sort
	if len(hashes) > evenly {
		slices.Sort(hashes)
		return slices.Compact(hashes)
	}
	var next [257]uint32
	for _, h := range hashes {
		next[h>>24+1]++
	}
	for i := 1; i < len(next); i++ {
		next[i] += next[i-1]
	}
	s.scratch = append(s.scratch[:0], hashes...)
	for _, h := range s.scratch {
		hashes[next[h>>24]] = h
		next[h>>24]++
	}
	for i := 1; i < len(hashes); i++ {
		h, j := hashes[i], i
		for ; j > 0 && hashes[j-1] > h; j-- {
			hashes[j] = hashes[j-1]
		}
		hashes[j] = h
	}
	return slices.Compact(hashes)
}

const (
	highLanes = 0x8000800080008000
	lowLanes  = 0x7FFF7FFF7FFF7FFF
)

// unequal returns a word with the high bit set in each lane of 16 bits in which
// a and b differ.
func unequal(a, b uint64) uint64 {
	x := a ^ b
	return ((x & lowLanes) + lowLanes | x) & highLanes
}
