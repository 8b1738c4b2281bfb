package dedupe

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"chaff/article"
	"chaff/shingle"
)

// naturalArticles reads the articles of a JSON Lines file beside the project.
func naturalArticles(b *testing.B, name string) (articles []article.Article, size int64) {
	b.Helper()
	f, err := os.Open("../../shared/data/" + name)
	if err != nil {
		b.Skipf("measuring needs %s beside the project", name)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		var rec struct{ ID, Text string }
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			b.Fatal(err)
		}
		articles = append(articles, article.Article{ID: rec.ID, Text: rec.Text})
		size += int64(len(rec.Text))
	}
	if len(articles) == 0 {
		b.Fatalf("no articles in %s", name)
	}
	return articles, size
}

// BenchmarkRepeats reads, tokenises and judges natural articles.
func BenchmarkRepeats(b *testing.B) {
	for _, name := range []string{"neardup/en-reuters.jsonl.gz", "clean/en-bbc.jsonl.gz", "offtopic/ja-livedoor.jsonl.gz", "neardup/zh-chinanews.jsonl.gz"} {
		b.Run(name, func(b *testing.B) {
			articles, size := naturalArticles(b, name)
			b.SetBytes(size)
			b.ReportAllocs()
			t := NewText(&articles[0], shingle.Tokenizer{}, 0)
			n := 0
			for b.Loop() {
				n = 0
				for i := range articles {
					t.Reset(&articles[i])
					n += len(Repeats(t, RepeatOptions{}))
				}
			}
			b.ReportMetric(float64(n), "findings")
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	articles, _ := naturalArticles(b, "clean/en-bbc.jsonl.gz")
	articles = articles[:200]
	texts := make([]*Text, len(articles))
	size := int64(0)
	for i := range articles {
		texts[i] = NewText(&articles[i], shingle.Tokenizer{}, 0)
		size += 2 * int64(len(articles[i].Text))
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for i := range texts {
			Match(texts[i], texts[(i+1)%len(texts)], MatchOptions{})
		}
	}
}
