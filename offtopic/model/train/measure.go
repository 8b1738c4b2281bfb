package main

import (
	"fmt"
	"maps"
	"slices"

	"chaff/article"
	"chaff/offtopic"
	"chaff/offtopic/model"
)

// tally counts what becomes of plants.
type tally struct {
	plants, found, labelled int
	want, told, shared      int // bytes
	clean, accused          int
}

func (t *tally) add(o tally) {
	t.plants += o.plants
	t.found += o.found
	t.labelled += o.labelled
	t.want += o.want
	t.told += o.told
	t.shared += o.shared
	t.clean += o.clean
	t.accused += o.accused
}

func (t tally) String() string {
	s := ""
	if t.plants > 0 {
		s = fmt.Sprintf("found %4d/%4d %.3f  labels %.3f  bytes P %.3f R %.3f", t.found, t.plants, ratio(t.found, t.plants), ratio(t.labelled, t.found), ratio(t.shared, t.told), ratio(t.shared, t.want))
	}
	if t.clean > 0 {
		s += fmt.Sprintf("  accused %3d/%4d %.3f", t.accused, t.clean, ratio(t.accused, t.clean))
	}
	return s
}

func ratio(a, b int) float64 { return float64(a) / float64(max(b, 1)) }

// judge counts what a detector makes of one plant.
func judge(d *offtopic.Detector, p *plant) (t tally, told []article.Finding) {
	for _, f := range d.Find(&article.Article{Text: p.text}) {
		if f.Tier.AtLeast(article.Likely) {
			told = append(told, f)
		}
	}
	byLabel := make(map[article.Label]int)
	for _, f := range told {
		t.told += f.Span.Len()
		if n := f.Span.Shared(p.span); n > 0 && p.label != "" {
			t.shared += n
			byLabel[f.Label] += n
		}
	}
	if p.label == "" {
		t.clean = 1
		if len(told) > 0 {
			t.accused = 1
		}
		return t, told
	}
	t.plants, t.want = 1, p.span.Len()
	if 2*t.shared >= t.want {
		t.found = 1
		if 2*byLabel[p.label] >= t.shared {
			t.labelled = 1
		}
	}
	return t, told
}

// measureFolds learns without each of n folds and tells what is found of it.
func measureFolds(items []item, n int, verbose bool) error {
	sums := make(map[string]tally)
	for fold := range n {
		m, err := model.Decode(learn(items, fold))
		if err != nil {
			return err
		}
		d := offtopic.NewDetector(offtopic.Options{Model: m})
		for _, p := range plantsOf(items, fold) {
			t, told := judge(d, &p)
			for _, key := range []string{"all", "kind " + p.kind, "lang " + p.lang, "place " + p.place, p.kind + "." + p.lang} {
				s := sums[key]
				s.add(t)
				sums[key] = s
			}
			if !verbose {
				continue
			}
			if t.found < t.plants {
				fmt.Printf("missed %s.%s %s: %.150q\n", p.kind, p.lang, p.place, p.span.In(p.text))
			}
			for _, f := range told {
				if f.Span.End <= p.span.Start || p.span.End <= f.Span.Start || p.label == "" {
					fmt.Printf("accused %s.%s %s %.2f %.150q %v\n", p.kind, p.lang, f.Label, f.Score, f.Text, f.Reasons)
				}
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(sums)) {
		fmt.Printf("%-16s %s\n", key, sums[key])
	}
	return nil
}
