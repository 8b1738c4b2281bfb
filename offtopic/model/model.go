// Package model tells by its words and its outward form whether a piece of text
// reads like an advertisement, like the furniture of a page or like a leftover
// of writing. It is a multinomial logistic regression over hashed words, whose
// weights are learnt by the program in the folder train and embedded.
package model

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
)

// Labels is the number of labels besides that of an honest text.
const Labels = 3

// The labels, by number.
const (
	Advertisement = iota
	Furniture
	Leftover
)

// Weight is what a feature says for each label, in quantised log-odds.
type Weight [Labels]int8

// Model holds the weights of features. It is read-only once it is read.
type Model struct {
	shapes [signs]Weight
	bits   []uint64 // tell of nearly all features that have no slot that they have none
	slots  []slot
	scale  float64
	Bias   [Labels]float64
}

type slot struct {
	key uint32 // 0 if free
	w   Weight
}

// magic begins a file of weights, behind a line that tells where they are from.
const magic = "chaff model 2\n"

//go:embed weights.bin
var embedded []byte

// Builtin returns the model that is part of the program.
var Builtin = sync.OnceValue(func() *Model {
	m, err := Decode(embedded)
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return m
})

// Decode reads weights as [Encode] writes them.
func Decode(data []byte) (*Model, error) {
	rest, found := bytes.CutPrefix(data, []byte(magic))
	if !found {
		return nil, errors.New("weights: not a file of weights")
	}
	_, rest, found = bytes.Cut(rest, []byte("\n\n"))
	if !found || len(rest) < 8*(1+Labels)+4 {
		return nil, errors.New("weights: cut short")
	}
	m := new(Model)
	m.scale = math.Float64frombits(binary.LittleEndian.Uint64(rest))
	for l := range m.Bias {
		m.Bias[l] = math.Float64frombits(binary.LittleEndian.Uint64(rest[8*(1+l):]))
	}
	rest = rest[8*(1+Labels):]
	n := int(binary.LittleEndian.Uint32(rest))
	rest = rest[4:]
	if n > len(rest) {
		return nil, fmt.Errorf("weights: %d bytes for %d features", len(rest), n)
	}
	size := 64
	for size < 2*n {
		size *= 2
	}
	m.slots, m.bits = make([]slot, size), make([]uint64, bitsPerSlot*size/64)
	for key, i := uint64(0), 0; i < n; i++ {
		step, used := binary.Uvarint(rest)
		if used <= 0 || len(rest) < used+Labels || step > math.MaxUint32-key {
			return nil, fmt.Errorf("weights: damaged at feature %d", i)
		}
		key += step
		e := rest[used:]
		rest = e[Labels:]
		k, w := uint32(key), Weight{int8(e[0]), int8(e[1]), int8(e[2])}
		if k < signs {
			m.shapes[k] = w
			continue
		}
		at := m.slot(k)
		m.slots[at] = slot{k, w}
		m.bits[m.bit(k)/64] |= 1 << (m.bit(k) % 64)
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("weights: %d bytes behind the last feature", len(rest))
	}
	return m, nil
}

// Encode writes weights: their provenance, the value of one step of a weight,
// the bias of each label, and for each feature, in ascending order of keys, how much
// higher its key is than the one before and its weight for each label.
func Encode(provenance string, scale float64, bias [Labels]float64, keys []uint32, weights []Weight) []byte {
	out := []byte(magic + provenance + "\n\n")
	out = binary.LittleEndian.AppendUint64(out, math.Float64bits(scale))
	for _, b := range bias {
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(b))
	}
	out = binary.LittleEndian.AppendUint32(out, uint32(len(keys)))
	before := uint32(0)
	for i, k := range keys {
		out = binary.AppendUvarint(out, uint64(k-before))
		before = k
		for _, w := range weights[i] {
			out = append(out, byte(w))
		}
	}
	return out
}

// bitsPerSlot makes hardly one in twenty of the features without a weight look as if it
// had one.
const bitsPerSlot = 8

// bit returns the number of the bit of a feature.
func (m *Model) bit(k uint32) uint32 { return k * 0x85EBCA6B >> 4 & uint32(64*len(m.bits)-1) }

func (m *Model) slot(k uint32) int {
	mask := len(m.slots) - 1
	i := int(k*0x9E3779B1>>7) & mask
	for m.slots[i].key != 0 && m.slots[i].key != k {
		i = (i + 1) & mask
	}
	return i
}

// Norm is what the weights of n features of words are multiplied by: a long text
// says more than a short one, but each of its words less.
func Norm(n int) float64 { return 1 / math.Sqrt(float64(max(n, 1))) }

// Sum is what the words of a sentence say, or of several sentences of a block. The
// zero value is that of no word.
type Sum struct {
	words    [Labels]int32
	features int
	size     size
}

// Add adds what the words of another sentence say.
func (s *Sum) Add(o Sum) {
	for l, w := range o.words {
		s.words[l] += w
	}
	s.features += o.features
	s.size.add(o.size)
}

// Score returns the log-odds of each label against an honest text, for a sentence, and
// what its words add to those of its block.
func (m *Model) Score(f *Features) ([Labels]float64, Sum) {
	s := f.Sum()
	for _, k := range m.known(f) {
		w := m.slots[m.slot(k)].w
		s.words[0] += int32(w[0])
		s.words[1] += int32(w[1])
		s.words[2] += int32(w[2])
	}
	return m.odds(&s, f.Shapes), s
}

// ScoreBlock returns the log-odds for a block, whose sentences add up to s.
func (m *Model) ScoreBlock(f *Features, block string, s Sum) [Labels]float64 {
	f.FindBlock(block, s)
	return m.odds(&s, f.Shapes)
}

func (m *Model) odds(s *Sum, outward []uint32) [Labels]float64 {
	var shapes [Labels]int32
	for _, k := range outward {
		for l, w := range m.shapes[k] {
			shapes[l] += int32(w)
		}
	}
	z := m.Bias
	norm := Norm(s.features)
	for l := range z {
		z[l] += m.scale * (norm*float64(s.words[l]) + float64(shapes[l]))
	}
	return z
}

// known returns the features of words in f that may have a weight. It is set apart
// from adding their weights so that no lookup waits for another.
func (m *Model) known(f *Features) []uint32 {
	kept := slices.Grow(f.kept[:0], len(f.Words))[:len(f.Words)]
	bits := m.bits
	n := 0
	for _, k := range f.Words {
		b := m.bit(k)
		kept[n] = k
		n += int(bits[b/64] >> (b % 64) & 1)
	}
	f.kept = kept
	return kept[:n]
}

// Strongest returns the word at which the feature begins that says most for a
// label, or -1 if none speaks for it.
func (m *Model) Strongest(f *Features, label int) int {
	best, at := int8(0), -1
	for i, k := range f.Words {
		if w := m.slots[m.slot(k)].w[label]; w > best {
			best, at = w, int(f.Place[i])
		}
	}
	return at
}
