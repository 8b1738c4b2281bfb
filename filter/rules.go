package filter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"chaff/article"
)

// Verdict says what becomes of a new article.
type Verdict string

// The verdicts, mildest first.
const (
	Accept Verdict = "accept" // it may be published
	Review Verdict = "review" // a person should look first
	Reject Verdict = "reject" // it is not to be published
)

// Verdicts lists every verdict, mildest first.
var Verdicts = []Verdict{Accept, Review, Reject}

func (v Verdict) rank() int {
	for i, w := range Verdicts {
		if v == w {
			return i
		}
	}
	return -1
}

// Rule gives findings a verdict. A finding matches if it agrees with every field
// that is set.
type Rule struct {
	Kind     article.Kind     `json:"kind,omitempty"`
	Label    article.Label    `json:"label,omitempty"`
	Relation article.Relation `json:"relation,omitempty"`
	// Tier matches findings that are as sure or surer; those without a tier always.
	Tier article.Tier `json:"tier,omitempty"`
	// Score matches findings with this score or a higher one, in [0,1].
	Score   float64 `json:"score,omitempty"`
	Verdict Verdict `json:"verdict"`
}

func (r *Rule) matches(f *article.Finding) bool {
	return (r.Kind == "" || r.Kind == f.Kind) &&
		(r.Label == "" || r.Label == f.Label) &&
		(r.Relation == "" || r.Relation == f.Relation) &&
		(r.Tier == "" || f.Tier.AtLeast(r.Tier)) &&
		f.Score >= r.Score
}

// Rules give articles a verdict. For each finding the first rule that matches decides,
// those of the article's source before the others; without one the finding counts
// for nothing. The severest verdict is the article's. Rules that no one changes may be
// used by several goroutines.
type Rules struct {
	Rules []Rule `json:"rules"`
	// Sources has the rules of single sources, by the article's source.
	Sources map[string][]Rule `json:"sources,omitempty"`
}

// DefaultRules reject near-duplicates, but for forms filled in anew, and send
// repeats and certain off-topic content to a person.
var DefaultRules = Rules{Rules: []Rule{
	{Kind: article.NearDuplicate, Relation: article.Template, Verdict: Accept},
	{Kind: article.NearDuplicate, Verdict: Reject},
	{Kind: article.Repeat, Verdict: Review},
	{Kind: article.OffTopic, Tier: article.Certain, Verdict: Review},
}}

// Judge returns the verdict on an article of source with these findings.
func (r *Rules) Judge(source string, findings []article.Finding) Verdict {
	verdict := Accept
	for i := range findings {
		if v := r.verdict(source, &findings[i]); v.rank() > verdict.rank() {
			verdict = v
		}
	}
	return verdict
}

func (r *Rules) verdict(source string, f *article.Finding) Verdict {
	for _, rules := range [][]Rule{r.Sources[source], r.Rules} {
		for i := range rules {
			if rules[i].matches(f) {
				return rules[i].Verdict
			}
		}
	}
	return Accept
}

// ReadRules reads rules as JSON: an object with the fields of [Rules]. A field or value
// that there is not is an error that names it.
func ReadRules(r io.Reader) (*Rules, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	rules := new(Rules)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(rules); err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("rules: more than one JSON object")
	}
	return rules, rules.check()
}

func (r *Rules) check() error {
	for i := range r.Rules {
		if err := r.Rules[i].check(); err != nil {
			return fmt.Errorf("rule %d: %w", i+1, err)
		}
	}
	for source, rules := range r.Sources {
		for i := range rules {
			if err := rules[i].check(); err != nil {
				return fmt.Errorf("rule %d of source %q: %w", i+1, source, err)
			}
		}
	}
	return nil
}

func (r *Rule) check() error {
	if !(r.Score >= 0 && r.Score <= 1) {
		return fmt.Errorf("score %v is not between 0 and 1", r.Score)
	}
	if r.Verdict == "" {
		return errors.New("no verdict")
	}
	return errors.Join(
		oneOf("kind", r.Kind, article.Kinds),
		oneOf("label", r.Label, article.Labels),
		oneOf("relation", r.Relation, article.Relations),
		oneOf("tier", r.Tier, article.Tiers),
		oneOf("verdict", r.Verdict, Verdicts),
	)
}

// oneOf returns an error unless value is empty or permitted.
func oneOf[T ~string](field string, value T, permitted []T) error {
	if value == "" {
		return nil
	}
	if _, err := parse(string(value), permitted); err != nil {
		return fmt.Errorf("%s: %w", field, err)
	}
	return nil
}
