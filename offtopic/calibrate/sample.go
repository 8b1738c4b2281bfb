// Package calibrate fits profiles of off-topic detection: to a corpus of mostly
// clean articles, in which it plants grafts by itself, and to an editor's
// decisions on findings.
//
// Calibration takes a [Sample] of the articles, has them measured with grafts and
// without by a scan of their whole corpus ([Sample.Measure]), and sets on one half
// of them how hard each label is to find and from which probability on a finding
// is told ([Trials.Calibrate]); the other half says what that is worth. [Fold] does
// the same from decisions.
package calibrate

import (
	"cmp"
	"container/heap"
	"context"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"sync"

	"chaff/article"
	"chaff/corpus"
	"chaff/offtopic"
)

// The most articles that are measured, and the longest, in bytes. 4,000 news
// articles take half a minute on two cores; with 2,000 held out a share of 1 % is
// known to within .4 %, with 10,000 to within .2 %.
const (
	MostArticles = 4000
	longest      = 64 << 10
)

// A paragraph that is planted in another article, in bytes.
const (
	leastParagraph = 150
	mostParagraph  = 1500
)

// Sample is which articles of a corpus are measured. The same seed chooses the
// same, however many workers read.
type Sample struct {
	// Articles were read, of which Long are too long and Twice have the text of
	// another one.
	Articles, Long, Twice int

	seed  uint64
	mu    sync.Mutex
	heap  sampleHeap
	by    map[uint64]*sampled // those in the heap, by key
	order []*sampled          // by key, when all are read
	langs map[string][]*sampled
	whose map[string]string // the id of the article that a paragraph is from
}

// sampled is an article of the sample.
type sampled struct {
	key       uint64
	id        string
	lang      string
	paragraph string // to plant in others; empty if it has none
	rank      int    // in its language
}

type sampleHeap []*sampled

func (h sampleHeap) Len() int           { return len(h) }
func (h sampleHeap) Less(i, j int) bool { return h[i].key > h[j].key }
func (h sampleHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *sampleHeap) Push(x any)        { *h = append(*h, x.(*sampled)) }

func (h *sampleHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// TakeSample reads c to its end.
func TakeSample(ctx context.Context, c *corpus.Corpus, seed uint64) (*Sample, error) {
	s := &Sample{seed: seed, by: make(map[uint64]*sampled), langs: make(map[string][]*sampled), whose: make(map[string]string)}
	d := offtopic.NewDetector(offtopic.Options{})
	err := c.Read(ctx, func(_ int, a *article.Article, _ corpus.Position) error {
		s.take(a, d)
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.order = append(s.order, s.heap...)
	slices.SortFunc(s.order, func(a, b *sampled) int { return cmp.Compare(a.key, b.key) })
	for _, x := range s.order {
		if x.paragraph != "" {
			x.rank = len(s.langs[x.lang])
			s.langs[x.lang] = append(s.langs[x.lang], x)
			s.whose[x.paragraph] = x.id
		}
	}
	return s, nil
}

// Len returns how many articles are in the sample.
func (s *Sample) Len() int { return len(s.order) }

// take puts a into the sample if its key is among the least so far.
func (s *Sample) take(a *article.Article, d *offtopic.Detector) {
	key := s.keyOf(a)
	s.mu.Lock()
	s.Articles++
	skip := s.full(key)
	switch {
	case len(a.Text) > longest:
		s.Long++
		skip = true
	case s.by[key] != nil:
		s.Twice++
		s.by[key].copyIs(a.ID)
		skip = true
	}
	s.mu.Unlock()
	if skip {
		return
	}
	x := &sampled{key: key, id: string([]byte(a.ID)), lang: d.Language(a), paragraph: paragraphOf(a, key)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full(key) {
		return
	}
	if s.by[key] != nil {
		s.Twice++
		s.by[key].copyIs(a.ID)
		return
	}
	heap.Push(&s.heap, x)
	s.by[key] = x
	if len(s.heap) > MostArticles {
		delete(s.by, heap.Pop(&s.heap).(*sampled).key)
	}
}

// copyIs notes that an article called id has the same text: the first by name stands
// for all, whichever is read first.
func (x *sampled) copyIs(id string) {
	if id < x.id {
		x.id = string([]byte(id))
	}
}

// full reports whether there are enough articles with a lower key.
func (s *Sample) full(key uint64) bool { return len(s.heap) == MostArticles && key > s.heap[0].key }

// keyOf draws a number for the text of a, which does not depend on where it stands.
func (s *Sample) keyOf(a *article.Article) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, s.seed))
	_, _ = h.Write([]byte(a.Text))
	return mix(h.Sum64())
}

// mix spreads the bits of a hash (the finaliser of SplitMix64; Steele, Lea and
// Flood, 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// paragraphOf returns a copy of a paragraph of a for planting. The first block is
// left alone where there are others: it is a headline more often than not.
func paragraphOf(a *article.Article, key uint64) string {
	var fit []article.Span
	for i, b := range article.Blocks(a.Text) {
		if b.Len() >= leastParagraph && b.Len() <= mostParagraph && i > 0 {
			fit = append(fit, b.Span)
		}
	}
	if len(fit) == 0 {
		return ""
	}
	return string([]byte(fit[key%uint64(len(fit))].In(a.Text)))
}

// Witness implements [offtopic.Corpus] for articles with a paragraph of another
// one: that stands in the other. The corpus does not tell so by itself, since it
// never saw the paragraph twice.
func (s *Sample) Witness(a *article.Article, span article.Span) offtopic.Witness {
	if id, ok := s.whose[span.In(a.Text)]; ok && id != a.ID {
		return offtopic.Witness{Unrelated: 1}
	}
	return offtopic.Witness{}
}

// paragraphFor returns a paragraph of another article in the language of x; empty
// if there is none.
func (s *Sample) paragraphFor(x *sampled, draw int) string {
	of := s.langs[x.lang]
	if len(of) < 2 {
		return ""
	}
	other := of[draw%len(of)]
	if other == x {
		other = of[(x.rank+1)%len(of)]
	}
	return other.paragraph
}
