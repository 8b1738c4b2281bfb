// Package offtopic finds what does not belong to the article it stands in:
// advertisements, page furniture, pieces of other texts.
//
// An article is cut into units, sentences of its blocks. Signals say of a unit
// how much it looks like each kind of graft, in log-odds that add up. A decoder
// then chooses the most likely sequence of states for all units together, so
// that short lines go with what stands around them and one finding spans a whole
// graft. What a finding is worth is the sum of its evidence less the cost of
// its two ends; as a probability it is the finding's score.
//
// Signals are rules and word lists, and know nothing of meaning: a graft on the
// article's own topic that neither sells nor looks like furniture is found only
// where a [Corpus] has seen it elsewhere.
package offtopic

import (
	"sync"

	"chaff/article"
	"chaff/offtopic/model"
)

// Options say how to look. The zero Options are ready for use.
type Options struct {
	// Corpus tells where else blocks stand. Nil means that nothing is known.
	Corpus Corpus
	// Model tells by its words what a sentence reads like. Nil means the
	// built-in one.
	Model *model.Model
	// Profile holds the weights of signals and the costs of the decoder. Nil
	// means the built-in one.
	Profile *Profile
}

// Detector finds off-topic content. It may be used by several goroutines.
type Detector struct {
	lex     *lexicon
	corpus  Corpus
	model   *model.Model
	profile *Profile
	pool    sync.Pool
}

// NewDetector returns a detector. The first one takes some milliseconds to read
// the lexicon, which all share.
func NewDetector(o Options) *Detector {
	d := &Detector{
		lex:     loadLexicon(),
		corpus:  o.Corpus,
		model:   o.Model,
		profile: o.Profile,
		pool:    sync.Pool{New: func() any { return new(reading) }},
	}
	if d.model == nil {
		d.model = model.Builtin()
	}
	if d.profile == nil {
		d.profile = &builtin
	}
	return d
}

// signals are asked in this order; some read what an earlier one has noted.
var signals = [...]func(*reading){
	weighFurniture,
	weighBio,
	weighCues,
	weighResidue,
	weighLanguage,
	weighTitleBetween,
	weighTitle,
	weighTopic,
	weighPosition,
	weighWords,
	weighLayout,
}

// largeArticle is the number of words above which a reading's buffers are not
// kept for the next article.
const largeArticle = 1 << 17

// Find returns the off-topic passages of a in text order, of all tiers. No two
// overlap. Each has Span, Label, Tier, Score (its probability), Text, Reasons
// and At set.
func (d *Detector) Find(a *article.Article) []article.Finding {
	r := d.judge(a)
	findings := r.findings()
	d.free(r)
	return findings
}

// judge weighs a and decodes it. What it returns is for free.
func (d *Detector) judge(a *article.Article) *reading {
	r := d.pool.Get().(*reading)
	r.model, r.Profile = d.model, d.profile
	d.weigh(r, a)
	r.hear()
	r.decide()
	return r
}

// weigh reads a and gathers what all signals say of it.
func (d *Detector) weigh(r *reading, a *article.Article) {
	r.read(a, d.lex)
	for _, weigh := range signals {
		weigh(r)
	}
	if d.corpus != nil {
		weighWitness(r, d.corpus)
	}
	r.weighForm()
}

func (d *Detector) free(r *reading) {
	r.art, r.text = nil, ""
	if r.title != nil {
		r.title.text = ""
	}
	if r.words.Len() <= largeArticle {
		d.pool.Put(r)
	}
}

// guardCost is what a guarded block holds against each state.
const guardCost = 12.0

// What a block says against the labels that nothing in it speaks for, by its
// words, and what a sentence says where something else in its block does.
var silence = [states]struct{ word, most float64 }{advert: {0.02, 3}, boiler: {0.18, 4.5}, leftover: {0.15, 4.5}, stranger: {0.05, 2}}

const (
	quietWord = 0.08
	quietMost = 1.0
	spoken    = positionWeight // evidence above which something is said
	longBlock = 30.0           // words
	shortLine = 12             // words
)

// weighForm adds what is known of each unit by its form and by what the other
// signals have not said of it.
func (r *reading) weighForm() {
	r.steps = append(r.steps[:0], make([]step, len(r.units))...)
	for _, e := range r.evidence {
		r.steps[e.unit].score[e.state] += e.weight
	}
	for i := range r.blocks {
		b := &r.blocks[i]
		n := float64(b.last - b.first)
		var said [states]bool
		for u := b.first; u < b.last; u++ {
			for s := advert; s < states; s++ {
				said[s] = said[s] || r.steps[u].score[s] > spoken
			}
		}
		for u := b.first; u < b.last; u++ {
			words := float64(r.units[u].hi - r.units[u].lo)
			if b.guarded {
				r.add(evidence{unit: u, kind: kindGuarded, weight: -guardCost})
			}
			for s := advert; s < states; s++ {
				if !said[s] {
					w := min(silence[s].most, silence[s].word*float64(b.size())) / n
					r.add(evidence{unit: u, state: s, kind: kindSilence, weight: -w})
				} else if r.steps[u].score[s] <= 0 {
					r.add(evidence{unit: u, state: s, kind: kindQuiet, weight: -min(quietMost, quietWord*words)})
				}
			}
			r.add(evidence{unit: u, kind: kindSentence, weight: -1})
			r.add(evidence{unit: u, kind: kindBlock, weight: -min(1, float64(b.size())/longBlock) / n})
			if b.isShort() {
				r.add(evidence{unit: u, kind: kindShort, weight: -1})
			}
		}
	}
}

// hear weighs the evidence by its kind, and by what an editor's decisions tell of
// its signal.
func (r *reading) hear() {
	for i := range r.evidence {
		e := &r.evidence[i]
		e.weight *= r.Weights[e.kind][e.state-1]
		if len(r.Signals) > 0 {
			if t, ok := r.Signals[e.signal()]; ok {
				e.weight *= t.Factor
			}
		}
	}
}

// decide adds up the evidence and decodes it.
func (r *reading) decide() {
	r.steps = append(r.steps[:0], make([]step, len(r.units))...)
	for _, e := range r.evidence {
		r.steps[e.unit].score[e.state] += e.weight
	}
	for i := range r.blocks {
		b := &r.blocks[i]
		for u := b.first; u < b.last; u++ {
			st := &r.steps[u]
			st.ease = [states]float64{advert: r.Ease[0], boiler: r.Ease[1], leftover: r.Ease[2], stranger: r.Ease[3]}
			st.enter, st.turn, st.leave = r.EnterInside, r.Turn+r.LeaveInside, r.LeaveInside
			if u == b.first {
				st.enter, st.turn, st.leave = r.Enter, r.Turn, 0
			}
			st.short = b.isShort()
		}
	}
	r.segments = joinLists(r.decoder.decode(r.segments[:0], r.steps), r.steps)
}
