package dedupe

import (
	"bytes"
	"cmp"
	"slices"
)

// none stands for "no node" or "no article".
const none = 1<<32 - 1

// nodes are the distinct texts of an index. Articles of the same words are one
// node, so that ten thousand copies of a text cost the search one; articles
// without words are none.
//
// Nodes, and the articles of a node, are numbered by preference (see prefer).
// This makes everything that is found independent of the order of adding.
type nodes struct {
	first   []uint32 // node i has the articles members[first[i]:first[i+1]]
	members []uint32
	of      []uint32 // the node of each article, none if it has no words
}

func (g *nodes) len() int { return len(g.first) - 1 }

// articles returns the articles of node i, the preferred one first.
func (g *nodes) articles(i uint32) []uint32 { return g.members[g.first[i]:g.first[i+1]] }

// prefer orders articles by how well they represent the others: the earliest,
// then the longest, then by ID. An article without a date comes after all that
// have one.
func (x *Index) prefer(a, b uint32) int {
	r, s := x.record(int(a)), x.record(int(b))
	if c := cmp.Or(cmp.Compare(r.date, s.date), cmp.Compare(s.bytes, r.bytes)); c != 0 {
		return c
	}
	if c := bytes.Compare(x.ids.bytes(r.id), x.ids.bytes(s.id)); c != 0 {
		return c
	}
	if x.opts.Order != nil {
		return x.opts.Order(int(a), int(b))
	}
	return cmp.Compare(a, b)
}

func (x *Index) group() *nodes {
	order := make([]uint32, 0, x.n)
	for n := range x.n {
		if x.record(n).words > 0 {
			order = append(order, uint32(n))
		}
	}
	slices.SortFunc(order, x.prefer)
	// Articles by the sequence of their words, those of one sequence by
	// preference.
	same := make([]uint64, len(order))
	for rank, n := range order {
		same[rank] = keyed(uint32(x.record(int(n)).sequence>>32), uint32(rank))
	}
	sortKeyed(same, make([]uint64, len(same)))
	sequence := func(v uint64) uint64 { return x.record(int(order[uint32(v)])).sequence }
	leader := make([]uint32, len(order)) // by rank: the rank of the node's first article
	for i := range leader {
		leader[i] = uint32(i)
	}
	runs(same, func(run []uint64) {
		for i, v := range run {
			for _, u := range run[:i] { // two sequences rarely agree in 32 bits alone
				if sequence(u) == sequence(v) {
					leader[uint32(v)] = leader[uint32(u)]
					break
				}
			}
		}
	})
	g := &nodes{of: make([]uint32, x.n), members: make([]uint32, len(order))}
	for i := range g.of {
		g.of[i] = none
	}
	var size []uint32
	for rank, n := range order {
		if leader[rank] == uint32(rank) {
			g.of[n] = uint32(len(size))
			size = append(size, 0)
		} else {
			g.of[n] = g.of[order[leader[rank]]]
		}
		size[g.of[n]]++
	}
	g.first = make([]uint32, len(size)+1)
	for i, n := range size {
		g.first[i+1] = g.first[i] + n
	}
	next := slices.Clone(g.first)
	for _, n := range order {
		node := g.of[n]
		g.members[next[node]] = n
		next[node]++
	}
	return g
}
