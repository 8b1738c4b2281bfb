package offtopic

import (
	"unicode"
	"unicode/utf8"

	"chaff/article"
	"chaff/offtopic/model"
)

// readsLike names the signal of the model for each label.
var readsLike = [states]string{
	advert:   "reads like an advertisement",
	boiler:   "reads like page furniture",
	leftover: "reads like a leftover of writing",
}

// weighWords weighs what each block reads like, by the model. The sentences of one that
// reads like a graft have their shares of that, but for those that don't; in any other
// block a sentence speaks for itself: a graft may stand in the middle of a paragraph. What the rest of the article
// reads like as well, far from the sentence, proves nothing.
func weighWords(r *reading) {
	r.readBlocks()
	var sum [model.Labels]float64
	for u := range r.units {
		addUsual(&sum, &r.blockOdds[r.units[u].block], 1)
	}
	lo, hi := 0, 0
	var near [model.Labels]float64
	for u := range r.units {
		for hi < len(r.units) && hi-u < usualUnits && r.units[hi].lo-r.units[u].lo <= r.near {
			addUsual(&near, &r.blockOdds[r.units[hi].block], 1)
			hi++
		}
		for r.units[u].lo-r.units[lo].lo > r.near || u-lo > usualUnits {
			addUsual(&near, &r.blockOdds[r.units[lo].block], -1)
			lo++
		}
		b := &r.blocks[r.units[u].block]
		if b.guarded {
			continue
		}
		outside := float64(len(r.units) - (hi - lo))
		n := float64(b.last - b.first)
		for l := range model.Labels {
			usual := r.Usual * (sum[l] - near[l]) / (outside + 6)
			whole, own := r.blockOdds[r.units[u].block][l]-usual, r.odds[u][l]-usual
			if n > 1 && (whole <= 0 || own <= 0) {
				r.addReads(u, l, kindSentenceReads, own, r.units[u].hi-r.units[u].lo, 1)
			} else {
				r.addReads(u, l, kindReads, whole, b.hi-b.lo, n)
			}
		}
	}
}

// readBlocks asks the model what each sentence reads like, and each block.
func (r *reading) readBlocks() {
	r.odds = append(r.odds[:0], make([][model.Labels]float64, len(r.units))...)
	r.blockOdds = append(r.blockOdds[:0], make([][model.Labels]float64, len(r.blocks))...)
	for i := range r.blocks {
		b := &r.blocks[i]
		var sum, one model.Sum
		for u := b.first; u < b.last; u++ {
			r.features.Find(r.text, r.units[u].Span, &r.words, r.keys, r.units[u].lo, r.units[u].hi)
			r.odds[u], one = r.model.Score(&r.features)
			sum.Add(one)
		}
		if b.last-b.first == 1 {
			r.blockOdds[i] = r.odds[b.first]
		} else {
			r.blockOdds[i] = r.model.ScoreBlock(&r.features, b.In(r.text), sum)
		}
	}
}

// addUsual adds what a block reads like, bounded, to a sum, times times.
func addUsual(sum, odds *[model.Labels]float64, times float64) {
	for l, z := range odds {
		sum[l] += times * (max(-2, min(z, 4)) + 2)
	}
}

// addReads adds what unit u reads like, w by itself or in its block; of is the number
// of words that this is said of, and share of how many units.
func (r *reading) addReads(u, l int, k kind, w float64, of int, share float64) {
	b := &r.blocks[r.units[u].block]
	w = max(readsLeast, min(w, readsMost))
	if w > 0 && state(l+1) != boiler && b.script == eastAsian {
		w = max(0, w-weakLetters)
	}
	if w < 0 { // a short line says little, and may belong to any list
		part := min(1, float64(of)/fullSentence)
		w *= part * part
	}
	if b.follows || b.alien {
		w = max(w, 0)
	}
	if b.quoted || w > 0 && r.inQuotes(middle(r.units[u].Span)) {
		w = min(w, 0)
	}
	if state(l+1) == advert && w > bareMost && r.bare(u) {
		w = bareMost
	}
	if w == 0 {
		return
	}
	e := evidence{unit: u, state: state(l + 1), kind: k, weight: w / share}
	if w < 0 {
		e.kind = kindReadsOwn
	}
	if w > 1 {
		e.at = r.strongest(u, l)
	}
	r.add(e)
}

// What a sentence reads like is heard within these bounds.
const (
	readsLeast = -3.0
	readsMost  = 7.0
)

// weakLetters is taken off what speaks for advertisements and leftovers in Chinese and
// Japanese, of which the model has seen little honest text: without it, such were told
// in 19 of 500 Chinese (chinanews) and 57 of 500 Japanese (Livedoor) articles.
const weakLetters = 1.5

// fullSentence is the number of words from which a sentence that reads like the
// article's own says so in full.
const fullSentence = 12

// bareMost is what a list of names or figures, which no words connect, can say for
// an advertisement: line-ups and tables of results are like headings of offers.
const bareMost = 1.0

// bare reports whether hardly any word of unit u begins with a small letter, in a
// script that has them.
func (r *reading) bare(u int) bool {
	unit := &r.units[u]
	if s := r.blocks[unit.block].script; s != latin && s != cyrillic && s != greek {
		return unit.hi-unit.lo < 2
	}
	small := 0
	for w := unit.lo; w < unit.hi; w++ {
		if c, _ := utf8.DecodeRuneInString(r.text[r.words.Start[w]:]); unicode.IsLower(c) {
			small++
		}
	}
	return small < 2 || 4*small < unit.hi-unit.lo
}

func middle(s article.Span) article.Span {
	m := (s.Start + s.End) / 2
	return article.Span{Start: m, End: m}
}

// strongest returns the words of unit u that say most for a label.
func (r *reading) strongest(u, label int) article.Span {
	unit := &r.units[u]
	r.features.Find(r.text, unit.Span, &r.words, r.keys, unit.lo, unit.hi)
	w := r.model.Strongest(&r.features, label)
	if w < 0 {
		return article.Span{}
	}
	return article.Span{Start: int(r.words.Start[w]), End: int(r.words.End[min(w+2, unit.hi-1)])}
}
