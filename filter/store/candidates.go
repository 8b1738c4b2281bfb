package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"chaff/dedupe"
)

const (
	// listCap is how many articles of one sample are looked at, those added first:
	// a stock phrase stands in tens of thousands. Articles behind the cap are
	// found by their other samples, see recall and cutBefore.
	listCap = 128
	// headCap is how many articles are looked at, in memory, of a sample that more
	// than listCap have: of an article with hundreds of near-duplicates that have
	// nothing of their own it finds the first.
	headCap = 32
	// readCap is how many candidates are read to be compared, the likeliest first.
	readCap = 64
	// countCap is how many articles have their hits counted in lists that are not read
	// to their end, those with the most hits in the others first.
	countCap = 2 * readCap
	// sameCap is how many articles of the same words are looked at.
	sameCap = 16
	// sameWords is how likely an article of the same words is.
	sameWords = math.MaxFloat64
)

// candidate is an article that shares samples with the one asked about.
type candidate struct {
	number uint32
	class  uint8
	hits   int
	likely float64 // hits by how many a near-duplicate has on average, if it shares no more than it must
}

// list is what is looked at of the articles of one sample.
type list struct {
	articles int  // no more than listCap
	cut      bool // there are more
}

// looked are the samples that articles of some classes were looked up by.
type looked struct {
	samples []uint64
	lists   []list // by sample
	cuts    int    // how many of them were cut
}

func (l *looked) reset() { *l = looked{samples: l.samples[:0], lists: l.lists[:0]} }

func (l *looked) clone() looked {
	return looked{slices.Clone(l.samples), slices.Clone(l.lists), l.cuts}
}

// finder looks candidates up, in memory where it can. It keeps buffers and belongs to
// one goroutine.
type finder struct {
	memory    *memory
	iter      *pebble.Iterator
	prefix    []byte
	held      bool   // samples were looked up in memory
	short     looked // for short articles in memory, or for all on disk
	long      looked // for long articles in memory
	places    []int32
	touched   byte         // of lists in memory; for nothing, see touch
	heads     [2][]run     // of short and of long: what is read of lists in memory
	cuts      [2][]cutList // of short and of long: the lists in memory that were cut
	signs     [2]signs     // of the samples of those
	numbers   []uint32
	lasts     []uint32 // of each list that was cut, on disk: the last article read
	met       counts
	nominated []candidate // in memory: to be counted to the last
	found     []candidate
	needs     [256]needed
	known     [256]bool // classes whose needs are known
	jaccard   float64
	contain   float64
}

// looked returns what articles of a class were looked up by.
func (f *finder) looked(class uint8) *looked {
	if f.held && isLong(class) {
		return &f.long
	}
	return &f.short
}

// find returns the articles with numbers below limit that are likely enough to be
// near-duplicates of d to be read, the likeliest first.
func (f *finder) find(r pebble.Reader, d *digest, limit uint32) (found []candidate, err error) {
	f.found = f.found[:0]
	f.short.reset()
	f.long.reset()
	clear(f.known[:])
	if len(d.codes) == 0 {
		return nil, nil
	}
	f.iter, err = r.NewIter(nil)
	if err != nil {
		return nil, err
	}
	err = f.same(d)
	if err == nil {
		same := len(f.found)
		if f.held = f.recall(d, limit); !f.held {
			err = f.sampled(d)
		}
		f.rank(same)
	}
	if e := f.iter.Close(); err == nil {
		err = e
	}
	return f.found, err
}

// same finds the articles of the same words.
func (f *finder) same(d *digest) error {
	f.prefix = sequenceKeyPrefix(f.prefix[:0], d.sequence)
	ok := f.iter.SeekPrefixGE(f.prefix)
	for n := 0; ok && n < sameCap; n++ {
		if k := f.iter.Key(); len(k) == sequenceKey {
			f.found = append(f.found, candidate{
				number: binary.BigEndian.Uint32(k[sequencePrefix:]), class: d.class, likely: sameWords,
			})
		}
		ok = f.iter.Next()
	}
	return f.iter.Error()
}

// sampled finds on disk the articles that share enough samples.
func (f *finder) sampled(d *digest) error {
	f.lasts = f.lasts[:0]
	f.met.reset(len(d.samples) * listCap)
	for _, h := range d.samples {
		if err := f.look(h); err != nil {
			return err
		}
	}
	for _, m := range f.met.articles {
		c := candidate{number: m.number, class: m.class, hits: int(m.hits)}
		if f.weigh(d, &c, f.cutBefore(c.number)) {
			f.found = append(f.found, c)
		}
	}
	return nil
}

// rank sorts what was found after the first few, the articles of the same words, and
// leaves out what is not to be read.
func (f *finder) rank(same int) {
	first, rest := f.found[:same], f.found[same:]
	rest = slices.DeleteFunc(rest, func(c candidate) bool {
		return slices.ContainsFunc(first, func(s candidate) bool { return s.number == c.number })
	})
	slices.SortFunc(rest, candidate.compare)
	f.found = f.found[:same+min(len(rest), readCap)]
}

// compare orders candidates, the likeliest first.
func (c candidate) compare(other candidate) int {
	return cmp.Or(cmp.Compare(other.likely, c.likely), cmp.Compare(c.number, other.number))
}

// weigh sets how likely c is a near-duplicate of d and reports whether it may be,
// if so many lists that were cut could have named it.
func (f *finder) weigh(d *digest, c *candidate, cut int) bool {
	need := f.need(d, c.class)
	if need.hits == 0 || c.hits+cut < need.hits {
		return false
	}
	c.likely = float64(c.hits) / need.mean
	return true
}

// look collects the articles that have sampled h, from disk.
func (f *finder) look(h uint64) error {
	f.prefix = sampleKeyPrefix(f.prefix[:0], h)
	var l list
	var last uint32
	for ok := f.iter.SeekPrefixGE(f.prefix); ok; ok = f.iter.Next() {
		k := f.iter.Key()
		if len(k) != sampleKey || !bytes.HasPrefix(k, f.prefix) {
			continue
		}
		if l.articles == listCap {
			f.lasts = append(f.lasts, last)
			f.short.cuts++
			l.cut = true
			break
		}
		last = binary.BigEndian.Uint32(k[samplePrefix:])
		f.met.add(last, k[sampleKey-1])
		l.articles++
	}
	f.short.samples = append(f.short.samples, h)
	f.short.lists = append(f.short.lists, l)
	return f.iter.Error()
}

// cutBefore returns the number of lists that were cut before they could have
// named the article.
func (f *finder) cutBefore(number uint32) int {
	n := 0
	for _, last := range f.lasts {
		if last < number {
			n++
		}
	}
	return n
}

// needed is what an article of some size, if it is a near-duplicate, has in common
// with the text asked about.
type needed struct {
	hits int     // the least number of samples, in all but missProbability of all cases; 0: it can't be one
	mean float64 // the number of samples on average if it shares as few shingles as it may
	seen int     // the least number of samples in what is read of lists, at least 1
}

// need returns what an article of this class needs to be a near-duplicate of d. A
// near-duplicate of the size shares so many shingles with d at the least, and its
// sampling rate thins them; on disk it is the coarser of the two rates.
func (f *finder) need(d *digest, class uint8) needed {
	if f.known[class] {
		return f.needs[class]
	}
	f.known[class] = true
	n := &f.needs[class]
	*n = needed{}
	shared := fewestShared(len(d.set), classFloor(class), f.jaccard, f.contain)
	if shared == 0 {
		shared = fewestShared(len(d.set), classFloor(class+1)-1, f.jaccard, f.contain)
	}
	if shared == 0 {
		return *n
	}
	rate := rateOf(class)
	if !f.held {
		rate = max(rate, rateOf(d.class))
	}
	p := 1 / float64(rate)
	*n = needed{hits: max(1, likelyHits(shared, p)), mean: shared * p}
	// By chance what a near-duplicate shares is as often in lists that are read to
	// their end as all of the text is. A quarter of that is asked for: of 1,000
	// pairs among 8,000 Reuters reports, many of them forms, with lists cut at 16,
	// one is missed; with a half 1 to 5 are, with three quarters 8 to 13.
	l := f.looked(class)
	uncut := 1 - float64(l.cuts)/float64(max(1, len(l.samples)))
	n.seen = max(1, (likelyHits(shared*uncut, p)+3)/4)
	return *n
}

// missProbability is the probability with which a near-duplicate that has no more
// in common with the text asked about than it must is not compared with it.
const missProbability = 1e-3

// likelyHits returns how many of so many shingles, each sampled with probability
// p, are sampled at least, in all but missProbability of all cases.
func likelyHits(shingles, p float64) int {
	if p == 1 {
		return int(shingles)
	}
	mean := shingles * p
	if mean > 100 { // all but a normal distribution
		return int(mean - 3.1*math.Sqrt(mean*(1-p)))
	}
	hits := 0
	exactly := math.Pow(1-p, shingles) // the probability of exactly so many hits
	for fewer := exactly; fewer <= missProbability; fewer += exactly {
		exactly *= (shingles - float64(hits)) / float64(hits+1) * p / (1 - p)
		hits++
	}
	return hits
}

// fewestShared returns the fewest shingles that texts of a and b shingles have in
// common when they are near-duplicates, 0 if they can't be.
func fewestShared(a, b int, jaccard, containment float64) float64 {
	least := math.MaxFloat64
	small := float64(min(a, b))
	if shared := jaccard * float64(a+b) / (1 + jaccard); shared <= small {
		least = shared
	}
	if shared := max(dedupe.MinShared, containment*small); containment != dedupe.NoContainment && shared <= small {
		least = min(least, shared)
	}
	if least == math.MaxFloat64 {
		return 0
	}
	return least
}
