// Command ekzhu finds near-duplicates with dgryski/go-minhash's MinWise and
// ekzhu/minhash-lsh, checked by the signatures' estimate:
// ekzhu CORPUS.jsonl PAIRS.tsv
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"unicode"
	"unicode/utf8"

	minwise "github.com/dgryski/go-minhash"
	minhashlsh "github.com/ekzhu/minhash-lsh"
)

const (
	threshold = 0.8
	hashes    = 128
	shingle   = 5
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "ekzhu: want a corpus and a file for pairs")
		os.Exit(2)
	}
	if err := find(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "ekzhu:", err)
		os.Exit(1)
	}
}

func find(corpus, pairs string) error {
	in, err := os.Open(corpus)
	if err != nil {
		return err
	}
	defer in.Close()
	lsh := minhashlsh.NewMinhashLSH(hashes, threshold)
	var ids []string
	var sketches []*minwise.MinWise
	lines := bufio.NewReaderSize(in, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		var article struct{ ID, Text string }
		if err := json.Unmarshal(line, &article); err != nil {
			return err
		}
		m := sketch(article.Text)
		lsh.Add(len(ids), m.Signature())
		ids, sketches = append(ids, article.ID), append(sketches, m)
	}
	lsh.Index()
	out, err := os.Create(pairs)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	for i, m := range sketches {
		for _, key := range lsh.Query(m.Signature()) {
			if k := key.(int); k < i && m.Similarity(sketches[k]) >= threshold {
				fmt.Fprintf(w, "%s\t%s\n", ids[k], ids[i])
			}
		}
	}
	return errors.Join(w.Flush(), out.Close())
}

// sketch pushes every shingle of a text: its words in lower case, a space
// after each.
func sketch(text string) *minwise.MinWise {
	m := minwise.NewMinWise(fnv, scrambled, hashes)
	lower, ends := words(text)
	starts := append([]int{0}, ends...)
	n := min(shingle, len(ends))
	for i := 0; n > 0 && i+n <= len(ends); i++ {
		m.Push(lower[starts[i]:ends[i+n-1]])
	}
	return m
}

// words returns the words of bench/truth in lower case, a space after each, and
// where each ends.
func words(text string) (lower []byte, ends []int) {
	lower = make([]byte, 0, len(text)+len(text)/8)
	in := false
	end := func() {
		lower = append(lower, ' ')
		ends = append(ends, len(lower))
		in = false
	}
	for _, r := range text {
		cjk := r >= 0x3040 && (r <= 0x30FF || r >= 0x3400 && r <= 0x9FFF)
		word := cjk || unicode.IsLetter(r) || unicode.IsDigit(r)
		if in && (cjk || !word) {
			end()
		}
		if word {
			lower = utf8.AppendRune(lower, unicode.ToLower(r))
			in = true
		}
		if cjk {
			end()
		}
	}
	if in {
		end()
	}
	return lower, slices.Clip(ends)
}

func fnv(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

// scrambled is the second hash that MinWise asks for: fnv's, finalized.
func scrambled(b []byte) uint64 {
	h := fnv(b)
	h = (h ^ h>>33) * 0xFF51AFD7ED558CCD
	h = (h ^ h>>33) * 0xC4CEB9FE1A85EC53
	return h ^ h>>33
}
