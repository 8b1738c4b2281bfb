package dedupe

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"chaff/article"
	"chaff/shingle"
)

// furnishedArticles are articles with the same furniture and a paragraph of their own.
func furnishedArticles(n int, source string) []article.Article {
	rng := rand.New(rand.NewPCG(21, 22))
	footer := strings.Join(madeParagraphs(rng, 2), "\n\n")
	articles := make([]article.Article, n)
	for i := range articles {
		own := madeParagraphs(rng, 1)[0]
		articles[i] = article.Article{ID: fmt.Sprintf("a%02d", i), Source: source, Text: "By Ada Quill\n\n" + own + "\n\n" + footer}
	}
	return articles
}

func wordsOf(text string) *shingle.Words {
	w := new(shingle.Words)
	shingle.Tokenizer{}.Words(w, text)
	return w
}

// nearDuplicates searches the articles, whose furniture is counted if asked for.
func nearDuplicates(t *testing.T, articles []article.Article, counted bool) int {
	t.Helper()
	o := Options{Text: func(dst []byte, n int) ([]byte, error) { return append(dst, articles[n].Text...), nil }}
	if counted {
		o.Furniture = NewBlockCounter()
	}
	x, err := NewIndex(o)
	if err != nil {
		t.Fatal(err)
	}
	s := x.Sketcher()
	for _, a := range articles {
		w := wordsOf(a.Text)
		if counted {
			o.Furniture.Add(a.Source, a.Text, w, nil)
		}
		if _, err := x.AddSketch(Meta{ID: a.ID, Bytes: len(a.Text), Source: a.Source}, s.Sketch(w.Hash)); err != nil {
			t.Fatal(err)
		}
	}
	r, err := x.Search(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	linked := make(map[int]bool)
	for p := range r.Pairs() {
		if !p.Furniture {
			n++
			linked[p.A], linked[p.B] = true, true
		}
	}
	for _, c := range r.Clusters() {
		for _, m := range c.Members {
			if !linked[m.Article] || !linked[c.Representative] {
				t.Errorf("%d and %d are of one cluster", m.Article, c.Representative)
			}
		}
	}
	for _, c := range r.Contained() {
		if !linked[c.Article] {
			t.Errorf("%d is contained in %d", c.Article, c.Other)
		}
	}
	return n
}

func TestFurnitureIsNoNearDuplicate(t *testing.T) {
	articles := furnishedArticles(8, "courier")
	if n := nearDuplicates(t, articles, false); n == 0 {
		t.Fatal("without the furniture counted no two are alike, so that nothing is tested")
	}
	if n := nearDuplicates(t, articles, true); n != 0 {
		t.Errorf("%d pairs share no more than furniture", n)
	}
	// A version of one of them is one.
	copied := articles[3]
	copied.ID, copied.Text = "copy", strings.Replace(copied.Text, "x w", "x and w", 1)
	if n := nearDuplicates(t, append(articles, copied), true); n != 1 {
		t.Errorf("%d pairs with a version of an article, want 1", n)
	}
	// What stands in articles of different sources is no furniture of one.
	for i := range articles {
		articles[i].Source = fmt.Sprint(i)
	}
	if n := nearDuplicates(t, articles, true); n == 0 {
		t.Error("articles of different sources are not compared")
	}
}

// Many versions of one story are no furniture, though its paragraphs stand in all.
func TestVersionsAreNoFurniture(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	story := madeParagraphs(rng, 5)
	var articles []article.Article
	for i := range 9 {
		ps := slices.Clone(story)
		ps[i%5] = strings.Replace(ps[i%5], "x w", fmt.Sprintf("x edit%d w", i), 1)
		articles = append(articles, article.Article{ID: fmt.Sprint(i), Source: "courier", Text: strings.Join(ps, "\n\n")})
	}
	if n, want := nearDuplicates(t, articles, true), 9*8/2; n != want {
		t.Errorf("%d pairs of %d", n, want)
	}
}

// A count is never too low, and the same whatever the order and the goroutines.
func TestBlockCounter(t *testing.T) {
	articles := furnishedArticles(40, "courier")
	for workers := 1; workers <= 4; workers++ {
		c := NewBlockCounter()
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				var scratch []uint64
				for i := w; i < len(articles); i += workers {
					a := articles[len(articles)-1-i]
					scratch = c.Add(a.Source, a.Text+"\n\nBy Ada Quill", wordsOf(a.Text+"\n\nBy Ada Quill"), scratch)
				}
			})
		}
		wg.Wait()
		var n []int
		for _, block := range strings.Split(articles[0].Text, "\n\n") {
			n = append(n, c.Count("courier", wordsOf(block).Hash))
			if c.Count("elsewhere", wordsOf(block).Hash) != 0 {
				t.Errorf("%q is counted for another source", block)
			}
		}
		if !slices.Equal(n, []int{40, 1, 40, 40}) {
			t.Errorf("%d workers: counts %v", workers, n)
		}
	}
	if c := NewBlockCounter(); c.Count("", nil) != 0 || c.Count("", []uint64{7}) != 0 {
		t.Error("nothing and a single word are counted")
	}
}

func TestFurnitureList(t *testing.T) {
	articles := furnishedArticles(7, "courier")
	c := NewBlockCounter()
	for _, a := range articles {
		c.Add(a.Source, a.Text, wordsOf(a.Text), nil)
	}
	var lists [][]FurnitureBlock
	for range 3 {
		rand.Shuffle(len(articles), func(i, j int) { articles[i], articles[j] = articles[j], articles[i] })
		l := NewFurnitureList(c)
		for i := range articles {
			a := &articles[i]
			l.Add(a, a.Source, wordsOf(a.Text), i, true)
		}
		lists = append(lists, l.Blocks())
	}
	for _, blocks := range lists {
		if fmt.Sprint(blocks) != fmt.Sprint(lists[0]) {
			t.Errorf("the order of adding makes a difference: %v, %v", blocks, lists[0])
		}
	}
	if len(lists[0]) != 3 {
		t.Fatalf("%d blocks, want the byline and two paragraphs", len(lists[0]))
	}
	for _, b := range lists[0] {
		if b.Count != 7 || !slices.Equal(b.Articles, []string{"a00", "a01", "a02", "a03", "a04"}) || b.Source != "courier" {
			t.Errorf("%+v", b)
		}
	}
	// Versions of one text are one article.
	l := NewFurnitureList(c)
	for i := range articles {
		l.Add(&articles[i], "courier", wordsOf(articles[i].Text), i%2, false)
	}
	if blocks := l.Blocks(); len(blocks) != 0 {
		t.Errorf("two texts with their versions have furniture: %v", blocks)
	}
}
