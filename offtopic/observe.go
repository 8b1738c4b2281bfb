package offtopic

import "chaff/article"

// Sentence is a sentence of an article, or a block that has only one, as the
// decoder sees it.
type Sentence struct {
	article.Span
	Begins bool // a block
	Said   []Said
}

// Said is what one kind of evidence says of a sentence for a label, both by
// number, before it is heard by its weight in a profile.
type Said struct {
	Kind, Label int
	Weight      float64
}

// Observe returns the sentences of a with all that is said of them. It is what a
// profile is learnt from.
func (d *Detector) Observe(a *article.Article) []Sentence {
	r := d.pool.Get().(*reading)
	r.model, r.Profile = d.model, d.profile
	d.weigh(r, a)
	all := make([]Sentence, len(r.units))
	for i := range r.units {
		u := &r.units[i]
		all[i] = Sentence{Span: u.Span, Begins: i == r.blocks[u.block].first}
	}
	for _, e := range r.evidence {
		s := &all[e.unit]
		s.Said = append(s.Said, Said{int(e.kind), int(e.state) - 1, e.weight})
	}
	d.free(r)
	return all
}

// Blocks returns the blocks of a that are judged whether they are pieces of another
// text.
func (d *Detector) Blocks(a *article.Article) []Block {
	r := d.pool.Get().(*reading)
	r.model, r.Profile = d.model, d.profile
	d.weigh(r, a)
	var all []Block
	for i := range r.blocks {
		if r.judged(i) {
			all = append(all, Block{r.blocks[i].Span, r.kin[i].words, r.strangeness(i)})
		}
	}
	d.free(r)
	return all
}
