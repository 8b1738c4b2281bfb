package filter_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"sync"
	"testing"

	"chaff/article"
	"chaff/filter"
	"chaff/filter/store"
)

func ExampleChecker() {
	dir, err := os.MkdirTemp("", "index")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	index, err := store.Open(dir, store.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer index.Close()
	checker := filter.NewChecker(filter.CheckerOptions{Index: index})

	for _, a := range []article.Article{
		{ID: "morning", Text: "The ferry to the island sails twice a day until the end of October."},
		{ID: "evening", Text: "The ferry to the island sails twice a day until the end of November."},
		{ID: "morning", Text: "The ferry to the island sails twice a day until the end of October."},
	} {
		r, err := checker.Submit(context.Background(), &a)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %s\n", a.ID, r.Verdict)
		for _, f := range r.Findings {
			fmt.Printf("  %s: %s of %s\n", f.Kind, f.Relation, f.Other.Article)
		}
	}
	// Output:
	// morning: accept
	// evening: reject
	//   near-duplicate: version of morning
	// morning: accept
}

const story = `The harbour office said on Tuesday that a second ferry would sail between the two islands from the first of June until the end of the season.

It leaves the old quay at seven in the morning and comes back at noon, and nobody has to book, because the ship carries three hundred people and forty bicycles.`

func open(t *testing.T) *store.Store {
	t.Helper()
	index, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { index.Close() })
	return index
}

func articles(t *testing.T, index *store.Store) int64 {
	t.Helper()
	s, err := index.Stats()
	if err != nil {
		t.Fatal(err)
	}
	return s.Articles
}

func TestOnlyAcceptedArticlesAreRemembered(t *testing.T) {
	index := open(t)
	c := filter.NewChecker(filter.CheckerOptions{Index: index})
	ctx := context.Background()
	twice := &article.Article{ID: "twice", Text: story + "\n\n" + story}
	for range 2 {
		r, err := c.Submit(ctx, twice)
		if err != nil || r.Verdict != filter.Review || r.Status != "" || len(r.Findings) != 1 || r.Findings[0].Kind != article.Repeat {
			t.Fatalf("an article that repeats itself: %+v, %v", r, err)
		}
	}
	once := &article.Article{ID: "once", Text: story}
	if r, err := c.Check(ctx, once); err != nil || r.Verdict != filter.Accept || articles(t, index) != 0 {
		t.Fatalf("a check: %+v, %v, %d articles in the index", r, err, articles(t, index))
	}
	if r, err := c.Submit(ctx, once); err != nil || r.Verdict != filter.Accept || r.Status != store.Added {
		t.Fatalf("a new article: %+v, %v", r, err)
	}
	r, err := c.Submit(ctx, twice)
	if err != nil || r.Verdict != filter.Reject || len(r.Findings) != 2 || articles(t, index) != 1 {
		t.Fatalf("a duplicate that repeats itself: %+v, %v, %d articles in the index", r, err, articles(t, index))
	}
	changed := &article.Article{ID: "once", Text: strings.Replace(story, "Tuesday", "Friday", 1)}
	if r, err := c.Submit(ctx, changed); err != nil || r.Verdict != filter.Accept || r.Status != store.Updated {
		t.Fatalf("a changed article: %+v, %v", r, err)
	}
}

func TestOfTwoNearCopiesOneIsAccepted(t *testing.T) {
	for round := range 30 {
		index := open(t)
		c := filter.NewChecker(filter.CheckerOptions{Index: index})
		results := make([]filter.Result, 4)
		var all sync.WaitGroup
		for i := range results {
			all.Go(func() {
				text := strings.Replace(story, "Tuesday", []string{"Monday", "Tuesday", "Wednesday", "Thursday"}[i], 1)
				var err error
				if results[i], err = c.Submit(context.Background(), &article.Article{ID: fmt.Sprint(i), Text: text}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		accepted := 0
		for _, r := range results {
			if r.Verdict == filter.Accept {
				accepted++
			}
		}
		if accepted != 1 || articles(t, index) != 1 {
			t.Fatalf("round %d: %d accepted, %d in the index: %+v", round, accepted, articles(t, index), results)
		}
	}
}

func TestCheckerWithoutIndex(t *testing.T) {
	c := filter.NewChecker(filter.CheckerOptions{})
	a := &article.Article{ID: "a", Text: story + "\n\n" + story}
	if r, err := c.Check(context.Background(), a); err != nil || r.Verdict != filter.Review {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := c.Submit(context.Background(), a); err == nil {
		t.Error("an article was submitted to no index")
	}
}
