package dedupe

import "slices"

// candidates are pairs of nodes that may be near-duplicates, the lower number in
// the high 32 bits, and what was left out of them.
type candidates struct {
	pairs   []uint64
	compact int      // pairs[:compact] are sorted, each once
	left    []uint32 // by node: how many comparisons were left out; nil: none
}

// add adds a pair. It sweeps out what was proposed twice whenever the pairs have
// doubled, so that memory follows the pairs and not the proposals.
func (c *candidates) add(pair uint64) {
	c.pairs = append(c.pairs, pair)
	if len(c.pairs) >= 2*c.compact+1<<16 {
		c.sort()
	}
}

func (c *candidates) sort() {
	slices.Sort(c.pairs)
	c.pairs = slices.Compact(c.pairs)
	c.compact = len(c.pairs)
}

// leaveOut notes that node, of all nodes, was not compared with so many others.
func (c *candidates) leaveOut(node uint32, others, all int) {
	if c.left == nil {
		c.left = make([]uint32, all)
	}
	c.left[node] += uint32(others)
}

func (c *candidates) merge(d *candidates) {
	c.pairs = append(c.pairs, d.pairs...)
	c.sort()
	if c.left == nil {
		c.left = d.left
		return
	}
	for node, n := range d.left {
		c.left[node] += n
	}
}
