package dedupe

import (
	"cmp"
	"context"
	"iter"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

// Contained articles are found by sampled shingles (FracMinHash, Irber et al.,
// 2022): of a shingle that two articles share either both have sampled it or
// neither.
const (
	// sampleRate keeps one shingle in four: of twenty shared shingles, the
	// fewest that count, two or more are then in the sample in 97.6 % of all
	// cases, of thirty in 99.8 %. It costs a byte for each shingle of the text.
	sampleRate = 4
	// probes is about how many of its samples an article looks up in those of
	// the longer ones. Of 64 probes of an article contained to 0.6, 38 ± 4 meet.
	probes = 64
	// minHits is the least number of lists in which two articles must meet.
	minHits = 2
)

// postings says which nodes have sampled a shingle. It holds a part of the range
// of all hashes; nodes go by their rung on the ladder.
type postings struct {
	hash  []uint32 // sorted, each once
	start []uint32 // hash[i] was sampled by ids[start[i]:start[i+1]]
	ids   []uint32 // rungs, rising; of a hash that is too common: one, tooCommon. nil if spilled
	at    int64    // where ids stand in the spill
	dir   []uint32 // hashes with d in the bits after the part's begin at dir[d]
}

// The parts of the postings are made one after the other from sorted hashes, so
// that only one part is ever held unsorted.
const (
	partBits = 5
	dirBits  = 12
)

// posted is the list of rungs that sampled a hash: ids[from:to] of its part.
type posted struct {
	part     *postings
	from, to uint32
}

// find returns the rungs that sampled h, none if there is only one.
func (p *postings) find(h uint32) posted {
	d := h << partBits >> (32 - dirBits)
	for i := p.dir[d]; i < p.dir[d+1]; i++ {
		if p.hash[i] == h {
			return posted{p, p.start[i], p.start[i+1]}
		}
	}
	return posted{}
}

// length returns the length of a list; one that is not kept is the longest.
func (l posted) length() int {
	if l.to-l.from == 1 {
		return longList + 1
	}
	return int(l.to - l.from)
}

// sampleSearch finds the pairs of nodes of which one may contain the other.
type sampleSearch struct {
	index  *Index
	nodes  *nodes
	ladder []uint32 // nodes from the fewest samples to the most
	parts  []postings
	room   atomic.Int64 // bytes that postings may still take in memory
}

func (x *Index) newSampleSearch(g *nodes) *sampleSearch {
	s := &sampleSearch{index: x, nodes: g}
	s.room.Store(int64(x.opts.Memory - min(x.resident, x.signatureLimit()) - min(x.arena.resident, x.sampleLimit())))
	byCount := make([]uint64, 0, g.len())
	for node := range uint32(g.len()) {
		if r := s.record(node); r.samples.n > 0 && s.longEnough(r) {
			byCount = append(byCount, keyed(r.samples.n, node))
		}
	}
	sortKeyed(byCount, make([]uint64, len(byCount)))
	s.ladder = make([]uint32, len(byCount))
	for i, v := range byCount {
		s.ladder[i] = uint32(v)
	}
	return s
}

// longEnough reports whether the article has enough shingles to share MinShared.
func (s *sampleSearch) longEnough(r *record) bool {
	return int(r.words)-s.index.opts.ShingleSize+1 >= MinShared
}

func (s *sampleSearch) record(node uint32) *record {
	return s.index.record(s.article(node))
}

// article returns the article that stands for a node.
func (s *sampleSearch) article(node uint32) int {
	return int(s.nodes.members[s.nodes.first[node]])
}

// inOrder yields the articles on the ladder in the order of adding, which is that
// of memory, with their rungs.
func (s *sampleSearch) inOrder(rungs []uint32) iter.Seq2[int, uint32] {
	return func(yield func(int, uint32) bool) {
		for a, node := range s.nodes.of {
			if node == none || rungs[node] == none || s.article(node) != a {
				continue
			}
			if !yield(a, rungs[node]) {
				return
			}
		}
	}
}

// A list of more than shortList nodes is read only if an article has too few
// shorter ones to be found by; one of more than longList is not kept.
const (
	shortList = 32
	longList  = 1024
	tooCommon = none // stands for the nodes of a list that is not kept
)

// build makes the postings. Each worker makes some parts that follow one
// another, so that it can go through every sample from where it stopped.
func (s *sampleSearch) build(ctx context.Context, workers int) error {
	s.parts = make([]postings, 1<<partBits)
	rungs := make([]uint32, s.nodes.len())
	for i := range rungs {
		rungs[i] = none
	}
	for rung, node := range s.ladder {
		rungs[node] = uint32(rung)
	}
	asked, failed := s.asked(rungs)
	workers = min(workers, len(s.parts))
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range workers {
		from, to := i*len(s.parts)/workers, (i+1)*len(s.parts)/workers
		wg.Go(func() {
			g := &gatherer{sampleSearch: s, view: s.index.view(), asked: asked, rungs: rungs}
			for part := from; part < to && ctx.Err() == nil && g.err == nil; part++ {
				s.parts[part] = s.newPostings(g.gather(uint32(part)))
				g.err = cmp.Or(g.err, s.spill(&s.parts[part]))
			}
			mu.Lock()
			defer mu.Unlock()
			failed = cmp.Or(failed, g.err)
		})
	}
	wg.Wait()
	return cmp.Or(failed, ctx.Err())
}

// spill moves the lists of p out of memory if there is no room for them.
func (s *sampleSearch) spill(p *postings) error {
	if s.room.Add(-4*int64(len(p.ids))) >= 0 {
		return nil
	}
	s.room.Add(4 * int64(len(p.ids)))
	at, err := s.index.spill.write(rawBytes(p.ids))
	p.ids, p.at = nil, at
	return err
}

// asked tells which samples an article looks up: those of most articles are not,
// and need no place in the postings. It is a Bloom filter with one hash; with at
// least eight bits for each probe it lets one in eight others through.
type asked struct {
	bits  []uint64
	shift uint
}

func (s *sampleSearch) asked(rungs []uint32) (*asked, error) {
	log := bits.Len(uint(8 * probes * len(s.ladder)))
	log = min(max(log, 12), 31)
	a := &asked{bits: make([]uint64, 1<<(log-6)), shift: uint(32 - log)}
	v := s.index.view()
	for n := range s.inOrder(rungs) {
		samples := v.sampleInOrder(n)
		for _, h := range samples[:min(probes, len(samples))] {
			i := h >> a.shift
			a.bits[i/64] |= 1 << (i % 64)
		}
	}
	return a, v.err
}

func (a *asked) has(h uint32) bool {
	i := h >> a.shift
	return a.bits[i/64]>>(i%64)&1 == 1
}

// gatherer collects the samples of one part after the other.
type gatherer struct {
	*sampleSearch
	*view
	asked          *asked
	rungs          []uint32 // by node; none if it is not on the ladder
	cursor         []uint32 // by article: the first sample not gathered yet
	items, scratch []uint64
}

// gather returns the samples of a part by their hashes, those of one hash by
// rung. Parts are asked for in rising order, without a gap.
func (g *gatherer) gather(part uint32) []uint64 {
	begun := g.cursor != nil
	if !begun {
		g.cursor = make([]uint32, len(g.nodes.of))
	}
	g.items = g.items[:0]
	for a, rung := range g.inOrder(g.rungs) {
		samples := g.sampleInOrder(a)
		i := int(g.cursor[a])
		if !begun {
			i, _ = slices.BinarySearch(samples, part<<(32-partBits))
		}
		for ; i < len(samples) && samples[i]>>(32-partBits) == part; i++ {
			if i < probes || g.asked.has(samples[i]) {
				g.items = append(g.items, keyed(samples[i], rung))
			}
		}
		g.cursor[a] = uint32(i)
	}
	if len(g.scratch) < len(g.items) {
		g.scratch = make([]uint64, len(g.items)+len(g.items)/8)
	}
	sortKeyed(g.items, g.scratch)
	runs(g.items, slices.Sort)
	return g.items
}

func (s *sampleSearch) newPostings(items []uint64) postings {
	hashes, ids := 0, 0
	runs(items, func(run []uint64) {
		hashes++
		ids += kept(len(run))
	})
	p := postings{
		hash:  make([]uint32, 0, hashes),
		start: make([]uint32, 1, hashes+1),
		ids:   make([]uint32, 0, ids),
		dir:   make([]uint32, 1<<dirBits+1),
	}
	runs(items, func(run []uint64) {
		h := uint32(run[0] >> 32)
		p.hash = append(p.hash, h)
		if len(run) <= longList {
			for _, v := range run {
				p.ids = append(p.ids, uint32(v))
			}
		} else {
			p.ids = append(p.ids, tooCommon)
		}
		p.start = append(p.start, uint32(len(p.ids)))
		p.dir[h<<partBits>>(32-dirBits)+1]++
	})
	for i := 1; i < len(p.dir); i++ {
		p.dir[i] += p.dir[i-1]
	}
	return p
}

// kept returns how long a list of n nodes is in the postings.
func kept(n int) int {
	if n > longList {
		return 1
	}
	return n
}

// search returns the pairs of nodes whose samples tell that one may contain the
// other.
func (s *sampleSearch) search(ctx context.Context, workers int) (*candidates, error) {
	if err := s.build(ctx, workers); err != nil {
		return nil, err
	}
	found := new(candidates)
	var mu sync.Mutex
	var failed error
	var next atomic.Int64
	var wg sync.WaitGroup
	const stretch = 256 // rungs taken at a time
	for range workers {
		wg.Go(func() {
			w := &sampleWorker{sampleSearch: s, view: s.index.view(), hits: make([]uint8, len(s.ladder))}
			for ctx.Err() == nil && w.err == nil {
				from := int(next.Add(stretch)) - stretch
				if from >= len(s.ladder) {
					break
				}
				for rung := from; rung < min(from+stretch, len(s.ladder)); rung++ {
					w.probe(uint32(rung))
				}
			}
			mu.Lock()
			defer mu.Unlock()
			found.merge(&w.found)
			failed = cmp.Or(failed, w.err)
		})
	}
	wg.Wait()
	return found, cmp.Or(failed, ctx.Err())
}

type sampleWorker struct {
	*sampleSearch
	*view
	hits  []uint8 // by rung: lists in which it was met; all 0 between probes
	met   []uint32
	lists []posted
	ids   []uint32 // of a list that is spilled
	found candidates
}

// probe looks the samples of one rung up and compares it with each longer one
// that it meets often enough.
//
// An article that contains this one stands in at least likelyHits of its lists,
// so the longest lists need not be read to find it (prefix filtering: Chaudhuri,
// Ganti and Kaushik, 2006). Stock phrases thus cost nothing, and an article that
// consists of them is found all the same.
func (w *sampleWorker) probe(rung uint32) {
	node := w.ladder[rung]
	samples := w.sample(w.article(node), 0)
	w.lists = w.lists[:0]
	for _, h := range samples[:min(probes, len(samples))] {
		w.lists = append(w.lists, w.parts[h>>(32-partBits)].find(h))
	}
	slices.SortFunc(w.lists, func(a, b posted) int { return a.length() - b.length() })
	hits := w.sampleSearch.index.likely.hits
	likely := hits(len(w.lists))
	unread := max(0, likely-minHits) // lists that need not be read
	read := len(w.lists) - unread
	for read < len(w.lists) && w.lists[read].length() <= shortList {
		read++
		unread--
	}
	// Lists that are not kept come last. An article that stands in too few others
	// is not found by them.
	for read > 0 && w.lists[read-1].length() > longList {
		read--
		unread++
	}
	enough := likely - unread
	if enough < minHits {
		if unread > max(0, likely-minHits) {
			w.found.leaveOut(node, 1, w.nodes.len())
		}
		enough = minHits
	}
	for _, l := range w.lists[:read] {
		ids := w.list(l)
		for i := len(ids) - 1; i >= 0 && ids[i] > rung; i-- {
			if w.hits[ids[i]] == 0 {
				w.met = append(w.met, ids[i])
			}
			w.hits[ids[i]]++
		}
	}
	// Where much was met, longer lists tell more cheaply what need not be compared.
	w.keep(enough)
	for unread > 0 && len(w.met)*checkCost > w.lists[read].length() {
		l := w.lists[read]
		if l.length() > longList {
			break
		}
		for _, other := range w.list(l) {
			if w.hits[other] > 0 {
				w.hits[other]++
			}
		}
		read++
		unread--
		w.keep(max(minHits, likely-unread))
	}
	exact := unread == 0 && len(samples) == len(w.lists) // hits are all there is to count
	for _, other := range w.met {
		o := w.ladder[other]
		if exact || shareSamples(samples, w.sample(w.article(o), 1), hits(len(samples))) {
			w.found.add(keyed(min(node, o), max(node, o)))
		}
		w.hits[other] = 0
	}
	w.met = w.met[:0]
}

// checkCost is how many entries of a list are read in the time of one look at
// another article's sample, which may have to come from a file.
const checkCost = 256

// keep drops what was met in fewer than enough lists. What is below that stays so: a
// list read later adds no more to the hits than to enough.
func (w *sampleWorker) keep(enough int) {
	kept := w.met[:0]
	for _, other := range w.met {
		if int(w.hits[other]) >= enough {
			kept = append(kept, other)
		} else {
			w.hits[other] = 0
		}
	}
	w.met = kept
}

// list returns the rungs of a list, good until the next call.
func (w *sampleWorker) list(l posted) []uint32 {
	switch {
	case l.from == l.to:
		return nil
	case l.part.ids != nil:
		return l.part.ids[l.from:l.to]
	}
	w.ids = sized(w.ids, int(l.to-l.from))
	w.read(rawBytes(w.ids), l.part.at+4*int64(l.from))
	return w.ids
}

// shareSamples reports whether a and b, sorted and b no shorter, have so many
// hashes in common. Hashes are spread evenly over their range, so that where one
// stands in b can be guessed.
func shareSamples(a, b []uint32, need int) bool {
	missing := len(a) - need // how many of a need not be in b
	guess := len(b) > 8*len(a)
	j := 0
	for _, h := range a {
		if missing < 0 {
			return false
		}
		if guess {
			j = max(j, int(uint64(h)*uint64(len(b))>>32))
			for j > 0 && b[j-1] >= h {
				j--
			}
		}
		for j < len(b) && b[j] < h {
			j++
		}
		if j == len(b) || b[j] != h {
			missing--
		}
	}
	return missing >= 0
}
