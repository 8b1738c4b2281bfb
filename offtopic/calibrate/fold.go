package calibrate

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"chaff/offtopic"
)

// What is believed before any decision, as precisions, 1/variance. A profile was
// measured on thousands of plants, so ten decisions must not overturn it, and a
// thousand must. With these, ten rejections of findings of probability .95 make an
// advertisement harder to find by .2 in log-odds and weaken each of two signals of
// weight 3 by a sixteenth; a thousand end such findings.
const (
	priorLabel  = 50.0  // of what is added to the ease of a label
	priorSignal = 450.0 // of the change of a signal's factor, in parts of it; weights are about 3
)

// Bounds of what decisions may do.
const (
	mostWeight = 10.0 // that a reason counts for
	mostOdds   = 12.0
	leastTrust = 0.1 // of a factor
	mostTrust  = 3.0
	mostEase   = 20.0
	mostTold   = 1e9
)

// Folded is what decisions did to a profile.
type Folded struct {
	Accepted, Rejected int
	// Ease is what was added to the ease of each label.
	Ease [3]float64
	// Signals is what the factor of each signal was multiplied by.
	Signals map[string]float64
	// Silenced is how many texts are rejected often enough not to be told again.
	Silenced int
}

// Fold folds decisions on findings that were made with p into p: the ease of each
// label and the factor of each signal move to the maximum of their posterior under
// a logistic model of the verdicts, with p as the mean of a Gaussian prior (Genkin,
// Lewis and Madigan, Large-scale Bayesian logistic regression for text
// categorization, 2007). The posterior's precisions go into p, so that decisions
// folded in one after the other count like all at once (Spiegelhalter and
// Lauritzen, Sequential updating of conditional probabilities, 1990).
//
// An editor sees what is found, never what is missed: decisions tell how far to
// trust findings, and calibration how many there should be.
func Fold(p *offtopic.Profile, all []Decision) Folded {
	f := newFit(p, all)
	f.climb()
	out := Folded{Signals: make(map[string]float64)}
	for _, d := range all {
		if d.Accepted {
			out.Accepted++
		} else {
			out.Rejected++
		}
	}
	// The maps of p may be another profile's as well.
	p.Signals = maps.Clone(p.Signals)
	if p.Signals == nil {
		p.Signals = make(map[string]offtopic.Trust)
	}
	for k := range f.value {
		told := min(f.told[k]+f.information(k), mostTold)
		if k < 3 {
			for sort := range p.Ease {
				if offtopic.SortLabel(sort) == offtopic.Labels[k] {
					ease := max(-mostEase, min(p.Ease[sort]+f.value[k], mostEase))
					out.Ease[k], p.Ease[sort] = ease-p.Ease[sort], ease
				}
			}
			p.Told[k] = told
			continue
		}
		name := f.names[k-3]
		t := trustOf(p, name)
		factor := max(leastTrust, min(t.Factor*(1+f.value[k]), mostTrust))
		if t.Factor > 0 {
			out.Signals[name] = factor / t.Factor
			p.Signals[name] = offtopic.Trust{Factor: factor, Precision: told}
		}
	}
	out.Silenced = remember(p, all)
	return out
}

func trustOf(p *offtopic.Profile, signal string) offtopic.Trust {
	if t, ok := p.Signals[signal]; ok {
		return t
	}
	return offtopic.Trust{Factor: 1}
}

// fit is the logistic model while it is fitted. Parameters 0 to 2 are added to
// the ease of the labels, the others are changes of the factors of names.
type fit struct {
	names []string
	value []float64
	prior []float64 // precision
	told  []float64 // the part of it that decisions made
	rows  []row
	in    [][]int // by parameter: the rows it is in
}

type row struct {
	at       []int // parameters
	x        []float64
	odds     float64 // as they are, with the parameters' part
	accepted float64
}

func newFit(p *offtopic.Profile, all []Decision) *fit {
	f := &fit{}
	number := make(map[string]int)
	for _, d := range all {
		for _, r := range d.Reasons {
			if _, ok := number[r.Signal]; !ok && r.Signal != "" && len(r.Signal) <= 100 && r.Weight != 0 {
				number[r.Signal] = 0
				f.names = append(f.names, r.Signal)
			}
		}
	}
	slices.Sort(f.names)
	room := offtopic.MaxSignals - len(p.Signals)
	f.names = slices.DeleteFunc(f.names, func(name string) bool {
		if _, ok := p.Signals[name]; ok {
			return false
		}
		room--
		return room < 0
	})
	clear(number)
	for l := range 3 {
		f.told = append(f.told, p.Told[l])
		f.prior = append(f.prior, priorLabel+p.Told[l])
	}
	for i, name := range f.names {
		number[name] = 3 + i
		told := trustOf(p, name).Precision
		f.told = append(f.told, told)
		f.prior = append(f.prior, priorSignal+told)
	}
	f.value = make([]float64, len(f.prior))
	f.in = make([][]int, len(f.prior))
	for _, d := range all {
		slope := slopeOf(p, d.Label)
		r := row{at: []int{d.Label}, x: []float64{slope}, odds: logOdds(d.Score)}
		if d.Accepted {
			r.accepted = 1
		}
		for _, reason := range d.Reasons {
			if k, ok := number[reason.Signal]; ok && !slices.Contains(r.at, k) {
				r.at = append(r.at, k)
				r.x = append(r.x, slope*max(-mostWeight, min(reason.Weight, mostWeight)))
			}
		}
		for _, k := range r.at {
			f.in[k] = append(f.in[k], len(f.rows))
		}
		f.rows = append(f.rows, r)
	}
	return f
}

// slopeOf returns what the odds of a finding of a label are multiplied by to make a
// probability, the mean of those of its sorts: a finding doesn't tell its sort.
func slopeOf(p *offtopic.Profile, label int) float64 {
	sum, n := 0.0, 0.0
	for sort, line := range p.Odds {
		if offtopic.SortLabel(sort) == offtopic.Labels[label] {
			sum += line.At(1) - line.At(0)
			n++
		}
	}
	return sum / n
}

func logOdds(p float64) float64 {
	return max(-mostOdds, min(math.Log(p)-math.Log1p(-p), mostOdds))
}

// climb finds the maximum, which is the only one, by Newton steps along one
// parameter after the other. A step that would go too far is halved.
func (f *fit) climb() {
	for range 200 {
		most := 0.0
		for k := range f.value {
			step := f.step(k)
			f.move(k, step)
			most = max(most, math.Abs(step))
		}
		if most < 1e-9 {
			return
		}
	}
}

// step returns how far parameter k is moved.
func (f *fit) step(k int) float64 {
	slope, bend := -f.prior[k]*f.value[k], f.prior[k]
	for _, i := range f.in[k] {
		r := &f.rows[i]
		x, q := r.of(k), 1/(1+math.Exp(-r.odds))
		slope += (r.accepted - q) * x
		// Between here and where the step leads the curve bends no more than this
		// (the bound of 1/4 is reached in the middle of the logistic function).
		bend += max(q*(1-q), 0.05) * x * x
	}
	step := slope / bend
	for now := f.along(k, 0); f.along(k, step) < now; {
		step /= 2
		if math.Abs(step) < 1e-12 {
			return 0
		}
	}
	return step
}

// along returns the logarithm of the posterior, but for what parameter k has no
// part in, with k moved by step.
func (f *fit) along(k int, step float64) float64 {
	v := f.value[k] + step
	sum := -f.prior[k] * v * v / 2
	for _, i := range f.in[k] {
		r := &f.rows[i]
		z := r.odds + step*r.of(k)
		if r.accepted == 0 {
			z = -z
		}
		sum -= softplus(-z)
	}
	return sum
}

func softplus(z float64) float64 { return max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) }

func (f *fit) move(k int, step float64) {
	f.value[k] += step
	for _, i := range f.in[k] {
		f.rows[i].odds += step * f.rows[i].of(k)
	}
}

// information returns what the rows tell of parameter k, as a precision.
func (f *fit) information(k int) float64 {
	sum := 0.0
	for _, i := range f.in[k] {
		x, q := f.rows[i].of(k), 1/(1+math.Exp(-f.rows[i].odds))
		sum += q * (1 - q) * x * x
	}
	return sum
}

// of returns what parameter k is multiplied by.
func (r *row) of(k int) float64 {
	return r.x[slices.Index(r.at, k)]
}

// remember counts the texts that were rejected, and returns how many are silenced.
func remember(p *offtopic.Profile, all []Decision) int {
	p.Rejected = maps.Clone(p.Rejected)
	if p.Rejected == nil {
		p.Rejected = make(map[string]int)
	}
	const most = 1_000_000
	for _, d := range all {
		key := offtopic.TextKey(d.Text)
		if key == "" {
			continue
		}
		if d.Accepted {
			p.Rejected[key]--
		} else {
			p.Rejected[key] = min(p.Rejected[key]+1, most)
		}
	}
	maps.DeleteFunc(p.Rejected, func(_ string, n int) bool { return n <= 0 })
	if len(p.Rejected) > offtopic.MaxRejected { // those rejected most are kept
		keys := slices.SortedFunc(maps.Keys(p.Rejected), func(a, b string) int {
			return cmp.Or(cmp.Compare(p.Rejected[b], p.Rejected[a]), cmp.Compare(a, b))
		})
		for _, k := range keys[offtopic.MaxRejected:] {
			delete(p.Rejected, k)
		}
	}
	silenced := 0
	for _, n := range p.Rejected {
		if n >= offtopic.RejectedOften {
			silenced++
		}
	}
	return silenced
}
