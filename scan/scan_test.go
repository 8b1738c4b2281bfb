package scan_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"chaff/article"
	"chaff/corpus"
	"chaff/scan"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// found is what a scan gave, in order.
type found struct {
	findings []article.Finding
	pairs    []string
	summary  scan.Summary
}

// run scans paths.
func run(t testing.TB, paths []string, workers int, o scan.Options) found {
	t.Helper()
	c, err := corpus.Open(paths, corpus.Options{Workers: workers, Keep: true, SpillDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var f found
	var mu sync.Mutex
	o.Workers = workers
	o.Pairs = func(p scan.Pair) error {
		f.pairs = append(f.pairs, fmt.Sprintf("%s %s %.4f %.4f", p.A, p.B, p.Jaccard, p.Containment))
		return nil
	}
	o.Problem = func(err error) { t.Error(err) }
	f.summary, err = scan.Run(context.Background(), c, o, func(g article.Finding, at corpus.Position) error {
		a, err := c.Load(at, new(corpus.Buffer))
		if err != nil {
			return err
		}
		if a.ID != g.Article || g.Span != nil && g.Span.In(a.Text) != g.Text {
			t.Errorf("%v is not where %+v was found", at, g)
		}
		mu.Lock()
		defer mu.Unlock()
		f.findings = append(f.findings, g)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(f.findings, func(a, b article.Finding) int { return a.Compare(&b) })
	return f
}

func (f *found) json(t testing.TB) string {
	var b strings.Builder
	for _, g := range f.findings {
		line, err := json.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	return b.String()
}

// prose makes sentences of a small invented vocabulary.
func prose(rnd *rand.Rand, words int) string {
	var b strings.Builder
	for i := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		for range 3 + rnd.IntN(2) {
			b.WriteString([]string{"ka", "mo", "ri", "ten", "sul", "va", "pe", "dor", "li", "gan"}[rnd.IntN(10)])
		}
		if i%11 == 10 {
			b.WriteByte('.')
		}
	}
	return b.String() + "."
}

func paragraphs(rnd *rand.Rand, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = prose(rnd, 30+rnd.IntN(40))
	}
	return all
}

func write(t testing.TB, dir string, articles map[string]string) {
	t.Helper()
	for name, text := range articles {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// corpusOf is a folder with every kind of duplicate in it.
func corpusOf(rnd *rand.Rand) map[string]string {
	articles := make(map[string]string)
	notice := prose(rnd, 25)
	for i := range 30 {
		ps := paragraphs(rnd, 4+rnd.IntN(4))
		if i%3 == 0 {
			ps = append(ps, notice)
		}
		if i%5 == 0 {
			ps = append(ps, ps[1])
		}
		name := fmt.Sprintf("%c/%d.txt", 'a'+i%4, i)
		articles[name] = strings.Join(ps, "\n\n")
		if i%6 == 0 {
			articles["copy-"+name] = strings.Join(ps[:len(ps)-1], "\n") + "\nAn added line."
		}
	}
	return articles
}

// What is found depends on the articles alone: not on the number of workers, on
// the kind of file they stand in, or on the order they are read in.
func TestSameForAnyOrder(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	articles := corpusOf(rnd)
	dir := t.TempDir()
	write(t, dir, articles)
	want := run(t, []string{dir}, 1, scan.Options{})
	if len(want.findings) < 10 || len(want.pairs) < 5 {
		t.Fatalf("%d findings and %d pairs", len(want.findings), len(want.pairs))
	}
	ids := make([]string, 0, len(articles))
	for id := range articles {
		ids = append(ids, id)
	}
	for workers := 1; workers <= 5; workers += 2 {
		slices.Sort(ids)
		rnd.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		file := filepath.Join(t.TempDir(), "all.jsonl")
		var b strings.Builder
		for _, id := range ids {
			line, err := json.Marshal(map[string]string{"id": id, "text": articles[id]})
			if err != nil {
				t.Fatal(err)
			}
			b.Write(line)
			b.WriteByte('\n')
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{dir, file} {
			got := run(t, []string{path}, workers, scan.Options{})
			if g, w := got.json(t), want.json(t); g != w {
				t.Fatalf("%d workers on %s:\n%s\none worker on the folder:\n%s", workers, filepath.Base(path), g, w)
			}
			if !slices.Equal(got.pairs, want.pairs) {
				t.Fatalf("%d workers on %s: pairs %q, want %q", workers, filepath.Base(path), got.pairs, want.pairs)
			}
		}
	}
}

// An added copy is found, wherever it stands, and spans lie in the texts.
func TestAddedCopyIsFound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		ps := paragraphs(rnd, 6)
		from := rapid.IntRange(0, 5).Draw(rt, "from")
		to := rapid.IntRange(from+1, 6).Draw(rt, "to")
		repeated := slices.Insert(slices.Clone(ps), to, ps[from])
		dir := t.TempDir()
		articles := map[string]string{
			"original.txt": strings.Join(ps, "\n\n"),
			"repeated.txt": strings.Join(repeated, "\n\n"),
			"other.txt":    strings.Join(paragraphs(rnd, 5), "\n\n"),
		}
		write(t, dir, articles)
		got := run(t, []string{dir}, 2, scan.Options{Kinds: []article.Kind{article.Repeat, article.NearDuplicate}})
		repeat, near := false, false
		for _, f := range got.findings {
			text := articles[f.Article]
			check := func(s article.Span, in string) {
				if s.Start < 0 || s.End > len(in) || s.Len() <= 0 || !utf8.ValidString(s.In(in)) {
					rt.Fatalf("span %v of %s", s, f.Article)
				}
			}
			switch f.Kind {
			case article.Repeat:
				check(*f.Span, text)
				check(*f.Other.Span, text)
				repeat = repeat || f.Article == "repeated.txt" && f.Text == ps[from] && f.Span.In(text) == ps[from]
			case article.NearDuplicate:
				for _, s := range f.Shared {
					check(s.Span, text)
					check(s.Other, articles[f.Other.Article])
				}
				near = near || f.Article != "other.txt" && f.Other.Article != "other.txt"
			case article.OffTopic:
				rt.Fatal("off-topic content was not asked for")
			}
		}
		if !repeat || !near || len(got.pairs) != 1 {
			rt.Fatalf("repeat %v, near-duplicate %v, pairs %v", repeat, near, got.pairs)
		}
	})
}

// onTopic makes paragraphs that draw on few words, as those on one subject do.
func onTopic(rnd *rand.Rand, n int) []string {
	subject := strings.Fields(prose(rnd, 60))
	all := make([]string, n)
	for i := range all {
		words := make([]string, 40)
		for j := range words {
			words[j] = subject[rnd.IntN(len(subject))]
		}
		all[i] = strings.Join(words, " ") + "."
	}
	return all
}

// A paragraph that stands in an unrelated article as well is a graft where it has
// nothing to do with its own; one that a version of the article shares is not.
func TestCorpusIsAWitness(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	one, two := onTopic(rnd, 7), onTopic(rnd, 7)
	grafted := slices.Insert(slices.Clone(one), 4, two[3])
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"grafted.txt": strings.Join(grafted, "\n\n"),
		"version.txt": strings.Join(one[1:], "\n\n"),
		"source.txt":  strings.Join(two, "\n\n"),
	})
	got := run(t, []string{dir}, 2, scan.Options{Kinds: []article.Kind{article.OffTopic}})
	hit := false
	for _, f := range got.findings {
		if f.Tier.AtLeast(article.Likely) && f.Article != "grafted.txt" {
			t.Errorf("told of %s: %q", f.Article, f.Text)
		}
		hit = hit || f.Article == "grafted.txt" && f.Text == two[3]
	}
	if !hit {
		t.Errorf("the graft is not told: %v", got.json(t))
	}
}

func TestErrorsEndTheScan(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, corpusOf(rand.New(rand.NewPCG(3, 3))))
	open := func() *corpus.Corpus {
		c, err := corpus.Open([]string{dir}, corpus.Options{Keep: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	full := errors.New("full")
	_, err := scan.Run(context.Background(), open(), scan.Options{}, func(article.Finding, corpus.Position) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("emit fails: %v", err)
	}
	_, err = scan.Run(context.Background(), open(), scan.Options{Pairs: func(scan.Pair) error { return full }},
		func(article.Finding, corpus.Position) error { return nil })
	if !errors.Is(err, full) {
		t.Errorf("pairs fail: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err = scan.Run(ctx, open(), scan.Options{}, func(article.Finding, corpus.Position) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err = scan.Run(context.Background(), open(), scan.Options{Jaccard: 2}, func(article.Finding, corpus.Position) error { return nil }); err == nil {
		t.Error("a threshold of 2 is taken")
	}
}

// An article that is gone when it is needed again is told and costs nothing else.
func TestVanishedArticle(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, corpusOf(rand.New(rand.NewPCG(3, 4))))
	c, err := corpus.Open([]string{dir}, corpus.Options{Workers: 1, Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var problems []error
	findings := 0
	_, err = scan.Run(context.Background(), c, scan.Options{
		Workers: 1,
		Pairs:   func(scan.Pair) error { return os.RemoveAll(filepath.Join(dir, "a")) },
		Problem: func(err error) { problems = append(problems, err) },
	}, func(article.Finding, corpus.Position) error {
		findings++
		return nil
	})
	if err != nil || len(problems) == 0 || findings == 0 {
		t.Errorf("%v; %d problems, %d findings", err, len(problems), findings)
	}
	for _, p := range problems {
		if !errors.Is(p, os.ErrNotExist) {
			t.Error(p)
		}
	}
}

// Which of several copies that share an id stands for the others doesn't depend on
// who reads them: it is the first.
func TestCopiesOfOneID(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	var lines strings.Builder
	for range 100 {
		text, err := json.Marshal(strings.Join(paragraphs(rnd, 30), "\n\n"))
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			fmt.Fprintf(&lines, `{"id":"one","text":%s}`+"\n", text)
		}
	}
	path := filepath.Join(t.TempDir(), "a.jsonl")
	if err := os.WriteFile(path, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{1, 4} {
		c, err := corpus.Open([]string{path}, corpus.Options{Workers: workers, Keep: true})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		var mu sync.Mutex
		told := make(map[corpus.Position]bool)
		kinds := []article.Kind{article.NearDuplicate}
		_, err = scan.Run(context.Background(), c, scan.Options{Kinds: kinds, Workers: workers}, func(_ article.Finding, at corpus.Position) error {
			mu.Lock()
			defer mu.Unlock()
			told[at] = true
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		at := positions(t, path)
		for i, p := range at {
			if told[p] != (i%3 > 0) {
				t.Errorf("%d workers: article %d: told: %v", workers, i, told[p])
			}
		}
		if len(at) != 300 {
			t.Errorf("%d articles", len(at))
		}
	}
}

// positions returns where the articles of a file stand, in order.
func positions(t *testing.T, path string) (at []corpus.Position) {
	t.Helper()
	c, err := corpus.Open([]string{path}, corpus.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = c.Read(context.Background(), func(_ int, _ *article.Article, p corpus.Position) error {
		at = append(at, p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(at, corpus.Position.Compare)
	return at
}

// FuzzScan runs the whole way on two articles of any bytes: nothing panics, and
// what is told lies in the articles' text.
func FuzzScan(f *testing.F) {
	rnd := rand.New(rand.NewPCG(9, 9))
	p := strings.Join(paragraphs(rnd, 3), "\n\n")
	f.Add([]byte(p+"\n\n"+p), []byte(p))
	f.Add([]byte(`{"id":"x","text":"`+strings.ReplaceAll(p, "\n", `\n`)+`"}`), []byte(p+"\n\nBook now! Call 555-0100 or visit www.example.com for 20 % off.\n"))
	f.Add([]byte("東京都は"+strings.Repeat("新しい駅を開いた。", 30)), []byte("\xff\xfe\x00bad"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		dir := t.TempDir()
		write(t, dir, map[string]string{"a.txt": string(a), "b.txt": string(b)})
		texts := make(map[string][]string)
		c, err := corpus.Open([]string{dir}, corpus.Options{Keep: true})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		err = c.Read(context.Background(), func(_ int, a *article.Article, _ corpus.Position) error {
			mu.Lock()
			defer mu.Unlock()
			id := strings.Clone(a.ID)
			texts[id] = append(texts[id], strings.Clone(a.Text))
			return nil
		})
		c.Close()
		if err != nil {
			return // nothing to read
		}
		got := run(t, []string{dir}, 2, scan.Options{})
		for _, f := range got.findings {
			if f.Span == nil {
				continue
			}
			if !slices.ContainsFunc(texts[f.Article], func(text string) bool {
				return f.Span.End <= len(text) && f.Span.In(text) == f.Text
			}) {
				t.Fatalf("%s %v is not %q", f.Article, f.Span, f.Text)
			}
		}
	})
}
