package dedupe

import "math"

// sweeper finds the passages that words b share with words a, or with themselves
// further ahead, in one pass over b. Its cost is linear: at each seed it looks at
// no more than recentSeeds+1 places, takes the longest match and goes on behind
// it; what it looked at elsewhere was no longer.
type sweeper struct {
	al     aligner
	table  *seedTable
	places []int32
	found  []aligned
	floor  int // equal words in a passage worth keeping
	seed   int // words in a seed
	apart  bool

	// Where copies of one passage follow one another, each is matched with the
	// first: words first0 to first1, the last copy ending at lastEnd.
	first0, first1, lastEnd int
}

const (
	// loopWords is the longest phrase (words of prose) taken for one said over
	// and over, not for a passage with copies.
	loopWords = 20
	// loopTotal is the number of words from which such a phrase is told of at
	// all: as one finding, the second half repeating the first, less what is left of
	// an odd time.
	loopTotal = 200
	// maxBack is how far a passage may reach back into the one before it, which
	// loses these words where it is the shorter one.
	maxBack = 64
	// joint is the number of words that may stand between a passage and its
	// copy when the two are taken for neighbours: a heading, a stamp.
	joint = 3
)

// self finds the passages of t that stand in it more than once, in the order of
// the later places. Neither place of a passage overlaps the other.
func (s *sweeper) self(t *Text, floor int) []aligned {
	s.start(t, t, floor)
	s.apart = true
	for j := 0; j < len(t.seeds); {
		if s.table.prev[j] < 0 {
			j++
			continue
		}
		s.places = s.table.before(s.places[:0], j)
		j = s.at(j)
	}
	return s.found
}

// pair finds the passages that b shares with the text of s.table, in the order of
// b.
func (s *sweeper) pair(a, b *Text, floor int) []aligned {
	s.start(a, b, floor)
	s.apart = false
	for j := 0; j < len(b.seeds); {
		s.places = s.table.of(s.places[:0], b.seeds[j])
		if len(s.places) == 0 {
			j++
			continue
		}
		j = s.at(j)
	}
	return s.found
}

func (s *sweeper) start(a, b *Text, floor int) {
	s.al.a, s.al.b, s.al.unit = a.Words.Hash, b.Words.Hash, b.unit
	s.al.runs = s.al.runs[:0]
	s.table, s.seed = &a.table, b.seedSize()
	s.found = s.found[:0]
	s.floor = max(floor, s.seed)
	s.first0, s.first1, s.lastEnd = 0, 0, math.MinInt
}

// at matches what stands at word j with s.places, and returns where to go on.
func (s *sweeper) at(j int) int {
	i, n := s.longest(j)
	if p, ok := s.loop(j, n); ok {
		s.found = append(s.found, p)
		s.lastEnd = math.MinInt
		return j + s.al.equalFrom(int(s.places[0]), j, len(s.al.b)-j, 1) - s.seed + 1
	}
	if n == 0 {
		return j + 1
	}
	from := len(s.al.runs)
	bMin := 0
	if len(s.found) > 0 {
		last := &s.found[len(s.found)-1]
		bMin = max(last.b0, last.b1-maxBack*s.al.unit)
	}
	aMax, bMax := len(s.al.a), len(s.al.b)
	if s.nextCopy(i, j) {
		aMax, bMin = s.first1, s.lastEnd
	}
	p := s.al.around(i, j, n, 0, min(bMin, j), aMax, bMax, s.apart)
	if p.equal < s.floor {
		s.al.runs = s.al.runs[:from]
		return j + max(1, n-s.seed+1)
	}
	s.add(p)
	if s.lastEnd == p.b1 {
		return p.b1 // a seed across the end of a copy is of no use
	}
	return max(j+1, p.b1-s.seed+1)
}

// longest returns the place with the longest exact match to the words from j on,
// the first of equals.
func (s *sweeper) longest(j int) (i, n int) {
	for _, place := range s.places {
		at := int(place)
		room := min(len(s.al.a)-at, len(s.al.b)-j)
		if s.apart {
			room = min(room, j-at)
			if s.nextCopy(at, j) {
				room = min(room, s.first1-at)
			}
		}
		if k := s.al.equalFrom(at, j, room, 1); k > n || k == n && at < i {
			i, n = at, k
		}
	}
	return i, n
}

// nextCopy reports whether words i and j begin the passage that has stood twice or
// more in a row, and its next copy.
func (s *sweeper) nextCopy(i, j int) bool {
	return s.apart && j >= s.lastEnd && j-s.lastEnd <= joint*s.al.unit && i >= s.first0 && i < s.first1
}

// loop returns the passage that begins with a phrase said over and over and has
// more than n words repeated at j.
func (s *sweeper) loop(j, n int) (aligned, bool) {
	if !s.apart {
		return aligned{}, false
	}
	i := int(s.places[0])
	period := j - i
	if period > loopWords*s.al.unit {
		return aligned{}, false
	}
	all := period + s.al.equalFrom(i, j, len(s.al.b)-j, 1)
	if all-period <= n || all < loopTotal*s.al.unit {
		return aligned{}, false
	}
	half := all / 2 / period * period
	s.al.runs = append(s.al.runs, equalRun{int32(i), int32(i + half), int32(half)})
	return aligned{
		a0: i, a1: i + half, b0: i + half, b1: i + 2*half,
		runs:  s.al.runs[len(s.al.runs)-1 : len(s.al.runs) : len(s.al.runs)],
		equal: half, period: period,
	}, true
}

// add appends p to what was found. Of two passages that overlap in b the shorter
// one is cut.
func (s *sweeper) add(p aligned) {
	if s.apart {
		switch {
		case s.nextCopy(p.a0, p.b0):
			s.lastEnd = p.b1
		case p.b0-p.a1 <= joint*s.al.unit:
			s.first0, s.first1, s.lastEnd = p.a0, p.a1, p.b1
		default:
			s.lastEnd = math.MinInt
		}
	}
	for len(s.found) > 0 {
		last := &s.found[len(s.found)-1]
		if p.b0 >= last.b1 {
			break
		}
		if last.equal >= p.equal || last.period > 0 {
			p.cut(0, math.MaxInt32, last.b1, math.MaxInt32)
			if p.equal == 0 {
				return
			}
			break
		}
		last.cut(0, math.MaxInt32, 0, p.b0)
		if last.equal > 0 {
			break
		}
		s.found = s.found[:len(s.found)-1]
	}
	s.found = append(s.found, p)
}
