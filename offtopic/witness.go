package offtopic

import (
	"fmt"

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
}

// A block met in one or two unrelated articles is taken out of one of them; one
// met in more is furniture of their source.
const (
	witnessMany   = 3
	witnessWeight = 6.5
	kinWeight     = -1.0
	witnessWords  = 8 // shorter blocks are met by chance
)

func weighWitness(r *reading, c Corpus) {
	for i := range r.blocks {
		b := &r.blocks[i]
		if b.hi-b.lo < witnessWords || b.guarded {
			continue
		}
		w := c.Witness(r.art, b.Span)
		n := float64(b.last - b.first)
		switch {
		case w.Unrelated >= witnessMany:
			note := fmt.Sprintf("stands in %d other articles", w.Unrelated)
			for u := b.first; u < b.last; u++ {
				r.add(evidence{unit: u, state: boiler, signal: "furniture of its source", note: note, weight: witnessWeight / n})
			}
		case w.Unrelated > 0:
			for u := b.first; u < b.last; u++ {
				r.add(evidence{unit: u, state: foreign, signal: "stands in an unrelated article", weight: witnessWeight / n})
			}
		case w.Kin > 0:
			for u := b.first; u < b.last; u++ {
				r.add(evidence{unit: u, signal: "shared with a version of the article", weight: kinWeight / n})
			}
		}
	}
}
