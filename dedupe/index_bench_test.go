package dedupe

import (
	"fmt"
	"testing"

	"chaff/article"
	"chaff/shingle"
)

func size(articles []article.Article) (n int64) {
	for _, a := range articles {
		n += int64(len(a.Text))
	}
	return n
}

func BenchmarkSketch(b *testing.B) {
	articles := sharedArticles(b, "neardup/en-rfc-5k.jsonl.gz")
	var words [][]uint64
	for _, a := range articles {
		var w shingle.Words
		shingle.Tokenizer{}.Words(&w, a.Text)
		words = append(words, w.Hash)
	}
	for _, engine := range []shingle.Engine{shingle.OPH, shingle.MinWise} {
		for _, c := range []float64{NoContainment, DefaultContainment} {
			b.Run(fmt.Sprintf("%s/C=%v", engine, c), func(b *testing.B) {
				s := newIndex(b, Options{Engine: engine, Containment: c}, nil).Sketcher()
				b.SetBytes(size(articles))
				b.ReportAllocs()
				for b.Loop() {
					for _, w := range words {
						s.Sketch(w)
					}
				}
			})
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	articles := sharedArticles(b, "neardup/en-rfc-5k.jsonl.gz")
	for _, o := range []Options{
		{Jaccard: 0.8, Containment: NoContainment},
		{Containment: NoContainment},
		{},
	} {
		b.Run(fmt.Sprintf("J=%v,C=%v", o.Jaccard, o.Containment), func(b *testing.B) {
			x := newIndex(b, o, articles)
			b.SetBytes(size(articles))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := x.Search(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkQuery(b *testing.B) {
	articles := sharedArticles(b, "neardup/en-rfc-5k.jsonl.gz")
	x := newIndex(b, Options{}, articles)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := x.Query(articles[i%len(articles)]); err != nil {
			b.Fatal(err)
		}
	}
}
