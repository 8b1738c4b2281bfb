package dedupe

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"chaff/article"
	"chaff/shingle"
)

// shortVersions returns short texts and an edited version of each: words
// replaced, dropped or added.
func shortVersions(rng *rand.Rand, n, words int) []article.Article {
	var all []article.Article
	for i := range n {
		text := prose(rng, 1+rng.IntN(words), 100000)
		all = append(all, article.Article{ID: fmt.Sprint("a", i), Text: strings.Join(text, " ")})
		for range 1 + rng.IntN(3) {
			switch at := rng.IntN(len(text)); rng.IntN(3) {
			case 0:
				text[at] = "x"
			case 1:
				text = append(text[:at], text[at+1:]...)
			default:
				text = append(text, "y")
			}
			if len(text) == 0 {
				break
			}
		}
		all = append(all, article.Article{ID: fmt.Sprint("b", i), Text: strings.Join(text, " ")})
	}
	return all
}

// Texts with few shingles have few values to fill a signature with, which makes
// its places depend on one another.
func TestShortTextsAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds, and minutes under the race detector")
	}
	for _, engine := range []shingle.Engine{shingle.OPH, shingle.MinWise} {
		for _, j := range []float64{0.5, 0.7, 0.8} {
			t.Run(fmt.Sprint(engine, j), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(1, 2))
				n := 10000
				if engine == shingle.MinWise {
					n /= 2 // slow to sign
				}
				articles := shortVersions(rng, n, 50)
				truth := exhaustive(articles, 1, func(p Pair) bool { return p.Jaccard >= j })
				checkAgainst(t, newIndex(t, Options{Jaccard: j, Containment: NoContainment, Engine: engine}, articles), truth, 1, 2)
			})
		}
	}
}
