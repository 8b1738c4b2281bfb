package topics

import (
	_ "embed"
	"fmt"
	"math"
	"math/bits"
	"sync"
)

// Affinity tells how likely a word of an article is to be of a subject, given the
// subjects of the other words of the article.
type Affinity struct {
	n     int
	Prior []float64   // of a word of any article, by subject
	Given [][]float64 // of a word of an article that has one of the first subject
}

// The file has, for each subject, the logarithm of its prior and those of its
// chance given each subject, in steps of 1/affinityStep.
//
//go:embed affinity.bin
var affinityFile []byte

const affinityStep = 16

// BuiltinAffinity returns the affinity of the subjects of the built-in table.
var BuiltinAffinity = sync.OnceValue(func() *Affinity {
	a, err := DecodeAffinity(affinityFile, len(Builtin().Names))
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return a
})

// DecodeAffinity reads what [Affinity.Encode] writes, of n subjects.
func DecodeAffinity(data []byte, n int) (*Affinity, error) {
	if len(data) != n*(n+1) {
		return nil, fmt.Errorf("affinity: %d bytes for %d subjects", len(data), n)
	}
	a := NewAffinity(n)
	for t := range n {
		a.Prior[t] = math.Exp(-float64(data[t]) / affinityStep)
		for s := range n {
			a.Given[s][t] = math.Exp(-float64(data[n*(1+s)+t]) / affinityStep)
		}
	}
	return a, nil
}

// NewAffinity returns an affinity of n subjects that knows nothing.
func NewAffinity(n int) *Affinity {
	a := &Affinity{n: n, Prior: make([]float64, n), Given: make([][]float64, n)}
	for s := range n {
		a.Given[s] = make([]float64, n)
	}
	return a
}

// Encode writes a.
func (a *Affinity) Encode() []byte {
	step := func(p float64) byte {
		return byte(min(255, math.Round(-math.Log(p)*affinityStep)))
	}
	var data []byte
	for _, p := range a.Prior {
		data = append(data, step(p))
	}
	for s := range a.n {
		for _, p := range a.Given[s] {
			data = append(data, step(p))
		}
	}
	return data
}

// Of returns how likely a word is to be of one of the subjects in an article whose
// words are of subjects as often as counts says, and in any.
func (a *Affinity) Of(subjects Set, counts *[Most]float64) (in, any float64) {
	sum := 0.0
	for s, c := range counts[:a.n] {
		if c == 0 {
			continue
		}
		sum += c
		for set := subjects; set != 0; set &= set - 1 {
			in += c * a.Given[s][bits.TrailingZeros64(uint64(set))]
		}
	}
	for set := subjects; set != 0; set &= set - 1 {
		any += a.Prior[bits.TrailingZeros64(uint64(set))]
	}
	if sum == 0 {
		return any, any
	}
	return in / sum, any
}

// Count adds to counts what mentions say of the subjects of a text: one in all
// for each.
func Count(counts *[Most]float64, mentions []Mention) {
	for _, m := range mentions {
		part := 1 / float64(bits.OnesCount64(uint64(m.Subjects)))
		for set := m.Subjects; set != 0; set &= set - 1 {
			counts[bits.TrailingZeros64(uint64(set))] += part
		}
	}
}
