// Command cmd writes the exact near-duplicates of a JSON Lines corpus to
// standard output: a, b, J, C, tab-separated, by position in the corpus. With
// -planted it measures the pairs of a truth file alone, which also works where
// the corpus is too large for the join. With -df it tells how common the
// corpus's shingles are instead.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"chaff/bench/truth"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("truth", flag.ContinueOnError)
	flags.SetOutput(stderr)
	size := flags.Int("shingle-size", 5, "words a shingle")
	jaccard := flags.Float64("jaccard", 0.8, "write pairs of at least this Jaccard similarity; 0 for none")
	containment := flags.Float64("containment", 0, "and pairs of at least this containment; 0 for none")
	planted := flags.String("planted", "", "measure the copies listed in `FILE` instead of all pairs")
	df := flags.Bool("df", false, "tell the document frequencies of shingles instead")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() != 1 || *size < 1 {
		_, _ = fmt.Fprintln(stderr, "truth: want one corpus and a shingle size of at least 1")
		return 2
	}
	out := bufio.NewWriter(stdout)
	var err error
	switch corpus := flags.Arg(0); {
	case *df:
		err = frequencies(out, corpus, *size)
	case *planted != "":
		err = copies(out, corpus, *planted, *size)
	default:
		err = pairs(out, corpus, *size, *jaccard, *containment)
	}
	if err = errors.Join(err, out.Flush()); err != nil {
		_, _ = fmt.Fprintln(stderr, "truth:", err)
		return 2
	}
	return 0
}

// read calls each with the id and shingles of every article of a file.
func read(corpus string, size int, each func(id string, set []uint64)) error {
	f, err := os.Open(corpus)
	if err != nil {
		return err
	}
	defer f.Close()
	s := truth.Shingler{Size: size}
	err = truth.Read(f, func(r truth.Record) error {
		each(r.ID, s.Set(r.Text))
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading %s: %w", corpus, err)
	}
	return nil
}

func pairs(out io.Writer, corpus string, size int, jaccard, containment float64) error {
	var ids []string
	var sets [][]uint64
	err := read(corpus, size, func(id string, set []uint64) {
		ids, sets = append(ids, id), append(sets, set)
	})
	if err != nil {
		return err
	}
	for _, p := range truth.Join(sets, jaccard, containment) {
		write(out, ids[p.A], ids[p.B], p.J, p.C)
	}
	return nil
}

// write prints a pair; out keeps its first error until it is flushed.
func write(out io.Writer, a, b string, j, c float64) {
	_, _ = fmt.Fprintf(out, "%s\t%s\t%.6f\t%.6f\n", a, b, j, c)
}

// copies measures the pairs of a truth file in one pass over the corpus,
// keeping the originals alone.
func copies(out io.Writer, corpus, planted string, size int) error {
	f, err := os.Open(planted)
	if err != nil {
		return err
	}
	defer f.Close()
	originalOf, kept := map[string]string{}, map[string][]uint64{}
	err = truth.Planted(f, func(copied, original string) {
		originalOf[copied], kept[original] = original, nil
	})
	if err != nil {
		return fmt.Errorf("reading %s: %w", planted, err)
	}
	return read(corpus, size, func(id string, set []uint64) {
		if original, ok := originalOf[id]; ok {
			j, c := truth.Compare(kept[original], set)
			write(out, original, id, j, c)
		}
		if _, ok := kept[id]; ok {
			kept[id] = set
		}
	})
}

// frequencies writes the share of distinct shingles that stand in at least two
// articles, and of (article, shingle) pairs whose shingle stands in at least 2,
// 10 and 100.
func frequencies(out io.Writer, corpus string, size int) error {
	df := map[uint64]int{}
	err := read(corpus, size, func(_ string, set []uint64) {
		for _, h := range set {
			df[h]++
		}
	})
	if err != nil {
		return err
	}
	total, common, many := 0, 0, map[int]int{}
	for _, n := range df {
		total += n
		if n > 1 {
			common++
		}
		for _, least := range []int{2, 10, 100} {
			if n >= least {
				many[least] += n
			}
		}
	}
	_, err = fmt.Fprintf(out, "%d-shingles\tdistinct %d\tin two or more %.3f\toccurrences in 2+ %.3f\t10+ %.3f\t100+ %.3f\n", size, len(df),
		float64(common)/float64(len(df)), float64(many[2])/float64(total), float64(many[10])/float64(total), float64(many[100])/float64(total))
	return err
}
