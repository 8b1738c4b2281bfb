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
	// found by their other samples, see need.
	listCap = 128
	// readCap is how many candidates are read to be compared, the likeliest first.
	readCap = 64
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

// list is what is read of the articles of one sample.
type list struct {
	articles int  // no more than listCap
	cut      bool // there are more
}

// finder looks candidates up. It keeps buffers and belongs to one goroutine.
type finder struct {
	iter    *pebble.Iterator
	prefix  []byte
	met     []uint64 // number and class of each posting
	lists   []list   // by sample
	lasts   []uint32 // of each list that was cut: the last article read
	found   []candidate
	needs   [256]needed
	asked   [256]bool // classes whose needs are known
	jaccard float64
	contain float64
}

// posting packs a number and a class so that they sort by number.
func posting(number uint32, class uint8) uint64 { return uint64(number)<<8 | uint64(class) }

// find returns the articles that are likely enough to be near-duplicates of d to
// be read, the likeliest first.
func (f *finder) find(r pebble.Reader, d *digest) (found []candidate, err error) {
	f.found = f.found[:0]
	if len(d.codes) == 0 {
		return nil, nil
	}
	f.iter, err = r.NewIter(nil)
	if err != nil {
		return nil, err
	}
	err = cmp.Or(f.same(d), f.sampled(d))
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

// sampled finds the articles that share enough samples.
func (f *finder) sampled(d *digest) error {
	f.met, f.lists, f.lasts = f.met[:0], f.lists[:0], f.lasts[:0]
	clear(f.asked[:])
	for _, h := range d.samples {
		if err := f.look(h); err != nil {
			return err
		}
	}
	slices.Sort(f.met)
	same := len(f.found)
	for i := 0; i < len(f.met); {
		p, j := f.met[i], i+1
		for j < len(f.met) && f.met[j] == p {
			j++
		}
		c := candidate{number: uint32(p >> 8), class: uint8(p), hits: j - i}
		i = j
		if f.weigh(d, &c, f.cutBefore(c.number)) && !isSame(f.found[:same], c.number) {
			f.found = append(f.found, c)
		}
	}
	rest := f.found[same:]
	slices.SortFunc(rest, candidate.compare)
	f.found = f.found[:same+min(len(rest), readCap)]
	return nil
}

// compare orders candidates, the likeliest first.
func (c candidate) compare(other candidate) int {
	return cmp.Or(cmp.Compare(other.likely, c.likely), cmp.Compare(c.number, other.number))
}

// weigh sets how likely c is a near-duplicate of d and reports whether it may be,
// if so many lists that were cut could have named it.
func (f *finder) weigh(d *digest, c *candidate, cut int) bool {
	if !f.asked[c.class] {
		f.needs[c.class], f.asked[c.class] = f.need(d, c.class), true
	}
	need := f.needs[c.class]
	if need.hits == 0 || c.hits+cut < need.hits {
		return false
	}
	c.likely = float64(c.hits) / need.mean
	return true
}

func isSame(same []candidate, number uint32) bool {
	return slices.ContainsFunc(same, func(c candidate) bool { return c.number == number })
}

// look collects the articles that have sampled h.
func (f *finder) look(h uint64) error {
	f.prefix = sampleKeyPrefix(f.prefix[:0], h)
	var l list
	for ok := f.iter.SeekPrefixGE(f.prefix); ok; ok = f.iter.Next() {
		k := f.iter.Key()
		if len(k) != sampleKey || !bytes.HasPrefix(k, f.prefix) {
			continue
		}
		if l.articles == listCap {
			f.lasts = append(f.lasts, uint32(f.met[len(f.met)-1]>>8))
			l.cut = true
			break
		}
		f.met = append(f.met, posting(binary.BigEndian.Uint32(k[samplePrefix:]), k[sampleKey-1]))
		l.articles++
	}
	f.lists = append(f.lists, l)
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
}

// need returns what an article of this class needs to be a near-duplicate of d. A
// near-duplicate of the size shares so many shingles with d at the least, and the
// coarser of the two sampling rates thins them.
func (f *finder) need(d *digest, class uint8) needed {
	shared := fewestShared(len(d.set), classFloor(class), f.jaccard, f.contain)
	if shared == 0 {
		shared = fewestShared(len(d.set), classFloor(class+1)-1, f.jaccard, f.contain)
	}
	if shared == 0 {
		return needed{}
	}
	p := 1 / float64(max(rateOf(d.class), rateOf(class)))
	return needed{hits: max(1, likelyHits(shared, p)), mean: shared * p}
}

// missProbability is the probability with which a near-duplicate that has no more
// in common with the text asked about than it must is not compared with it.
const missProbability = 1e-3

// likelyHits returns how many of so many shingles, each sampled with probability
// p, are sampled at least, in all but missProbability of all cases.
func likelyHits(shingles, p float64) int {
	mean := shingles * p
	if mean > 100 { // all but a normal distribution
		return int(mean - 3.1*math.Sqrt(mean*(1-p)))
	}
	hits := 0
	exactly := math.Pow(1-p, shingles) // the probability of exactly so many hits
	for fewer := exactly; fewer <= missProbability && p < 1; fewer += exactly {
		exactly *= (shingles - float64(hits)) / float64(hits+1) * p / (1 - p)
		hits++
	}
	if p == 1 {
		return int(shingles)
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
