package dedupe

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"chaff/article"
)

// embedded returns texts and longer ones, each of which holds one of them, whole
// or edited so that about 0.6 to 1 of its shingles stay.
func embedded(rng *rand.Rand, n int) []article.Article {
	var all []article.Article
	for i := range n {
		short := prose(rng, 25+rng.IntN(200), 50000)
		all = append(all, article.Article{ID: fmt.Sprint("short", i), Text: strings.Join(short, " ")})
		long := prose(rng, len(short)*(1+rng.IntN(18))+rng.IntN(100), 50000)
		at := rng.IntN(len(long))
		edits := rng.Float64() * 0.14
		edited := slices.Clone(short)
		for k := range edited {
			if rng.Float64() < edits {
				edited[k] = "edited"
			}
		}
		long = slices.Insert(long, at, edited...)
		all = append(all, article.Article{ID: fmt.Sprint("long", i), Text: strings.Join(long, " ")})
	}
	return all
}

func TestContainedArticlesAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds, and minutes under the race detector")
	}
	articles := embedded(rand.New(rand.NewPCG(3, 4)), 3000)
	const every = 3
	truth := exhaustive(articles, every, func(p Pair) bool {
		return p.Jaccard >= DefaultJaccard || p.Containment >= DefaultContainment && p.Shared >= MinShared
	})
	low := 0
	for _, p := range truth {
		if p.Jaccard < 0.1 {
			low++
		}
	}
	if len(truth) < 800 || low < 200 {
		t.Fatalf("%d pairs, %d of J < 0.1: too few to tell", len(truth), low)
	}
	checkAgainst(t, newIndex(t, Options{}, articles), truth, every, 2)
}

// A stock phrase that stands in every article proposes nothing, and an article
// inside another is found in spite of it.
func TestStockPhrases(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	stock := strings.Join(prose(rng, 60, 1000), " ")
	var articles []article.Article
	for i := range 2000 {
		text := strings.Join(prose(rng, 200, 50000), " ")
		articles = append(articles, article.Article{ID: fmt.Sprint("a", i), Text: text + " " + stock})
	}
	inside := strings.Join(prose(rng, 100, 50000), " ")
	articles = append(articles,
		article.Article{ID: "inside", Text: inside + " " + stock},
		article.Article{ID: "outside", Text: articles[0].Text + " " + inside})
	x := newIndex(t, Options{}, articles)
	g := x.group()
	found, err := x.newSampleSearch(g).search(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(found.pairs) > 100 {
		t.Errorf("the stock phrase proposes %d pairs", len(found.pairs))
	}
	pairs, err := x.Pairs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for p := range pairs {
		got = append(got, x.ID(p.A)+" "+x.ID(p.B))
	}
	if want := []string{"a0 outside", "inside outside"}; !slices.Equal(got, want) {
		t.Errorf("pairs %v, want %v", got, want)
	}
}
