package main

import (
	"fmt"
	"math"

	"chaff/article"
	"chaff/offtopic/topics"
	"chaff/shingle"
)

// What the affinities of subjects are smoothed with, in words.
const (
	priorWords = 20.0
	givenWords = 12.0
)

// affinities learns from honest articles how often words of one subject stand in
// the other blocks of an article that has words of another.
func affinities(items []item) *topics.Affinity {
	table := topics.Builtin()
	n := len(table.Names)
	sums := make([][]float64, n)
	for s := range sums {
		sums[s] = make([]float64, n)
	}
	prior := make([]float64, n)
	var mentions []topics.Mention
	var folded []byte
	var starts []uint32
	var words shingle.Words
	for _, it := range items {
		l := table.Language(it.lang)
		if !it.whole || it.class != honest || l == nil {
			continue
		}
		words.Reset()
		shingle.Tokenizer{}.Words(&words, it.text)
		folded, starts = topics.Fold(folded[:0], starts[:0], it.text, &words)
		var all [topics.Most]float64
		var blocks [][topics.Most]float64
		at := 0
		for _, b := range article.Blocks(it.text) {
			lo := at
			for at < words.Len() && int(words.Start[at]) < b.End {
				at++
			}
			mentions = topics.Distinct(l.Find(mentions[:0], folded, starts, lo, at, nil))
			var c [topics.Most]float64
			topics.Count(&c, mentions)
			topics.Count(&all, mentions)
			blocks = append(blocks, c)
		}
		// A long article says no more than a short one about what goes with what.
		total := 0.0
		for _, c := range all {
			total += c
		}
		weight := 1 / max(1, math.Sqrt(total/10))
		for _, c := range blocks {
			rest := total
			for _, x := range c {
				rest -= x
			}
			if rest < 1 {
				continue
			}
			for t, x := range c[:n] {
				if x == 0 {
					continue
				}
				prior[t] += weight * x
				for s := range n {
					sums[s][t] += weight * x * (all[s] - c[s]) / rest
				}
			}
		}
	}
	a := topics.NewAffinity(n)
	total := 0.0
	for _, x := range prior {
		total += x
	}
	for t := range n {
		a.Prior[t] = (prior[t] + priorWords/float64(n)) / (total + priorWords)
	}
	for s := range n {
		sum := 0.0
		for _, x := range sums[s] {
			sum += x
		}
		for t := range n {
			a.Given[s][t] = (sums[s][t] + givenWords*a.Prior[t]) / (sum + givenWords)
		}
	}
	return a
}

// tellAffinities prints which subjects go with which.
func tellAffinities(a *topics.Affinity) {
	names := topics.Builtin().Names
	for s, row := range a.Given {
		fmt.Printf("%s %.3f:", names[s], a.Prior[s])
		for t, p := range row {
			if r := math.Log(p / a.Prior[t]); r > 0.3 {
				fmt.Printf(" %s %.1f", names[t], r)
			}
		}
		fmt.Println()
	}
}
