package offtopic

import (
	"fmt"
	"math"

	"chaff/article"
)

// Corpus tells where else a block of an article stands. It is asked by several
// goroutines at once.
type Corpus interface {
	// Witness returns what other articles say of the block of a at s.
	Witness(a *article.Article, s article.Span) Witness
}

// Witness counts the articles of a corpus that hold at least half of a block and
// are unrelated to the article it stands in: neither a version of it nor part of
// it or the other way round. The zero Witness says nothing.
type Witness struct {
	// Unrelated is the number of such articles.
	Unrelated int
	// Kin is the number of articles that hold the block and are related to the
	// article: what two versions share is theirs.
	Kin int
	// Source is the number of other articles of the same source that hold the block
	// word for word, versions of the article left out; 0 where its source is not known.
	// It may be known of blocks too short for the other two.
	Source int
}

// A block met in one or two unrelated articles is taken out of one of them; one
// met in more is furniture of their source. Neither is said of a block whose
// words come again in its own article: follow-ups on one subject repeat whole
// paragraphs, and forms whole sentences. Without that, and with figures counted
// as words, 38 of 2,225 BBC and 3,424 of 19,043 Reuters articles were accused by
// what others hold; with it 7 and 193.
//
// How far that holds of a foreign block is weighed: that it stands elsewhere is one
// piece of evidence, its words are another. With witnessRatio for it as well, .87 and
// .59 of the paragraphs planted in BBC articles on other topics and on the same were
// told beside the article they are from, and 18 Reuters articles accused of it; so .96
// and .74, and 58. With 6.5 for strangerWitness it is .97 and .88, and 2,086.
const (
	witnessMany     = 3
	witnessWeight   = 6.5
	strangerWitness = 4.4 // of a foreign block, whose words may then come again a little
	witnessRatio    = 2   // of the log-likelihoods that the block is a stranger (0: 891 of Reuters)
	witnessRest     = 2   // times a foreign block's content words, those of the rest: a graft is the smaller part
	witnessContent  = 10  // content words of a foreign block; the line-ups that BBC repeats have 7 to 9
	kinWeight       = -1.0
	sourceMany      = 5   // articles that make a short block furniture; lines with figures are 259 findings in Reuters' forms
	sourceWeight    = 3.0 // at sourceMany, where it only helps other signs; 6.5 from 33 on
	witnessWords    = 8   // but figures; shorter blocks are met by chance
)

func weighWitness(r *reading, c Corpus) {
	for i := range r.blocks {
		b := &r.blocks[i]
		if b.guarded {
			continue
		}
		if r.plainWords(b) < witnessWords {
			r.weighShort(b, c)
			continue
		}
		k := &r.kin[i]
		among := k.words >= witnessContent && k.rest >= witnessRest*k.words && k.odds > -strangerWitness
		if k.ratio < witnessRatio && !among {
			continue
		}
		w := c.Witness(r.art, b.Span)
		n := float64(b.last - b.first)
		switch {
		case w.Unrelated >= witnessMany:
			note := fmt.Sprintf("stands in %d other articles", w.Unrelated)
			for u := b.first; u < b.last; u++ {
				r.add(evidence{unit: u, state: boiler, kind: kindSource, note: note, weight: (witnessWeight + max(0, k.odds)) / n})
				r.add(evidence{unit: u, state: stranger, kind: kindSource, note: note, weight: -witnessWeight / n})
			}
		case w.Unrelated > 0 && among:
			for u := b.first; u < b.last; u++ {
				r.add(evidence{unit: u, state: stranger, kind: kindUnrelated, weight: strangerWitness / n})
			}
		case w.Kin > 0:
			for u := b.first; u < b.last; u++ {
				r.add(evidence{unit: u, kind: kindShared, weight: kinWeight / n})
			}
		}
	}
}

// plainWords returns the number of words of b that are no figures.
func (r *reading) plainWords(b *block) int {
	n := 0
	for w := b.lo; w < b.hi; w++ {
		if r.keys[w] != numberKey {
			n++
		}
	}
	return n
}

// weighShort asks about a block that other articles may hold by chance: many of its
// source do if it is furniture.
func (r *reading) weighShort(b *block, c Corpus) {
	if b.hi == b.lo || r.plainWords(b) < b.hi-b.lo {
		return // a line of a form
	}
	w := c.Witness(r.art, b.Span)
	if w.Source < sourceMany {
		return
	}
	note := fmt.Sprintf("stands in %d other articles", w.Source)
	weight := min(witnessWeight, sourceWeight*math.Log(float64(w.Source))/math.Log(sourceMany)) / float64(b.last-b.first)
	for u := b.first; u < b.last; u++ {
		r.add(evidence{unit: u, state: boiler, kind: kindSource, note: note, weight: weight})
	}
}
