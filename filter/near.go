package filter

import (
	"strconv"

	"chaff/article"
	"chaff/filter/store"
)

// NearDuplicate makes a finding of what an index tells of the article with this ID:
// that it is a near-duplicate of another one. The finding names no cluster, and no
// passages, because an index need not hold the text of the other article. Its score
// is J, or C where one stands inside the other.
func NearDuplicate(id string, m *store.Match) article.Finding {
	j, c := m.Jaccard, m.Containment
	f := article.Finding{
		Kind:        article.NearDuplicate,
		Article:     id,
		Other:       &article.Ref{Article: m.ID},
		Score:       j,
		Jaccard:     &j,
		Containment: &c,
		Relation:    m.Relation,
		Reasons:     []article.Reason{{Signal: "shared shingles", Evidence: strconv.Itoa(m.Shared)}},
	}
	switch m.Relation {
	case article.Same:
		f.Reasons = []article.Reason{{Signal: "same words", Evidence: "every word, in the same order"}}
	case article.Contained, article.Contains:
		f.Score = c
	}
	return f
}
