package bench

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"chaff/article"
	"chaff/corpus"
	"chaff/scan"
)

const (
	pagesFile   = shared + "html/wcxb-dev-300.warc.gz"
	pagesTruth  = shared + "offtopic/en-wcxb-dev.jsonl.gz"
	pagesGolden = "pages.golden"
)

// TestPages measures what chaff finds in pages of HTML: in the main content what
// the extractor left there, in all visible blocks how much of what is no article.
// The truth is the article's text as people marked it, for 214 of the 300 pages.
func TestPages(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	truth := bodies(t)
	var lines []string
	for _, mode := range []corpus.HTML{corpus.Main, corpus.Raw} {
		lines = append(lines, fmt.Sprintf("%s\t%s", mode, pagesFigures(t, mode, truth)))
	}
	got := strings.Join(lines, "\n") + "\n"
	want, err := os.ReadFile(pagesGolden)
	if err != nil && !*update {
		t.Fatal(err)
	}
	t.Log("\n" + got)
	if *update {
		if err := os.WriteFile(pagesGolden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if got != string(want) {
		t.Errorf("the figures are\n%swere\n%sIf that is right: go test ./bench -run Pages -update", got, want)
	}
}

// bodies returns the articles of pages as people marked them, by address, as
// letters and digits alone.
func bodies(t *testing.T) map[string]string {
	if _, err := os.Stat(pagesTruth); err != nil {
		t.Skip("no pages to measure on: ", err)
	}
	type marked struct {
		URL, Text string
		Spans     []article.Span
	}
	all := make(map[string]string)
	for page := range records[marked](t, pagesTruth) {
		var body strings.Builder
		at := 0
		for _, s := range page.Spans {
			body.WriteString(page.Text[at:max(at, s.Start)])
			at = max(at, s.End)
		}
		all[page.URL] = letters(body.String() + page.Text[at:])
	}
	return all
}

// letters returns the letters and digits of s, small.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// minLetters is how many letters and digits a block has at least that is held
// against the truth: shorter ones ("Home") stand in most articles by chance.
const minLetters = 20

func pagesFigures(t *testing.T, mode corpus.HTML, truth map[string]string) string {
	c, err := corpus.Open([]string{pagesFile}, corpus.Options{Keep: true, HTML: mode})
	if err != nil {
		t.Skip("no pages to measure on: ", err)
	}
	defer c.Close()
	var mu sync.Mutex
	count := make(map[string]int)
	flagged := make(map[corpus.Position][]article.Span)
	summary, err := scan.Run(context.Background(), c, scan.Options{Kinds: []article.Kind{article.Repeat, article.OffTopic}}, func(f article.Finding, at corpus.Position) error {
		mu.Lock()
		defer mu.Unlock()
		if f.Kind == article.Repeat {
			count["repeat"]++
		} else if f.Tier.AtLeast(article.Likely) {
			count[string(f.Label)]++
			flagged[at] = append(flagged[at], *f.Span)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// Read once more, for the blocks.
	again, err := corpus.Open([]string{pagesFile}, corpus.Options{HTML: mode})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	var pages, blocks, outside, found, right, bytes, bytesRight int
	err = again.Read(context.Background(), func(_ int, a *article.Article, at corpus.Position) error {
		body, known := truth[a.URL]
		if !known {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		pages++
		for _, e := range a.Layout {
			block := letters(e.In(a.Text))
			if len(block) < minLetters {
				continue
			}
			blocks++
			out := !strings.Contains(body, block)
			if out {
				outside++
			}
			if !slices.ContainsFunc(flagged[at], func(s article.Span) bool { return s.Contains(e.Span) }) {
				continue
			}
			found++
			bytes += e.Len()
			if out {
				right++
				bytesRight += e.Len()
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("of %d pages, findings repeat %d advertisement %d boilerplate %d foreign %d; with truth %d: blocks %d, outside %d, found %d, precision %.3f (of bytes %.3f), recall %.3f",
		summary.Articles, count["repeat"], count["advertisement"], count["boilerplate"], count["foreign"],
		pages, blocks, outside, found, float64(right)/float64(found), float64(bytesRight)/float64(bytes), float64(right)/float64(outside))
}
