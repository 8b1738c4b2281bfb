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

// weighWords weighs what each sentence reads like, by the model. What the rest of
// the article reads like as well, far from the sentence, proves nothing.
func weighWords(r *reading) {
	r.odds = append(r.odds[:0], make([][model.Labels]float64, len(r.units))...)
	var sum [model.Labels]float64
	for u := range r.units {
		r.features.Find(r.text, r.units[u].Span, &r.words, r.keys, r.units[u].lo, r.units[u].hi)
		r.odds[u] = r.model.Score(&r.features)
		for l, z := range r.odds[u] {
			sum[l] += max(-2, min(z, 4)) + 2
		}
	}
	lo, hi := 0, 0
	var near [model.Labels]float64
	for u := range r.units {
		for hi < len(r.units) && hi-u < usualUnits && r.units[hi].lo-r.units[u].lo <= r.near {
			for l, z := range r.odds[hi] {
				near[l] += max(-2, min(z, 4)) + 2
			}
			hi++
		}
		for r.units[u].lo-r.units[lo].lo > r.near || u-lo > usualUnits {
			for l, z := range r.odds[lo] {
				near[l] -= max(-2, min(z, 4)) + 2
			}
			lo++
		}
		b := &r.blocks[r.units[u].block]
		if b.guarded {
			continue
		}
		outside := float64(len(r.units) - (hi - lo))
		for l, z := range r.odds[u] {
			usual := (sum[l] - near[l]) / (outside + 6)
			w := max(readsLeast, min(z-r.Usual*usual, readsMost))
			if w > 0 && state(l+1) != boiler && b.script == eastAsian {
				w = max(0, w-weakLetters)
			}
			if w < 0 { // a short line says little, and may belong to any list
				part := min(1, float64(r.units[u].hi-r.units[u].lo)/fullSentence)
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
				continue
			}
			e := evidence{unit: u, state: state(l + 1), kind: kindReads, weight: w}
			if w < 0 {
				e.kind = kindReadsOwn
			}
			if w > 1 {
				e.at = r.strongest(u, l)
			}
			r.add(e)
		}
	}
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
