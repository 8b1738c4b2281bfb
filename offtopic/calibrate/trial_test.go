package calibrate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"chaff/article"
	"chaff/corpus"
	"chaff/offtopic"
	"chaff/scan"
)

// honest writes the honest articles of the training texts to a file.
func honest(t testing.TB) string {
	t.Helper()
	files, err := filepath.Glob("../model/train/text/honest.*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no texts", err)
	}
	var b strings.Builder
	n := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for piece := range strings.SplitSeq(string(data), "\n---\n") {
			if text, ok := strings.CutPrefix(strings.TrimSpace(piece), "=== article\n"); ok {
				line, _ := json.Marshal(map[string]string{"id": fmt.Sprint(n), "text": strings.ReplaceAll(text, "\n", "\n\n")})
				b.Write(append(line, '\n'))
				n++
			}
		}
	}
	if n < 100 {
		t.Fatalf("%d articles", n)
	}
	path := filepath.Join(t.TempDir(), "honest.jsonl")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// trialsOf samples and measures the articles of a file.
func trialsOf(t testing.TB, path string, seed uint64, workers int, p *offtopic.Profile) (*Sample, *Trials) {
	t.Helper()
	open := func(keep bool) *corpus.Corpus {
		c, err := corpus.Open([]string{path}, corpus.Options{Workers: workers, Keep: keep, SpillDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	s, err := TakeSample(context.Background(), open(false), seed)
	if err != nil {
		t.Fatal(err)
	}
	trials, err := s.Measure(context.Background(), open(true), scan.Options{Workers: workers, Profile: p})
	if err != nil {
		t.Fatal(err)
	}
	return s, trials
}

// A profile that finds grafts everywhere is calibrated to a budget, whoever reads in
// what order, and its report says what it does.
func TestCalibrate(t *testing.T) {
	path := honest(t)
	start := offtopic.Builtin()
	for l := range start.Ease {
		start.Ease[l] += 8
	}
	s, trials := trialsOf(t, path, 1, 4, &start)
	if s.Len() != s.Articles-s.Twice || trials.Len() != s.Len() {
		t.Fatalf("%d of %d articles in the sample, %d measured", s.Len(), s.Articles, trials.Len())
	}
	const budget = 0.05
	p, r, err := trials.Calibrate(Options{Budget: budget})
	if err != nil {
		t.Fatal(err)
	}
	if share := float64(r.Before.Flagged) / float64(r.Before.Of); share < 2*budget {
		t.Errorf("before, %v are flagged", r.Before)
	}
	if share := float64(r.Final.Flagged) / float64(r.Final.Of); share > budget || r.Exceeded {
		t.Errorf("in the end, %v are flagged: %s", r.Final, r)
	}
	if p.Likely < leastLikely || p.Certain < p.Likely || p.Weights != start.Weights || p.Enter != start.Enter {
		t.Error("the profile has other numbers than were calibrated")
	}
	if len(r.Recalls) != int(Kinds) || r.Tried+r.HeldOut != trials.Len() {
		t.Errorf("%+v", r)
	}
	for _, k := range r.Recalls {
		if k.Kind < Paragraph && 2*k.After < k.Plants {
			t.Errorf("of %s %d of %d are found", k.Kind, k.After, k.Plants)
		}
	}
	// The detector does what the trials say of it.
	flagged, d := 0, offtopic.NewDetector(offtopic.Options{Profile: &p})
	in, err := corpus.Open([]string{path}, corpus.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	err = in.Read(context.Background(), func(_ int, a *article.Article, _ corpus.Position) error {
		for _, f := range d.Find(a) {
			if f.Tier.AtLeast(article.Likely) {
				flagged++
				return nil
			}
		}
		return nil
	})
	if err != nil || float64(flagged) > budget*float64(s.Articles) {
		t.Errorf("%v; %d of %d articles are flagged", err, flagged, s.Articles)
	}

	_, again := trialsOf(t, path, 1, 1, &start)
	q, r2, err := again.Calibrate(Options{Budget: budget})
	if err != nil || !reflect.DeepEqual(p, q) || !reflect.DeepEqual(r, r2) {
		t.Errorf("one worker calibrates otherwise: %v\n%s\n%s", err, r, r2)
	}
	_, other := trialsOf(t, path, 2, 4, &start)
	if reflect.DeepEqual(trials.all, other.all) {
		t.Error("another seed plants the same")
	}

	_, _, err = trials.Calibrate(Options{Budget: 0.001})
	var few *ErrTooFew
	if !errors.As(err, &few) || few.Have != trials.Len() || few.Need != 2000 {
		t.Errorf("got %v", err)
	}
}

// Articles with real grafts are left out as far as is permitted, and named.
func TestTainted(t *testing.T) {
	path := honest(t)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	for i := range 5 {
		lines[i] = strings.Replace(lines[i], `"}`, `\n\nSign up for our newsletter and get the best of the week in your inbox. Share on Facebook.\n\n© 2026 Harlow Courier. All rights reserved. Cookie settings | Privacy policy"}`, 1)
	}
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	_, trials := trialsOf(t, path, 1, 2, nil)
	_, r, err := trials.Calibrate(Options{Budget: 0.05, Tainted: 0.2})
	if err != nil {
		t.Fatal(err)
	}
	named := make(map[string]bool)
	for _, s := range r.Tainted {
		named[s.Article] = true
	}
	for i := range 5 {
		if !named[fmt.Sprint(i)] {
			t.Errorf("article %d is not named: %v", i, r.Tainted)
		}
	}
	if r.Tried+r.HeldOut+len(r.Tainted) != trials.Len() {
		t.Errorf("%d, %d and %d of %d", r.Tried, r.HeldOut, len(r.Tainted), trials.Len())
	}
	_, r, err = trials.Calibrate(Options{Budget: 0.05, Tainted: 1.5 / float64(trials.Len())})
	if err != nil || len(r.Tainted) != 1 {
		t.Errorf("%v: %v", err, r.Tainted)
	}
}

// Of articles with one text the first by name is measured, whichever is read first.
func TestCopies(t *testing.T) {
	const text = "The council met on Monday and spoke about the weir.\n\nNobody from the mill had come to speak for it."
	for _, order := range [][]string{{"a", "b", "c"}, {"c", "b", "a"}, {"b", "a", "c"}} {
		var b strings.Builder
		for _, id := range order {
			line, _ := json.Marshal(map[string]string{"id": id, "text": text})
			b.Write(append(line, '\n'))
		}
		path := filepath.Join(t.TempDir(), "copies.jsonl")
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		p := offtopic.Builtin()
		_, trials := trialsOf(t, path, 1, 1, &p)
		if trials.Len() != 1 || trials.all[0].id != "a" {
			t.Errorf("read as %v: %d measured, first %q", order, trials.Len(), trials.all[0].id)
		}
	}
}
