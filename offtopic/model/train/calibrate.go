package main

import (
	"fmt"
	"math"
	"math/rand"
	"runtime"
	"slices"
	"sync"

	"chaff/article"
	"chaff/offtopic"
	"chaff/offtopic/calibrate"
	"chaff/offtopic/model"
)

// budget is the share of the honest texts below of which any may be told. Half of
// them have a line in them that was written to look like a graft, so fewer of common
// articles are.
const budget = 0.01

// alike is the share of them that nobody could tell from grafts by themselves: they are
// left out, or no advertisement could be certain.
const alike = 0.01

// calibrateFolds sets the eases of the built-in profile, the lines that make
// probabilities of its odds, and its tiers, as `chaff calibrate` does, on what is held
// out of learning: honest articles of each fold, as they are and with each honest item
// planted in one, and in each of them a graft of every kind, told of by a model learnt
// without the fold. The bodies of web pages are left aside: they hold furniture of
// their own.
func calibrateFolds(items []item) error {
	start := offtopic.Builtin()
	start.Odds, start.Likely, start.Certain = [offtopic.Sorts]offtopic.Line{}, begin().Likely, begin().Certain
	var all []calibrate.Trial
	for fold := range folds {
		m, err := model.Decode(learn(items, fold))
		if err != nil {
			return fmt.Errorf("learning without fold %d: %w", fold, err)
		}
		d := offtopic.NewDetector(offtopic.Options{Model: m, Profile: &start})
		all = append(all, trialsOf(d, items, fold)...)
	}
	rand.New(rand.NewSource(1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	p, r, err := calibrate.NewTrials(start, all).Calibrate(calibrate.Options{Budget: budget, Tainted: alike})
	if err != nil {
		return err
	}
	fmt.Print(r)
	// What is just likely a piece of another text stays what learnStrangers has a budget for.
	p.Ease[strangerSort] = start.Ease[strangerSort]
	line := &p.Odds[strangerSort]
	line.Shift = logit(p.Likely) - line.Slope*logit(start.Likely)
	fmt.Printf("eases %v, odds %+v, likely %v, certain %v\n%s\n", p.Ease, p.Odds, p.Likely, p.Certain, calibrate.NewTrials(start, all).Reliability(&p))
	return writeProfile(p, "learnt by chaff/offtopic/model/train -weigh",
		fmt.Sprintf("calibrated by -calibrate on %d honest texts held out, budget %v", len(all), budget))
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

// trialsOf returns the trials of a fold.
func trialsOf(d *offtopic.Detector, items []item, fold int) []calibrate.Trial {
	rng := rand.New(rand.NewSource(int64(fold)))
	hosts := slices.DeleteFunc(hostsOf(items, fold, hostBlocks), func(h host) bool { return h.long })
	type drawer struct {
		grafts [calibrate.Kinds][]string
		hosts  []host
	}
	byLang := make(map[string]*drawer)
	for _, h := range hosts {
		if byLang[h.lang] == nil {
			byLang[h.lang] = new(drawer)
		}
		byLang[h.lang].hosts = append(byLang[h.lang].hosts, h)
	}
	clean := slices.Clone(hosts)
	for _, it := range items {
		from := byLang[it.lang]
		if int(it.group%folds) != fold || it.whole || it.weight != 1 || from == nil {
			continue
		}
		switch it.class {
		case advert:
			from.grafts[calibrate.Advertisement] = append(from.grafts[calibrate.Advertisement], it.text)
		case furniture:
			from.grafts[calibrate.Furniture] = append(from.grafts[calibrate.Furniture], it.text)
		case leftover:
			if !it.stranger {
				from.grafts[calibrate.Leftover] = append(from.grafts[calibrate.Leftover], it.text)
			}
		case honest:
			h := from.hosts[rng.Intn(len(from.hosts))]
			h.blocks = slices.Insert(slices.Clone(h.blocks), 1+rng.Intn(len(h.blocks)), it.text)
			clean = append(clean, h)
		}
	}
	for _, from := range byLang {
		for i := range from.hosts {
			for _, b := range from.hosts[i].blocks[1:] {
				if len(b) >= longSpan {
					from.grafts[calibrate.Unwitnessed] = append(from.grafts[calibrate.Unwitnessed], b)
				}
			}
		}
	}
	texts := make([][calibrate.Kinds]plant, len(clean))
	for i := range clean {
		h := &clean[i]
		for k, grafts := range byLang[h.lang].grafts {
			for range 20 { // a paragraph must be another article's
				if len(grafts) == 0 {
					break
				}
				text := grafts[rng.Intn(len(grafts))]
				if slices.Contains(h.blocks, text) {
					continue
				}
				texts[i][k] = h.with(text, [...]string{"end", "middle", "middle", "top"}[rng.Intn(4)], rng)
				break
			}
		}
	}
	trials := make([]calibrate.Trial, len(clean))
	var wg sync.WaitGroup
	workers := runtime.NumCPU()
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(trials); i += workers {
				t := &trials[i]
				t.Clean = d.Weigh(&article.Article{Text: clean[i].text()})
				for k := range texts[i] {
					if p := &texts[i][k]; p.text != "" {
						t.Plants[k] = calibrate.Planted{Weighed: d.Weigh(&article.Article{Text: p.text}), Span: p.span}
					}
				}
			}
		})
	}
	wg.Wait()
	return trials
}
