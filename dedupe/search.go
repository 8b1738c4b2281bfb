package dedupe

import (
	"context"
	"slices"
)

// Search finds every pair of near-duplicates among the articles added before.
// Articles added meanwhile wait. It returns early, with the error of ctx, when
// ctx is done.
//
// A pair is proposed by bands of the signatures (Broder, 1997; Indyk and Motwani,
// 1998), which find it where J is at the threshold with a probability of at
// least 1−[MissProbability], or by sampled shingles, and then decided by its
// exact J and C.
func (x *Index) Search(ctx context.Context) (*Result, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	r := &Result{index: x, nodes: x.group()}
	found, err := x.newBandSearch(r.nodes).search(ctx, x.opts.Workers)
	if err != nil {
		return nil, err
	}
	if x.containment() {
		contained, err := x.newSampleSearch(r.nodes).search(ctx, x.opts.Workers)
		if err != nil {
			return nil, err
		}
		found.merge(contained)
	}
	r.links, r.Problems, err = x.verify(ctx, r.nodes, found.pairs)
	if err != nil {
		return nil, err
	}
	r.Left = r.leftOut(found)
	return r, nil
}

// A Result is what a search found.
type Result struct {
	index *Index
	nodes *nodes
	links []link

	// Problems are the articles that could not be read again, by number.
	Problems []Problem
	// Left is what the search did not look at.
	Left Left
}

// Left tells what a search left out to keep within bounds where thousands of
// texts are nearly the same, or consist of the same phrases. The zero Left means
// nothing.
type Left struct {
	// Comparisons is how often two articles of one bucket, proposed by one
	// band, were not compared, and how many articles have so few rare shingles
	// that what contains them may not have been found. Two articles count once for
	// each band in which that happened, and may have been compared for another one.
	Comparisons int
	// Articles are those it happened to, by number.
	Articles []int
	// Pairs is the number of pairs of same words that [Result.Pairs] doesn't
	// list.
	Pairs int
}

func (r *Result) leftOut(found *candidates) Left {
	var left Left
	for node, n := range found.left {
		if n > 0 {
			left.Comparisons += int(n)
			for _, a := range r.nodes.articles(uint32(node)) {
				left.Articles = append(left.Articles, int(a))
			}
		}
	}
	slices.Sort(left.Articles)
	for node := range uint32(r.nodes.len()) {
		if n := len(r.nodes.articles(node)); n > sameCap {
			left.Pairs += (n-sameCap)*sameCap + (n-sameCap)*(n-sameCap-1)/2 - (n - sameCap)
		}
	}
	return left
}
