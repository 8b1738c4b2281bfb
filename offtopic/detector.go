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
)

// Options say how to look. The zero Options are ready for use.
type Options struct {
	// Corpus tells where else blocks stand. Nil means that nothing is known.
	Corpus Corpus
}

// Detector finds off-topic content. It may be used by several goroutines.
type Detector struct {
	lex    *lexicon
	corpus Corpus
	pool   sync.Pool
}

// NewDetector returns a detector. The first one takes some milliseconds to read
// the lexicon, which all share.
func NewDetector(o Options) *Detector {
	return &Detector{
		lex:    loadLexicon(),
		corpus: o.Corpus,
		pool:   sync.Pool{New: func() any { return new(reading) }},
	}
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
	weighLayout,
}

// largeArticle is the number of words above which a reading's buffers are not
// kept for the next article.
const largeArticle = 1 << 17

// Find returns the off-topic passages of a in text order, of all tiers. No two
// overlap. Each has Span, Label, Tier, Score (its probability), Text, Reasons
// and At set.
func (d *Detector) Find(a *article.Article) []article.Finding {
	r := d.pool.Get().(*reading)
	r.read(a, d.lex)
	for _, weigh := range signals {
		weigh(r)
	}
	if d.corpus != nil {
		weighWitness(r, d.corpus)
	}
	r.decide()
	findings := r.findings()
	r.art, r.text = nil, ""
	if r.words.Len() <= largeArticle {
		d.pool.Put(r)
	}
	return findings
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
			st.enter, st.turn, st.leave = enterInside, turnCost+leaveInside, leaveInside
			if u == b.first {
				st.enter, st.turn, st.leave = enterCost, turnCost, 0
			}
			for s := advert; s < states; s++ {
				quiet := 0.0
				if s != foreign && against[s] == 0 && st.score[s] <= 0 {
					quiet = quietWord * float64(r.units[u].hi-r.units[u].lo)
				}
				st.score[s] -= calm + min(quiet, quietMost) + against[s]/float64(b.last-b.first)
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
			against[s] = min(silence[s].most, silence[s].word*float64(b.size()))
		}
	}
	return against
}
