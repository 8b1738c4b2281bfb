package truth

import (
	"cmp"
	"slices"
)

// Pair is two articles by their position in the corpus, A < B, with the Jaccard
// similarity of their shingle sets and their containment, |A∩B|/min(|A|,|B|).
type Pair struct {
	A, B int
	J, C float64
}

// Join finds all pairs with J ≥ jaccard or C ≥ containment; a threshold of 0
// asks for no pairs. sets are the articles' shingles, each ascending; they are
// overwritten. Pairs come ordered by A, then B.
//
// The search is prefix filtering (Chaudhuri, Ganti and Kaushik, "A Primitive
// Operator for Similarity Joins", 2006; Bayardo, Ma and Srikant, "Scaling Up All
// Pairs Similarity Search", 2007): with shingles ordered from rare to common,
// a pair that shares k of a set's n shingles shares one of its first n-k+1. No
// pair is missed. Each candidate's overlap is then counted.
func Join(sets [][]uint64, jaccard, containment float64) []Pair {
	j := newJoin(sets)
	var pairs []Pair
	if jaccard > 0 {
		pairs = j.similar(jaccard)
	}
	if containment > 0 {
		pairs = append(pairs, j.contained(containment)...)
	}
	slices.SortFunc(pairs, func(x, y Pair) int {
		return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	return slices.CompactFunc(pairs, func(x, y Pair) bool { return x.A == y.A && x.B == y.B })
}

// join holds the corpus with shingles renumbered: rare ones first, and those
// that stand in one article left out, for they match nothing.
type join struct {
	size     []int      // distinct shingles of each article
	shared   [][]uint32 // those that stand in two or more, ascending
	shingles int        // number of different shared shingles
	seen     []int32    // by article: the last article it was compared with
	posts    postings
}

func newJoin(sets [][]uint64) *join {
	j := &join{size: make([]int, len(sets)), shared: make([][]uint32, len(sets)), seen: make([]int32, len(sets))}
	total := 0
	for i, s := range sets {
		j.size[i] = len(s)
		total += len(s)
	}
	all := make([]uint64, 0, total)
	for _, s := range sets {
		all = append(all, s...)
	}
	slices.Sort(all)
	ids := rank(all)
	j.shingles = len(ids)
	for i, s := range sets {
		for _, h := range s {
			if id, ok := ids[h]; ok {
				j.shared[i] = append(j.shared[i], id)
			}
		}
		slices.Sort(j.shared[i])
		sets[i] = nil
	}
	return j
}

// rank numbers the shingles that occur twice or more in the sorted list, the
// rarest from 0.
func rank(sorted []uint64) map[uint64]uint32 {
	type entry struct {
		hash uint64
		df   int
	}
	var entries []entry
	for i := 0; i < len(sorted); {
		k := i + 1
		for k < len(sorted) && sorted[k] == sorted[i] {
			k++
		}
		if k-i > 1 {
			entries = append(entries, entry{sorted[i], k - i})
		}
		i = k
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.df, b.df), cmp.Compare(a.hash, b.hash))
	})
	ids := make(map[uint64]uint32, len(entries))
	for i, e := range entries {
		ids[e.hash] = uint32(i)
	}
	return ids
}

// prefix returns the shared shingles among the first size-need+1 of article i:
// the ones that stand nowhere else come before all others.
func (j *join) prefix(i, need int) []uint32 {
	alone := j.size[i] - len(j.shared[i])
	return j.shared[i][:min(max(j.size[i]-need+1-alone, 0), len(j.shared[i]))]
}

// similar finds the pairs with J ≥ t: a pair shares at least t·n shingles of
// either set, so that the prefixes of both have one in common.
func (j *join) similar(t float64) []Pair {
	j.posts.build(j.shingles, len(j.size), func(i int) []uint32 { return j.prefix(i, ceil(t, j.size[i])) })
	return j.probe(func(i int) int { return ceil(t, j.size[i]) }, func(i, k int) bool {
		return k < i && float64(min(j.size[i], j.size[k])) >= t*float64(max(j.size[i], j.size[k]))-slack
	}, func(p Pair) bool { return p.J >= t-slack })
}

// contained finds the pairs with C ≥ t: the smaller set shares t·n of its
// shingles, so that its prefix meets the larger set somewhere.
func (j *join) contained(t float64) []Pair {
	j.posts.build(j.shingles, len(j.size), func(i int) []uint32 { return j.shared[i] })
	return j.probe(func(i int) int { return ceil(t, j.size[i]) }, func(i, k int) bool {
		return j.size[k] > j.size[i] || j.size[k] == j.size[i] && k < i
	}, func(p Pair) bool { return p.C >= t-slack })
}

// slack keeps a quotient that equals a threshold from falling under it by rounding.
const slack = 1e-9

// ceil returns the least whole number of shingles that is a share t of n.
func ceil(t float64, n int) int {
	k := int(t * float64(n))
	if float64(k) < t*float64(n)-slack {
		k++
	}
	return max(k, 1)
}

// probe compares every article i with the articles k posted under its prefix
// that fits, and returns the pairs that are good.
func (j *join) probe(need func(i int) int, fits func(i, k int) bool, good func(Pair) bool) []Pair {
	var pairs []Pair
	for i := range j.seen {
		j.seen[i] = -1
	}
	for i := range j.size {
		for _, s := range j.prefix(i, need(i)) {
			for _, k := range j.posts.of(s) {
				if j.seen[k] == int32(i) || !fits(i, int(k)) {
					continue
				}
				j.seen[k] = int32(i)
				if p := j.pair(i, int(k)); good(p) {
					pairs = append(pairs, p)
				}
			}
		}
	}
	return pairs
}

func (j *join) pair(a, b int) Pair {
	return measure(min(a, b), max(a, b), j.size[a], j.size[b], overlap(j.shared[a], j.shared[b]))
}

func measure(a, b, sizeA, sizeB, common int) Pair {
	p := Pair{A: a, B: b}
	if common > 0 {
		p.J = float64(common) / float64(sizeA+sizeB-common)
		p.C = float64(common) / float64(min(sizeA, sizeB))
	}
	return p
}

// Compare measures one pair of sets.
func Compare(a, b []uint64) (j, c float64) {
	p := measure(0, 1, len(a), len(b), overlap(a, b))
	return p.J, p.C
}

// overlap counts what two ascending lists have in common.
func overlap[T cmp.Ordered](a, b []T) int {
	n := 0
	for i, k := 0, 0; i < len(a) && k < len(b); {
		switch {
		case a[i] < b[k]:
			i++
		case a[i] > b[k]:
			k++
		default:
			n, i, k = n+1, i+1, k+1
		}
	}
	return n
}

// postings lists the articles of each shingle in one array.
type postings struct {
	start    []int
	articles []int32
}

func (p *postings) build(shingles, articles int, list func(i int) []uint32) {
	p.start = make([]int, shingles+1)
	for i := range articles {
		for _, s := range list(i) {
			p.start[s+1]++
		}
	}
	for s := range shingles {
		p.start[s+1] += p.start[s]
	}
	next := slices.Clone(p.start)
	p.articles = make([]int32, p.start[shingles])
	for i := range articles {
		for _, s := range list(i) {
			p.articles[next[s]] = int32(i)
			next[s]++
		}
	}
}

func (p *postings) of(s uint32) []int32 { return p.articles[p.start[s]:p.start[s+1]] }
