package offtopic

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"chaff/article"
)

// Every block is explained, weights add up to what the decoder holds, and a block that
// is a finding by itself has its probability.
func TestExplain(t *testing.T) {
	const graft = "Are you looking for a sofa you will love? Order now at www.example.com and get 20% off, for a limited time only!"
	for _, text := range []string{"", council, council + "\n\n" + graft, graft + "\n\n(Sources: AP)\n\n" + council} {
		d := NewDetector(Options{})
		a := &article.Article{ID: "a", Text: text}
		got := d.Explain(a)
		blocks := article.Blocks(text)
		if len(got) != len(blocks) {
			t.Fatalf("%d explanations of %d blocks", len(got), len(blocks))
		}
		if again := d.Explain(a); !reflect.DeepEqual(got, again) {
			t.Fatal("explained otherwise the second time")
		}
		found := d.Find(a)
		for i, f := range got {
			if f.Kind != article.Explanation || *f.Span != blocks[i].Span || f.At != blocks[i].Place || f.Text == "" {
				t.Fatalf("%+v of block %+v", f, blocks[i])
			}
			sums := make(map[article.Label]float64)
			for _, r := range f.Reasons {
				sums[r.Label] += r.Weight
			}
			for l, p := range []float64{f.Probabilities.Advertisement, f.Probabilities.Boilerplate, f.Probabilities.Foreign} {
				close := false
				for sort := range Sorts {
					want := builtin.Probability(sort, sums[Labels[l]])
					close = close || SortLabel(sort) == Labels[l] && math.Abs(p-want) < 0.1
				}
				if !close {
					t.Errorf("%s: probability %.3f of weights that make %.3f: %+v", Labels[l], p, sums[Labels[l]], f.Reasons)
				}
			}
			var in *article.Finding
			for k := range found {
				if found[k].Span.Overlaps(*f.Span) {
					in = &found[k]
				}
			}
			switch {
			case in == nil && f.Label != "":
				t.Errorf("%q is %s, and nothing is found", f.Text, f.Label)
			case in != nil && (f.Label != in.Label || f.Score != in.Score || f.Tier != in.Tier):
				t.Errorf("%q is %s %v, found is %s %v", f.Text, f.Label, f.Score, in.Label, in.Score)
			}
			if _, err := json.Marshal(f); err != nil {
				t.Error(err)
			}
		}
	}
}

// What is weighed decodes to what is found, and costs move it.
func TestWeigh(t *testing.T) {
	text := council + "\n\nShare this article\n\nRelated posts\nTen Ways to Fold a Napkin\n\nBook now at www.example.com and get 20% off, today only!"
	a := &article.Article{ID: "a", Text: text}
	d := NewDetector(Options{})
	w := d.Weigh(a)
	if lang := d.Language(a); lang != "en" {
		t.Errorf("language %q", lang)
	}
	found := d.Find(a)
	got := w.Decode(nil, builtin.Ease)
	if len(got) != len(found) || len(got) == 0 {
		t.Fatalf("%d candidates, %d findings", len(got), len(found))
	}
	for i, c := range got {
		if c.Span != *found[i].Span || SortLabel(c.Sort) != found[i].Label || math.Abs(builtin.Probability(c.Sort, c.Odds)-found[i].Score) > 1e-5 {
			t.Errorf("%+v, found %+v", c, found[i])
		}
	}
	if none := w.Decode(nil, [Sorts]float64{-100, -100, -100, -100}); len(none) > 0 {
		t.Errorf("found at any cost: %+v", none)
	}
	if again := w.Decode(nil, builtin.Ease); !reflect.DeepEqual(got, again) {
		t.Errorf("%+v, then %+v", got, again)
	}
}

// Signals are heard as the profile says, and a text that was rejected often is silent.
func TestProfileIsHeard(t *testing.T) {
	const graft = "Sign up for our newsletter and get the best of the week in your inbox."
	a := &article.Article{ID: "a", Text: council + "\n\n" + graft}
	find := func(p Profile) []article.Finding { return NewDetector(Options{Profile: &p}).Find(a) }
	p := Builtin()
	found := find(p)
	if len(found) != 1 {
		t.Fatalf("found %+v", found)
	}
	p.Signals = make(map[string]Trust)
	for _, r := range found[0].Reasons {
		p.Signals[r.Signal] = Trust{Factor: 0}
	}
	for _, f := range find(p) {
		if f.Label == found[0].Label {
			t.Errorf("found by signals that are not heard: %+v", f)
		}
	}
	p = Builtin()
	p.Rejected = map[string]int{TextKey("SIGN UP\nfor our newsletter, and get the best of the week in your inbox"): RejectedOften}
	if silent := find(p); len(silent) > 0 {
		t.Errorf("found after it was rejected: %+v", silent)
	}
	for k := range p.Rejected {
		p.Rejected[k]--
	}
	if told := find(p); len(told) != 1 {
		t.Errorf("one rejection silences: %+v", told)
	}
}
