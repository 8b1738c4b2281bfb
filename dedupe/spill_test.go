package dedupe

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"chaff/article"
)

// The same search serves an index in memory, one that is spilled in part and one
// that is spilled as far as it goes.
func TestSpillChangesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(16, 17))
	articles := embedded(rng, 2200)
	stock := strings.Join(prose(rng, 40, 50000), " ")
	for i := range articles {
		if i%3 == 0 {
			articles[i].Text += " " + stock
		}
	}
	type answer struct {
		pairs    []Pair
		clusters string
		left     string
		query    string
	}
	ask := func(memory int) (answer, *Index) {
		x := newIndex(t, Options{Memory: memory, SpillDir: t.TempDir(), Workers: 2}, articles)
		r, err := x.Search(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		near, err := x.Query(article.Article{Text: articles[17].Text + " and more"})
		if err != nil {
			t.Fatal(err)
		}
		return answer{slices.Collect(r.Pairs()), fmt.Sprint(r.Clusters()), fmt.Sprint(r.Left), fmt.Sprint(near)}, x
	}
	want, _ := ask(0)
	if len(want.pairs) < 2000 || want.query == "[]" {
		t.Fatalf("%d pairs, query %s: too few to tell", len(want.pairs), want.query)
	}
	spilled := int64(0)
	for _, memory := range []int{4 << 20, 1 << 20, 1} {
		got, x := ask(memory)
		if !slices.Equal(got.pairs, want.pairs) || got.clusters != want.clusters || got.left != want.left || got.query != want.query {
			t.Errorf("with %d bytes: %d pairs, want %d; clusters, query or what is left differ", memory, len(got.pairs), len(want.pairs))
		}
		if x.spill.size <= spilled {
			t.Errorf("with %d bytes %d are spilled, no more than with more memory", memory, x.spill.size)
		}
		spilled = x.spill.size
		if files, err := os.ReadDir(x.opts.SpillDir); err != nil || len(files) > 0 {
			t.Errorf("the spill folder holds %v (%v)", files, err)
		}
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A spill that can't be written or read is an error, not a wrong answer.
func TestSpillFails(t *testing.T) {
	articles := embedded(rand.New(rand.NewPCG(18, 19)), 1200)
	x, err := NewIndex(Options{Memory: 1, SpillDir: t.TempDir() + "/missing"})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range articles {
		if _, err = x.Add(a); err != nil {
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("adding without a spill folder: %v", err)
	}
	x = newIndex(t, Options{Memory: 1, SpillDir: t.TempDir()}, articles)
	if err := x.spill.file.Truncate(1000); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Search(t.Context()); err == nil || !strings.Contains(err.Error(), "spilled index") {
		t.Errorf("searching a damaged spill: %v", err)
	}
	if _, err := x.Query(articles[0]); err == nil || !strings.Contains(err.Error(), "spilled index") {
		t.Errorf("asking a damaged spill: %v", err)
	}
}

func TestShareSamples(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 21))
	for range 20_000 {
		b := make([]uint32, rng.IntN(300))
		for i := range b {
			b[i] = rng.Uint32() >> (rng.IntN(3) * 10) // not always spread evenly
		}
		slices.Sort(b)
		b = slices.Compact(b)
		a := make([]uint32, rng.IntN(len(b)+1))
		for i := range a {
			a[i] = b[rng.IntN(len(b))] + rng.Uint32N(2)
		}
		slices.Sort(a)
		a = slices.Compact(a)
		shared := 0
		for _, h := range a {
			if slices.Contains(b, h) {
				shared++
			}
		}
		for _, need := range []int{0, shared - 1, shared, shared + 1} {
			if got := shareSamples(a, b, need); got != (shared >= need) {
				t.Fatalf("%v and %v share %d: %v for %d", a, b, shared, got, need)
			}
		}
	}
}
