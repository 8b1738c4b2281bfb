package store

import "math/bits"

// sign tells which samples an article may have, a bit each: no list needs to be searched
// for an article whose sign lacks the bit of the list's sample. A sample of 90, as that of
// an article of 560 words, fills a third of it; more than that, less is told.
type sign [signBits / 64]uint64

const signBits = 256

// signBit returns the bit of a sample: of the last bits that are in its entries.
func signBit(sample uint64) uint8 { return uint8(sample >> (sampleBits - 32)) }

// entryBit returns the bit of an entry's sample.
func entryBit(entry uint64) uint8 { return uint8(entry >> heldBits) }

func (s *sign) add(bit uint8) { s[bit/64] |= 1 << (bit % 64) }

func (s *sign) has(bit uint8) bool { return s[bit/64]>>(bit%64)&1 != 0 }

// signs hold bits of samples, each in the first sign that lacks it.
type signs []sign

func (s signs) add(bit uint8) signs {
	for i := range s {
		if !s[i].has(bit) {
			s[i].add(bit)
			return s
		}
	}
	s = append(s, sign{})
	s[len(s)-1].add(bit)
	return s
}

// most returns how many of the samples an article of this sign has at the most.
func (s signs) most(of *sign) int {
	n := 0
	for i := range s {
		for w := range of {
			n += bits.OnesCount64(s[i][w] & of[w])
		}
	}
	return n
}
