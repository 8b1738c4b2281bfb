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
	weighTitle,
	weighTopic,
	weighPosition,
	weighWords,
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
	r.read(a, d.lex)
	for _, weigh := range signals {
		weigh(r)
	}
	if d.corpus != nil {
		weighWitness(r, d.corpus)
	}
	r.hear()
	r.decide()
	return r
}

func (d *Detector) free(r *reading) {
	r.art, r.text = nil, ""
	if r.words.Len() <= largeArticle {
		d.pool.Put(r)
	}
}

// hear weighs the evidence of signals of which an editor's decisions have told.
func (r *reading) hear() {
	if len(r.Signals) == 0 {
		return
	}
	for i := range r.evidence {
		if t, ok := r.Signals[r.evidence[i].signal]; ok {
			r.evidence[i].weight *= t.Factor
		}
	}
}

// guardCost is what a guarded block holds against each state.
const guardCost = 12.0

// decide adds up the evidence and decodes it.
func (r *reading) decide() {
	r.steps = append(r.steps[:0], make([]step, len(r.units))...)
	for _, e := range r.evidence {
		st := &r.steps[e.unit]
		if e.state != onTopic {
			st.score[e.state] += e.weight
			continue
		}
		for s := advert; s < states; s++ {
			st.score[s] += e.weight
		}
	}
	for i := range r.blocks {
		b := &r.blocks[i]
		against := r.silenceOf(b)
		for u := b.first; u < b.last; u++ {
			st := &r.steps[u]
			st.ease = [states]float64{advert: r.Ease[0], boiler: r.Ease[1], foreign: r.Ease[2]}
			st.enter, st.turn, st.leave = r.EnterInside, r.Turn+r.LeaveInside, r.LeaveInside
			if u == b.first {
				st.enter, st.turn, st.leave = r.Enter, r.Turn, 0
			}
			for s := advert; s < states; s++ {
				quiet := 0.0
				if s != foreign && against[s] == 0 && st.score[s] <= 0 {
					quiet = r.QuietWord * float64(r.units[u].hi-r.units[u].lo)
				}
				st.score[s] -= calm + min(quiet, r.QuietMost) + against[s]/float64(b.last-b.first)
			}
		}
	}
	r.segments = r.decoder.decode(r.segments[:0], r.steps)
}

// silenceOf returns what b, as a whole, says against each state.
func (r *reading) silenceOf(b *block) (against [states]float64) {
	for s := advert; s < states; s++ {
		if b.guarded {
			against[s] = guardCost * float64(b.last-b.first)
			continue
		}
		spoken := false
		for u := b.first; u < b.last; u++ {
			spoken = spoken || r.steps[u].score[s] > positionWeight // which is not the block's own
		}
		if !spoken {
			against[s] = min(r.Silence[s-1].Most, r.Silence[s-1].Word*float64(b.size()))
		}
	}
	return against
}
