package scan

import (
	"context"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
	"chaff/offtopic"
	"chaff/shingle"
)

// judge is the third pass: repeats, off-topic content with the corpus as a witness, and
// the furniture of sources.
func (r *run) judge(ctx context.Context) error {
	r.Progress.enter(Judging, len(r.positions))
	table := dedupe.NewBlockTable(r.sketchers, r.family)
	for n := range r.kin { // so that asking writes nothing
		r.kin[n] = r.family(n)
	}
	members := make([]int32, len(r.kin)) // of each family
	for _, n := range r.kin {
		members[n]++
	}
	if r.Furniture != nil {
		r.list = dedupe.NewFurnitureList(r.furniture)
	}
	judges := make([]*judge, r.Workers)
	err := r.each(ctx, len(r.positions), func(_ context.Context, worker, i int) error {
		if judges[worker] == nil {
			judges[worker] = r.newJudge(table, members)
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
		if r.list != nil {
			j.words.Reset()
			r.tok.Words(&j.words, a.Text)
			r.list.Add(a, sourceOf(a), &j.words, r.kin[i], members[r.kin[i]] == 1)
		}
		if !r.offTopic {
			return nil
		}
		j.witness.number = i
		for _, f := range j.detector.Find(a) {
			if err := r.tell(f, r.positions[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || r.list == nil {
		return err
	}
	for _, b := range r.list.Blocks() {
		if err := r.Furniture(b); err != nil {
			return err
		}
	}
	return nil
}

// judge is what one worker needs to judge articles.
type judge struct {
	buf      corpus.Buffer
	text     *dedupe.Text
	words    shingle.Words
	witness  witness
	detector *offtopic.Detector
}

func (r *run) newJudge(table *dedupe.BlockTable, members []int32) *judge {
	j := &judge{
		text: dedupe.NewText(new(article.Article), r.tok, 0),
		witness: witness{
			tok: r.tok, table: table, counter: r.furniture, kin: r.kin, members: members,
			blocks: dedupe.NewBlockSketcher(),
		},
	}
	j.detector = offtopic.NewDetector(offtopic.Options{Corpus: &j.witness})
	return j
}

// witnessWords is the least number of words in a block that is looked for in all
// articles: shorter ones are met by chance, and looked for in those of one source.
const witnessWords = 8

// witness tells in which other articles a block of one article stands.
type witness struct {
	tok     shingle.Tokenizer
	table   *dedupe.BlockTable
	counter *dedupe.BlockCounter
	kin     []int   // the family of each article
	members []int32 // of each family
	number  int     // the article that is judged

	blocks *dedupe.BlockSketcher
	words  shingle.Words
}

// Witness implements [offtopic.Corpus]. The articles of one family count once.
func (w *witness) Witness(a *article.Article, s article.Span) offtopic.Witness {
	w.words.Reset()
	w.tok.Words(&w.words, s.In(a.Text))
	family := w.kin[w.number]
	// All members of the family may hold the block.
	alike := 0
	if source := sourceOf(a); source != "" {
		alike = w.counter.Count(source, w.words.Hash) - int(w.members[family])
	}
	if w.words.Len() < witnessWords {
		return offtopic.Witness{Source: max(0, alike)}
	}
	others, own := w.table.Count(w.blocks.Keys(w.words.Hash), family)
	return offtopic.Witness{Unrelated: others, Kin: max(0, own-1), Source: max(0, alike)}
}
