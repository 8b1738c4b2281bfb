package shingle

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"

	minhash "github.com/dgryski/go-minhash"
)

// Signature is a digest of a set of shingles, of fixed length: the share of
// places in which two signatures of one [Signer] agree estimates the Jaccard
// similarity of the sets. A place keeps 16 bits of a minimum, which makes two
// unequal minima agree once in 65,536 times. A nil Signature is that of the
// empty set.
type Signature []uint16

// Estimate returns the share of places in which a and b agree, an unbiased
// estimate (to within 2⁻¹⁶) of the sets' Jaccard similarity with a standard
// deviation of at most √(J(1−J)/k). An empty set is like nothing: 0. Signatures
// of different lengths come from different signers and have nothing in common.
func (a Signature) Estimate(b Signature) float64 {
	if len(a) == 0 || len(a) != len(b) {
		return 0
	}
	equal := 0
	for i, v := range a {
		if v == b[i] {
			equal++
		}
	}
	return float64(equal) / float64(len(a))
}

// Engine names a way to make signatures.
type Engine string

const (
	// OPH is one-permutation hashing (Li, Owen and Zhang, 2012) with optimal
	// densification (Shrivastava, 2017): each shingle is looked at once.
	OPH Engine = "oph"
	// MinWise is classic minwise hashing by github.com/dgryski/go-minhash:
	// each shingle is hashed for every place of the signature. It has less
	// variance than OPH on texts with fewer shingles than places.
	MinWise Engine = "minwise"
)

// ParseEngine returns the engine called name.
func ParseEngine(name string) (Engine, error) {
	switch e := Engine(name); e {
	case OPH, MinWise:
		return e, nil
	}
	return "", fmt.Errorf("no engine %q: oph or minwise", name)
}

// Signer makes signatures of one engine and length. It keeps buffers: each
// goroutine needs its own. Signatures of different signers may be compared when
// engine and length are the same.
type Signer struct {
	engine  Engine
	minima  []uint64
	empty   []int            // bins without a shingle
	filled  []uint64         // what is put into them
	mw      *minhash.MinWise // made when first needed
	element []byte
}

// NewSigner returns a signer for signatures of k places, k > 0. The empty engine
// means [OPH].
func NewSigner(engine Engine, k int) *Signer {
	return &Signer{engine: engine, minima: make([]uint64, max(k, 1))}
}

// Sign appends the signature of the shingles to dst. Shingles may come in any
// order and more than once. Where there is none, dst is returned as it is.
func (s *Signer) Sign(dst Signature, shingles []uint64) Signature {
	if len(shingles) == 0 {
		return dst
	}
	minima := s.minima
	if s.engine == MinWise {
		minima = s.minwise(shingles)
	} else {
		s.oph(shingles)
	}
	for _, m := range minima {
		// The low bits of a minimum are as good as random; its high bits are
		// small because it is one.
		dst = append(dst, uint16(m))
	}
	return dst
}

// oph puts each shingle into the bin its high bits tell and keeps the smallest
// of each bin. An empty bin takes the minimum of another one, found by a walk
// that depends on the bin and the step alone, so that two like sets borrow from
// like bins.
func (s *Signer) oph(shingles []uint64) {
	minima := s.minima
	for i := range minima {
		minima[i] = math.MaxUint64
	}
	k := uint64(len(minima))
	if k&(k-1) == 0 {
		shift := uint(64 - bits.TrailingZeros64(k))
		for _, h := range shingles {
			// Written without a branch, which would go either way in half of
			// all cases. A shift by 64 leaves the only bin there is.
			bin := h >> shift & (k - 1)
			minima[bin] = min(minima[bin], h)
		}
	} else {
		for _, h := range shingles {
			bin, _ := bits.Mul64(h, k)
			minima[bin] = min(minima[bin], h)
		}
	}
	s.densify()
}

func (s *Signer) densify() {
	most := uint64(0)
	for _, m := range s.minima {
		most = max(most, m)
	}
	if most != math.MaxUint64 {
		return // as with most articles
	}
	s.empty = s.empty[:0]
	for bin, m := range s.minima {
		if m == math.MaxUint64 {
			s.empty = append(s.empty, bin)
		}
	}
	if len(s.empty) == len(s.minima) {
		return
	}
	s.filled = s.filled[:0]
	k := uint64(len(s.minima))
	for _, bin := range s.empty {
		for step := uint64(1); ; step++ {
			from, _ := bits.Mul64(mix(uint64(bin)<<32|step), k)
			if m := s.minima[from]; m != math.MaxUint64 {
				s.filled = append(s.filled, m)
				break
			}
		}
	}
	for i, bin := range s.empty {
		s.minima[bin] = s.filled[i]
	}
}

// minwise returns the minima of go-minhash. Signature gives its internal state,
// which is here what we want: it is emptied for the next set.
func (s *Signer) minwise(shingles []uint64) []uint64 {
	if s.mw == nil {
		s.mw = minhash.NewMinWise(
			func(b []byte) uint64 { return binary.LittleEndian.Uint64(b) },
			func(b []byte) uint64 { return mix(binary.LittleEndian.Uint64(b)) | 1 },
			len(s.minima),
		)
		s.element = make([]byte, 8)
	}
	minima := s.mw.Signature()
	for i := range minima {
		minima[i] = math.MaxUint64
	}
	for _, h := range shingles {
		binary.LittleEndian.PutUint64(s.element, h)
		s.mw.Push(s.element)
	}
	return minima
}

// Sample appends to dst the shingles below the rate's share of the range of all
// hashes: every set is sampled by the same rule, so what two samples share is a
// sample of what the sets share (FracMinHash, Irber et al., 2022). A rate of n
// keeps one in n; 0 and 1 keep all.
func Sample(dst, shingles []uint64, rate uint64) []uint64 {
	if rate <= 1 {
		return append(dst, shingles...)
	}
	limit := math.MaxUint64 / rate
	for _, h := range shingles {
		// Sketches bin by the high bits; the sample must not depend on them.
		if h*rollingBase < limit {
			dst = append(dst, h)
		}
	}
	return dst
}
