package dedupe

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"chaff/article"
	"chaff/shingle"
)

// Query returns the near-duplicates among the articles added so far of one that
// need not be among them: how each stands to a, the likest first, those alike by
// preference. Where articles could not be read again it returns the others, and
// an error that tells of each.
//
// It looks at every signature and sample, which takes about 20 ms in an index of
// 50,000 articles, so that nothing is missed but for estimates more than four
// standard deviations off; many articles are compared faster by adding them all
// and one [Index.Search].
func (x *Index) Query(a article.Article) ([]Member, error) {
	q := newQuery(x, a)
	if q.text.words.Len() == 0 {
		return nil, nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	var members []Member
	var problems []error
	var t reread
	for n := range x.n {
		if x.record(n).sequence == q.sketch.sequence && x.record(n).words > 0 {
			members = append(members, Member{
				Article:  n,
				Likeness: shingle.Likeness{Jaccard: 1, Containment: 1},
				Relation: article.Same,
			})
			continue
		}
		if !q.propose(n) {
			continue
		}
		if err := x.reread(&t, &q.table, n); err != nil {
			problems = append(problems, err)
			continue
		}
		if m, ok := q.compare(n, &t); ok {
			members = append(members, m)
		}
	}
	slices.SortFunc(members, func(m, o Member) int {
		return cmp.Or(
			cmp.Compare(o.Jaccard, m.Jaccard),
			cmp.Compare(o.Containment, m.Containment),
			x.prefer(uint32(m.Article), uint32(o.Article)),
		)
	})
	return members, errors.Join(append(problems, q.err)...)
}

// query is an article that is looked for in an index.
type query struct {
	*view
	text   reread
	date   int64
	sketch *Sketch
	set    shingleTable // of the article's shingles
	table  shingleTable // for those it is compared with
	frame  frame
	enough int      // places in which signatures must agree
	bits   []uint64 // a bit for the high queryBits of each sample
}

// queryBits is how many bits of a hash the first look at a sample takes: half a
// million bits stay in a core's cache, and few of a strange article's samples
// meet one by chance.
const queryBits = 19

func newQuery(x *Index, a article.Article) *query {
	q := &query{view: x.view(), date: noDate, enough: x.opts.likelyPlaces(), bits: make([]uint64, 1<<queryBits/64)}
	q.text.text = a.Text
	x.opts.Tokenizer.Words(&q.text.words, a.Text)
	q.sketch = x.Sketcher().Sketch(q.text.words.Hash)
	q.text.shingles = q.set.distinct(nil, q.text.words.Hash, x.opts.ShingleSize)
	if !a.Date.IsZero() {
		q.date = a.Date.Unix()
	}
	for _, h := range q.sketch.samples {
		b := h >> (32 - queryBits)
		q.bits[b/64] |= 1 << (b % 64)
	}
	return q
}

// propose reports whether article n may be a near-duplicate.
func (q *query) propose(n int) bool {
	if q.index.record(n).words == 0 {
		return false
	}
	if agreeing(&q.sketch.signature, q.signatureInOrder(n)) >= q.enough {
		return true
	}
	if !q.index.containment() {
		return false
	}
	samples := q.sampleInOrder(n)
	likely := max(minHits, q.index.likely.hits(min(len(samples), len(q.sketch.samples))))
	hits := 0
	for _, h := range samples {
		b := h >> (32 - queryBits)
		hits += int(q.bits[b/64] >> (b % 64) & 1)
	}
	if hits < likely {
		return false
	}
	if own := q.sketch.samples; len(own) <= len(samples) {
		return shareSamples(own, samples, likely)
	}
	return shareSamples(samples, q.sketch.samples, likely)
}

// compare decides by the exact shingles of article n, which is t.
func (q *query) compare(n int, t *reread) (Member, bool) {
	opts := &q.index.opts
	l := link{
		sizeA: uint32(len(q.text.shingles)), sizeB: uint32(len(t.shingles)),
		shared: uint32(q.set.shared(t.shingles)),
	}
	likeness := l.likeness()
	if !opts.accept(likeness, int(l.shared)) {
		return Member{}, false
	}
	if opts.joins(likeness) {
		q.frame.compare(q.text.wording(), t.wording())
		l.template = q.frame.template(daysApart(q.date, q.index.record(n).date))
	}
	return l.member(uint32(n), opts.relation(&l)), true
}

// daysApart returns how many days lie between two dates, below 0 where one is
// not known.
func daysApart(a, b int64) float64 {
	if a == noDate || b == noDate {
		return -1
	}
	return math.Abs(float64(a-b)) / (24 * 60 * 60)
}
