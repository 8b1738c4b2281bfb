package offtopic

import (
	"strings"
	"testing"

	"chaff/article"
	"chaff/internal/cases"
)

func TestCases(t *testing.T) {
	all, err := cases.Load("../testdata/offtopic")
	if err != nil {
		t.Fatal(err)
	}
	d := NewDetector(Options{})
	tried := 0
	for _, c := range all {
		if !strings.HasPrefix(c.Name, "dev-") {
			continue // kept apart for measuring
		}
		tried++
		t.Run(c.Name, func(t *testing.T) {
			var got []article.Finding
			for _, f := range d.Find(&article.Article{ID: c.Name, Text: c.Text}) {
				if f.Tier.AtLeast(article.Likely) {
					got = append(got, f)
				}
			}
			for i, f := range got {
				if i >= len(c.Want) {
					t.Errorf("unwanted: %s %.3f %q %v", f.Label, f.Score, f.Text, f.Reasons)
					continue
				}
				if w := c.Want[i]; f.Label != w.Label || *f.Span != w.Span {
					t.Errorf("found %s %.3f %q, want %s %q; %v", f.Label, f.Score, f.Text, w.Label, w.Span.In(c.Text), f.Reasons)
				}
			}
			for _, w := range c.Want[min(len(got), len(c.Want)):] {
				t.Errorf("not found: %s %q", w.Label, w.Span.In(c.Text))
			}
		})
	}
	if tried == 0 {
		t.Fatal("no cases")
	}
}
