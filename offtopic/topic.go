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
	for u := range r.units {
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
const (
	// strangerFar is the chance that a content word of a paragraph comes again
	// in an article the paragraph has nothing to do with.
	strangerFar = 0.07
	// topicScale discounts the words of a block, which don't come independently.
	topicScale = 0.3
	topicMost  = 4.5  // of a block, for off-topic
	topicLeast = -3.0 // of a unit, against
	topicFull  = 25   // content words from which a block's topic is fully heard
	priorFar   = 0.3  // chance that a content word of an article comes again in it
	priorWords = 20   // what the prior counts for
)

// weighTopic weighs how far the words of each block are the article's.
func weighTopic(r *reading) {
	far, all := 0, 0
	for _, u := range r.units {
		far += u.far
		all += u.far + u.alone
	}
	for i := range r.blocks {
		b := &r.blocks[i]
		bf, ba := 0, 0
		for _, u := range r.units[b.first:b.last] {
			bf += u.far
			ba += u.far + u.alone
		}
		if ba == 0 {
			continue
		}
		own := (float64(far-bf) + priorFar*priorWords) / (float64(all-ba) + priorWords)
		if own < 1.5*strangerFar {
			continue // nothing in this article comes again
		}
		forFar := topicScale * math.Log(strangerFar/own)
		forAlone := topicScale * math.Log((1-strangerFar)/(1-own))
		sum := 0.0
		for _, u := range r.units[b.first:b.last] {
			sum += max(float64(u.far)*forFar+float64(u.alone)*forAlone, topicLeast)
		}
		scale := 1.0
		if sum > 0 {
			heard := min(1, float64(ba)/topicFull)
			scale = heard * heard * min(1, topicMost/sum)
		}
		for k := b.first; k < b.last; k++ {
			u := &r.units[k]
			w := max(float64(u.far)*forFar+float64(u.alone)*forAlone, topicLeast) * scale
			if w != 0 {
				r.add(evidence{unit: k, signal: "topic", n: bf, of: ba, weight: w})
			}
		}
	}
}

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
