package offtopic

import (
	"cmp"
	"slices"
	"strings"

	"chaff/article"
)

// beginSignal names what the decoder asks for the beginning of a graft, which stands
// among the signals of an explanation.
const beginSignal = "beginning of a graft"

// Explain returns what all signals say of each block of a, in text order: values
// of kind [article.Explanation]. Each reason has the label that it speaks for; the
// weights of one label add up to what the block would be worth by itself. Of sorts of
// grafts with one label the likeliest is told.
func (d *Detector) Explain(a *article.Article) []article.Finding {
	r := d.judge(a)
	defer d.free(r)
	r.sortEvidence()
	all := make([]article.Finding, len(r.blocks))
	from := 0
	for i := range r.blocks {
		b := &r.blocks[i]
		to := from
		for to < len(r.evidence) && r.evidence[to].unit < b.last {
			to++
		}
		all[i] = r.explain(b, r.evidence[from:to])
		from = to
	}
	return all
}

// explain tells of b what evidence says, which is all of it.
func (r *reading) explain(b *block, said []evidence) article.Finding {
	span := b.Span
	f := article.Finding{
		Kind: article.Explanation, Article: r.art.ID, Span: &span, At: b.Place,
		Text: cut(strings.Join(strings.Fields(firstBytes(b.In(r.text))), " ")),
	}
	f.Label, f.Score, f.Tier = r.decided(b)
	of := make(map[article.Label]float64)
	for s := advert; s < states; s++ {
		label := stateLabels[s]
		reasons, odds := r.reasonsFor(b, s, label, said)
		p := r.Probability(int(s)-1, odds)
		if before, ok := of[label]; ok {
			if p <= before {
				continue
			}
			f.Reasons = slices.DeleteFunc(f.Reasons, func(x article.Reason) bool { return x.Label == label })
		}
		of[label] = p
		f.Reasons = append(f.Reasons, reasons...)
	}
	f.Probabilities = &article.Probabilities{
		Advertisement: of[article.Advertisement], Boilerplate: of[article.Boilerplate], Foreign: of[article.Foreign],
	}
	return f
}

// reasonsFor returns what is said of b for a state, and what it would be worth by
// itself.
func (r *reading) reasonsFor(b *block, s state, label article.Label, said []evidence) (reasons []article.Reason, odds float64) {
	for _, e := range said {
		if e.state == s {
			reasons = r.addReason(reasons, e, label)
			odds += e.weight
		}
	}
	slices.SortStableFunc(reasons, func(a, b article.Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	first := &r.steps[b.first]
	begin := first.ease[s] - first.enter
	reasons = append(reasons, article.Reason{Signal: beginSignal, Weight: begin, Label: label})
	for i := range reasons {
		reasons[i].Weight = hundredths(reasons[i].Weight)
	}
	reasons = slices.DeleteFunc(reasons, func(x article.Reason) bool { return x.Weight == 0 && x.Evidence == "" })
	return reasons, odds + begin
}

// decided returns what the finding is that most of b's units belong to; the zero
// values if none is.
func (r *reading) decided(b *block) (article.Label, float64, article.Tier) {
	most, of := 0, -1
	for i, s := range r.segments {
		n := min(s.last+1, b.last) - max(s.first, b.first)
		if n > most && s.score > 0 && !r.silenced(s) {
			most, of = n, i
		}
	}
	if of < 0 {
		return "", 0, ""
	}
	s := r.segments[of]
	p := r.Probability(int(s.state)-1, s.score)
	return stateLabels[s.state], p, r.tierOf(p)
}

// firstBytes returns enough of text for its first words, however long it is.
func firstBytes(text string) string {
	n := min(len(text), 4*longEvidence)
	for n < len(text) && text[n]&0xC0 == 0x80 {
		n++
	}
	return text[:n]
}
