package dedupe

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
)

// MissProbability is the highest probability with which the bands miss a pair
// whose J is just the threshold; of pairs above it they miss fewer.
const MissProbability = 1e-4

// A band is a few places of the signature: two articles that agree in all of
// them are compared in the others. Bands draw their places from all of the
// signature, so that there may be more of them than would fit side by side.
type band []uint8

// missed returns the probability that two sets of likeness j agree in none of n
// bands of r places: the number of places in which they agree is binomial, and
// given that number a band drawn at random lies in them or not.
func missed(j float64, r, n int) float64 {
	total := 0.0
	for x := range places + 1 {
		log := lchoose(places, x) + float64(x)*math.Log(j) + float64(places-x)*math.Log1p(-j)
		if j == 1 {
			log = math.Inf(-1)
			if x == places {
				log = 0
			}
		}
		hit := 1.0
		for i := range r {
			hit *= math.Max(0, float64(x-i)) / float64(places-i)
		}
		total += math.Exp(log) * math.Pow(1-hit, float64(n))
	}
	return total
}

func lchoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// What a search costs, measured with 1,000 to 300,000 nodes: for a band each node
// takes 30 to 50 ns to key and sort, and a pair of one bucket some 100 ns to
// compare, since both signatures come from memory. How many such pairs there are
// depends on how far articles agree that have nothing to do with one another:
// the root mean square of J over all pairs is 0.005 in Reuters, 0.008 in BBC news
// and 0.013 in RFCs.
const (
	sortCost    = 40.0
	compareCost = 100.0
	strangers   = 0.01
	maxBands    = 400
)

// chooseBands returns the cheapest bands for n nodes and threshold j that keep
// to MissProbability. More places a band mean fewer pairs to compare and more
// bands to sort.
func chooseBands(j float64, n int) []band {
	rows, count, least := 1, maxBands, math.Inf(1)
	for r := 1; r <= 8; r++ {
		b := bandsNeeded(j, r)
		if b > maxBands {
			break
		}
		cost := float64(b) * float64(n) * (sortCost + float64(n)/2*math.Pow(strangers, float64(r))*compareCost)
		if cost < least {
			rows, count, least = r, b, cost
		}
	}
	return drawBands(rows, count)
}

func bandsNeeded(j float64, r int) int {
	low, high := 1, maxBands+1
	for low < high {
		mid := (low + high) / 2
		if missed(j, r, mid) <= MissProbability {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}

// drawBands deals count bands of r places from shuffled signatures, as cards are
// dealt: each place serves as often as any other.
func drawBands(r, count int) []band {
	rng := rand.New(rand.NewPCG(places, uint64(r)))
	var deck []int
	bands := make([]band, count)
	for i := range bands {
		if len(deck) < r {
			deck = rng.Perm(places)
		}
		for _, p := range deck[:r] {
			bands[i] = append(bands[i], uint8(p))
		}
		deck = deck[r:]
	}
	return bands
}

// key returns what p holds in the places of b, hashed to 32 bits.
func (b band) key(p *packed) uint32 {
	h := uint64(0)
	for _, i := range b {
		h = (h ^ p[i/4]>>(i%4*16)&0xFFFF) * 0x9E3779B97F4A7C15
		h ^= h >> 29
	}
	return uint32(h >> 16)
}

// bandSearch finds the pairs of nodes that agree in a band.
type bandSearch struct {
	index  *Index
	nodes  *nodes
	bands  []band
	enough int // places in which a pair must agree to be read again
}

// deviations is how far below the threshold, in standard deviations of the
// estimate, a pair may lie and still be read again. One-permutation hashing of
// texts with fewer shingles than places deviates by up to 1.3 times the
// binomial figure, so this leaves four of its own deviations.
const deviations = 5.2

func (x *Index) newBandSearch(g *nodes) *bandSearch {
	return &bandSearch{index: x, nodes: g, bands: chooseBands(x.opts.Jaccard, g.len()), enough: x.opts.likelyPlaces()}
}

// likelyPlaces returns in how many places the signatures of a pair at the
// threshold agree at the least.
func (o *Options) likelyPlaces() int {
	j := o.Jaccard
	return int(places*j - deviations*math.Sqrt(places*j*(1-j)))
}

// bandBatch is how many bands one pass over the signatures serves; each keeps
// eight bytes a node while it does.
const bandBatch = 4

// search returns the candidates of all bands.
func (s *bandSearch) search(ctx context.Context, workers int) (*candidates, error) {
	found := new(candidates)
	var mu sync.Mutex
	var failed error
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, (len(s.bands)+bandBatch-1)/bandBatch) {
		wg.Go(func() {
			w := &bandWorker{bandSearch: s, view: s.index.view(), seen: make([]uint64, seenSlots)}
			for ctx.Err() == nil && w.err == nil {
				from := int(next.Add(bandBatch)) - bandBatch
				if from >= len(s.bands) {
					break
				}
				w.batch(from, min(from+bandBatch, len(s.bands)))
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

type bandWorker struct {
	*bandSearch
	*view
	items   [bandBatch][]uint64
	scratch []uint64
	seen    []uint64 // pairs compared lately
	found   candidates
}

// seenSlots is the number of pairs a worker remembers to have compared: like
// articles meet in most bands. Half a megabyte.
const seenSlots = 1 << 16

// met reports whether the pair was compared lately, and remembers it.
func (w *bandWorker) met(pair uint64) bool {
	slot := &w.seen[pair*0x9E3779B97F4A7C15>>48]
	if *slot == pair {
		return true
	}
	*slot = pair
	return false
}

func (w *bandWorker) batch(from, to int) {
	n := w.nodes.len()
	if w.scratch == nil {
		w.scratch = make([]uint64, n)
	}
	for i := range to - from {
		if w.items[i] == nil {
			w.items[i] = make([]uint64, n)
		}
	}
	// In the order of adding, which is that of memory.
	for a, node := range w.nodes.of {
		if node == none || w.nodes.members[w.nodes.first[node]] != uint32(a) {
			continue
		}
		p := w.signatureInOrder(a)
		for i, b := range w.bands[from:to] {
			w.items[i][node] = keyed(b.key(p), node)
		}
	}
	for i := range to - from {
		sortKeyed(w.items[i], w.scratch)
		runs(w.items[i], w.bucket)
	}
}

// bucketCap is the number of nodes up to which every pair of a bucket is
// compared. Beyond it, as forms filled in thousands of times make them, each
// node is compared with the preferred bucketAnchors of the bucket only: they are
// what a cluster would gather around.
const (
	bucketCap     = 512
	bucketAnchors = 32
)

// bucket compares the nodes of one bucket, which come by preference.
func (w *bandWorker) bucket(run []uint64) {
	for i := 1; i < len(run); i++ {
		others := run[:i]
		if len(run) > bucketCap && i > bucketAnchors {
			others = run[:bucketAnchors]
			w.found.leaveOut(uint32(run[i]), i-bucketAnchors, w.nodes.len())
		}
		v := uint32(run[i])
		p := w.representative(v, 0)
		for _, o := range others {
			u := uint32(o) // < v: sortKeyed keeps the order of the nodes
			if pair := keyed(u, v); !w.met(pair) && agreeing(p, w.representative(u, 1)) >= w.enough {
				w.found.add(pair)
			}
		}
	}
}

func (w *bandWorker) representative(node uint32, slot int) *packed {
	return w.signature(int(w.nodes.members[w.nodes.first[node]]), slot)
}

// agreeing returns the number of places in which p and q agree.
func agreeing(p, q *packed) int {
	var lanes uint64
	for i := range p {
		lanes += unequal(p[i], q[i]) >> 15
	}
	return places - int(lanes*0x0001000100010001>>48)
}
