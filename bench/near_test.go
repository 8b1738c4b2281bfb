package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaff/article"
	"chaff/bench/gen"
	"chaff/bench/truth"
	"chaff/corpus"
	"chaff/dedupe"
	"chaff/scan"
	"chaff/shingle"
)

// nearGoals are the thresholds that near-duplicates are measured at.
var nearGoals = []struct {
	name    string
	options scan.Options
}{
	{"J 0.8 of 5", scan.Options{Jaccard: 0.8, Containment: dedupe.NoContainment, ShingleSize: 5}},
	{"J 0.7", scan.Options{Jaccard: 0.7, Containment: dedupe.NoContainment}},
	{"J 0.5 or C 0.6", scan.Options{}},
}

// generated writes the articles of a made-up corpus to a file. It returns the
// file and how each copy was made, by its id.
func generated(t *testing.T) (file string, plants map[string]gen.Plant) {
	t.Helper()
	c, err := gen.New(gen.Options{Seed: 7, Articles: 5000})
	if err != nil {
		t.Fatal(err)
	}
	plants = make(map[string]gen.Plant)
	for i := range c.Len() {
		if _, p := c.Article(i); p.Kind != "" {
			plants[p.Copy] = p
		}
	}
	file = filepath.Join(t.TempDir(), "generated.jsonl")
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Write(out, nil); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return file, plants
}

// nearPairs compares the pairs that a scan finds in a file with the join of all pairs
// over the same shingles, and tells the recall of copies by the kind of edit.
func nearPairs(t *testing.T, file string, o scan.Options, plants map[string]gen.Plant) string {
	t.Helper()
	o.Kinds = []article.Kind{article.NearDuplicate}
	jaccard, containment, size := o.Jaccard, o.Containment, o.ShingleSize
	if jaccard == 0 {
		jaccard, containment = dedupe.DefaultJaccard, dedupe.DefaultContainment
	}
	want := make(map[[2]string]bool)
	var ids []string
	var sets [][]uint64
	open(t, file, func(c *corpus.Corpus) error {
		var w shingle.Words
		return c.Read(context.Background(), func(_ int, a *article.Article, _ corpus.Position) error {
			w.Reset()
			shingle.Tokenizer{}.Words(&w, a.Text)
			ids = append(ids, strings.Clone(a.ID))
			sets = append(sets, shingle.TextSet(nil, w.Hash, size))
			return nil
		})
	})
	sizes := make([]int, len(sets))
	for i, s := range sets {
		sizes[i] = len(s)
	}
	for _, p := range truth.Join(sets, jaccard, max(0, containment)) {
		shared := p.C * float64(min(sizes[p.A], sizes[p.B]))
		if p.J >= jaccard || shared >= dedupe.MinShared-0.5 {
			want[sortedPair(ids[p.A], ids[p.B])] = true
		}
	}
	found := make(map[[2]string]bool)
	o.Pairs = func(p scan.Pair) error {
		found[sortedPair(p.A, p.B)] = true
		return nil
	}
	open(t, file, func(c *corpus.Corpus) error {
		_, err := scan.Run(context.Background(), c, o, func(article.Finding, corpus.Position) error { return nil })
		return err
	})
	right, total, hit := 0, make(map[string]int), make(map[string]int)
	for p := range want {
		kind := plants[p[1]].Kind
		if kind == "" || plants[p[1]].Original != p[0] {
			kind = "other"
		}
		total[kind]++
		if found[p] {
			right++
			hit[kind]++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "precision %.4f, recall %.4f of %d pairs", share(right, len(found)), share(right, len(want)), len(want))
	if plants != nil {
		b.WriteString(";")
		for _, kind := range sorted(total) {
			fmt.Fprintf(&b, " %s %d/%d", kind, hit[kind], total[kind])
		}
	}
	return b.String()
}

func sortedPair(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// open reads a file with one worker, so that articles come in order.
func open(t *testing.T, file string, use func(*corpus.Corpus) error) {
	t.Helper()
	c, err := corpus.Open([]string{file}, corpus.Options{Keep: true, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := use(c); err != nil {
		t.Fatal(err)
	}
}
