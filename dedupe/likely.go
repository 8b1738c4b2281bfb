package dedupe

import "math"

// likelyHits tells in how many of n shingles, sampled from an article of which
// the share c stands in another, the two agree at the least, but for missedHits
// of all cases.
type likelyHits struct {
	c     float64
	least [likelyTable]uint16 // by n
}

const (
	// missedHits is how often a pair of which C is just the threshold is missed;
	// of pairs above it fewer are. A normal distribution with 3.1 deviations,
	// which allows for half as many, has twice as many pairs of 50,000 made-up
	// articles read again, all of them in vain: short articles that share a
	// stock phrase with a long one.
	missedHits = 0.002
	// missedDeviations is missedHits of a normal distribution, which is exact
	// enough from likelyTable on.
	missedDeviations = 2.88
	likelyTable      = 512
)

func newLikelyHits(c float64) *likelyHits {
	l := &likelyHits{c: c}
	for n := range likelyTable {
		l.least[n] = uint16(n)
		if c == 1 {
			continue
		}
		// The distribution is binomial. What lies eight deviations off is left out.
		mean := float64(n) * c
		k := max(0, int(mean-8*math.Sqrt(mean*(1-c))))
		p := math.Exp(lchoose(n, k) + float64(k)*math.Log(c) + float64(n-k)*math.Log1p(-c)) // of k hits
		for sum := p; k < n && sum <= missedHits; sum += p {
			p *= float64(n-k) / float64(k+1) * c / (1 - c)
			k++
		}
		l.least[n] = uint16(k)
	}
	return l
}

func (l *likelyHits) hits(n int) int {
	if n < likelyTable {
		return int(l.least[n])
	}
	mean := float64(n) * l.c
	return int(mean - missedDeviations*math.Sqrt(mean*(1-l.c)))
}
