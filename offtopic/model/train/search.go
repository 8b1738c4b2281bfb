package main

import (
	"fmt"
	"runtime"
	"sync"

	"chaff/offtopic"
	"chaff/offtopic/model"
)

// world is what a profile is measured on.
type world struct {
	m      *model.Model
	plants []plant
}

// worlds returns what n folds are measured on, each with a model learnt without it.
func worlds(items []item, n int) ([]world, error) {
	var ws []world
	for fold := range n {
		m, err := model.Decode(learn(items, fold))
		if err != nil {
			return nil, err
		}
		ws = append(ws, world{m, plantsOf(items, fold)})
	}
	return ws, nil
}

// value of a profile: plants found and rightly labelled, less what is accused.
func value(ws []world, p *offtopic.Profile) (v float64, all map[string]tally) {
	all = make(map[string]tally)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, w := range ws {
		d := offtopic.NewDetector(offtopic.Options{Model: w.m, Profile: p})
		nw := runtime.NumCPU()
		for k := range nw {
			wg.Go(func() {
				for i := k; i < len(w.plants); i += nw {
					x := &w.plants[i]
					t, told := judge(d, x)
					wrong := 0
					for _, f := range told {
						if x.label != "" && (f.Span.End <= x.span.Start || x.span.End <= f.Span.Start) {
							wrong++
						}
					}
					mu.Lock()
					kind := x.kind
					if x.long {
						kind += "*"
					}
					for _, key := range []string{kind, "place " + x.place} {
						s := all[key]
						s.add(t)
						all[key] = s
					}
					weight := 1.0
					if x.kind == "stranger" {
						weight = 0.7
					}
					v += weight * (0.5*float64(t.found) + 0.5*float64(t.labelled))
					if t.found > 0 {
						v += weight * 0.5 * (2*float64(t.shared)/float64(t.told+t.want) - 1)
					}
					acc := 10.0
					if x.kind == "honest" {
						acc = 5
					}
					if x.long {
						acc = 1.5 // their bodies hold what may be furniture
					}
					v -= acc * float64(t.accused)
					if !x.long {
						v -= 1 * float64(wrong)
					}
					mu.Unlock()
				}
			})
		}
	}
	wg.Wait()
	return v, all
}

// knob is one number of a profile and how far it is moved.
type knob struct {
	name string
	at   *float64
	step float64
}

func knobs(p *offtopic.Profile) []knob {
	ks := []knob{
		{"enterInside", &p.EnterInside, .8}, {"leaveInside", &p.LeaveInside, .5}, {"turn", &p.Turn, .8},
		{"quietWord", &p.QuietWord, .02}, {"quietMost", &p.QuietMost, .5}, {"usual", &p.Usual, .25},
	}
	for l := range 3 {
		n := string("abf"[l])
		ks = append(ks, knob{n + " shift", &p.Words[l].Shift, .7}, knob{n + " scale", &p.Words[l].Scale, .25}, knob{n + " least", &p.Words[l].Least, .7}, knob{n + " most", &p.Words[l].Most, 1.2},
			knob{n + " silence", &p.Silence[l].Word, .03}, knob{n + " silence most", &p.Silence[l].Most, 1})
	}
	return append(ks, []knob{{"ease a", &p.Ease[0], .5}, {"ease b", &p.Ease[1], .5}, {"strange a", &p.Strange[0], .3}, {"strange b", &p.Strange[1], .3}, {"strange most", &p.StrangeMost, 1}}...)
}

// search moves each number of the profile up and down for as long as that finds
// more, and prints the profile it ends with.
func search(items []item, n, rounds int) error {
	ws, err := worlds(items, n)
	if err != nil {
		return err
	}
	p := offtopic.Builtin()
	best, all := value(ws, &p)
	show(best, all)
	for round := range rounds {
		moved := false
		for _, k := range knobs(&p) {
			for _, d := range []float64{k.step, -k.step} {
				old := *k.at
				*k.at += d
				v, _ := value(ws, &p)
				if v > best+1e-9 {
					best = v
					moved = true
					fmt.Printf("%d %s %.3f: %.1f\n", round, k.name, *k.at, v)
					break
				}
				*k.at = old
			}
		}
		if !moved {
			break
		}
	}
	best, all = value(ws, &p)
	show(best, all)
	fmt.Printf("%+v\n", p)
	return nil
}

func show(v float64, all map[string]tally) {
	fmt.Printf("value %.1f\n", v)
	for _, k := range []string{"ads", "furniture", "foreign", "stranger", "honest", "article", "ads*", "furniture*", "foreign*", "stranger*", "honest*", "article*", "place top", "place middle", "place end", "place inside"} {
		fmt.Printf("   %-12s %s\n", k, all[k])
	}
}
