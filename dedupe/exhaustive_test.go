package dedupe

import (
	"math"
	"testing"

	"chaff/article"
	"chaff/shingle"
)

// exhaustive returns every pair of articles with at least one shingle in common,
// compared by all their shingles. Of many articles it takes a sample: the pairs of
// which the article added later has a number that every divides.
func exhaustive(articles []article.Article, every int, keep func(Pair) bool) []Pair {
	sets := make([]shingle.Set, len(articles))
	for n, a := range articles {
		var w shingle.Words
		shingle.Tokenizer{}.Words(&w, a.Text)
		sets[n] = shingle.TextSet(nil, w.Hash, 0)
	}
	holders := make(map[uint64][]int32) // of each shingle of an article sampled
	for b := 0; b < len(articles); b += every {
		for _, h := range sets[b] {
			holders[h] = nil
		}
	}
	var pairs []Pair
	shared := make([]int, len(articles))
	for b := range articles {
		if b%every == 0 {
			var met []int32
			for _, h := range sets[b] {
				for _, a := range holders[h] {
					if shared[a] == 0 {
						met = append(met, a)
					}
					shared[a]++
				}
			}
			for _, a := range met {
				p := Pair{A: int(a), B: b, Shared: shared[a], Likeness: shingle.NewLikeness(shared[a], len(sets[a]), len(sets[b]))}
				if keep(p) {
					if articles[p.B].ID < articles[p.A].ID {
						p.A, p.B = p.B, p.A
					}
					pairs = append(pairs, p)
				}
				shared[a] = 0
			}
		}
		for _, h := range sets[b] {
			if list, ok := holders[h]; ok {
				holders[h] = append(list, int32(b))
			}
		}
	}
	return pairs
}

func TestPairsAgainstExhaustiveJoin(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds, and minutes under the race detector")
	}
	for _, name := range []string{"en-rfc-5k", "en-reuters", "zh-chinanews", "zh-events"} {
		t.Run(name, func(t *testing.T) {
			articles := sharedArticles(t, "neardup/"+name+".jsonl.gz")
			const every = 4
			truth := exhaustive(articles, every, func(p Pair) bool {
				return p.Jaccard >= 0.5 || p.Containment >= DefaultContainment && p.Shared >= MinShared
			})
			if len(truth) == 0 {
				t.Fatal("no pairs")
			}
			for _, o := range []Options{
				{Jaccard: 0.8, Containment: NoContainment},
				{Jaccard: 0.7, Containment: NoContainment},
				{Jaccard: 0.5, Containment: NoContainment},
				{},
			} {
				checkAgainst(t, newIndex(t, o, articles), truth, every, 0)
			}
		})
	}
}

// checkAgainst compares what x finds with truth, a sample as exhaustive takes it: no pair too many, all figures
// equal, and of pairs by J no more missed than MissProbability allows and, where
// pairs are made up, so many standard deviations.
func checkAgainst(t *testing.T, x *Index, truth []Pair, every int, deviations float64) {
	t.Helper()
	found, err := x.Pairs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[[2]int]Pair)
	for p := range found {
		if max(p.A, p.B)%every != 0 {
			continue
		}
		if _, ok := got[[2]int{p.A, p.B}]; ok {
			t.Fatalf("pair %v twice", p)
		}
		got[[2]int{p.A, p.B}] = p
	}
	wanted, missed := 0, 0
	contained, missedContained := 0, 0
	for _, p := range truth {
		if !x.opts.accept(p.Likeness, p.Shared) {
			continue
		}
		g, ok := got[[2]int{p.A, p.B}]
		if ok && (g.Likeness != p.Likeness || g.Shared != p.Shared && g.Shared != 0) {
			t.Errorf("pair %v, want %v", g, p)
		}
		delete(got, [2]int{p.A, p.B})
		if p.Jaccard >= x.opts.Jaccard {
			wanted++
			if !ok {
				missed++
			}
			continue
		}
		contained++
		if !ok {
			missedContained++
			if missedContained < 10 {
				t.Logf("missed by containment: %+v", p)
			}
		}
	}
	t.Logf("J ≥ %v: %d pairs, %d missed; C ≥ %v alone: %d, %d missed", x.opts.Jaccard, wanted, missed, x.opts.Containment, contained, missedContained)
	if len(got) > 0 {
		t.Errorf("%d pairs too many", len(got))
	}
	allowed := MissProbability * float64(wanted)
	if float64(missed) > allowed+deviations*math.Sqrt(allowed) {
		t.Errorf("J ≥ %v: missed %d of %d pairs", x.opts.Jaccard, missed, wanted)
	}
	if missedContained*100 > contained {
		t.Errorf("C ≥ %v: missed %d of %d pairs", x.opts.Containment, missedContained, contained)
	}
}
