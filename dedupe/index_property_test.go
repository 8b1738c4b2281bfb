package dedupe

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"chaff/article"
	"chaff/shingle"
)

// drawCorpus draws articles with copies, edited copies and embedded ones among
// them, empty and very short ones too.
func drawCorpus(t *rapid.T) []article.Article {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	var all []article.Article
	var texts [][]string
	for i := range rapid.IntRange(2, 40).Draw(t, "articles") {
		text := prose(rng, rng.IntN(120), 3000)
		if len(texts) > 0 {
			old := texts[rng.IntN(len(texts))]
			switch rng.IntN(4) {
			case 0:
				text = old
			case 1:
				text = slices.Clone(old)
				for range 1 + len(text)/20 {
					if len(text) > 0 {
						text[rng.IntN(len(text))] = fmt.Sprint(rng.IntN(100))
					}
				}
			case 2:
				text = slices.Concat(text, old, prose(rng, rng.IntN(300), 3000))
			}
		}
		texts = append(texts, text)
		a := article.Article{ID: fmt.Sprintf("%02d", i), Text: strings.Join(text, " ")}
		if rng.IntN(3) > 0 {
			a.Date = day(1 + rng.IntN(9))
		}
		all = append(all, a)
	}
	return all
}

// told is all that a search finds, by IDs.
func told(t *rapid.T, o Options, articles []article.Article) string {
	x := newIndex(t, o, articles)
	r, err := x.Search(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var s strings.Builder
	for p := range r.Pairs() {
		fmt.Fprintln(&s, "pair", x.ID(p.A), x.ID(p.B), p.Likeness, p.Shared)
	}
	for _, c := range r.Clusters() {
		fmt.Fprintln(&s, "cluster", x.ID(c.Representative), c.Template)
		for _, m := range c.Members {
			fmt.Fprintln(&s, "\t", x.ID(m.Article), m.Likeness, m.Relation)
		}
	}
	for _, c := range r.Contained() {
		fmt.Fprintln(&s, "contained", x.ID(c.Article), x.ID(c.Other), c.Likeness)
	}
	return s.String()
}

func TestOrderAndWorkersChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		articles := drawCorpus(t)
		want := told(t, Options{Workers: 1}, articles)
		shuffled := rapid.Permutation(articles).Draw(t, "order")
		if got := told(t, Options{Workers: rapid.IntRange(1, 5).Draw(t, "workers")}, shuffled); got != want {
			t.Fatalf("in another order:\n%s\nwant:\n%s", got, want)
		}
	})
}

// What a search tells is so, and each member of a cluster is near its
// representative by all of their shingles.
func TestClustersAreVerified(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		articles := drawCorpus(t)
		truth := make(map[[2]int]Pair)
		for _, p := range exhaustive(articles, 1, func(p Pair) bool {
			return p.Jaccard >= DefaultJaccard || p.Containment >= DefaultContainment && p.Shared >= MinShared
		}) {
			truth[[2]int{p.A, p.B}] = p
		}
		x := newIndex(t, Options{}, articles)
		r, err := x.Search(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		member := make(map[int]bool)
		for _, c := range r.Clusters() {
			for _, m := range c.Members {
				p, ok := truth[[2]int{min(c.Representative, m.Article), max(c.Representative, m.Article)}]
				if !ok || p.Likeness != m.Likeness || p.Jaccard < minLink {
					t.Fatalf("%s is told to be near %s: %+v, truly %+v", x.ID(m.Article), x.ID(c.Representative), m, p)
				}
				if member[m.Article] {
					t.Fatalf("%s is a member twice", x.ID(m.Article))
				}
				member[m.Article] = true
				if (m.Relation == article.Template) != c.Template {
					t.Fatalf("%s in a cluster of template %v", m.Relation, c.Template)
				}
			}
		}
		for _, c := range r.Contained() {
			if p := truth[[2]int{min(c.Article, c.Other), max(c.Article, c.Other)}]; p.Likeness != c.Likeness || p.Jaccard >= minLink {
				t.Fatalf("%+v, truly %+v", c, p)
			}
		}
	})
}

// An edited copy is found by a search and by a query, and both tell the same.
func TestEditedCopyIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		articles := drawCorpus(t)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "edit"), 1))
		text := prose(rng, 30+rng.IntN(300), 3000)
		articles = append(articles, article.Article{ID: "original", Text: strings.Join(text, " ")})
		text[rng.IntN(len(text))] = "édité"
		edited := article.Article{ID: "edited", Text: strings.ToUpper(strings.Join(text, ", "))}

		x := newIndex(t, Options{Containment: rapid.SampledFrom([]float64{0, NoContainment}).Draw(t, "C")}, articles)
		members, err := x.Query(edited)
		if err != nil {
			t.Fatal(err)
		}
		queried := make(map[string]shingle.Likeness)
		for _, m := range members {
			queried[x.ID(m.Article)] = m.Likeness
		}
		if _, ok := queried["original"]; !ok {
			t.Fatalf("the query finds %v", queried)
		}
		if _, err := x.Add(edited); err != nil {
			t.Fatal(err)
		}
		pairs, err := x.Pairs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		searched := make(map[string]shingle.Likeness)
		for p := range pairs {
			switch "edited" {
			case x.ID(p.A):
				searched[x.ID(p.B)] = p.Likeness
			case x.ID(p.B):
				searched[x.ID(p.A)] = p.Likeness
			}
		}
		if !maps.Equal(queried, searched) {
			t.Fatalf("the query finds %v, the search %v", queried, searched)
		}
	})
}

// Signatures and samples estimate J and C without bias.
func TestEstimatesAreUnbiased(t *testing.T) {
	for _, engine := range []shingle.Engine{shingle.OPH, shingle.MinWise} {
		const trials = 400
		x := newIndex(t, Options{Engine: engine}, nil)
		a, b := x.Sketcher(), x.Sketcher()
		var agree, common float64
		var exact shingle.Likeness
		for seed := range uint64(trials) {
			rng := rand.New(rand.NewPCG(seed, 11))
			words := make([]uint64, 402)
			for i := range words {
				words[i] = rng.Uint64()
			}
			longer := slices.Concat(words[:302], []uint64{rng.Uint64()}, words[303:])
			for range 150 {
				longer = append(longer, rng.Uint64())
			}
			exact = shingle.TextSet(nil, words, 0).Compare(shingle.TextSet(nil, longer, 0))
			s, l := a.Sketch(words), b.Sketch(longer)
			agree += float64(agreeing(&s.signature, &l.signature)) / places
			shared := 0
			for _, h := range s.samples {
				if _, ok := slices.BinarySearch(l.samples, h); ok {
					shared++
				}
			}
			common += float64(shared) / float64(len(s.samples))
		}
		// Four standard errors of the mean of so many trials.
		j, c := exact.Jaccard, exact.Containment
		if err := math.Abs(agree/trials - j); err > 4*math.Sqrt(j*(1-j)/places/trials) {
			t.Errorf("%s: J %.4f is estimated as %.4f", engine, j, agree/trials)
		}
		if err := math.Abs(common/trials - c); err > 4*math.Sqrt(c*(1-c)/100/trials) {
			t.Errorf("%s: C %.4f is estimated as %.4f", engine, c, common/trials)
		}
	}
}

// Both engines find the same pairs, up to what each may miss.
func TestEnginesAgree(t *testing.T) {
	articles := shortVersions(rand.New(rand.NewPCG(12, 13)), 2000, 200)
	found := make(map[shingle.Engine]map[Pair]bool)
	for _, engine := range []shingle.Engine{shingle.OPH, shingle.MinWise} {
		found[engine] = make(map[Pair]bool)
		pairs, err := newIndex(t, Options{Engine: engine, Containment: NoContainment}, articles).Pairs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for p := range pairs {
			found[engine][p] = true
		}
	}
	differ := 0
	for p := range found[shingle.OPH] {
		if !found[shingle.MinWise][p] {
			differ++
		}
	}
	for p := range found[shingle.MinWise] {
		if !found[shingle.OPH][p] {
			differ++
		}
	}
	n := len(found[shingle.OPH])
	t.Logf("%d pairs, %d of one engine only", n, differ)
	if n < 1000 || float64(differ) > 2*MissProbability*float64(n) {
		t.Errorf("%d of %d pairs are found by one engine only", differ, n)
	}
}

func TestUnreadableArticles(t *testing.T) {
	text := strings.Join(prose(rand.New(rand.NewPCG(14, 15)), 200, 3000), " ")
	articles := []article.Article{
		{ID: "gone", Text: text},
		{ID: "changed", Text: text + " and"},
		{ID: "a", Text: text + " one"},
		{ID: "b", Text: text + " two"},
		{ID: "empty"},
		{ID: "empty too"},
	}
	gone := errors.New("gone")
	x, err := NewIndex(Options{Text: func(dst []byte, n int) ([]byte, error) {
		switch n {
		case 0:
			return nil, gone
		case 1:
			return append(dst, "changed"...), nil
		}
		return append(dst, articles[n].Text...), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range articles {
		if _, err := x.Add(a); err != nil {
			t.Fatal(err)
		}
	}
	r, err := x.Search(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Problems) != 2 || r.Problems[0].Article != 0 || !errors.Is(r.Problems[0].Err, gone) ||
		r.Problems[1].Article != 1 || !strings.Contains(r.Problems[1].Err.Error(), `"changed"`) {
		t.Errorf("problems %v", r.Problems)
	}
	var got []string
	for p := range r.Pairs() {
		got = append(got, x.ID(p.A)+" "+x.ID(p.B))
	}
	if !slices.Equal(got, []string{"a b"}) {
		t.Errorf("pairs %v", got)
	}
	members, err := x.Query(article.Article{Text: text + " three"})
	if len(members) != 2 || !errors.Is(err, gone) {
		t.Errorf("query: %v, %v", members, err)
	}
	if members, err := x.Query(article.Article{Text: " … "}); len(members) != 0 || err != nil {
		t.Errorf("a text without words is near %v, %v", members, err)
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []Options{
		{Jaccard: -0.5},
		{Jaccard: 1.5},
		{Jaccard: math.NaN()},
		{Containment: 2},
		{Containment: -2},
		{Containment: math.NaN()},
		{Engine: "simhash"},
		{Tokenizer: shingle.Tokenizer{Segmenter: "jieba"}},
	} {
		if _, err := NewIndex(o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
	x := newIndex(t, Options{}, nil)
	if _, err := x.AddSketch(Meta{}, x.Sketcher().Sketch(nil)); !errors.Is(err, ErrNoText) {
		t.Errorf("a sketch without Options.Text: %v", err)
	}
	r, err := x.Search(t.Context())
	if err != nil || len(r.Clusters()) != 0 {
		t.Errorf("an empty index: %v", err)
	}
}
