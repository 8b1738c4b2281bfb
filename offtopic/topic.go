package offtopic

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"unicode/utf8"
)

func trailing(set langs) int { return bits.TrailingZeros64(uint64(set)) }

// term is one content word, or two letters side by side in a script without
// spaces, where it stands.
type term struct {
	hash  uint64
	word  int32 // titleWord in the article's title, which is far from everything
	block int32
	unit  int32
}

const titleWord = -1 << 30

// findTerms counts, for each unit, the content words that come again elsewhere in
// the article. The commonest words of its language don't count, nor do numbers.
func (r *reading) findTerms() {
	r.terms = r.terms[:0]
	r.markCopies()
	for u := range r.units {
		if r.blocks[r.units[u].block].copied {
			continue // what is printed twice is not said twice
		}
		for w := r.units[u].lo; w < r.units[u].hi; w++ {
			if h, ok := r.term(w, r.units[u].hi); ok {
				r.terms = append(r.terms, term{h, int32(w), int32(r.units[u].block), int32(u)})
			}
		}
	}
	r.addTitle()
	slices.SortFunc(r.terms, func(a, b term) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.word, b.word))
	})
	for i := 0; i < len(r.terms); {
		j := i + 1
		for j < len(r.terms) && r.terms[j].hash == r.terms[i].hash {
			j++
		}
		r.countTerm(r.terms[i:j])
		i = j
	}
}

// markCopies marks the blocks that repeat an earlier one word for word.
func (r *reading) markCopies() {
	r.copies = r.copies[:0]
	for i := range r.blocks {
		h := uint64(0)
		for _, k := range r.keys[r.blocks[i].lo:r.blocks[i].hi] {
			h = h*0x9FB21C651E98DF25 + k
		}
		r.copies = append(r.copies, blockHash{h, i})
	}
	slices.SortFunc(r.copies, func(a, b blockHash) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.block, b.block))
	})
	for i := 1; i < len(r.copies); i++ {
		r.blocks[r.copies[i].block].copied = r.copies[i].hash == r.copies[i-1].hash
	}
}

// blockHash is the hash of a block's words.
type blockHash struct {
	hash  uint64
	block int
}

// countTerm takes all places of one term, in text order.
func (r *reading) countTerm(same []term) {
	first, last := same[0], same[len(same)-1]
	for i, t := range same {
		if t.word == titleWord || i > 0 && same[i-1].block == t.block {
			continue // once in a block
		}
		u := &r.units[t.unit]
		switch {
		case int(t.word-first.word) > r.near || int(last.word-t.word) > r.near && last.block != t.block:
			u.far++
		case first.block == t.block && last.block == t.block:
			u.alone++
		}
	}
}

// term returns the hash of the term that begins with word w, if one does.
func (r *reading) term(w, hi int) (uint64, bool) {
	start, end := r.words.Start[w], r.words.End[w]
	first, size := utf8.DecodeRuneInString(r.text[start:end])
	if r.keys[w] == numberKey || r.isCommon(w) {
		return 0, false
	}
	if s := scriptOf(first); (s == eastAsian || s == thai) && uint32(size) == end-start {
		if w+1 >= hi || r.words.Start[w+1] != end || r.isCommon(w+1) {
			return 0, false
		}
		second, _ := utf8.DecodeRuneInString(r.text[end:])
		if isHiragana(first) && isHiragana(second) || scriptOf(second) != s {
			return 0, false // two hiragana are nearly always grammar
		}
		return r.words.Hash[w]*31 + r.words.Hash[w+1], true
	}
	return r.words.Hash[w], end-start > 2
}

func isHiragana(r rune) bool { return r >= 0x3040 && r <= 0x309F }

func (r *reading) isCommon(w int) bool {
	return r.lang >= 0 && r.lex.common[r.keys[w]]&(1<<r.lang) != 0
}

// The topic of a block is judged word by word: a word that comes again far off
// speaks for the block, one that doesn't come again speaks against it, as much as
// the rest of the article makes one or the other surprising.
//
// Measured by planting one paragraph of another article in each of 680 English
// web articles, 2,000 BBC articles and 525 each in Chinese and Japanese: of the
// content words of a genuine paragraph .54, .31, .33 and .42 come again far off,
// of a planted one .12, .05, .05 and .10. With x the log-likelihood ratio of the
// two, x ≥ 12 holds for .34, .23, .30 and .22 of the planted and .003, .001, .003
// and .006 of the genuine paragraphs; the log-odds grow by 0.6 to 0.9 for each
// unit of x above 0 and fall by 0.35 for each below.
const (
	strangerShare = 0.2  // of an article's own share, what a stranger's words have
	strangerLeast = 0.03 // by chance
	topicFor      = 0.8
	topicAgainst  = 0.35
	topicMost     = 6.8  // of a block, for off-topic
	topicLeast    = -3.0 // of a unit, against
	topicFull     = 15   // content words from which a block's topic is fully heard
	topicPairs    = 0.5  // what a pair of letters counts for, overlapping the next: words don't
	topicRest     = 4    // times a block's content words, those of the rest to compare with
	topicAdvert   = 0.4  // share of it for an advertisement, which needs cues as well
	topicDigest   = 0.7  // of the next most strange block's ratio; halves the false alarms, costs .05 of the planted
	topicNear     = 2    // blocks that may be parts of one graft
	topicBlocks   = 8    // of an article for which the decoder's costs hold
	topicOther    = 2.0  // evidence from which a block is suspected of something else
	priorFar      = 0.3  // chance that a content word of an article comes again in it
	priorWords    = 20   // what the prior counts for
	leastFar      = 0.08 // below, nothing in the article comes again
)

// kinship is how far a block's content words are the article's: how many of them
// come again far off, and what that says.
type kinship struct {
	far, words     int
	rest           int     // content words of the other blocks
	ifFar, ifAlone float64 // log-likelihood ratios of a word that does, one that doesn't
	ratio          float64 // of all words; for off-topic if above 0
	weight         float64
}

// weighTopic weighs how far the words of each block are the article's.
//
// An article that has several paragraphs like strangers is a digest, and none of
// them is one: what the next best says is taken off. A stranger is no likelier in
// a long article than in a short one, so each of its many blocks is less likely to
// be one. And neighbours are strangers for one and the same reason: together they
// weigh no more than one can.
func weighTopic(r *reading) {
	first, second := r.strangest()
	run := 0 // the first of the blocks up to i that speak for off-topic
	sum := 0.0
	for i := range r.blocks {
		k := &r.kin[i]
		if k.ratio <= 0 {
			r.spreadTopic(run, i, sum)
			run, sum = i+1, 0
			k.weight = topicAgainst * k.ratio
			r.spreadTopic(i, i+1, 0)
			continue
		}
		other := first
		if abs(i-first) <= topicNear {
			other = second
		}
		x := k.ratio
		if other >= 0 {
			x -= topicDigest * max(0, r.kin[other].ratio)
		}
		// Both sides of the comparison need words.
		heard := min(1, float64(k.words)/topicFull)
		heard *= heard * min(1, float64(k.rest)/float64(topicRest*k.words))
		k.weight = max(0, min(topicFor*heard*x, topicMost)-max(0, math.Log(float64(len(r.blocks))/topicBlocks)))
		sum += k.weight
	}
	r.spreadTopic(run, len(r.blocks), sum)
}

// spreadTopic adds the evidence of blocks lo to hi, whose weights sum up to sum,
// to their units.
func (r *reading) spreadTopic(lo, hi int, sum float64) {
	limit := 1.0
	if sum > topicMost {
		limit = topicMost / sum
	}
	for i := lo; i < hi; i++ {
		b, k := &r.blocks[i], &r.kin[i]
		if k.ratio == 0 || k.weight == 0 {
			continue
		}
		scale := k.weight / k.ratio * limit
		for n := b.first; n < b.last; n++ {
			u := &r.units[n]
			w := max(scale*(float64(u.far)*k.ifFar+float64(u.alone)*k.ifAlone), topicLeast)
			if w == 0 {
				continue
			}
			e := evidence{unit: n, state: foreign, signal: "topic", n: k.far, of: k.words, weight: w}
			if k.ratio < 0 {
				e.state = onTopic
			}
			r.add(e)
			if k.ratio > 0 {
				e.state, e.weight = advert, w*topicAdvert
				r.add(e)
			}
		}
	}
}

// measureKinship compares each block with the rest of the article.
func (r *reading) measureKinship() {
	r.kin = append(r.kin[:0], make([]kinship, len(r.blocks))...)
	far, all := 0, 0
	for i := range r.blocks {
		k := &r.kin[i]
		for _, u := range r.units[r.blocks[i].first:r.blocks[i].last] {
			k.far += u.far
			k.words += u.far + u.alone
		}
		far += k.far
		all += k.words
	}
	for i := range r.kin {
		k := &r.kin[i]
		k.rest = all - k.words
		own := (float64(far-k.far) + priorFar*priorWords) / (float64(all-k.words) + priorWords)
		if own < leastFar {
			continue
		}
		stranger := max(strangerLeast, strangerShare*own)
		k.ifFar = math.Log(stranger / own)
		k.ifAlone = math.Log((1 - stranger) / (1 - own))
		if r.blocks[i].script == eastAsian {
			k.ifFar *= topicPairs
			k.ifAlone *= topicPairs
		}
		k.ratio = float64(k.far)*k.ifFar + float64(k.words-k.far)*k.ifAlone
	}
}

// strangest returns the block most like a stranger and, of those not near it, the
// next; -1 where there is none. Blocks that something else speaks against don't
// count.
func (r *reading) strangest() (first, second int) {
	for _, e := range r.evidence {
		if e.weight >= topicOther {
			r.blocks[r.units[e.unit].block].accused = true
		}
	}
	first, second = -1, -1
	for i := range r.kin {
		if r.kin[i].words >= topicFull && !r.blocks[i].accused && (first < 0 || r.kin[i].ratio > r.kin[first].ratio) {
			first = i
		}
	}
	for i := range r.kin {
		if first >= 0 && abs(i-first) > topicNear && r.kin[i].words >= topicFull && !r.blocks[i].accused && (second < 0 || r.kin[i].ratio > r.kin[second].ratio) {
			second = i
		}
	}
	return first, second
}

func abs(n int) int { return max(n, -n) }

// addTitle adds the words of the article's title, kept apart by its source.
func (r *reading) addTitle() {
	if r.art.Title == "" {
		return
	}
	var t reading
	t.lex, t.text, t.lang = r.lex, r.art.Title, r.lang
	t.readWords()
	for w := range t.words.Len() {
		if h, ok := t.term(w, t.words.Len()); ok {
			r.terms = append(r.terms, term{h, titleWord, -1, -1})
		}
	}
}
