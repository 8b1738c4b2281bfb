package offtopic

import (
	"math"

	"chaff/article"
)

// StrangerFeatures is the number of things that tell whether a block is a piece of
// another text.
const StrangerFeatures = 10

// Block is a block of an article as it is judged whether it is a piece of another text.
type Block struct {
	article.Span
	Words    int // of content
	Features [StrangerFeatures]float64
}

const (
	strangerBase  = 2   // content words from which a block is judged
	strangerMost  = 7.0 // odds of a block
	strangerLeast = -6.0
	strangerRest  = 6 // times a block's content words, those of the rest to compare with
)

// featureSubject is the number of the feature that [weighSubject] tells of.
const featureSubject = 2

// strangeness returns what tells whether block i is a piece of another text.
func (r *reading) strangeness(i int) [StrangerFeatures]float64 {
	k := &r.kin[i]
	other := r.strangest
	if abs(i-other) <= topicNear {
		other = r.rival
	}
	rival := 0.0
	if other >= 0 {
		rival = max(0, r.kin[other].ratio)
	}
	// Both sides of the comparison need words.
	full := min(1, float64(k.words)/topicFull) * min(1, float64(k.rest)/float64(strangerRest*max(k.words, 1)))
	return [StrangerFeatures]float64{
		k.ratio * full,
		max(0, k.ratio*full), // that words come again says another thing than that they don't
		featureSubject:       r.about[i].fit,
		rival,                // an article with several such blocks is a digest
		math.Log1p(float64(k.words)),
		math.Log1p(float64(k.rest)),
		math.Log(float64(len(r.blocks))), // of many blocks each is less likely to be one
		math.Log1p(k.before),
		math.Log1p(k.behind),
		math.Log1p(k.across), // a graft parts what belongs together
	}
}

// judged reports whether block i has what it takes to be judged as a piece of another
// text.
func (r *reading) judged(i int) bool {
	b, k := &r.blocks[i], &r.kin[i]
	return !b.guarded && !b.follows && k.words >= strangerBase && k.rest > 0
}

// weighStrangers weighs for each block whether it is a piece of another text: by a
// logistic regression that -weigh of the program in model/train learns.
//
// Neighbours are strangers for one and the same reason: together they weigh no more
// than the one that weighs most.
func (r *reading) weighStrangers() {
	run, sum, most := 0, 0.0, 0.0 // blocks run to i-1 speak for it
	for i := range r.blocks {
		k := &r.kin[i]
		k.odds = 0
		if r.judged(i) {
			k.odds = max(strangerLeast, min(r.Stranger.odds(r.strangeness(i)), strangerMost))
		}
		if k.odds > 0 {
			sum += k.odds
			most = max(most, k.odds)
			continue
		}
		r.spreadStrangers(run, i, most/sum)
		r.spreadStrangers(i, i+1, 1)
		run, sum, most = i+1, 0, 0
	}
	r.spreadStrangers(run, len(r.blocks), most/sum)
}

// spreadStrangers adds part of what is said for or against blocks lo to hi being
// pieces of other texts to their units.
func (r *reading) spreadStrangers(lo, hi int, part float64) {
	for i := lo; i < hi; i++ {
		b, k := &r.blocks[i], &r.kin[i]
		if k.odds == 0 {
			continue
		}
		about := r.Stranger[featureSubject] * r.about[i].fit
		note := ""
		if about > 0 && k.odds > 0 {
			note = r.tellSubjects(i)
		}
		for u := b.first; u < b.last; u++ {
			of := part * r.topicPart(k, u)
			e := evidence{unit: u, state: stranger, kind: kindStranger, n: k.far, of: k.words, weight: of * (k.odds - about)}
			if e.weight < 0 {
				e.kind = kindKin
			}
			r.add(e)
			if about == 0 {
				continue
			}
			e = evidence{unit: u, state: stranger, kind: kindSubject, note: note, weight: of * about}
			if about < 0 {
				e.kind = kindOwnSubject
			}
			r.add(e)
		}
	}
}

// Stranger is what each feature of a block counts for it being a piece of another text,
// and a constant, in log-odds. What is told begins at those of [Profile.Likely].
type Stranger [StrangerFeatures + 1]float64

func (s *Stranger) odds(features [StrangerFeatures]float64) float64 {
	odds := s[StrangerFeatures]
	for i, x := range features {
		odds += s[i] * x
	}
	return odds
}

// Odds returns the log-odds of b.
func (s *Stranger) Odds(b *Block) float64 { return s.odds(b.Features) }
