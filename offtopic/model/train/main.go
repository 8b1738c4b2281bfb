// Command train learns what the off-topic detector knows from the texts in the folder
// text and from labelled pages: first, with -affinities, which subjects go together; then
// the weights of words; then, with -weigh, the profile, which says how much each kind of
// evidence is heard. With -measure it holds out parts of the
// texts, plants what is held out in articles that are held out, and tells how much of
// it the detector finds.
package main

import (
	"flag"
	"fmt"
	"os"

	"chaff/offtopic/model"
)

func main() {
	pages := flag.String("pages", "../shared/data/offtopic", "`folder` with labelled pages; empty to learn without")
	subjects := flag.Bool("affinities", false, "learn which subjects go together")
	measure := flag.Int("measure", 0, "number of `folds` to hold out, of 5")
	weigh := flag.Bool("weigh", false, "learn the profile, from what is held out")
	verbose := flag.Bool("v", false, "tell every plant that is missed and every article that is accused")
	flag.Parse()
	if err := run(*pages, *measure, *subjects, *weigh, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

const folds = 5

// The files that are written.
const (
	weightsFile    = "offtopic/model/weights.bin"
	profileFile    = "offtopic/profile.json"
	affinitiesFile = "offtopic/topics/affinity.bin"
)

func run(pages string, measure int, subjects, weigh, verbose bool) error {
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
	if subjects {
		a := affinities(items)
		tellAffinities(a)
		return os.WriteFile(affinitiesFile, a.Encode(), 0o644)
	}
	if err := markStrangers(items); err != nil {
		return err
	}
	if weigh {
		return weighFolds(items)
	}
	if measure > 0 {
		return measureFolds(items, measure, verbose)
	}
	data := learn(items, -1)
	if _, err := model.Decode(data); err != nil {
		return err
	}
	fmt.Printf("%d items, %d bytes\n", len(items), len(data))
	return os.WriteFile(weightsFile, data, 0o644)
}
