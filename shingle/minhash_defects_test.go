package shingle

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	minhash "github.com/dgryski/go-minhash"
)

// What github.com/dgryski/go-minhash gets wrong is pinned here, so that nobody
// uses it: this package takes MinWise alone, and its minima by value. A test
// that fails after an upgrade tells that a defect is gone.

func minwiseOf(k int, hashes []uint64) *minhash.MinWise {
	m := minhash.NewMinWise(low64, mixed64, k)
	push(m, hashes)
	return m
}

func low64(b []byte) uint64   { return binary.LittleEndian.Uint64(b) }
func mixed64(b []byte) uint64 { return mix(binary.LittleEndian.Uint64(b)) | 1 }

func push(m interface{ Push([]byte) }, hashes []uint64) {
	var b [8]byte
	for _, h := range hashes {
		binary.LittleEndian.PutUint64(b[:], h)
		m.Push(b[:])
	}
}

// randomSets returns two sets of n hashes that share so many.
func randomSets(rng *rand.Rand, n, shared int) (a, b []uint64) {
	for i := range n {
		h := rng.Uint64()
		a = append(a, h)
		if i >= shared {
			h = rng.Uint64()
		}
		b = append(b, h)
	}
	return a, b
}

// The share of the k smallest values that two sketches have in common is not the
// Jaccard similarity, which looks at the k smallest of both sets together. Of
// sets with J = 1/3 it tells one half.
func TestBottomKSimilarityIsBiased(t *testing.T) {
	const trials, n, k = 100, 1000, 128
	rng := rand.New(rand.NewPCG(1, 1))
	var told float64
	for range trials {
		a, b := randomSets(rng, n, n/2)
		x, y := minhash.NewBottomK(low64, k), minhash.NewBottomK(low64, k)
		push(x, a)
		push(y, b)
		told += x.Similarity(y) / trials
	}
	if told < 0.45 || told > 0.55 {
		t.Errorf("BottomK.Similarity tells %.3f of sets with J = 0.333; it told 0.50", told)
	}
}

// SignatureBbit forgets each value that begins a word, and the bits of the last
// word that nobody set agree in any two signatures: strange sets, whose low bits
// agree half the time, are told to agree more often.
func TestSignatureBbitDropsValues(t *testing.T) {
	const trials, k = 100, 96
	rng := rand.New(rand.NewPCG(2, 2))
	var told float64
	for range trials {
		a, b := randomSets(rng, 1000, 0)
		x, y := minwiseOf(k, a), minwiseOf(k, b)
		packed := x.SignatureBbit(1)
		if len(packed) != 2 || packed[0] != lowBits(x.Signature()[:64]) || packed[1] != lowBits(x.Signature()[65:]) {
			t.Fatalf("SignatureBbit(1) no longer leaves value 64 out: %x", packed)
		}
		told += minhash.SimilarityBbit(packed, y.SignatureBbit(1), 1) / trials
	}
	if told < 0.6 {
		t.Errorf("SimilarityBbit tells %.3f of strange sets; it told 0.63 instead of 0.5", told)
	}
}

func lowBits(values []uint64) (w uint64) {
	for _, v := range values {
		w = w<<1 | v&1
	}
	return w
}

// Two sets without elements are told to be the same; chaff's own answer is that
// an empty set is like nothing.
func TestEmptySetsCompareAsOne(t *testing.T) {
	if s := minwiseOf(64, nil).Similarity(minwiseOf(64, nil)); s != 1 {
		t.Errorf("MinWise.Similarity of two empty sets is %v; it was 1", s)
	}
	s := NewSigner(MinWise, 64)
	if j := s.Sign(nil, nil).Estimate(s.Sign(nil, nil)); j != 0 {
		t.Errorf("two empty signatures are estimated as %v", j)
	}
}

// Signature returns the sketch's own memory: a push changes what was returned.
func TestSignatureAliases(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	a, b := randomSets(rng, 100, 0)
	m := minwiseOf(64, a)
	kept := m.Signature()
	before := append([]uint64(nil), kept...)
	push(m, b)
	same := true
	for i := range kept {
		same = same && kept[i] == before[i]
	}
	if same {
		t.Error("MinWise.Signature no longer aliases the sketch")
	}
	s := NewSigner(MinWise, 64)
	first := s.Sign(nil, a)
	again := append(Signature(nil), first...)
	s.Sign(nil, b)
	for i := range first {
		if first[i] != again[i] {
			t.Fatal("a signature changes with the next one signed")
		}
	}
}
