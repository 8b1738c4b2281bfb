package dedupe

import (
	"bytes"
	"cmp"
	"context"
	"iter"
	"slices"

	"chaff/shingle"
)

// Pair is two near-duplicates, by their numbers: A is the one whose ID comes
// first. Jaccard and Containment are exact.
type Pair struct {
	A, B int
	shingle.Likeness
	// Shared is the number of shingles that both texts have; 0 where the two
	// have the same words, which settles it.
	Shared int
	// Furniture says that the two share no more than the furniture of their source
	// ([Options.Furniture]): they are of no cluster, nor is one contained in the other.
	Furniture bool
}

// sameCap is how many articles of the same words are listed pair by pair. Each
// article beyond is listed with the preferred one of them only: ten thousand
// copies of a text are fifty million pairs that say one thing.
const sameCap = 1000

// Pairs returns every pair of near-duplicates, ordered by the IDs of both. See
// [Index.Search]; to have clusters as well, search once.
func (x *Index) Pairs(ctx context.Context) (iter.Seq[Pair], error) {
	r, err := x.Search(ctx)
	if err != nil {
		return nil, err
	}
	return r.Pairs(), nil
}

// Pairs returns every pair of near-duplicates, ordered by the IDs of both. Where
// more than a thousand articles have the same words, those beyond the first
// thousand are paired with the first one only; [Left] counts what that leaves
// out.
func (r *Result) Pairs() iter.Seq[Pair] {
	return func(yield func(Pair) bool) {
		r.index.mu.RLock()
		byID, rank := r.byID()
		r.index.mu.RUnlock()
		first, beside := r.beside()
		var partners []partner
		for _, a := range byID {
			partners = r.partners(partners[:0], a, rank, beside[first[r.nodes.of[a]]:first[r.nodes.of[a]+1]])
			slices.SortFunc(partners, func(p, q partner) int { return cmp.Compare(rank[p.article], rank[q.article]) })
			for _, p := range partners {
				pair := Pair{A: int(a), B: int(p.article)}
				if p.link == nil {
					pair.Likeness = shingle.Likeness{Jaccard: 1, Containment: 1}
				} else {
					pair.Likeness, pair.Shared = p.link.likeness(), int(p.link.shared)
					pair.Furniture = p.link.furniture
				}
				if !yield(pair) {
					return
				}
			}
		}
	}
}

// partner is the other article of a pair; link is nil when it has the same words.
type partner struct {
	article uint32
	link    *link
}

// partners appends the articles after a, by rank, that pair with a.
func (r *Result) partners(dst []partner, a uint32, rank, links []uint32) []partner {
	node := r.nodes.of[a]
	same := r.nodes.articles(node)
	add := func(articles []uint32, l *link) {
		for _, b := range articles {
			if rank[b] > rank[a] {
				dst = append(dst, partner{b, l})
			}
		}
	}
	listed := same[:min(sameCap, len(same))]
	if !slices.Contains(listed, a) {
		add(same[:1], nil)
		return dst
	}
	if a == same[0] {
		listed = same
	}
	add(listed, nil)
	for _, i := range links {
		l := &r.links[i]
		other := l.a
		if other == node {
			other = l.b
		}
		articles := r.nodes.articles(other)
		add(articles[:min(sameCap, len(articles))], l)
	}
	return dst
}

// byID returns the articles that have words by their IDs, and the rank of each
// article in that order.
func (r *Result) byID() (byID, rank []uint32) {
	x := r.index
	byID = slices.Clone(r.nodes.members)
	slices.SortFunc(byID, func(a, b uint32) int {
		return cmp.Or(bytes.Compare(x.ids.bytes(x.record(int(a)).id), x.ids.bytes(x.record(int(b)).id)), cmp.Compare(a, b))
	})
	rank = make([]uint32, len(r.nodes.of))
	for i, a := range byID {
		rank[a] = uint32(i)
	}
	return byID, rank
}

// beside returns, for each node i, the links it has a part in:
// links[beside[first[i]:first[i+1]]].
func (r *Result) beside() (first, beside []uint32) {
	first = make([]uint32, r.nodes.len()+1)
	for i := range r.links {
		first[r.links[i].a+1]++
		first[r.links[i].b+1]++
	}
	for i := 1; i < len(first); i++ {
		first[i] += first[i-1]
	}
	next := slices.Clone(first)
	beside = make([]uint32, 2*len(r.links))
	for i := range r.links {
		for _, node := range [2]uint32{r.links[i].a, r.links[i].b} {
			beside[next[node]] = uint32(i)
			next[node]++
		}
	}
	return first, beside
}
