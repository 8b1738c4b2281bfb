package article

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestCompareIsTotal(t *testing.T) {
	at := func(i, j int) *Span { return &Span{i, j} }
	ordered := []Finding{
		{Kind: NearDuplicate, Article: "a", Other: &Ref{Article: "b"}},
		{Kind: NearDuplicate, Article: "a", Other: &Ref{Article: "c"}},
		{Kind: Repeat, Article: "a", Span: at(3, 5), Other: &Ref{Article: "a", Span: at(0, 2)}},
		{Kind: Repeat, Article: "a", Span: at(3, 5), Other: &Ref{Article: "a", Span: at(1, 2)}},
		{Kind: OffTopic, Label: Advertisement, Article: "a", Span: at(3, 5)},
		{Kind: OffTopic, Label: Foreign, Article: "a", Span: at(3, 5)},
		{Kind: Repeat, Article: "a", Span: at(3, 6), Other: &Ref{Article: "a", Span: at(0, 2)}},
		{Kind: Repeat, Article: "a", Span: at(4, 5), Other: &Ref{Article: "a", Span: at(0, 2)}},
		{Kind: OffTopic, Label: Foreign, Article: "b", Span: at(0, 1)},
	}
	for i := range ordered {
		for j := range ordered {
			got := ordered[i].Compare(&ordered[j])
			if (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("finding %d and %d compare as %d", i, j, got)
			}
		}
	}
}

func TestTiers(t *testing.T) {
	for i, tier := range Tiers {
		for j, floor := range Tiers {
			if tier.AtLeast(floor) != (i <= j) {
				t.Errorf("%s at least %s: %v", tier, floor, tier.AtLeast(floor))
			}
		}
		if !Tier("").AtLeast(tier) {
			t.Errorf("a finding without tier is under %s", tier)
		}
	}
	if !slices.Contains(Kinds, OffTopic) || Kind("other").rank() != len(Kinds) {
		t.Error("an unknown kind has a rank among the kinds")
	}
}

// The JSON form is read by others: names, order and what is left out.
func TestFindingJSON(t *testing.T) {
	j, c := 0.83, 0.97
	for want, f := range map[string]Finding{
		`{"kind":"repeat","article":"001.txt","span":{"start":9,"end":12},"other":{"article":"001.txt","span":{"start":0,"end":3}},"score":1,"text":"abc","reasons":[{"signal":"exact copy","evidence":"1 word"}]}`: {
			Kind: Repeat, Article: "001.txt", Span: &Span{9, 12}, Other: &Ref{Article: "001.txt", Span: &Span{0, 3}},
			Score: 1, Text: "abc", Reasons: []Reason{{Signal: "exact copy", Evidence: "1 word"}}, At: Place{2, 2},
		},
		`{"kind":"near-duplicate","cluster":"c1","article":"b.txt","other":{"article":"a.txt"},"score":0.83,"jaccard":0.83,"containment":0.97,"relation":"contained","shared":[{"span":{"start":0,"end":3},"other":{"start":5,"end":8}}],"reasons":[]}`: {
			Kind: NearDuplicate, Cluster: "c1", Article: "b.txt", Other: &Ref{Article: "a.txt"}, Score: 0.83,
			Jaccard: &j, Containment: &c, Relation: Contained, Shared: []Shared{{Span{0, 3}, Span{5, 8}}}, Reasons: []Reason{},
		},
		`{"kind":"off-topic","label":"advertisement","article":"004.txt","span":{"start":0,"end":3},"score":0.97,"tier":"certain","text":"abc","reasons":[{"signal":"call-to-action","evidence":"Book now","weight":2.1}]}`: {
			Kind: OffTopic, Label: Advertisement, Article: "004.txt", Span: &Span{0, 3}, Score: 0.97, Tier: Certain, Text: "abc",
			Reasons: []Reason{{Signal: "call-to-action", Evidence: "Book now", Weight: 2.1}},
		},
	} {
		got, err := json.Marshal(f)
		if err != nil || string(got) != want {
			t.Errorf("%v\n got %s\nwant %s", err, got, want)
		}
	}
}

// What two spans share is what lies in both, and they overlap if that is something.
func TestShared(t *testing.T) {
	for s := range 5 {
		for e := s; e < 6; e++ {
			a, b := Span{Start: 2, End: 4}, Span{Start: s, End: e}
			want := 0
			for i := range 6 {
				if a.Start <= i && i < a.End && b.Start <= i && i < b.End {
					want++
				}
			}
			if a.Shared(b) != want || b.Shared(a) != want {
				t.Errorf("%v and %v share %d and %d bytes, want %d", a, b, a.Shared(b), b.Shared(a), want)
			}
			if want > 0 && !a.Overlaps(b) {
				t.Errorf("%v and %v share %d bytes and don't overlap", a, b, want)
			}
		}
	}
}
