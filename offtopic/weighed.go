package offtopic

import (
	"sync"

	"chaff/article"
)

// Weighed is an article with the evidence of all signals added up, so that it can
// be decoded again and again with other costs. It keeps nothing of the text and
// takes some 40 bytes a sentence. Nothing in it changes.
type Weighed struct{ units []weighedUnit }

// weighedUnit is a [step] in a third of the memory.
type weighedUnit struct {
	start, end          uint32
	score               [Sorts]float32
	enter, leave, turns float32
	short               bool
}

// Candidate is what the decoder takes for a graft.
type Candidate struct {
	Span article.Span
	Sort int     // of graft, see [Sorts]
	Odds float64 // what the decoder holds of it, log-odds above 0
}

// Labels are the labels, in the order in which a profile has them.
var Labels = [3]article.Label{article.Advertisement, article.Boilerplate, article.Foreign}

// Weigh weighs a.
func (d *Detector) Weigh(a *article.Article) *Weighed {
	r := d.judge(a)
	defer d.free(r)
	w := &Weighed{make([]weighedUnit, len(r.units))}
	for i := range r.units {
		st := &r.steps[i]
		u := &w.units[i]
		u.start, u.end = uint32(r.units[i].Start), uint32(r.units[i].End)
		u.enter, u.leave, u.turns, u.short = float32(st.enter), float32(st.leave), float32(st.turn), st.short
		for s, x := range st.score[1:] {
			u.score[s] = float32(x)
		}
	}
	return w
}

// Language returns the language of a as its commonest words tell it, a name of the
// lexicon ("en"); empty if they don't.
func (d *Detector) Language(a *article.Article) string {
	r := d.pool.Get().(*reading)
	defer d.free(r)
	r.read(a, d.lex)
	if r.lang < 0 {
		return ""
	}
	return r.lex.names[r.lang]
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
func (w *Weighed) Decode(dst []Candidate, ease [Sorts]float64) []Candidate {
	d := decoders.Get().(*weighedDecoder)
	defer decoders.Put(d)
	d.steps = d.steps[:0]
	for i := range w.units {
		u := &w.units[i]
		st := step{enter: float64(u.enter), leave: float64(u.leave), turn: float64(u.turns), short: u.short}
		for s, x := range u.score {
			st.score[1+s], st.ease[1+s] = float64(x), ease[s]
		}
		d.steps = append(d.steps, st)
	}
	d.segments = joinLists(d.decode(d.segments[:0], d.steps), d.steps)
	for _, s := range d.segments {
		if s.score > 0 {
			span := article.Span{Start: int(w.units[s.first].start), End: int(w.units[s.last].end)}
			dst = append(dst, Candidate{span, int(s.state) - 1, s.score})
		}
	}
	return dst
}
