package main

import (
	"cmp"
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"

	"chaff/article"
	"chaff/offtopic"
)

// strangerSort is the sort of graft that is a piece of another text.
const strangerSort = offtopic.Sorts - 1

const (
	// strangerBudget is the share of the honest articles of which a block may be told as a
	// piece of another text, both of those written for training and of web pages, in whose
	// bodies some are. Of BBC articles a third as many are accused.
	strangerBudget = 0.02
	writtenWeight  = 4   // of articles written for training against bodies of web pages, in which furniture is left
	longHost       = 200 // blocks that are used of an article
	strangerTries  = 3   // paragraphs that are planted in each article, one at a time
	paragraphWords = 6   // content words of a block that is learnt from; others are no paragraphs
	paragraphLeast = 120 // bytes
	paragraphMost  = 1500
	strangerPrior  = 0.01 // of a weight, as a precision: it only keeps them finite
	newtonSteps    = 30
)

// vector has a value for each weight of [offtopic.Stranger].
type vector [offtopic.StrangerFeatures + 1]float64

// trial is a block, and what it is.
type trial struct {
	x        vector
	weight   float64
	stranger bool
}

// learnStrangers returns p with what tells pieces of other texts: a logistic regression
// over the blocks of honest articles and paragraphs planted in them, and a cost of
// their beginning with which a share of the honest articles is accused. The texts need
// not be held out: there are eleven weights, and no words among them.
func learnStrangers(items []item, p offtopic.Profile) offtopic.Profile {
	d := offtopic.NewDetector(offtopic.Options{Profile: &p})
	rng := rand.New(rand.NewSource(1))
	var trials []trial
	honest := map[string][][]offtopic.Block{}
	planted := 0
	for fold := range folds {
		hosts := hostsOf(items, fold, longHost)
		for i := range hosts {
			h := &hosts[i]
			blocks := d.Blocks(&article.Article{Text: strings.Join(h.blocks, h.gap)})
			name := "written"
			if h.long {
				name = "web pages"
			}
			honest[name] = append(honest[name], blocks)
			for k := range blocks {
				if blocks[k].Words >= paragraphWords {
					trials = append(trials, trialOf(&blocks[k], h, false))
				}
			}
			for range strangerTries {
				text := strangerFor(hosts, i, rng)
				if text == "" {
					continue
				}
				planting := h.with(text, "middle", rng)
				if rng.Intn(len(h.blocks)) == 0 {
					planting = h.with(text, "end", rng)
				}
				blocks := d.Blocks(&article.Article{Text: planting.text})
				for k := range blocks {
					if b := &blocks[k]; b.Words >= paragraphWords && b.Start < planting.span.End && planting.span.Start < b.End {
						trials = append(trials, trialOf(b, h, true))
						planted++
					}
				}
			}
		}
	}
	w := regress(trials)
	for i, x := range w {
		p.Stranger[i] = round(x)
	}
	limit := math.Inf(-1)
	for name, articles := range honest {
		worst := worstOf(articles, &p.Stranger)
		at := worst[int(strangerBudget*float64(len(worst)))]
		fmt.Printf("%s: %d honest articles, the worst have odds of %.2f, %.2f\n", name, len(articles), worst[0], at)
		limit = max(limit, at)
	}
	fmt.Printf("%d paragraphs planted: %.3f, told from %.2f\n", planted, w, limit)
	// What is just likely is told, and no neighbour of it that would not be.
	p.Stranger[offtopic.StrangerFeatures] = round(w[offtopic.StrangerFeatures] - limit + math.Log(p.Likely/(1-p.Likely)))
	p.Ease[strangerSort] = p.Enter
	return p
}

func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// worstOf returns the odds of the most suspicious block of each article, falling.
func worstOf(articles [][]offtopic.Block, s *offtopic.Stranger) []float64 {
	var worst []float64
	for _, blocks := range articles {
		most := math.Inf(-1)
		for i := range blocks {
			most = max(most, s.Odds(&blocks[i]))
		}
		worst = append(worst, most)
	}
	slices.SortFunc(worst, func(a, b float64) int { return cmp.Compare(b, a) })
	return worst
}

func trialOf(b *offtopic.Block, h *host, stranger bool) trial {
	t := trial{weight: writtenWeight, stranger: stranger}
	if h.long {
		t.weight = 1
	}
	copy(t.x[:], b.Features[:])
	t.x[offtopic.StrangerFeatures] = 1
	return t
}

// strangerFor returns a paragraph of another host in the language of host i, empty if
// none is found.
func strangerFor(hosts []host, i int, rng *rand.Rand) string {
	for range 200 {
		o := &hosts[rng.Intn(len(hosts))]
		if o == &hosts[i] || o.lang != hosts[i].lang {
			continue
		}
		if text := o.blocks[1+rng.Intn(len(o.blocks)-1)]; len(text) >= paragraphLeast && len(text) <= paragraphMost {
			return text
		}
	}
	return ""
}

// regress maximises the likelihood of what the trials are (Newton's method).
func regress(trials []trial) (w vector) {
	const n = len(w)
	for range newtonSteps {
		var g vector
		var h [n][n]float64
		for i := range w {
			g[i] = -strangerPrior * w[i]
			h[i][i] = strangerPrior
		}
		for t := range trials {
			x := &trials[t].x
			z := 0.0
			for i := range w {
				z += w[i] * x[i]
			}
			p := 1 / (1 + math.Exp(-z))
			err, slope := -p*trials[t].weight, p*(1-p)*trials[t].weight
			if trials[t].stranger {
				err += trials[t].weight
			}
			for i := range w {
				g[i] += err * x[i]
				for j := range i + 1 {
					h[i][j] += slope * x[i] * x[j]
				}
			}
		}
		step := solve(h, g)
		most := 0.0
		for i := range w {
			w[i] += step[i]
			most = max(most, math.Abs(step[i]))
		}
		if most < 1e-6 {
			break
		}
	}
	return w
}

// solve solves h x = g, where h is symmetric and positive definite and its lower half
// is given (Cholesky).
func solve(h [len(vector{})][len(vector{})]float64, g vector) (x vector) {
	n := len(g)
	for i := range n {
		for j := range i + 1 {
			sum := h[i][j]
			for k := range j {
				sum -= h[i][k] * h[j][k]
			}
			if i == j {
				h[i][i] = math.Sqrt(sum)
			} else {
				h[i][j] = sum / h[j][j]
			}
		}
	}
	for i := range n {
		x[i] = g[i]
		for k := range i {
			x[i] -= h[i][k] * x[k]
		}
		x[i] /= h[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			x[i] -= h[k][i] * x[k]
		}
		x[i] /= h[i][i]
	}
	return x
}
