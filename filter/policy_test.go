package filter_test

import (
	"fmt"
	"slices"
	"testing"

	"chaff/article"
	"chaff/filter"
)

// Every finding under every policy of one kind and one tier.
func TestPolicy(t *testing.T) {
	tiers := append([]article.Tier{""}, article.Tiers...)
	sure := func(f, floor article.Tier) bool {
		if floor == "" {
			floor = article.Likely
		}
		return slices.Index(tiers, f) <= slices.Index(tiers, floor)
	}
	for _, kind := range article.Kinds {
		for _, tier := range tiers {
			f := &article.Finding{Kind: kind, Tier: tier}
			for _, floor := range tiers {
				all := filter.Policy{Tier: floor, FailOn: article.Kinds}
				want := sure(tier, floor)
				if all.Keep(f) != want || all.Fails(f) != want {
					t.Errorf("%s of tier %q with floor %q: Keep %v, Fails %v, want %v", kind, tier, floor, all.Keep(f), all.Fails(f), want)
				}
				for _, only := range article.Kinds {
					p := filter.Policy{Only: []article.Kind{only}, Tier: floor, FailOn: []article.Kind{kind}}
					want := sure(tier, floor) && only == kind
					if p.Keep(f) != want || p.Fails(f) != want {
						t.Errorf("%s of tier %q with floor %q, only %s: Keep %v, Fails %v, want %v", kind, tier, floor, only, p.Keep(f), p.Fails(f), want)
					}
					q := filter.Policy{Tier: article.Review, FailOn: []article.Kind{only}}
					if want := only == kind; q.Fails(f) != want {
						t.Errorf("%s fails on %s: %v", kind, only, !want)
					}
				}
			}
		}
	}
}

func TestParse(t *testing.T) {
	for list, want := range map[string][]article.Kind{
		"repeat":                          {article.Repeat},
		"off-topic , repeat":              {article.OffTopic, article.Repeat},
		"near-duplicate,repeat,off-topic": {article.NearDuplicate, article.Repeat, article.OffTopic},
		"repeat,repeat":                   {article.Repeat},
	} {
		if got, err := filter.ParseKinds(list); err != nil || !slices.Equal(got, want) {
			t.Errorf("ParseKinds(%q) = %v, %v", list, got, err)
		}
	}
	for _, list := range []string{"", "repeats", "repeat,", "Repeat", "certain"} {
		got, err := filter.ParseKinds(list)
		if err == nil {
			t.Errorf("ParseKinds(%q) = %v", list, got)
		}
	}
	for _, tier := range article.Tiers {
		if got, err := filter.ParseTier(string(tier)); err != nil || got != tier {
			t.Errorf("ParseTier(%q) = %v, %v", tier, got, err)
		}
	}
	for _, name := range []string{"", "sure", "Certain", "likely,review"} {
		if got, err := filter.ParseTier(name); err == nil {
			t.Errorf("ParseTier(%q) = %v", name, got)
		}
	}
}

func Example() {
	only, _ := filter.ParseKinds("repeat,off-topic")
	policy := filter.Policy{Only: only, FailOn: []article.Kind{article.Repeat}}
	for _, f := range []article.Finding{
		{Kind: article.Repeat},
		{Kind: article.NearDuplicate},
		{Kind: article.OffTopic, Tier: article.Likely},
		{Kind: article.OffTopic, Tier: article.Review},
	} {
		fmt.Println(f.Kind, f.Tier, policy.Keep(&f), policy.Fails(&f))
	}
	_, err := filter.ParseKinds("advert")
	fmt.Println(err)
	// Output:
	// repeat  true true
	// near-duplicate  false false
	// off-topic likely true false
	// off-topic review false false
	// "advert" is none of repeat, near-duplicate, off-topic
}
