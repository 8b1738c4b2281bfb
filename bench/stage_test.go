package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
	"chaff/internal/cases"
	"chaff/offtopic"
	"chaff/scan"
	"chaff/shingle"
)

// reuters is what the stages are measured on where it stands beside the project;
// elsewhere they are measured on the project's own cases.
const reuters = "../../shared/data/neardup/en-reuters.jsonl.gz"

// articles returns the texts to measure on, and how many bytes they have.
func articles(b *testing.B) (all []*article.Article, size int64) {
	b.Helper()
	add := func(a *article.Article) {
		all = append(all, a)
		size += int64(len(a.Text))
	}
	if _, err := os.Stat(reuters); err != nil {
		own, err := cases.Load("../testdata/repeats")
		if err != nil {
			b.Fatal(err)
		}
		for i := range 20 { // enough that a run takes a while
			for _, c := range own {
				add(&article.Article{ID: fmt.Sprint(c.Name, i), Text: c.Text})
			}
		}
		return all, size
	}
	c, err := corpus.Open([]string{reuters}, corpus.Options{Workers: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	err = c.Read(context.Background(), func(_ int, a *article.Article, _ corpus.Position) error {
		add(&article.Article{ID: strings.Clone(a.ID), Text: strings.Clone(a.Text), Date: a.Date})
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return all, size
}

// eachArticle measures work on every article.
func eachArticle(b *testing.B, work func(*article.Article)) {
	all, size := articles(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, a := range all {
			work(a)
		}
	}
}

func BenchmarkWords(b *testing.B) {
	var w shingle.Words
	eachArticle(b, func(a *article.Article) {
		w.Reset()
		shingle.Tokenizer{}.Words(&w, a.Text)
	})
}

func BenchmarkSketch(b *testing.B) {
	for _, engine := range []shingle.Engine{shingle.OPH, shingle.MinWise} {
		b.Run(string(engine), func(b *testing.B) {
			x, err := dedupe.NewIndex(dedupe.Options{Engine: engine})
			if err != nil {
				b.Fatal(err)
			}
			var w shingle.Words
			s := x.Sketcher()
			eachArticle(b, func(a *article.Article) {
				w.Reset()
				shingle.Tokenizer{}.Words(&w, a.Text)
				s.Sketch(w.Hash)
			})
		})
	}
}

func BenchmarkRepeats(b *testing.B) {
	t := dedupe.NewText(new(article.Article), shingle.Tokenizer{}, 0)
	eachArticle(b, func(a *article.Article) {
		t.Reset(a)
		dedupe.Repeats(t, dedupe.RepeatOptions{})
	})
}

func BenchmarkMatch(b *testing.B) {
	one := dedupe.NewText(new(article.Article), shingle.Tokenizer{}, 0)
	two := dedupe.NewText(new(article.Article), shingle.Tokenizer{}, 0)
	last := new(article.Article)
	eachArticle(b, func(a *article.Article) {
		one.Reset(last)
		two.Reset(a)
		dedupe.Match(one, two, dedupe.MatchOptions{})
		last = a
	})
}

func BenchmarkOffTopic(b *testing.B) {
	d := offtopic.NewDetector(offtopic.Options{})
	eachArticle(b, func(a *article.Article) { d.Find(a) })
}

// BenchmarkSearch measures the comparison alone, with all articles sketched.
func BenchmarkSearch(b *testing.B) {
	all, size := articles(b)
	x, err := dedupe.NewIndex(dedupe.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for _, a := range all {
		if _, err := x.Add(*a); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := x.Search(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScan measures the whole way from a file to findings, for each kind
// alone and for all together.
func BenchmarkScan(b *testing.B) {
	all, size := articles(b)
	file := filepath.Join(b.TempDir(), "articles.jsonl")
	if err := os.WriteFile(file, jsonLines(all), 0o600); err != nil {
		b.Fatal(err)
	}
	kinds := map[string][]article.Kind{"all": nil}
	for _, k := range article.Kinds {
		kinds[string(k)] = []article.Kind{k}
	}
	for _, name := range []string{"all", string(article.Repeat), string(article.NearDuplicate), string(article.OffTopic)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				c, err := corpus.Open([]string{file}, corpus.Options{Keep: true})
				if err != nil {
					b.Fatal(err)
				}
				o := scan.Options{Kinds: kinds[name]}
				if _, err := scan.Run(context.Background(), c, o, func(article.Finding, corpus.Position) error { return nil }); err != nil {
					b.Fatal(err)
				}
				if err := c.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	all, size := articles(b)
	file := filepath.Join(b.TempDir(), "articles.jsonl")
	if err := os.WriteFile(file, jsonLines(all), 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		c, err := corpus.Open([]string{file}, corpus.Options{Workers: 1})
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Read(context.Background(), func(int, *article.Article, corpus.Position) error { return nil }); err != nil {
			b.Fatal(err)
		}
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
