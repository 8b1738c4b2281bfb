package dedupe

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"chaff/shingle"
)

// MinShared is the number of shingles that two articles must share for their
// containment to count. Of 815 pairs of Reuters that C ≥ 0.6 alone makes alike,
// 254 share fewer: lines of dividends and prices, filled in twice. Of 3,968 such
// pairs of RFCs, chinanews, EventMonitor, BBC and Livedoor news, where texts are
// longer, two do.
const MinShared = 20

// rereadMemory is how much of the texts read again all workers keep together, in
// bytes. Pairs are taken in an order in which like articles follow one another,
// so that most are read once: with 24 MB as many are read again.
const rereadMemory = 6 << 20

// Problem is an article that a search could not read again. Its pairs are
// missing from the result.
type Problem struct {
	Article int
	Err     error
}

// link is a verified pair of nodes, a < b.
type link struct {
	a, b         uint32
	shared       uint32 // shingles
	sizeA, sizeB uint32 // shingles, each counted once
	template     bool   // one form filled in twice, not two versions of a text
	furniture    bool   // nothing in common but furniture of their source
}

func (l *link) likeness() shingle.Likeness {
	return shingle.NewLikeness(int(l.shared), int(l.sizeA), int(l.sizeB))
}

// accept reports whether the pair is a near-duplicate.
func (o *Options) accept(l shingle.Likeness, shared int) bool {
	return l.Jaccard >= o.Jaccard ||
		o.Containment != NoContainment && l.Containment >= o.Containment && shared >= MinShared
}

// verify compares candidates by their exact shingles and returns those that are
// near-duplicates, by a and b.
func (x *Index) verify(ctx context.Context, g *nodes, pairs []uint64) ([]link, []Problem, error) {
	order := readingOrder(g, pairs, func(node uint32) uint32 { return x.record(int(g.articles(node)[0])).words })
	workers := x.opts.Workers
	stretch := max(64, min(4096, len(pairs)/(4*workers)+1))
	var (
		mu       sync.Mutex
		links    []link
		problems []Problem
		next     atomic.Int64
		wg       sync.WaitGroup
	)
	for range min(workers, (len(order)+stretch-1)/stretch) {
		wg.Go(func() {
			w := verifier{reader: newReader(x, g, rereadMemory/workers), last: none, bare: furnished{counter: x.opts.Furniture}}
			for ctx.Err() == nil {
				from := int(next.Add(int64(stretch))) - stretch
				if from >= len(order) {
					break
				}
				w.compare(ctx, order[from:min(from+stretch, len(order))])
			}
			mu.Lock()
			defer mu.Unlock()
			links = append(links, w.links...)
			problems = append(problems, w.problems...)
		})
	}
	wg.Wait()
	slices.SortFunc(links, func(l, m link) int {
		return cmp.Compare(keyed(l.a, l.b), keyed(m.a, m.b))
	})
	slices.SortStableFunc(problems, func(p, q Problem) int { return p.Article - q.Article })
	problems = slices.CompactFunc(problems, func(p, q Problem) bool { return p.Article == q.Article })
	return links, problems, ctx.Err()
}

type verifier struct {
	*reader
	set   shingleTable // of the node last
	last  uint32
	frame frame
	bare  furnished
	links []link
}

func (w *verifier) compare(ctx context.Context, pairs []uint64) {
	for i, pair := range pairs {
		if i%64 == 0 && ctx.Err() != nil {
			return
		}
		u, v := uint32(pair>>32), uint32(pair)
		a, b := w.read(u), w.read(v)
		if a.err != nil || b.err != nil {
			continue
		}
		if w.last != u {
			w.set.fill(a.shingles)
			w.last = u
		}
		shared := w.set.shared(b.shingles)
		likeness := shingle.NewLikeness(shared, len(a.shingles), len(b.shingles))
		if !w.index.opts.accept(likeness, shared) {
			continue
		}
		if u > v {
			u, v, a, b = v, u, b, a
		}
		l := link{
			a: u, b: v, shared: uint32(shared),
			sizeA: uint32(len(a.shingles)), sizeB: uint32(len(b.shingles)),
		}
		l.furniture = w.furnitureOnly(u, v, a, b)
		if !l.furniture && w.index.opts.joins(likeness) {
			w.frame.compare(a.wording(), b.wording())
			l.template = w.frame.template(daysApart(w.date(u), w.date(v)))
		}
		w.links = append(w.links, l)
	}
}

// furnitureOnly reports whether nodes u and v, read as a and b, share no more than the
// furniture of their source.
func (w *verifier) furnitureOnly(u, v uint32, a, b *reread) bool {
	if w.bare.counter == nil {
		return false
	}
	source := w.source(u)
	return source == w.source(v) && w.bare.only(source, a, b, w.index.opts.ShingleSize)
}

// source returns what the source of a node's first article is known by.
func (w *verifier) source(node uint32) uint64 {
	return w.index.record(int(w.nodes.articles(node)[0])).source
}

// date returns the earliest date of a node's articles.
func (w *verifier) date(node uint32) int64 {
	return w.index.record(int(w.nodes.articles(node)[0])).date
}

// readingOrder returns the pairs in an order in which each article's pairs come
// close together: nodes are numbered breadth first through the graph of the
// pairs, and pairs go by the number of the node with more words, which stands in
// the high 32 bits of each: of the shorter ones more are kept.
func readingOrder(g *nodes, pairs []uint64, words func(node uint32) uint32) []uint64 {
	first := make([]uint32, g.len()+1)
	for _, p := range pairs {
		first[p>>32]++
		first[uint32(p)]++
	}
	sum := uint32(0)
	for i, n := range first {
		first[i] = sum
		sum += n
	}
	next := slices.Clone(first)
	beside := make([]uint32, 2*len(pairs))
	for _, p := range pairs {
		u, v := uint32(p>>32), uint32(p)
		beside[next[u]], beside[next[v]] = v, u
		next[u]++
		next[v]++
	}
	number := next // reused: the number of each node
	for i := range number {
		number[i] = none
	}
	var queue []uint32
	for _, p := range pairs {
		if number[p>>32] != none {
			continue
		}
		number[p>>32] = uint32(len(queue))
		done := len(queue)
		queue = append(queue, uint32(p>>32))
		for ; done < len(queue); done++ {
			u := queue[done]
			for _, v := range beside[first[u]:first[u+1]] {
				if number[v] == none {
					number[v] = uint32(len(queue))
					queue = append(queue, v)
				}
			}
		}
	}
	order := make([]uint64, len(pairs))
	for i, p := range pairs {
		u, v := uint32(p>>32), uint32(p)
		if words(u) < words(v) {
			u, v = v, u
		}
		order[i] = keyed(number[u], number[v])
	}
	slices.Sort(order)
	for i, p := range order {
		order[i] = keyed(queue[p>>32], queue[uint32(p)])
	}
	return order
}
