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
	// Evidence is asked for by unit; signals give it block by block.
	slices.SortStableFunc(r.evidence, func(a, b evidence) int { return cmp.Compare(a.unit, b.unit) })
	var all []article.Finding
	for _, s := range r.segments {
		if s.score <= 0 {
			continue
		}
		span := article.Span{Start: r.units[s.first].Start, End: r.units[s.last].End}
		p := 1 / (1 + math.Exp(-s.score))
		all = append(all, article.Finding{
			Kind:    article.OffTopic,
			Label:   stateLabels[s.state],
			Article: r.art.ID,
			Span:    &span,
			Score:   p,
			Tier:    tierOf(p),
			Text:    span.In(r.text),
			Reasons: r.reasons(s),
			At:      r.blocks[r.units[s.first].block].Place,
		})
	}
	return all
}

func tierOf(p float64) article.Tier {
	switch {
	case p >= certainFrom:
		return article.Certain
	case p >= likelyFrom:
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
		if e.state != onTopic && e.state != s.state {
			continue
		}
		k := slices.IndexFunc(reasons, func(x article.Reason) bool { return x.Signal == e.signal })
		if k < 0 {
			k = len(reasons)
			reasons = append(reasons, article.Reason{Signal: e.signal})
		}
		reasons[k].Weight += e.weight
		old := reasons[k].Evidence
		if len(old) >= longEvidence {
			continue
		}
		if words := r.told(e); old == "" {
			reasons[k].Evidence = words
		} else if words != "" && !strings.Contains(old, words) {
			reasons[k].Evidence += "; " + words
		}
	}
	reasons = slices.DeleteFunc(reasons, func(x article.Reason) bool { return x.Weight <= 0 })
	slices.SortStableFunc(reasons, func(a, b article.Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	reasons = reasons[:min(len(reasons), mostReasons)]
	for i := range reasons {
		reasons[i].Weight = math.Round(reasons[i].Weight*100) / 100
	}
	return reasons
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
