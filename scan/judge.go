package scan

import (
	"context"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
	"chaff/offtopic"
	"chaff/shingle"
)

// judge is the third pass: repeats, and off-topic content with the corpus as a
// witness.
func (r *run) judge(ctx context.Context) error {
	r.Progress.enter(Judging, len(r.positions))
	table := dedupe.NewBlockTable(r.sketchers, r.family)
	for n := range r.kin { // so that asking writes nothing
		r.kin[n] = r.family(n)
	}
	judges := make([]*judge, r.Workers)
	return r.each(ctx, len(r.positions), func(_ context.Context, worker, i int) error {
		if judges[worker] == nil {
			judges[worker] = r.newJudge(table)
		}
		j := judges[worker]
		a, err := r.corpus.Load(r.positions[i], &j.buf)
		if err != nil {
			r.problem(err)
			return nil
		}
		if r.repeats {
			if err := r.tellRepeats(j.text, a, r.positions[i]); err != nil {
				return err
			}
		}
		j.witness.number = i
		for _, f := range j.detector.Find(a) {
			if err := r.tell(f, r.positions[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// judge is what one worker needs to judge articles.
type judge struct {
	buf      corpus.Buffer
	text     *dedupe.Text
	witness  witness
	detector *offtopic.Detector
}

func (r *run) newJudge(table *dedupe.BlockTable) *judge {
	j := &judge{
		text: dedupe.NewText(new(article.Article), r.tok, 0),
		witness: witness{
			tok: r.tok, table: table, kin: r.kin, blocks: dedupe.NewBlockSketcher(),
		},
	}
	j.detector = offtopic.NewDetector(offtopic.Options{Corpus: &j.witness})
	return j
}

// witnessWords is the least number of words in a block that the corpus is asked
// about: shorter ones are met by chance.
const witnessWords = 8

// witness tells in which other articles a block of one article stands.
type witness struct {
	tok    shingle.Tokenizer
	table  *dedupe.BlockTable
	kin    []int // the family of each article
	number int   // the article that is judged

	blocks *dedupe.BlockSketcher
	words  shingle.Words
}

// Witness implements [offtopic.Corpus]. The articles of one family count once.
func (w *witness) Witness(a *article.Article, s article.Span) offtopic.Witness {
	w.words.Reset()
	w.tok.Words(&w.words, s.In(a.Text))
	if w.words.Len() < witnessWords {
		return offtopic.Witness{}
	}
	others, own := w.table.Count(w.blocks.Keys(w.words.Hash), w.kin[w.number])
	return offtopic.Witness{Unrelated: others, Kin: max(0, own-1)}
}
