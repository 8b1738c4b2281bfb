// Command train learns the weights of the off-topic model from the texts in the
// folder text and from labelled pages, and writes them. With -measure it holds
// out parts of them instead, plants what is held out in articles that are held
// out, and tells how much of it the detector finds.
package main

import (
	"flag"
	"fmt"
	"os"

	"chaff/offtopic/model"
)

func main() {
	pages := flag.String("pages", "../shared/data/offtopic", "`folder` with labelled pages; empty to learn without")
	out := flag.String("out", "offtopic/model/weights.bin", "`file` to write")
	measure := flag.Int("measure", 0, "number of `folds` to hold out, of 5")
	weigh := flag.Bool("weigh", false, "learn the weights of kinds of evidence from what is held out, and print them")
	odds := flag.Bool("odds", false, "make probabilities of the profile's odds, from what is held out")
	verbose := flag.Bool("v", false, "tell every plant that is missed and every article that is accused")
	flag.Parse()
	if err := run(*pages, *out, *measure, *weigh, *odds, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

const folds = 5

func run(pages, out string, measure int, weigh, odds, verbose bool) error {
	items, err := readItems()
	if err != nil {
		return err
	}
	if pages != "" {
		more, err := pageItems(pages)
		if err != nil {
			return err
		}
		items = append(items, more...)
	}
	if err := markStrangers(items); err != nil {
		return err
	}
	if os.Getenv("LOSS") != "" {
		return lossFolds(items, max(measure, 1))
	}
	if weigh {
		return weighFolds(items, max(measure, 1))
	}
	if odds {
		return fitOdds(items, max(measure, 1))
	}
	if measure > 0 {
		return measureFolds(items, measure, verbose)
	}
	a := affinities(items, -1)
	tellAffinities(a)
	if err := os.WriteFile("offtopic/topics/affinity.bin", a.Encode(), 0o644); err != nil {
		return err
	}
	data := learn(items, -1)
	if _, err := model.Decode(data); err != nil {
		return err
	}
	fmt.Printf("%d items, %d bytes\n", len(items), len(data))
	return os.WriteFile(out, data, 0o644)
}
