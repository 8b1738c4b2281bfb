package calibrate

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"chaff/offtopic"
)

// Defaults of [Options].
const (
	DefaultBudget  = 0.01
	DefaultTainted = 0.01
)

// What is told at all is likelier right than not, and most that is certain is right.
const (
	leastLikely    = 0.5
	leastCertainty = 0.98
)

// confidence of bounds.
const confidence = 0.95

// Options say what a corpus is calibrated for.
type Options struct {
	// Budget is the share of clean articles of which any may be told, in (0,1).
	Budget float64
	// Tainted is the largest share of articles, in [0,1), that are taken to hold a
	// real graft and left out; see [Report.Tainted].
	Tainted float64
}

// ErrTooFew says that there are too few articles for a budget.
type ErrTooFew struct{ Have, Need int }

func (e *ErrTooFew) Error() string {
	return fmt.Sprintf("%d articles are too few to hold the budget: it needs %d, in two halves", e.Have, e.Need)
}

// Need returns how many articles a budget needs: in each half the next article may
// be the first that is flagged.
func Need(budget float64) int { return 2 * int(math.Ceil(1/budget-1e-9)) }

// Share is a number of articles, some of which are flagged.
type Share struct {
	Flagged, Of int
	// AtMost is the share that it is below with a confidence of .95 (Clopper and
	// Pearson, 1934).
	AtMost float64
}

func newShare(flagged, of int) Share { return Share{flagged, of, atMost(flagged, of)} }

// Recall is what is found of plants of one kind: half of their bytes or more.
type Recall struct {
	Kind                  Kind
	Plants, Before, After int
}

// Report is what calibration did.
type Report struct {
	Budget  float64
	Tried   int // articles the thresholds are set on
	HeldOut int
	// Tainted names articles that are left out, surest first: those in which, as
	// they came, the profile begun with is certain of a finding, at most the share
	// of Options. What is certain in more of them stays in and uses up the budget.
	Tainted []Suspect
	// Before and After are of the clean articles held out, with the profile begun
	// with and with the thresholds of the other half.
	Before, After Share
	// Raised says that these flag too many of the held-out half, so that the
	// threshold was raised until both halves hold the budget: Final.
	Raised bool
	Final  Share
	// Exceeded says that no threshold holds the budget.
	Exceeded bool
	Recalls  []Recall // in the half held out
}

// Suspect is an article that may hold a real graft.
type Suspect struct {
	Article string
	Score   float64
}

// Calibrate sets the ease of each label, the lines of probabilities and the tiers
// of a profile for a budget. The rest of it is as it was.
func (t *Trials) Calibrate(o Options) (offtopic.Profile, *Report, error) {
	p := t.start
	if n, need := len(t.all), Need(o.Budget); n < need {
		return p, nil, &ErrTooFew{n, need}
	}
	r := &Report{Budget: o.Budget}
	clean, suspects := t.trim(o.Tainted)
	r.Tainted = suspects
	tried, held := (&Trials{all: clean}).halves()
	if n, need := 2*min(len(tried), len(held)), Need(o.Budget); n < need {
		return p, nil, &ErrTooFew{n, need + len(suspects)}
	}
	r.Tried, r.HeldOut = len(tried), len(held)
	p, base := fitTo(t.start, t.start.Ease, tried, o.Budget)
	best := base
	for range 2 {
		for l := range p.Ease {
			for _, d := range []float64{-2, -1, -0.5, 0.5, 1, 2} {
				ease := p.Ease
				ease[l] = round(max(-mostEase, min(ease[l]+d, mostEase)))
				q, v := fitTo(t.start, ease, tried, o.Budget)
				if v.mean() > best.mean()+leastGain && v.spares(base) {
					p, best = q, v
				}
			}
		}
	}
	r.Before = newShare(flagged(&t.start, held), len(held))
	r.After = newShare(flagged(&p, held), len(held))
	if other, ok := threshold(&p, held, o.Budget); other > p.Likely {
		p.Likely, r.Raised = other, true
		r.Exceeded = !ok
	}
	p.Certain = max(p.Certain, p.Likely)
	r.Final = newShare(flagged(&p, held), len(held))
	_, ok := threshold(&p, tried, o.Budget)
	r.Exceeded = r.Exceeded || !ok
	r.Recalls = recalls(&t.start, &p, held)
	return p, r, nil
}

// leastGain is what a change of an ease must add to the value of a profile: less is
// chance. It is a plant in each kind of 500.
const leastGain = 0.002

// trim leaves out the articles in which the profile begun with is certain of a
// finding, surest first, up to a share.
func (t *Trials) trim(share float64) (rest []*trial, out []Suspect) {
	type sure struct {
		at   int
		odds float64
		p    float64
	}
	var all []sure
	for i, x := range t.all {
		if p, odds := surest(&t.start, x); p >= t.start.Certain {
			all = append(all, sure{i, odds, p})
		}
	}
	slices.SortStableFunc(all, func(a, b sure) int { return cmp.Compare(b.odds, a.odds) })
	all = all[:min(len(all), int(share*float64(len(t.all))))]
	rest = slices.Clone(t.all)
	for _, s := range all {
		out = append(out, Suspect{t.all[s.at].id, s.p})
		rest[s.at] = nil
	}
	return slices.DeleteFunc(rest, func(x *trial) bool { return x == nil }), out
}

// surest returns the highest probability of a finding in a clean article, and its
// log-odds.
func surest(p *offtopic.Profile, t *trial) (most, odds float64) {
	odds = math.Inf(-1)
	for _, c := range t.clean.Decode(nil, p.Ease) {
		odds = max(odds, p.Odds[c.Sort].At(c.Odds))
		most = max(most, p.Probability(c.Sort, c.Odds))
	}
	return most, odds
}

// flagged counts the clean articles of which a finding is told.
func flagged(p *offtopic.Profile, trials []*trial) int {
	n := 0
	for _, t := range trials {
		if most, _ := surest(p, t); most >= p.Likely {
			n++
		}
	}
	return n
}

// threshold returns the least probability of findings that are told so that the
// next clean article is flagged with a probability of at most budget: of n so few
// are flagged that with that one among them they are no larger share of n+1 (Vovk,
// Gammerman and Shafer, Algorithmic Learning in a Random World, 2005). ok is false
// if none is high enough.
func threshold(p *offtopic.Profile, trials []*trial, budget float64) (least float64, ok bool) {
	all := make([]float64, len(trials))
	for i, t := range trials {
		all[i], _ = surest(p, t)
	}
	slices.SortFunc(all, func(a, b float64) int { return cmp.Compare(b, a) })
	may := max(0, int(budget*float64(len(all)+1)+1e-9)-1)
	if may >= len(all) {
		return leastLikely, true
	}
	least = max(leastLikely, above(all[may]))
	return least, all[may] < least
}

// worth is what is found of each kind: a share of the plants, a fifth of it for the
// label. It is 0 for kinds of which there are no plants.
type worth [Kinds]float64

// mean is of all kinds alike, since those without plants are so in every worth.
func (w worth) mean() float64 {
	sum := 0.0
	for _, v := range w {
		sum += v
	}
	return sum / float64(Kinds)
}

// spares reports whether no kind is worth much less than in base. Without that,
// paragraphs of BBC articles are found for advertisements: .43 instead of .26 of
// them, and .86 instead of .95 of these.
func (w worth) spares(base worth) bool {
	for k := range w {
		if w[k] < base[k]-mostLoss {
			return false
		}
	}
	return true
}

// mostLoss is what a kind may lose for the good of others.
const mostLoss = 0.02

// stricter returns the higher of the thresholds that two halves of trials ask for.
// Of many eases the one is chosen that does best, often by the chance that few of
// these articles are flagged: with one threshold of all, 2.0 % of the BBC articles
// held out were, for a budget of 1 %; so, of three samples, 1.0, .6 and .3 %.
func stricter(p *offtopic.Profile, trials []*trial, budget float64) float64 {
	a, b := (&Trials{all: trials}).halves()
	first, _ := threshold(p, a, budget)
	second, _ := threshold(p, b, budget)
	return max(first, second)
}

// fitTo fits a profile with such an ease to trials, and returns what it is worth
// there.
func fitTo(start offtopic.Profile, ease [offtopic.Sorts]float64, trials []*trial, budget float64) (offtopic.Profile, worth) {
	p := start
	p.Ease = ease
	found := points(trials, ease)
	p.Odds = FitOdds(start.Odds, found)
	p.Likely = stricter(&p, trials, budget)
	p.Certain = max(leastCertain(&p, found, leastCertainty), p.Likely)
	var value, plants worth
	for _, t := range trials {
		for k := range t.plants {
			if t.plants[k].w == nil {
				continue
			}
			plants[k]++
			hit, label := t.plants[k].found(&p, Kind(k))
			if hit {
				value[k] += 0.8
			}
			if label {
				value[k] += 0.2
			}
		}
	}
	for k := range value {
		value[k] /= max(plants[k], 1)
	}
	return p, value
}

// found reports whether half of a plant's bytes are told, and with its label.
func (x *planted) found(p *offtopic.Profile, k Kind) (hit, label bool) {
	all, right := 0, 0
	for _, c := range x.w.Decode(nil, p.Ease) {
		if p.Probability(c.Sort, c.Odds) < p.Likely {
			continue
		}
		n := c.Span.Shared(x.span)
		all += n
		if offtopic.SortLabel(c.Sort) == k.label() {
			right += n
		}
	}
	return 2*all >= x.span.Len(), 2*right >= x.span.Len()
}

// recalls counts what two profiles find of plants.
func recalls(before, after *offtopic.Profile, trials []*trial) []Recall {
	var all []Recall
	for k := range Kinds {
		r := Recall{Kind: k}
		for _, t := range trials {
			x := &t.plants[k]
			if x.w == nil {
				continue
			}
			r.Plants++
			if hit, _ := x.found(before, k); hit {
				r.Before++
			}
			if hit, _ := x.found(after, k); hit {
				r.After++
			}
		}
		if r.Plants > 0 {
			all = append(all, r)
		}
	}
	return all
}

// Reliability measures how often the findings of p are right, in all articles.
func (t *Trials) Reliability(p *offtopic.Profile) Reliability {
	return Reliable(p, points(t.all, p.Ease))
}

// atMost is the upper bound of Clopper and Pearson for k of n.
func atMost(k, n int) float64 {
	if k >= n {
		return 1
	}
	low, high := float64(k)/float64(n), 1.0
	for range 60 {
		p := (low + high) / 2
		if binomial(k, n, p) > 1-confidence {
			low = p
		} else {
			high = p
		}
	}
	return high
}

// binomial returns the probability of k or fewer of n.
func binomial(k, n int, p float64) float64 {
	sum := 0.0
	all, _ := math.Lgamma(float64(n) + 1)
	for i := range k + 1 {
		a, _ := math.Lgamma(float64(i) + 1)
		b, _ := math.Lgamma(float64(n-i) + 1)
		sum += math.Exp(all - a - b + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return sum
}
