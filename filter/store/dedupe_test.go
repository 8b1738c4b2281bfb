package store

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
)

type pair struct{ a, b int }

// dedupePairs returns the near-duplicates that an index in memory finds.
func dedupePairs(t *testing.T, articles []*article.Article) map[pair]dedupe.Pair {
	t.Helper()
	x, err := dedupe.NewIndex(dedupe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range articles {
		if _, err := x.Add(*a); err != nil {
			t.Fatal(err)
		}
	}
	all, err := x.Pairs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[pair]dedupe.Pair)
	for p := range all {
		found[pair{min(p.A, p.B), max(p.A, p.B)}] = p
	}
	return found
}

// compareWithDedupe asks an index of all articles about each of them and compares
// the pairs with those of an index in memory: with samples looked up in memory and on
// disk.
func compareWithDedupe(t *testing.T, articles []*article.Article) {
	for name, cache := range map[string]int64{"memory": DefaultCache, "disk": noMemory} {
		t.Run(name, func(t *testing.T) { compareStoreWithDedupe(t, articles, Options{Cache: cache}) })
	}
}

func compareStoreWithDedupe(t *testing.T, articles []*article.Article, o Options) {
	s := openAt(t, t.TempDir(), o)
	number := make(map[string]int)
	for i, a := range articles {
		number[a.ID] = i
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(articles); i = next.Add(1) - 1 {
				if status, err := s.Add(t.Context(), articles[i]); err != nil || status != Added {
					t.Errorf("adding %q: %s, %v", articles[i].ID, status, err)
				}
			}
		})
	}
	wg.Wait()
	want := dedupePairs(t, articles)
	degree := make([]int, len(articles))
	for p := range want {
		degree[p.a]++
		degree[p.b]++
	}
	got := make(map[pair]int)
	for i, a := range articles {
		for _, m := range query(t, s, a) {
			p := pair{min(i, number[m.ID]), max(i, number[m.ID])}
			got[p]++
			w, ok := want[p]
			if !ok {
				continue // missed there: its own tests count that
			}
			if w.Likeness != m.Likeness || w.Shared != m.Shared && w.Shared != 0 {
				t.Errorf("%s and %s: %+v, in memory %+v", a.ID, m.ID, m, w)
			}
		}
	}
	asked, missed, shortMissed := 0, 0, 0
	for p, w := range want {
		for _, i := range [2]int{p.a, p.b} {
			if degree[i] > readCap/2 {
				continue // one of many: not all are read
			}
			asked++
		}
		if degree[p.a] <= readCap/2 && degree[p.b] <= readCap/2 && got[p] < 2 {
			missed += 2 - got[p]
			if w.Jaccard < 0.5 && w.Shared < 36 {
				shortMissed += 2 - got[p]
			}
			t.Logf("missed: %s and %s, %+v", articles[p.a].ID, articles[p.b].ID, w)
		}
	}
	if asked == 0 {
		t.Fatal("no pairs")
	}
	more := 0
	for p := range got {
		if _, ok := want[p]; !ok {
			more++
		}
	}
	t.Logf("%d articles, %d pairs in memory; of %d questions %d missed, %d of those of few shingles; %d pairs that memory missed",
		len(articles), len(want), asked, missed, shortMissed, more)
	if missed-shortMissed > asked/500 {
		t.Errorf("missed %d of %d", missed-shortMissed, asked)
	}
	if shortMissed > 1+asked/50 {
		t.Errorf("missed %d of few shingles", shortMissed)
	}
}

func TestAgainstDedupe(t *testing.T) {
	p := newPress()
	var articles []*article.Article
	texts := 300
	if testing.Short() {
		texts = 80
	}
	for i := range texts {
		rng := rand.New(rand.NewPCG(uint64(i), 8))
		words := 30 << rng.IntN(7)
		a := p.article(i, words)
		articles = append(articles, a)
		articles = append(articles, p.edited(rng, a, fmt.Sprintf("edited/%d", i), 0.15*rng.Float64(), 0, 1))
		from := rng.Float64() * 0.9
		articles = append(articles, p.edited(rng, a, fmt.Sprintf("part/%d", i), 0.1*rng.Float64(), from, from+(1-from)*rng.Float64()))
	}
	compareWithDedupe(t, articles)
}

// TestAgainstDedupeOnNews reads CHAFF_STORE_NEWS articles of each file, 3,000 if that is
// not set.
func TestAgainstDedupeOnNews(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	for _, name := range []string{"en-reuters", "zh-events"} {
		t.Run(name, func(t *testing.T) {
			compareWithDedupe(t, sharedArticles(t, name, number(t, "CHAFF_STORE_NEWS", 3000)))
		})
	}
}

// TestRelations compares what an index tells of news agency reports, many of them
// templates, with what an index in memory tells.
func TestRelations(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	articles := sharedArticles(t, "en-reuters", 2500)
	x, err := dedupe.NewIndex(dedupe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := openAt(t, t.TempDir(), Options{})
	for _, a := range articles {
		if _, err := x.Add(*a); err != nil {
			t.Fatal(err)
		}
	}
	kept := make(map[int]bool) // those that have near-duplicates
	for p := range dedupePairs(t, articles) {
		kept[p.a], kept[p.b] = true, true
	}
	var all sync.WaitGroup
	for i := range kept {
		all.Go(func() {
			if _, err := s.Add(t.Context(), articles[i]); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	seen := make(map[article.Relation]int)
	for i := range kept {
		members, err := x.Query(*articles[i])
		if err != nil {
			t.Fatal(err)
		}
		want := make(map[string]article.Relation)
		for _, m := range members {
			want[articles[m.Article].ID] = reversed(m.Relation)
		}
		for _, m := range query(t, s, articles[i]) {
			if w, ok := want[m.ID]; ok && w != m.Relation {
				t.Errorf("%s is %s of %s, in memory %s", articles[i].ID, m.Relation, m.ID, w)
			}
			seen[m.Relation]++
		}
	}
	t.Logf("%v", seen)
	if seen[article.Template] == 0 || seen[article.Version] == 0 || seen[article.Same] == 0 {
		t.Errorf("relations met: %v", seen)
	}
}

// reversed returns how a stands to b where b stands to a as r tells.
func reversed(r article.Relation) article.Relation {
	switch r {
	case article.Contained:
		return article.Contains
	case article.Contains:
		return article.Contained
	}
	return r
}

// sharedArticles reads articles of a JSON Lines file beside the project, so many at
// most.
func sharedArticles(tb testing.TB, name string, most int) []*article.Article {
	tb.Helper()
	f, err := os.Open("../../../shared/data/neardup/" + name + ".jsonl.gz")
	if errors.Is(err, os.ErrNotExist) {
		tb.Skipf("%s is not beside the project", name)
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	d, err := corpus.NewLineDecoder(corpus.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	var all []*article.Article
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() && len(all) < most {
		var a article.Article
		if err := d.Decode(lines.Bytes(), &a); err != nil {
			tb.Fatal(err)
		}
		all = append(all, &article.Article{
			ID: strings.Clone(a.ID), Source: strings.Clone(a.Source), Text: strings.Clone(a.Text), Date: a.Date,
		})
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	if len(all) == 0 {
		tb.Fatalf("%s holds no articles", name)
	}
	return all
}
