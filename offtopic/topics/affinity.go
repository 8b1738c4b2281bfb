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
	logs  [][]float64 // of a word of one subject in a block about the first; nil if not reckoned
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
	a.logs = make([][]float64, n)
	for t := range n {
		a.logs[t] = make([]float64, n)
		for s := range n {
			a.logs[t][s] = math.Log(a.given(1<<s, t, coherence))
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

// A block is about one subject: half of its words are of that one itself, and the
// others as affinities say. Which it is, the other words of its article tell: part
// of its blocks are about what those words are of, the rest about what goes with it;
// and it is taken to have some words of any subject.
const (
	coherence   = 0.5
	loyalty     = 0.5
	chanceWords = 0.6
)

// Fit returns the log-likelihood ratio of the mentions of a block between those of
// a text about any subject and those of a block of the article whose other mentions
// are of subjects as counts says.
func (a *Affinity) Fit(mentions []Mention, counts *[Most]float64) float64 {
	sum := chanceWords
	for _, c := range counts[:a.n] {
		sum += c
	}
	var about [Most]float64 // logarithm of the chance that a block is about a subject and has these words
	most := math.Inf(-1)
	for t := range a.n {
		for _, m := range mentions {
			if a.logs != nil && m.Subjects&(m.Subjects-1) == 0 {
				about[t] += a.logs[t][bits.TrailingZeros64(uint64(m.Subjects))]
				continue
			}
			about[t] += math.Log(a.given(m.Subjects, t, coherence))
		}
		most = max(most, about[t])
	}
	own, other := 0.0, 0.0
	for t := range a.n {
		even := (a.Prior[t] + 1/float64(a.n)) / 2
		in := chanceWords * even
		for s, c := range counts[:a.n] {
			if c > 0 {
				in += c * a.given(1<<t, s, loyalty)
			}
		}
		p := math.Exp(about[t] - most)
		own += p * in / sum
		other += p * even
	}
	return math.Log(other / own)
}

// given returns how likely a word of a text about subject s is to be of one of the
// subjects, some share of its words being of that one itself.
func (a *Affinity) given(subjects Set, s int, share float64) float64 {
	p := 0.0
	if subjects&(1<<s) != 0 {
		p = share
	}
	for set := subjects; set != 0; set &= set - 1 {
		p += (1 - share) * a.Given[s][bits.TrailingZeros64(uint64(set))]
	}
	return p
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
