package calibrate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"chaff/article"
	"chaff/offtopic"
)

// What is believed of a line before any point: that it is the one begun with,
// with these standard deviations. Where hardly anything is found wrongly, points
// alone would make every finding certain.
const (
	slopeSpread = 0.3
	shiftSpread = 1.5
	leastSlope  = 0.25
	mostSlope   = 5.0
)

// FitOdds fits for each sort of graft the line that makes of the decoder's odds the
// log-odds of a finding being right (Platt, Probabilistic outputs for support
// vector machines, 1999), beginning with start. However little the points say for
// it, what the decoder holds more of is likelier.
func FitOdds(start [offtopic.Sorts]offtopic.Line, points []Point) [offtopic.Sorts]offtopic.Line {
	for l := range start {
		if start[l] == (offtopic.Line{}) {
			start[l].Slope = 1
		}
		start[l] = fitLine(start[l], l, points)
	}
	return start
}

// fitLine fits the line of sort l by Newton's method.
func fitLine(start offtopic.Line, l int, points []Point) offtopic.Line {
	const slopePrior, shiftPrior = 1 / (slopeSpread * slopeSpread), 1 / (shiftSpread * shiftSpread)
	cost := func(line offtopic.Line) float64 {
		a, b := line.Slope-start.Slope, line.Shift-start.Shift
		sum := (slopePrior*a*a + shiftPrior*b*b) / 2
		for _, p := range points {
			if p.Sort == l {
				z := line.At(p.Odds)
				if !p.Right {
					z = -z
				}
				sum += p.Weight * softplus(-z)
			}
		}
		return sum
	}
	line := start
	now := cost(line)
	for range 50 {
		ga, gb := slopePrior*(line.Slope-start.Slope), shiftPrior*(line.Shift-start.Shift)
		haa, hab, hbb := slopePrior, 0.0, shiftPrior
		for _, p := range points {
			if p.Sort != l {
				continue
			}
			q := 1 / (1 + math.Exp(-line.At(p.Odds)))
			e, h := p.Weight*q, p.Weight*q*(1-q)
			if p.Right {
				e -= p.Weight
			}
			ga += e * p.Odds
			gb += e
			haa += h * p.Odds * p.Odds
			hab += h * p.Odds
			hbb += h
		}
		det := haa*hbb - hab*hab
		da, db := (hbb*ga-hab*gb)/det, (haa*gb-hab*ga)/det
		next, better := line, false
		for range 30 {
			next = offtopic.Line{Slope: max(leastSlope, min(line.Slope-da, mostSlope)), Shift: line.Shift - db}
			if c := cost(next); c < now {
				better, now = true, c
				break
			}
			da, db = da/2, db/2
		}
		if !better {
			break
		}
		line = next
	}
	return offtopic.Line{Slope: round(line.Slope), Shift: round(max(-40, min(line.Shift, 40)))}
}

// round leaves four decimals, which a profile has.
func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// Reliability tells how often findings are right, by how likely they are said to be.
type Reliability struct {
	Bins  []Bin
	Tiers [3]Bin // in the order of [article.Tiers]
}

// Bin is the findings with a probability in [Least, Most).
type Bin struct {
	Least, Most float64
	Said, Right float64 // mean probability, and share that is right
	Weight      float64 // number of findings, as they are weighed
}

// The bounds of bins: finer where tiers are told apart.
var binBounds = []float64{0, 0.3, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 0.995, 1.1}

// Reliable measures p on points.
func Reliable(p *offtopic.Profile, points []Point) Reliability {
	r := Reliability{Bins: make([]Bin, len(binBounds)-1)}
	for i := range r.Bins {
		r.Bins[i].Least, r.Bins[i].Most = binBounds[i], binBounds[i+1]
	}
	tiers := [...]float64{1.1, p.Certain, p.Likely, 0}
	for i := range r.Tiers {
		r.Tiers[i].Least, r.Tiers[i].Most = tiers[i+1], tiers[i]
	}
	for _, x := range points {
		said := p.Probability(x.Sort, x.Odds)
		for i := range r.Bins {
			r.Bins[i].add(said, x)
		}
		for i := range r.Tiers {
			r.Tiers[i].add(said, x)
		}
	}
	for i := range r.Bins {
		r.Bins[i].mean()
	}
	for i := range r.Tiers {
		r.Tiers[i].mean()
	}
	return r
}

func (b *Bin) add(said float64, x Point) {
	if said < b.Least || said >= b.Most {
		return
	}
	b.Weight += x.Weight
	b.Said += x.Weight * said
	if x.Right {
		b.Right += x.Weight
	}
}

func (b *Bin) mean() {
	if b.Weight > 0 {
		b.Said /= b.Weight
		b.Right /= b.Weight
	}
}

// String returns r in one line: for each tier and bin what is said, what is right,
// and of how many findings.
func (r Reliability) String() string {
	var parts []string
	for i, b := range r.Tiers {
		parts = append(parts, fmt.Sprintf("%s %.3f of %.0f", article.Tiers[i], b.Right, b.Weight))
	}
	s := strings.Join(parts, ", ") + ";"
	for _, b := range r.Bins {
		if b.Weight >= 0.5 {
			s += fmt.Sprintf(" %.3f:%.3f(%.0f)", b.Said, b.Right, b.Weight)
		}
	}
	return s
}

// leastCertain returns the least probability of floor or more from which on at
// least a share of floor is right.
func leastCertain(p *offtopic.Profile, points []Point, floor float64) float64 {
	type said struct {
		p float64
		x Point
	}
	var all []said
	for _, x := range points {
		if q := p.Probability(x.Sort, x.Odds); q >= floor {
			all = append(all, said{q, x})
		}
	}
	slices.SortStableFunc(all, func(a, b said) int { return cmp.Compare(b.p, a.p) })
	right, weight, cut := 0.0, 0.0, 0
	for i, s := range all {
		weight += s.x.Weight
		if s.x.Right {
			right += s.x.Weight
		}
		if right >= floor*weight {
			cut = i + 1
		}
	}
	if cut == len(all) {
		return floor
	}
	return above(all[cut].p)
}

// mostThreshold is the highest threshold that a profile may have.
const mostThreshold = 0.999999

// above returns the least number with six decimals that is above p for certain.
func above(p float64) float64 { return min(mostThreshold, math.Ceil(p*1e6+0.5)/1e6) }
