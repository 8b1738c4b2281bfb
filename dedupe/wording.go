package dedupe

import (
	"cmp"
	"time"

	"chaff/article"
	"chaff/shingle"
)

// Wording is a text as its words tell it.
type Wording struct {
	// Hash has a hash of each word, in text order.
	Hash []uint64
	// Figure reports whether the word at this place in Hash begins with a digit.
	Figure func(i int) bool
}

func (t *reread) wording() Wording { return Wording{t.words.Hash, t.figure} }

// Relater tells how near-duplicates stand to one another where no [Index] holds
// them. It keeps buffers and belongs to one goroutine; the zero value is ready for
// use with the default of [Options.Jaccard].
type Relater struct {
	// Jaccard is as in [Options].
	Jaccard float64

	frame frame
}

// Pairing is what was counted of two near-duplicates: the shingles of each and those
// that both have, each counted once, and the dates of both, where the zero time
// means not known.
type Pairing struct {
	A, B, Shared int
	DateA, DateB time.Time
}

// Relation tells how b stands to a.
func (r *Relater) Relation(p Pairing, a, b Wording) article.Relation {
	opts := Options{Jaccard: cmp.Or(r.Jaccard, DefaultJaccard)}
	l := link{sizeA: uint32(p.A), sizeB: uint32(p.B), shared: uint32(p.Shared)}
	if opts.joins(shingle.NewLikeness(p.Shared, p.A, p.B)) {
		days := -1.0
		if !p.DateA.IsZero() && !p.DateB.IsZero() {
			days = daysApart(p.DateA.Unix(), p.DateB.Unix())
		}
		r.frame.compare(a, b)
		l.template = r.frame.template(days)
	}
	return opts.relation(&l)
}
