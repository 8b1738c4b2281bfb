package dedupe

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"chaff/article"
)

// Ten thousand copies of a text cost ten thousand sketches and no comparison.
func TestCopiesAreOneNode(t *testing.T) {
	const copies = 10000
	text := strings.Join(prose(rand.New(rand.NewPCG(7, 8)), 100, 1000), " ")
	x := newIndex(t, Options{}, nil)
	for i := range copies {
		// Punctuation and case are no words.
		if _, err := x.Add(article.Article{ID: fmt.Sprintf("%05d", i), Text: strings.Repeat("!", i%3) + text}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := x.Search(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := r.nodes.len(); n != 1 {
		t.Fatalf("%d nodes", n)
	}
	listed := 0
	for p := range r.Pairs() {
		if p.Jaccard != 1 || p.A == p.B {
			t.Fatalf("pair %+v", p)
		}
		listed++
	}
	if all := copies * (copies - 1) / 2; listed+r.Left.Pairs != all {
		t.Errorf("%d pairs listed, %d left out, of %d", listed, r.Left.Pairs, all)
	}
	if listed < sameCap*(sameCap-1)/2+copies-sameCap {
		t.Errorf("%d pairs listed", listed)
	}
	clusters := r.Clusters()
	if len(clusters) != 1 || len(clusters[0].Members) != copies-1 {
		t.Errorf("%d clusters", len(clusters))
	}
}

// A form filled in thousands of times makes no millions of comparisons; what is
// left out is told, and the cluster is whole all the same.
func TestCrowdedBuckets(t *testing.T) {
	const forms = 3000
	rng := rand.New(rand.NewPCG(9, 10))
	text := prose(rng, 400, 10000)
	x := newIndex(t, Options{Containment: NoContainment}, nil)
	for i := range forms {
		text[200] = fmt.Sprint("w", i)
		if _, err := x.Add(article.Article{ID: fmt.Sprintf("%05d", i), Text: strings.Join(text, " ")}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := x.Search(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r.Left.Comparisons == 0 || len(r.Left.Articles) == 0 {
		t.Error("nothing is told of what was left out")
	}
	if len(r.links) >= forms*(forms-1)/2 {
		t.Errorf("%d links: nothing was left out", len(r.links))
	}
	clusters := r.Clusters()
	if len(clusters) != 1 || len(clusters[0].Members) != forms-1 {
		t.Errorf("%d clusters, the first of %d members", len(clusters), len(clusters[0].Members))
	}
}
