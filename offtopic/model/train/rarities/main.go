// Command rarities makes the classes of rarity of words from lists of frequencies:
// one file for each language, LANG.tsv, of lines with a word and its frequency in
// centibels below one, ascending.
package main

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"chaff/offtopic/topics"
	"chaff/shingle"
)

// bounds are the frequencies in centibels that classes end with.
var bounds = [topics.Rarities - 1]float64{300, 345, 380, 410, 435, 455, 475}

func main() {
	in := flag.String("in", "", "`folder` of the lists")
	out := flag.String("out", "offtopic/topics/rarity.bin", "`file` to write")
	full := flag.String("full", "ar,de,en,es,fr,it,ja,ko,nl,pl,pt,ru,tr,zh", "`languages` of which all classes are kept, the others' last three are not")
	flag.Parse()
	if err := run(*in, *out, strings.Split(*full, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "rarities:", err)
		os.Exit(1)
	}
}

func run(in, out string, full []string) error {
	files, err := filepath.Glob(filepath.Join(in, "*.tsv"))
	if err != nil {
		return fmt.Errorf("listing %s: %w", in, err)
	}
	if len(files) == 0 {
		return fmt.Errorf("no lists in %s", in)
	}
	slices.Sort(files)
	var data []byte
	for _, file := range files {
		lang := strings.TrimSuffix(filepath.Base(file), ".tsv")
		words, err := read(file)
		if err != nil {
			return fmt.Errorf("reading %s: %w", file, err)
		}
		if !slices.Contains(full, lang) {
			for c := len(words) - 3; c < len(words); c++ {
				words[c] = nil
			}
		}
		data = topics.AppendRarity(data, lang, words)
	}
	return os.WriteFile(out, data, 0o644)
}

// read returns the hashes of the words of a list by their class.
func read(file string) (classes [topics.Rarities - 1][]uint64, err error) {
	f, err := os.Open(file)
	if err != nil {
		return classes, err
	}
	defer f.Close()
	chance := make(map[uint64]float64)
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		word, number, _ := strings.Cut(sc.Text(), "\t")
		centibels, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return classes, err
		}
		var w shingle.Words
		shingle.Tokenizer{}.Words(&w, word)
		p := math.Pow(10, -centibels/100)
		if w.Len() == 1 {
			chance[w.Hash[0]] += p
		}
		for i := 1; i < w.Len(); i++ {
			if w.Start[i] == w.End[i-1] {
				chance[topics.PairOf(w.Hash[i-1], w.Hash[i])] += p
			}
		}
	}
	type entry struct {
		hash uint64
		p    float64
	}
	var all []entry
	for h, p := range chance {
		all = append(all, entry{h, p})
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Or(cmp.Compare(b.p, a.p), cmp.Compare(a.hash, b.hash)) })
	for _, e := range all {
		for c, most := range bounds {
			if -100*math.Log10(e.p) <= most {
				classes[c] = append(classes[c], e.hash)
				break
			}
		}
	}
	return classes, sc.Err()
}
