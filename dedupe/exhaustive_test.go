package dedupe

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"chaff/article"
	"chaff/shingle"
)

// exhaustive returns every pair of articles with at least one shingle in common,
// compared by all their shingles.
func exhaustive(articles []article.Article, keep func(Pair) bool) []Pair {
	sets := make([]shingle.Set, len(articles))
	type posting struct {
		hash    uint64
		article int32
	}
	var all []posting
	for n, a := range articles {
		var w shingle.Words
		shingle.Tokenizer{}.Words(&w, a.Text)
		sets[n] = shingle.TextSet(nil, w.Hash, 0)
		for _, h := range sets[n] {
			all = append(all, posting{h, int32(n)})
		}
	}
	slices.SortFunc(all, func(p, q posting) int { return cmp.Or(cmp.Compare(p.hash, q.hash), cmp.Compare(p.article, q.article)) })
	// lists[n] are the runs of postings that begin with article n or hold it.
	type list struct{ start, end int32 }
	lists := make([][]list, len(articles))
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].hash == all[i].hash {
			j++
		}
		for k := i + 1; k < j; k++ {
			lists[all[k].article] = append(lists[all[k].article], list{int32(i), int32(k)})
		}
		i = j
	}
	var pairs []Pair
	shared := make([]int, len(articles))
	for b := range articles {
		var met []int32
		for _, l := range lists[b] {
			for _, p := range all[l.start:l.end] {
				if shared[p.article] == 0 {
					met = append(met, p.article)
				}
				shared[p.article]++
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
	return pairs
}

func TestPairsAgainstExhaustiveJoin(t *testing.T) {
	for _, name := range []string{"en-rfc-5k", "en-reuters", "zh-chinanews", "zh-events"} {
		t.Run(name, func(t *testing.T) {
			articles := sharedArticles(t, "neardup/"+name+".jsonl.gz")
			truth := exhaustive(articles, func(p Pair) bool {
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
				checkAgainst(t, newIndex(t, o, articles), truth, 0)
			}
		})
	}
}

// checkAgainst compares what x finds with truth: no pair too many, all figures
// equal, and of pairs by J no more missed than MissProbability allows and, where
// pairs are made up, so many standard deviations.
func checkAgainst(t *testing.T, x *Index, truth []Pair, deviations float64) {
	t.Helper()
	found, err := x.Pairs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[[2]int]Pair)
	for p := range found {
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
