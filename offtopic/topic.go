package offtopic

import (
	"math"
	"math/bits"

	"chaff/offtopic/topics"
)

func trailing(set langs) int { return bits.TrailingZeros64(uint64(set)) }

// The topic of a block is judged word by word: a word that comes again far off
// speaks for the block, one that doesn't come again speaks against it, as much as
// its rarity and the rest of the article make one or the other surprising.
const (
	strangeMost = 3.0 // of a block, as any graft
	topicLeast  = -6.0
	topicNear   = 2   // blocks that may be parts of one graft
	topicFull   = 15  // content words from which a block may be the strangest
	topicOther  = 2.0 // evidence from which a block is suspected of something else
)

// kinship is how far a block's content words are the article's: how many of them
// come again far off, and what that says.
type kinship struct {
	far, words     int
	farBy, aloneBy [topics.Rarities]uint16
	pairs          bool
	rest           int     // content words of the other blocks
	ratio          float64 // log-likelihood ratio; for off-topic if above 0

	// Content words by their rarity, see surprise: that the block has in common with the
	// one before it and the one behind it, and those two with one another.
	before, behind, across float64

	odds float64 // of the block being a piece of another text
}

// weighTopic weighs how far the words of each block are the article's, for sorts of
// grafts that have words of their own.
func weighTopic(r *reading) {
	r.findStrangest()
	for i := range r.blocks {
		b, k := &r.blocks[i], &r.kin[i]
		switch {
		case b.follows || b.guarded && k.ratio > 0:
		case k.ratio > 0 && k.words >= strangerBase:
			for u := b.first; u < b.last; u++ {
				e := evidence{unit: u, state: advert, kind: kindStranger, n: k.far, of: k.words, weight: r.topicPart(k, u) * min(k.ratio, strangeMost)}
				for ; e.state < leftover; e.state++ {
					r.add(e)
					e.weight *= ownFurniture
				}
			}
		case k.ratio < 0:
			for u := b.first; u < b.last; u++ {
				if w := r.topicPart(k, u) * max(k.ratio, topicLeast); w < 0 {
					r.addKin(evidence{unit: u, kind: kindKin, n: k.far, of: k.words, weight: w})
				}
			}
		}
	}
	r.weighSubject()
	r.weighStrangers()
}

// ownFurniture is how much less it says against furniture and leftovers that their words
// are the article's: tags, bios and prompts are made for it. Plants can't teach that.
const ownFurniture = 0.25

// addKin adds what the article's own words say against each sort of graft but a piece
// of another text.
func (r *reading) addKin(e evidence) {
	w := e.weight
	for e.state = advert; e.state < stranger; e.state++ {
		e.weight = w
		if e.state == boiler || e.state == leftover {
			e.weight *= ownFurniture
		}
		r.add(e)
	}
}

// topicPart is the part of a block's content words that stand in unit u.
func (r *reading) topicPart(k *kinship, u int) float64 {
	return float64(r.units[u].far+r.units[u].alone) / float64(max(k.words, 1))
}

// How often a content word of an article of middling length comes again far off in
// it, and one of another article by chance, by its rarity: between what was counted in
// BBC, Chinese (chinanews) and Japanese (Livedoor) articles, which differ by a third.
// With rarity, .79 of paragraphs of BBC articles on other topics and .49 of those on
// the same are told from an article's own at 1 % of articles accused; without, .41
// and .23.
var (
	ownRate     = [topics.Rarities]float64{.62, .52, .46, .43, .40, .36, .35, .28}
	strangeRate = [topics.Rarities]float64{.28, .19, .115, .085, .050, .038, .026, .009}
)

// surprise is how much it tells that two texts have a word in common.
var surprise = func() (told [topics.Rarities]float64) {
	for c, rate := range strangeRate {
		told[c] = -math.Log(rate)
	}
	return told
}()

// spreads are multiples of a rate, each with its share of the blocks.
type spreads []struct{ times, share float64 }

// logs returns the logarithms of the shares.
func (s spreads) logs() (logs []float64) {
	for _, x := range s {
		logs = append(logs, math.Log(x.share))
	}
	return logs
}

var ownLogs, strangeLogs = ownSpread.logs(), strangeSpread.logs()

// Blocks of one article differ in how often their words come again: how much, and
// how many do.
var (
	ownSpread     = spreads{{0, .002}, {.1, .02}, {.3, .08}, {.55, .15}, {.8, .22}, {1.05, .28}, {1.4, .25}}
	strangeSpread = spreads{{.4, .4}, {.8, .35}, {1.4, .2}, {2.2, .05}}
)

const (
	usualLength = 180.0 // content words of such an article
	lengthPower = 0.5   // by which words of others are met by chance in longer ones
	priorMeets  = 6.0   // words that the prior of an article's rate counts for

	// Pairs of letters overlap, and most that are not known are no words: with full
	// weight, .22 of the paragraphs of other articles were told in Chinese news at 1 %
	// of articles accused, so .52.
	pairWeight = 0.6
	pairAlone  = 0.18 // of one not known that doesn't come again
)

// measureKinship compares each block with the rest of the article.
func (r *reading) measureKinship() {
	far, all := 0, 0
	expected := 0.0
	for i := range r.blocks {
		k := &r.kin[i]
		for n := range r.units[r.blocks[i].first:r.blocks[i].last] {
			u := &r.units[r.blocks[i].first+n]
			k.far += u.far
			k.words += u.far + u.alone
			for c := range u.farBy {
				k.farBy[c] += u.farBy[c]
				k.aloneBy[c] += u.aloneBy[c]
			}
		}
		far += k.far
		all += k.words
		expected += k.expected()
	}
	for i := range r.kin {
		k := &r.kin[i]
		k.rest = all - k.words
		k.pairs = r.blocks[i].script == eastAsian
		if k.words == 0 || k.rest == 0 {
			continue
		}
		own := (float64(far-k.far) + priorMeets) / (expected - k.expected() + priorMeets)
		length := math.Pow(float64(k.rest)/usualLength, lengthPower)
		var near, far [topics.Rarities]float64
		for c := range near {
			near[c] = min(0.95, own*ownRate[c])
			far[c] = min(length*strangeRate[c], 0.8*near[c])
		}
		best := 0.0
		for j, s := range ownSpread {
			var rates [topics.Rarities]float64
			for c := range rates {
				rates[c] = min(0.95, far[c]+s.times*(near[c]-far[c]))
			}
			best = logSum(best, ownLogs[j]+k.likelihood(&rates, 1), j == 0)
		}
		other := 0.0
		for j, s := range strangeSpread {
			other = logSum(other, strangeLogs[j]+k.likelihood(&far, s.times), j == 0)
		}
		k.ratio = other - best
	}
}

// expected returns how many of k's words come again in a middling article.
func (k *kinship) expected() float64 {
	sum := 0.0
	for c := range k.farBy {
		sum += float64(k.farBy[c]+k.aloneBy[c]) * ownRate[c]
	}
	return sum
}

// likelihood returns the logarithm of the chance that as many of k's words come
// again, at some multiple of rates.
func (k *kinship) likelihood(rates *[topics.Rarities]float64, times float64) float64 {
	sum := 0.0
	for c, q := range rates {
		q = min(q*times, 0.9)
		weight, alone := 1.0, 1.0
		if k.pairs {
			weight, alone = pairWeight, pairWeight
			if c == topics.Rarities-1 {
				alone = pairAlone
			}
		}
		if n := k.farBy[c]; n > 0 {
			sum += weight * float64(n) * math.Log(q)
		}
		if n := k.aloneBy[c]; n > 0 {
			sum += alone * float64(n) * math.Log(1-q)
		}
	}
	return sum
}

// lostApart is how far apart two logarithms are of which the smaller adds nothing:
// exp(-38) is below half of the last bit of 1.
const lostApart = 38.0

// logSum returns log(exp(a) + exp(b)), b alone if it is the first.
func logSum(a, b float64, first bool) float64 {
	if first {
		return b
	}
	most, apart := max(a, b), math.Abs(a-b)
	if apart > lostApart && most < -1 {
		return most // nothing of the other is left in 53 bits
	}
	return most + math.Log1p(math.Exp(-apart))
}

// findStrangest finds the block most like a stranger and, of those not near it, the
// next. Blocks that something else speaks against don't count.
func (r *reading) findStrangest() {
	for _, e := range r.evidence {
		if e.weight >= topicOther {
			r.blocks[r.units[e.unit].block].accused = true
		}
	}
	r.strangest = r.mostStrange(func(int) bool { return true })
	r.rival = r.mostStrange(func(i int) bool { return r.strangest >= 0 && abs(i-r.strangest) > topicNear })
}

// mostStrange returns the block most like a stranger of those that may be, -1 if there
// is none.
func (r *reading) mostStrange(may func(i int) bool) int {
	best := -1
	for i := range r.kin {
		if r.kin[i].words >= topicFull && !r.blocks[i].accused && may(i) && (best < 0 || r.kin[i].ratio > r.kin[best].ratio) {
			best = i
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }
