package main

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"chaff/article"
	"chaff/offtopic"
	"chaff/offtopic/calibrate"
	"chaff/offtopic/model"
)

// fitOdds makes of the built-in profile's odds probabilities, from what is held out
// in n folds, each told of by a model learnt without it, and writes the profile. The
// bodies of web pages are left aside: they hold furniture of their own.
func fitOdds(items []item, n int) error {
	p := offtopic.Builtin()
	p.Odds = [offtopic.Sorts]offtopic.Line{}
	var clean, grafted []calibrate.Point
	articles, plants := 0, 0
	for fold := range n {
		m, err := model.Decode(learn(items, fold))
		if err != nil {
			return err
		}
		d := offtopic.NewDetector(offtopic.Options{Model: m, Profile: &p})
		var all []plant
		for _, x := range plantsOf(items, fold) {
			if !x.long {
				all = append(all, x)
			}
		}
		for i, found := range candidatesOf(d, all, p.Ease) {
			if all[i].label == "" {
				articles++
				clean = append(clean, found...)
			} else {
				plants++
				grafted = append(grafted, found...)
			}
		}
	}
	// Of all articles half are taken to be clean, and half to have a graft.
	for i := range grafted {
		grafted[i].Weight = float64(articles) / float64(max(plants, 1))
	}
	points := slices.Concat(clean, grafted)
	fmt.Printf("%d articles, %d plants\nbefore %s\n", articles, plants, calibrate.Reliable(&p, points))
	p.Odds = calibrate.FitOdds(p.Odds, points)
	// What is likely a piece of another text stays what learnStrangers has a budget for.
	likely := math.Log(p.Likely / (1 - p.Likely))
	if line := &p.Odds[strangerSort]; *line != (offtopic.Line{}) {
		line.Shift = likely * (1 - line.Slope)
	}
	fmt.Printf("after  %s\n%+v\n", calibrate.Reliable(&p, points), p.Odds)
	return writeProfile(p, "learnt by chaff/offtopic/model/train -weigh",
		fmt.Sprintf("odds by -odds, from %d honest texts and %d plants held out", articles, plants))
}

// candidatesOf returns what is found in each of some plants: in honest texts all of
// it, else what touches the graft.
func candidatesOf(d *offtopic.Detector, all []plant, ease [offtopic.Sorts]float64) [][]calibrate.Point {
	points := make([][]calibrate.Point, len(all))
	var wg sync.WaitGroup
	workers := runtime.NumCPU()
	for k := range workers {
		wg.Go(func() {
			for i := k; i < len(all); i += workers {
				x := &all[i]
				for _, c := range d.Weigh(&article.Article{Text: x.text}).Decode(nil, ease) {
					n := max(0, min(c.Span.End, x.span.End)-max(c.Span.Start, x.span.Start))
					if x.label == "" || n > 0 {
						points[i] = append(points[i], calibrate.Point{Sort: c.Sort, Odds: c.Odds, Right: x.label != "" && 2*n >= c.Span.Len(), Weight: 1})
					}
				}
			}
		})
	}
	wg.Wait()
	return points
}
