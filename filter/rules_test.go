package filter_test

import (
	"strings"
	"testing"

	"chaff/article"
	"chaff/filter"
)

func TestDefaultRules(t *testing.T) {
	for _, c := range []struct {
		name string
		f    []article.Finding
		want filter.Verdict
	}{
		{"nothing", nil, filter.Accept},
		{"version", []article.Finding{{Kind: article.NearDuplicate, Relation: article.Version}}, filter.Reject},
		{"template", []article.Finding{{Kind: article.NearDuplicate, Relation: article.Template}}, filter.Accept},
		{"repeat", []article.Finding{{Kind: article.Repeat}}, filter.Review},
		{"certain", []article.Finding{{Kind: article.OffTopic, Tier: article.Certain}}, filter.Review},
		{"likely", []article.Finding{{Kind: article.OffTopic, Tier: article.Likely}}, filter.Accept},
		{"the severest", []article.Finding{
			{Kind: article.Repeat},
			{Kind: article.NearDuplicate, Relation: article.Same},
			{Kind: article.OffTopic, Tier: article.Certain},
		}, filter.Reject},
	} {
		if got := filter.DefaultRules.Judge("", c.f); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestRulesOfASource(t *testing.T) {
	rules, err := filter.ReadRules(strings.NewReader(`{
		"rules": [{"kind": "off-topic", "label": "advertisement", "score": 0.9, "verdict": "reject"}, {"kind": "off-topic", "verdict": "review"}],
		"sources": {"wire": [{"label": "advertisement", "verdict": "accept"}]}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	advert := article.Finding{Kind: article.OffTopic, Label: article.Advertisement, Score: 0.95}
	weak := advert
	weak.Score = 0.85
	boilerplate := article.Finding{Kind: article.OffTopic, Label: article.Boilerplate, Score: 0.95}
	for _, c := range []struct {
		source string
		f      article.Finding
		want   filter.Verdict
	}{
		{"", advert, filter.Reject},
		{"", weak, filter.Review},
		{"", boilerplate, filter.Review},
		{"wire", advert, filter.Accept},
		{"wire", boilerplate, filter.Review},
		{"", article.Finding{Kind: article.Repeat}, filter.Accept},
	} {
		if got := rules.Judge(c.source, []article.Finding{c.f}); got != c.want {
			t.Errorf("%q, %v: %s, want %s", c.source, c.f, got, c.want)
		}
	}
}

func TestReadRulesNamesWhatIsWrong(t *testing.T) {
	for rules, want := range map[string]string{
		`{"rules": [{"kind": "spam", "verdict": "reject"}]}`:                      `rule 1: kind: "spam" is none of repeat, near-duplicate, off-topic`,
		`{"rules": [{"verdict": "reject"}, {"verdict": "drop"}]}`:                 `rule 2: verdict: "drop" is none of accept, review, reject`,
		`{"rules": [{"kind": "repeat"}]}`:                                         `rule 1: no verdict`,
		`{"rules": [{"score": 2, "verdict": "reject"}]}`:                          `rule 1: score 2 is not between 0 and 1`,
		`{"rules": [], "sources": {"wire": [{"tier": "x", "verdict":"reject"}]}}`: `rule 1 of source "wire": tier: "x" is none of`,
		`{"rule": []}`:                   `unknown field "rule"`,
		`{"rules": []} {}`:               `more than one JSON object`,
		`{"rules": [{"verdict": "reject`: `unexpected EOF`,
		``:                               `EOF`,
	} {
		if _, err := filter.ReadRules(strings.NewReader(rules)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", rules, err, want)
		}
	}
}
