package calibrate

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"sync"

	"chaff/article"
	"chaff/corpus"
	"chaff/offtopic"
	"chaff/scan"
)

// Trials are the articles of a sample as the detector sees them, without a graft
// and with one of each kind.
type Trials struct {
	// Unwritten counts the articles in whose language there are no written plants:
	// paragraphs of others alone are planted in them.
	Unwritten int

	start offtopic.Profile // that they were weighed with
	seed  uint64
	all   []*trial // by key
}

// trial is one article. It knows the finding it is named by in a report.
type trial struct {
	key     uint64
	id      string
	clean   *offtopic.Weighed
	plants  [Kinds]planted
	planted float64 // number of plants
}

type planted struct {
	w    *offtopic.Weighed // nil if there is none
	span article.Span
}

// Measure scans c, which must hold the articles of the sample, and weighs them with
// the whole corpus as witness, as a scan with o does; o.Profile is what calibration
// begins with.
func (s *Sample) Measure(ctx context.Context, c *corpus.Corpus, o scan.Options) (*Trials, error) {
	t := &Trials{start: offtopic.Builtin(), seed: s.seed}
	if o.Profile != nil {
		t.start = *o.Profile
	}
	alone := offtopic.NewDetector(offtopic.Options{Profile: &t.start})
	witnessed := offtopic.NewDetector(offtopic.Options{Profile: &t.start, Corpus: s})
	var mu sync.Mutex
	seen := make(map[uint64]bool)
	o.Kinds = []article.Kind{article.OffTopic}
	o.Judge = func(d *offtopic.Detector, a *article.Article) error {
		key := s.keyOf(a)
		x := s.by[key]
		mu.Lock()
		skip := x == nil || seen[key] || a.ID != x.id
		seen[key] = seen[key] || !skip
		mu.Unlock()
		if skip || len(article.Blocks(a.Text)) == 0 {
			return nil
		}
		r := s.weigh(x, a, d, alone, witnessed)
		mu.Lock()
		defer mu.Unlock()
		t.all = append(t.all, r)
		if r.plants[Advertisement].w == nil {
			t.Unwritten++
		}
		return nil
	}
	_, err := scan.Run(ctx, c, o, func(article.Finding, corpus.Position) error { return nil })
	slices.SortFunc(t.all, func(a, b *trial) int { return cmp.Compare(a.key, b.key) })
	return t, err
}

// weigh weighs a, the article of x: as it is by d, which knows the corpus, and with
// grafts by one that knows none, or where the paragraph is from.
func (s *Sample) weigh(x *sampled, a *article.Article, d, alone, witnessed *offtopic.Detector) *trial {
	r := rand.New(rand.NewPCG(s.seed, x.key))
	t := &trial{key: x.key, id: x.id, clean: d.Weigh(a)}
	grafted := *a
	for k := range Kinds {
		var text string
		if k >= Paragraph {
			text = s.paragraphFor(x, r.IntN(1<<30))
		} else {
			text = textFor(k, x.lang, r)
		}
		if text == "" {
			continue
		}
		p := &t.plants[k]
		grafted.Text, p.span = plant(a, text, k, r)
		if k == Paragraph {
			p.w = witnessed.Weigh(&grafted)
		} else {
			p.w = alone.Weigh(&grafted)
		}
		t.planted++
	}
	return t
}

// Len returns how many articles were measured.
func (t *Trials) Len() int { return len(t.all) }

// halves returns every other trial, and the rest.
func (t *Trials) halves() (a, b []*trial) {
	for i, x := range t.all {
		if i%2 == 0 {
			a = append(a, x)
		} else {
			b = append(b, x)
		}
	}
	return a, b
}

// Point is a finding of which it is known whether it is right.
type Point struct {
	Sort   int     // of graft, as in a profile
	Odds   float64 // what the decoder holds of it
	Right  bool    // at least half of it is a graft
	Weight float64
}

// points returns what is found in trials, if beginnings are eased so: in clean
// articles all of it, in grafted ones what touches the graft. Of all articles half
// are clean and half have one graft.
func points(trials []*trial, ease [offtopic.Sorts]float64) []Point {
	var all []Point
	var found []offtopic.Candidate
	for _, t := range trials {
		found = t.clean.Decode(found[:0], ease)
		for _, c := range found {
			all = append(all, Point{c.Sort, c.Odds, false, 1})
		}
		for k := range t.plants {
			p := &t.plants[k]
			if p.w == nil {
				continue
			}
			found = p.w.Decode(found[:0], ease)
			for _, c := range found {
				if n := c.Span.Shared(p.span); n > 0 {
					all = append(all, Point{c.Sort, c.Odds, 2*n >= c.Span.Len(), 1 / t.planted})
				}
			}
		}
	}
	return all
}
