package report

import (
	"fmt"
	"strings"

	"chaff/article"
)

// explain says in words what each signal says of a block: a line for each label,
// with the probability that the block would have by itself.
func explain(f *article.Finding) []string {
	p := f.Probabilities
	if p == nil {
		p = new(article.Probabilities)
	}
	chances := map[article.Label]float64{
		article.Advertisement: p.Advertisement, article.Boilerplate: p.Boilerplate, article.Foreign: p.Foreign,
	}
	var lines []string
	for _, label := range labelOrder {
		var signals []string
		for _, r := range f.Reasons {
			if r.Label != label {
				continue
			}
			s := fmt.Sprintf("%s %+.2f", Printable(r.Signal), r.Weight)
			if r.Evidence != "" {
				s += " (" + firstWords(r.Evidence, evidenceWidth) + ")"
			}
			signals = append(signals, s)
		}
		lines = append(lines, fmt.Sprintf("%s %s: %s", label, percent(chances[label]), strings.Join(signals, "; ")))
	}
	return lines
}
