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

	// Reckoned once; nil if it isn't.
	even  []float64         // of a word of any text, by subject
	loyal [][]float64       // of a word of the first subject in an article that has words of the second
	logs  map[Set][]float64 // of a word of a set in a block about a subject
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
	a.reckon(Builtin().sets())
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
	var alone []Set
	for s := range n {
		alone = append(alone, 1<<s)
	}
	a.reckon(alone)
	return a, nil
}

// reckon reckons what does not depend on a text, for the sets of subjects that words
// are of. Others are reckoned when they are met.
func (a *Affinity) reckon(sets []Set) {
	if a.logs == nil {
		a.logs = make(map[Set][]float64)
	}
	for _, set := range sets {
		if _, ok := a.logs[set]; !ok {
			a.logs[set] = a.logsOf(set)
		}
	}
	a.even, a.loyal = make([]float64, a.n), make([][]float64, a.n)
	for t := range a.n {
		a.even[t] = (a.Prior[t] + 1/float64(a.n)) / 2
		a.loyal[t] = make([]float64, a.n)
		for s := range a.n {
			a.loyal[t][s] = a.given(1<<t, s, loyalty)
		}
	}
}

// logsOf returns the logarithm of how likely a word of subjects is in a block about
// each subject.
func (a *Affinity) logsOf(subjects Set) []float64 {
	logs := make([]float64, a.n)
	for t := range a.n {
		logs[t] = math.Log(a.given(subjects, t, coherence))
	}
	return logs
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

// negligible is a logarithm below which a subject adds nothing to a sum in 53 bits:
// the likeliest subject, at 0, counts for more than 1e-9 in it.
const negligible = -80

// Fit returns the log-likelihood ratio of the mentions of a block between those of
// a text about any subject and those of a block of the article whose other mentions
// are of subjects as counts says.
func (a *Affinity) Fit(mentions []Mention, counts *[Most]float64) float64 {
	if a.even == nil { // not decoded, but made
		b := *a
		b.reckon(nil)
		a = &b
	}
	sum := chanceWords
	for _, c := range counts[:a.n] {
		sum += c
	}
	var about [Most]float64 // logarithm of the chance that a block is about a subject and has these words
	for _, m := range mentions {
		logs, ok := a.logs[m.Subjects]
		if !ok {
			logs = a.logsOf(m.Subjects)
		}
		for t, x := range logs {
			about[t] += x
		}
	}
	most := math.Inf(-1)
	for _, x := range about[:a.n] {
		most = max(most, x)
	}
	var said [Most]int // subjects that the article has words of
	n := 0
	for s, c := range counts[:a.n] {
		if c > 0 {
			said[n] = s
			n++
		}
	}
	own, other := 0.0, 0.0
	for t := range a.n {
		if about[t]-most < negligible {
			continue
		}
		even := a.even[t]
		in := chanceWords * even
		loyal := a.loyal[t]
		for _, s := range said[:n] {
			in += counts[s] * loyal[s]
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
