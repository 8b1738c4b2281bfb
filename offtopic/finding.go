package offtopic

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"chaff/article"
)

// findings turns the segments into findings.
func (r *reading) findings() []article.Finding {
	if len(r.segments) == 0 {
		return nil
	}
	r.sortEvidence()
	var all []article.Finding
	for _, s := range r.segments {
		if s.score <= 0 || r.silenced(s) {
			continue
		}
		span := article.Span{Start: r.units[s.first].Start, End: r.units[s.last].End}
		p := r.Probability(int(s.state)-1, s.score)
		all = append(all, article.Finding{
			Kind:    article.OffTopic,
			Label:   stateLabels[s.state],
			Article: r.art.ID,
			Span:    &span,
			Score:   p,
			Tier:    r.tierOf(p),
			Text:    span.In(r.text),
			Reasons: r.reasons(s),
			At:      r.blocks[r.units[s.first].block].Place,
		})
	}
	return all
}

// sortEvidence puts the evidence in the order of units, by which it is asked for;
// signals give it block by block.
func (r *reading) sortEvidence() {
	slices.SortStableFunc(r.evidence, func(a, b evidence) int { return cmp.Compare(a.unit, b.unit) })
}

func (p *Profile) tierOf(odds float64) article.Tier {
	switch {
	case odds >= p.Certain:
		return article.Certain
	case odds >= p.Likely:
		return article.Likely
	}
	return article.Review
}

const (
	mostReasons  = 6
	longEvidence = 80 // bytes after which a reason's words are cut
)

// reasons returns what decided for a segment, weightiest first: one reason for
// each signal that on balance spoke for it.
func (r *reading) reasons(s segment) []article.Reason {
	from, _ := slices.BinarySearchFunc(r.evidence, s.first, func(e evidence, u int) int { return cmp.Compare(e.unit, u) })
	var reasons []article.Reason
	for _, e := range r.evidence[from:] {
		if e.unit > s.last {
			break
		}
		if e.state != s.state {
			continue
		}
		reasons = r.addReason(reasons, e, "")
	}
	reasons = slices.DeleteFunc(reasons, func(x article.Reason) bool { return x.Weight <= 0 })
	slices.SortStableFunc(reasons, func(a, b article.Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	reasons = reasons[:min(len(reasons), mostReasons)]
	for i := range reasons {
		reasons[i].Weight = hundredths(reasons[i].Weight)
	}
	return reasons
}

func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

// addReason adds e to the reason that tells of its signal for a label, or to reasons
// as a new one.
func (r *reading) addReason(reasons []article.Reason, e evidence, label article.Label) []article.Reason {
	k := slices.IndexFunc(reasons, func(x article.Reason) bool { return x.Signal == e.signal() && x.Label == label })
	if k < 0 {
		k = len(reasons)
		reasons = append(reasons, article.Reason{Signal: e.signal(), Label: label})
	}
	reasons[k].Weight += e.weight
	old := reasons[k].Evidence
	if len(old) >= longEvidence {
		return reasons
	}
	if words := r.told(e); old == "" {
		reasons[k].Evidence = words
	} else if words != "" && !strings.Contains(old, words) {
		reasons[k].Evidence += "; " + words
	}
	return reasons
}

// signal names the signal that e is of.
func (e *evidence) signal() string {
	if e.kind == kindReads || e.kind == kindSentenceReads {
		return readsLike[e.state]
	}
	return kinds[e.kind].signal
}

// told returns what was seen, for a reader.
func (r *reading) told(e evidence) string {
	switch {
	case e.of > 0:
		return fmt.Sprintf("%d of %d content words come again in the article", e.n, e.of)
	case e.at.Len() > 0:
		return cut(strings.Join(strings.Fields(e.at.In(r.text)), " "))
	}
	return e.note
}

// cut shortens s to longEvidence bytes, on a rune boundary.
func cut(s string) string {
	if len(s) <= longEvidence {
		return s
	}
	n := longEvidence
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
