package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strconv"
	"sync"

	"chaff/article"
	"chaff/offtopic"
	"chaff/offtopic/model"
)

// states are honest and the labels.
const states = 1 + offtopic.Sorts

// sequence is an article with what is said of its sentences, and what they are.
type sequence struct {
	begins []bool
	said   [][]said
	gold   []int8
	weight float64
}

// said is the number of a weight and what it is multiplied by.
type said struct {
	weight int32
	value  float32
}

// The numbers of the weights of transitions, behind those of evidence.
const (
	easeAt        = offtopic.Kinds * offtopic.Sorts
	enterInsideAt = easeAt + offtopic.Sorts
	leaveInsideAt = enterInsideAt + 1
	turnAt        = leaveInsideAt + 1
	weightCount   = turnAt + 1
)

// sequenceOf returns what a detector is told of a plant. Pieces of other texts have been
// learnt by then, and are what the other sorts are to be told from.
func sequenceOf(d *offtopic.Detector, p *plant) sequence {
	all := d.Observe(&article.Article{Text: p.text})
	s := sequence{weight: weightOf(p), begins: make([]bool, len(all)), said: make([][]said, len(all)), gold: make([]int8, len(all))}
	label := map[article.Label]int8{article.Advertisement: 1, article.Boilerplate: 2, article.Foreign: 3}[p.label]
	if p.stranger {
		label = 0 // none of these
	}
	for i := range all {
		u := &all[i]
		s.begins[i] = u.Begins
		if shared := u.Shared(p.span); label > 0 && 2*shared > u.Len() {
			s.gold[i] = label
		}
		for _, x := range u.Said {
			if x.Label != strangerSort {
				s.said[i] = append(s.said[i], said{int32(x.Kind*offtopic.Sorts + x.Label), float32(x.Weight)})
			}
		}
	}
	return s
}

// weightOf is what a plant counts for in learning.
func weightOf(p *plant) float64 {
	switch {
	case p.long && p.label == "":
		return 0.15 // their bodies hold what may be furniture
	case p.long:
		return 0.3
	case p.kind == "article":
		return 8
	case p.kind == "honest":
		return 1.5
	}
	return 1
}

func startOf(p *offtopic.Profile) []float64 {
	w := make([]float64, weightCount)
	for k := range p.Weights {
		copy(w[k*offtopic.Sorts:], p.Weights[k][:])
	}
	copy(w[easeAt:], p.Ease[:])
	w[enterInsideAt], w[leaveInsideAt], w[turnAt] = p.EnterInside, p.LeaveInside, p.Turn
	return w
}

// profileOf makes a profile of weights, with four digits of each.
func profileOf(base offtopic.Profile, all []float64) offtopic.Profile {
	w := make([]float64, len(all))
	for i, x := range all {
		w[i], _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64) // which it is the form of
	}
	for k := range base.Weights {
		copy(base.Weights[k][:], w[k*offtopic.Sorts:])
	}
	copy(base.Ease[:], w[easeAt:])
	base.EnterInside, base.LeaveInside, base.Turn = w[enterInsideAt], w[leaveInsideAt], w[turnAt]
	return base
}

// change returns the cost of going from state a to b before sentence i, and adds
// times its gradient to g if that is not nil.
func (s *sequence) change(w []float64, enter float64, i, a, b int, g []float64, times float64) float64 {
	switch {
	case a == b:
		return 0
	case a == 0:
		if g != nil {
			g[easeAt+b-1] -= times
		}
		if s.begins[i] {
			return enter - w[easeAt+b-1]
		}
		if g != nil {
			g[enterInsideAt] += times
		}
		return w[enterInsideAt] - w[easeAt+b-1]
	case b == 0:
		if s.begins[i] {
			return 0
		}
		if g != nil {
			g[leaveInsideAt] += times
		}
		return w[leaveInsideAt]
	}
	if g != nil {
		g[turnAt] += times
		if !s.begins[i] {
			g[leaveInsideAt] += times
		}
	}
	if s.begins[i] {
		return w[turnAt]
	}
	return w[turnAt] + w[leaveInsideAt]
}

// loss returns the negative log-likelihood of what the sentences of s are and adds
// its gradient to g.
func (s *sequence) loss(w []float64, enter float64, g []float64) float64 {
	n := len(s.said)
	if n == 0 {
		return 0
	}
	score := make([][states]float64, n)
	for i, all := range s.said {
		for _, x := range all {
			score[i][1+int(x.weight)%offtopic.Sorts] += w[x.weight] * float64(x.value)
		}
	}
	fore := make([][states]float64, n)
	back := make([][states]float64, n)
	for i := range n {
		for b := range states {
			if i == 0 {
				fore[0][b] = score[0][b] - s.change(w, enter, 0, 0, b, nil, 0)
				continue
			}
			var v [states]float64
			for a := range states {
				v[a] = fore[i-1][a] - s.change(w, enter, i, a, b, nil, 0)
			}
			fore[i][b] = score[i][b] + logSum(v)
		}
	}
	for i := n - 2; i >= 0; i-- {
		for a := range states {
			var v [states]float64
			for b := range states {
				v[b] = back[i+1][b] + score[i+1][b] - s.change(w, enter, i+1, a, b, nil, 0)
			}
			back[i][a] = logSum(v)
		}
	}
	z := logSum(fore[n-1])
	gold := 0.0
	before := 0
	for i := range n {
		b := int(s.gold[i])
		gold += score[i][b] - s.change(w, enter, i, before, b, g, s.weight)
		before = b
		for b := 1; b < states; b++ {
			p := math.Exp(fore[i][b] + back[i][b] - z)
			if int(s.gold[i]) == b {
				p--
			}
			score[i][b] = p // read no more but by the gradient below and the next step's expectation
		}
	}
	for i, all := range s.said {
		for _, x := range all {
			g[x.weight] += s.weight * score[i][1+int(x.weight)%offtopic.Sorts] * float64(x.value)
		}
	}
	// Expected changes.
	for i := range n {
		for b := range states {
			own := 0.0
			for _, x := range s.said[i] {
				if 1+int(x.weight)%offtopic.Sorts == b {
					own += w[x.weight] * float64(x.value)
				}
			}
			for a := range states {
				if a == b || i == 0 && a != 0 {
					continue
				}
				from := 0.0
				if i > 0 {
					from = fore[i-1][a]
				}
				p := math.Exp(from - s.change(w, enter, i, a, b, nil, 0) + own + back[i][b] - z)
				s.change(w, enter, i, a, b, g, -s.weight*p)
			}
		}
	}
	return s.weight * (z - gold)
}

func logSum(v [states]float64) float64 {
	most := v[0]
	for _, x := range v[1:] {
		most = max(most, x)
	}
	sum := 0.0
	for _, x := range v {
		sum += math.Exp(x - most)
	}
	return most + math.Log(sum)
}

const (
	parts       = 4  // that gradients are added up in, whatever the machine
	weighRounds = 80 // as many again lower the loss by less than 0.1 %
	weighRate   = 0.06
	never       = 20  // log-odds that are taken off a sort which is not to be told
	weighPrior  = 1.5 // what a weight's distance from where it began is held against it, squared
)

// weighAll finds the weights that make what the sentences of all sequences are most
// likely, not far from those of the profile that it begins with, by gradients with
// moments (Kingma and Ba, 2015). A weight of evidence is never below 0.
func weighAll(all []sequence, base offtopic.Profile) offtopic.Profile {
	start := startOf(&base)
	w := append([]float64(nil), start...)
	m1, m2 := make([]float64, len(w)), make([]float64, len(w))
	for round := 1; round <= weighRounds; round++ {
		g := make([]float64, len(w))
		total := 0.0
		var mu sync.Mutex
		var wg sync.WaitGroup
		grads := make([][]float64, parts)
		for k := range parts {
			wg.Go(func() {
				own := make([]float64, len(w))
				sum := 0.0
				for i := k; i < len(all); i += parts {
					sum += all[i].loss(w, base.Enter, own)
				}
				mu.Lock()
				grads[k] = own
				total += sum
				mu.Unlock()
			})
		}
		wg.Wait()
		for _, own := range grads {
			for i, x := range own {
				g[i] += x
			}
		}
		for i := range w {
			d := g[i] + 2*weighPrior*(w[i]-start[i])
			m1[i] = 0.9*m1[i] + 0.1*d
			m2[i] = 0.99*m2[i] + 0.01*d*d
			w[i] -= weighRate * (m1[i] / (1 - math.Pow(0.9, float64(round)))) / (math.Sqrt(m2[i]/(1-math.Pow(0.99, float64(round)))) + 1e-8)
			if i < easeAt && offtopic.IsFixed(i/offtopic.Sorts, i%offtopic.Sorts) || i == easeAt+strangerSort {
				w[i] = start[i]
				continue
			}
			if i < easeAt && !offtopic.EitherWay(i/offtopic.Sorts) {
				w[i] = max(w[i], 0)
			}
		}
		if round%20 == 0 || round == 1 {
			fmt.Printf("round %d: %.1f\n", round, total)
		}
	}
	return profileOf(base, w)
}

// weighFolds learns the built-in profile from what is planted of each fold, of which a model tells
// that was learnt without it.
func weighFolds(items []item) error {
	start := learnStrangers(items, begin())
	var all []sequence
	for fold := range folds {
		m, err := model.Decode(learn(items, fold))
		if err != nil {
			return fmt.Errorf("learning without fold %d: %w", fold, err)
		}
		d := offtopic.NewDetector(offtopic.Options{Model: m, Profile: &start})
		for _, p := range plantsOf(items, fold) {
			all = append(all, sequenceOf(d, &p))
		}
	}
	unlikely := start
	unlikely.Ease[strangerSort] = -never
	p := weighAll(all, unlikely)
	p.Ease[strangerSort] = start.Ease[strangerSort]
	return writeProfile(p, "learnt by chaff/offtopic/model/train -weigh")
}

// writeProfile makes p the built-in profile.
func writeProfile(p offtopic.Profile, provenance ...string) error {
	var b bytes.Buffer
	if _, err := offtopic.NewProfileFile(p, provenance...).WriteTo(&b); err != nil {
		return err
	}
	return os.WriteFile(profileFile, b.Bytes(), 0o644)
}

// begin is the profile that learning begins with: what signals say is taken for
// what it is.
func begin() offtopic.Profile {
	p := offtopic.Profile{Enter: 4, EnterInside: 6, LeaveInside: 1.5, Turn: 5.6, Ease: [offtopic.Sorts]float64{1, 1, 1, 1}, Usual: 1, Certain: 0.98, Likely: 0.6}
	for k := range p.Weights {
		p.Weights[k] = [offtopic.Sorts]float64{1, 1, 1, 1}
		if offtopic.EitherWay(k) {
			p.Weights[k] = [offtopic.Sorts]float64{}
		}
		if offtopic.IsForm(k) {
			p.Weights[k][strangerSort] = 0
		}
	}
	return p
}
