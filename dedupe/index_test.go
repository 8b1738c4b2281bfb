package dedupe

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"chaff/article"
)

// shared reads the articles of a JSON Lines file beside the project.
func sharedArticles(tb testing.TB, name string) []article.Article {
	tb.Helper()
	f, err := os.Open("../../shared/data/" + name)
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
	var all []article.Article
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var rec struct{ ID, Text, Title, Date string }
		if err := json.Unmarshal(lines.Bytes(), &rec); err != nil {
			tb.Fatal(err)
		}
		a := article.Article{ID: rec.ID, Text: rec.Text, Title: rec.Title}
		for _, layout := range []string{"2-Jan-2006 15:04:05.00", "2006-1-2 15:04:05", "2006-1-2 15:04", "2006-1-2"} {
			if d, err := time.Parse(layout, rec.Date); err == nil {
				a.Date = d
				break
			}
		}
		all = append(all, a)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	if len(all) == 0 {
		tb.Fatalf("%s holds no articles", name)
	}
	return all
}

// newIndex returns an index of these articles.
func newIndex(tb interface {
	Helper()
	Fatal(...any)
}, o Options, articles []article.Article,
) *Index {
	tb.Helper()
	x, err := NewIndex(o)
	if err != nil {
		tb.Fatal(err)
	}
	for _, a := range articles {
		if _, err := x.Add(a); err != nil {
			tb.Fatal(err)
		}
	}
	return x
}

// prose returns a text of n words drawn from a vocabulary of the given size.
func prose(rng *rand.Rand, n, vocabulary int) []string {
	words := make([]string, n)
	for i := range words {
		words[i] = fmt.Sprintf("w%d", rng.IntN(vocabulary))
	}
	return words
}
