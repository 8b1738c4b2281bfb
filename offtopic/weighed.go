package offtopic

import (
	"sync"

	"chaff/article"
)

// Weighed is an article with the evidence of all signals added up, so that it can
// be decoded again and again with other costs. It keeps nothing of the text and
// takes some 100 bytes a sentence.
type Weighed struct {
	// Lang is the article's language as its commonest words tell it, a name of the
	// lexicon ("en"); empty if they don't.
	Lang  string
	units []article.Span
	steps []step
}

// Candidate is what the decoder takes for a graft.
type Candidate struct {
	Span  article.Span
	Label int     // 0 for advertisement, 1 for boilerplate, 2 for foreign
	Odds  float64 // what the decoder holds of it, log-odds above 0
}

// Labels are the labels by their numbers.
var Labels = [3]article.Label{article.Advertisement, article.Boilerplate, article.Foreign}

// Weigh weighs a.
func (d *Detector) Weigh(a *article.Article) *Weighed {
	r := d.judge(a)
	w := &Weighed{units: make([]article.Span, len(r.units)), steps: append([]step(nil), r.steps...)}
	if r.lang >= 0 {
		w.Lang = r.lex.names[r.lang]
	}
	for i := range r.units {
		w.units[i] = r.units[i].Span
	}
	d.free(r)
	return w
}

var decoders = sync.Pool{New: func() any { return new(weighedDecoder) }}

type weighedDecoder struct {
	decoder
	steps    []step
	segments []segment
}

// Decode appends to dst what is taken for grafts, in text order, if the costs of a
// beginning are eased by ease instead of [Profile.Ease]. It may be called by
// several goroutines.
func (w *Weighed) Decode(dst []Candidate, ease [3]float64) []Candidate {
	d := decoders.Get().(*weighedDecoder)
	defer decoders.Put(d)
	d.steps = append(d.steps[:0], w.steps...)
	for i := range d.steps {
		d.steps[i].ease = [states]float64{advert: ease[0], boiler: ease[1], foreign: ease[2]}
	}
	d.segments = d.decode(d.segments[:0], d.steps)
	for _, s := range d.segments {
		if s.score > 0 {
			span := article.Span{Start: w.units[s.first].Start, End: w.units[s.last].End}
			dst = append(dst, Candidate{span, int(s.state) - 1, s.score})
		}
	}
	return dst
}
