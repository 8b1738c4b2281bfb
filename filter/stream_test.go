package filter_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"chaff/article"
	"chaff/corpus"
	"chaff/filter"
	"chaff/filter/store"
)

func ExampleRun() {
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
	in := strings.NewReader(`{"id":"morning","text":"The ferry to the island sails twice a day until the end of October."}
{"id":"evening","text":"The ferry to the island sails twice a day until the end of November."}
`)
	var out bytes.Buffer
	_, err = filter.Run(context.Background(), in, &out, filter.StreamOptions{
		Checker: filter.NewChecker(filter.CheckerOptions{Index: index}),
	})
	if err != nil {
		log.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		_, added, _ := strings.Cut(line, `,"chaff":`)
		fmt.Println(added[:21])
	}
	// Output:
	// {"verdict":"accept","
	// {"verdict":"reject","
}

// stream returns lines that are hard to judge side by side: near-copies close to one
// another and far apart, ids used again with the same text and with another, a phrase
// that stands in hundreds of articles, and lines without an article.
func streamLines(seed uint64, n int) []string {
	rng := rand.New(rand.NewPCG(seed, 3))
	words := func(from, n int) []string {
		own := rand.New(rand.NewPCG(uint64(from), 4))
		w := make([]string, n)
		for i := range w {
			w[i] = string([]byte{'a' + byte(own.IntN(26)), 'a' + byte(own.IntN(26)), 'a' + byte(own.IntN(26))})
		}
		return w
	}
	lines := make([]string, n)
	for i := range lines {
		text := words(rng.IntN(n/2), 30+rng.IntN(2)*60)
		for range rng.IntN(12) {
			text[rng.IntN(len(text))] = "edited"
		}
		if rng.IntN(3) > 0 {
			text = append(text, strings.Fields("all rights reserved no part of this may be copied without the leave of the publisher")...)
		}
		line, err := json.Marshal(map[string]string{"id": fmt.Sprint(rng.IntN(n)), "text": strings.Join(text, " ")})
		if err != nil {
			panic(err)
		}
		lines[i] = string(line)
		if rng.IntN(40) == 0 {
			lines[i] = lines[i][:len(lines[i])/2]
		}
	}
	return lines
}

// oneByOne is what Run promises: the verdict and the findings of each line, when
// nothing else is under way.
func oneByOne(t *testing.T, lines []string) []string {
	t.Helper()
	c := filter.NewChecker(filter.CheckerOptions{Index: open(t)})
	d, err := corpus.NewLineDecoder(corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := make([]string, len(lines))
	for i, line := range lines {
		var a article.Article
		if err := d.Decode([]byte(line), &a); err != nil {
			continue
		}
		r, err := c.Submit(t.Context(), &a)
		if err != nil {
			t.Fatal(err)
		}
		want[i] = judged(t, r.Verdict, r.Findings)
	}
	return want
}

func judged(t *testing.T, v filter.Verdict, findings []article.Finding) string {
	t.Helper()
	b, err := json.Marshal(findings)
	if err != nil {
		t.Fatal(err)
	}
	if len(findings) == 0 {
		b = nil
	}
	return string(v) + " " + string(b)
}

// outcomes reads what Run wrote.
func outcomes(t *testing.T, out string) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(out) {
		var rec struct {
			Error string
			Chaff struct {
				Verdict  filter.Verdict
				Findings []article.Finding
			}
		}
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if rec.Error != "" {
			all = append(all, "")
			continue
		}
		all = append(all, judged(t, rec.Chaff.Verdict, rec.Chaff.Findings))
	}
	return all
}

func TestRunIsOneLineAfterTheOther(t *testing.T) {
	seeds, n := uint64(3), 700
	if testing.Short() {
		seeds, n = 1, 350
	}
	for seed := range seeds {
		lines := streamLines(seed, n)
		want := oneByOne(t, lines)
		verdicts := make(map[string]int)
		for _, w := range want {
			verdicts[strings.SplitN(w, " ", 2)[0]]++
		}
		if verdicts["accept"] < n/7 || verdicts["reject"] < n/7 || verdicts[""] == 0 {
			t.Fatalf("verdicts %v", verdicts)
		}
		for _, workers := range []int{1, 9} {
			var out bytes.Buffer
			c := filter.NewChecker(filter.CheckerOptions{Index: open(t)})
			s, err := filter.Run(t.Context(), strings.NewReader(strings.Join(lines, "\n")), &out, filter.StreamOptions{Checker: c, Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			if s.Lines != len(lines) || s.Accepted != verdicts["accept"] || s.Rejected != verdicts["reject"] || s.Bad != verdicts[""] {
				t.Errorf("seed %d, %d workers: %+v, want %v", seed, workers, s, verdicts)
			}
			got := outcomes(t, out.String())
			for i := range want {
				if i >= len(got) || got[i] != want[i] {
					t.Fatalf("seed %d, %d workers, line %d:\n%s\nwant\n%s", seed, workers, i+1, got[min(i, len(got)-1)], want[i])
				}
			}
		}
	}
}

// What is done is written though the input stays open; when the context ends, the line
// that was begun is left.
func TestRunWritesWhenIdle(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, feed := io.Pipe()
	read, out := io.Pipe()
	done := make(chan error, 1)
	var summary filter.Summary
	go func() {
		var err error
		c := filter.NewChecker(filter.CheckerOptions{Index: open(t)})
		summary, err = filter.Run(ctx, in, out, filter.StreamOptions{Checker: c})
		out.Close()
		done <- err
	}()
	lines := bufio.NewScanner(read)
	for i := range 5 {
		if _, err := fmt.Fprintf(feed, "{\"id\":%d,\"text\":\"the %d th line\"}\n", i, i*i); err != nil {
			t.Fatal(err)
		}
		if !lines.Scan() || !strings.Contains(lines.Text(), `"chaff"`) {
			t.Fatalf("line %d: %q, %v", i, lines.Text(), lines.Err())
		}
	}
	if _, err := fmt.Fprint(feed, `{"id":"begun","text":"`); err != nil {
		t.Fatal(err)
	}
	cancel()
	if lines.Scan() {
		t.Errorf("a line that was begun became %q", lines.Text())
	}
	if err := <-done; !errors.Is(err, context.Canceled) || summary.Lines != 5 {
		t.Errorf("%v after %d lines", err, summary.Lines)
	}
}

func TestRunEndsWithWhatFails(t *testing.T) {
	lines := strings.Join(streamLines(1, 300), "\n")
	full := errors.New("full")
	c := filter.NewChecker(filter.CheckerOptions{})
	if _, err := filter.Run(t.Context(), strings.NewReader(lines), failing{full}, filter.StreamOptions{Checker: c}); !errors.Is(err, full) {
		t.Errorf("writing: %v", err)
	}
	broken := io.MultiReader(strings.NewReader(lines), failing{full})
	if s, err := filter.Run(t.Context(), broken, io.Discard, filter.StreamOptions{Checker: c}); !errors.Is(err, full) || s.Lines != 299 {
		t.Errorf("reading: %v after %d lines", err, s.Lines)
	}
	index, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := index.Close(); err != nil {
		t.Fatal(err)
	}
	c = filter.NewChecker(filter.CheckerOptions{Index: index})
	if s, err := filter.Run(t.Context(), strings.NewReader(lines), io.Discard, filter.StreamOptions{Checker: c}); !errors.Is(err, store.ErrClosed) || s.Accepted > 0 {
		t.Errorf("index: %v after %+v", err, s)
	}
}

type failing struct{ error }

func (f failing) Write([]byte) (int, error) { return 0, f.error }
func (f failing) Read([]byte) (int, error)  { return 0, f.error }

func TestRunOnOddLines(t *testing.T) {
	long := strings.Repeat("x", 100)
	in := "\ufeff{\"id\":1,\"text\":\"a\"}\r\n\n \r\n" +
		"{\"id\":2,\"text\":\"" + long + "\"}\n" +
		"{\"id\":3,\"text\":\"b\xff\"}\n" +
		"{\"id\":4,\"text\":\"b\x00\"}\n" +
		"{\"id\":5,\"text\":\"" + long[:70] + "\"}\n" +
		"\ufeff{\"id\":6,\"text\":\"a\"}\n" +
		"{\"id\":7,\"text\":\"\\u00e9\\ud83d\\ude00\"}"
	want := "{\"id\":1,\"text\":\"a\",\"chaff\":{\"verdict\":\"accept\",\"findings\":[],\"cleaned\":\"a\"}}\r\n\n \r\n" +
		`{"error":"too large: a line of more than 100 bytes","line":4}` + "\n" +
		`{"error":"not UTF-8, and no other charset can be told","line":5}` + "\n" +
		`{"error":"not valid JSON: invalid character '\\x00' in string literal at byte 18 of the line","line":6}` + "\n" +
		`{"id":5,"text":"` + long[:70] + `","chaff":{"error":"too large: a text of 70 bytes"}}` + "\n" +
		`{"error":"not valid JSON: invalid character 'ï' looking for beginning of value at byte 1 of the line","line":8}` + "\n" +
		`{"id":7,"text":"\u00e9\ud83d\ude00","chaff":{"verdict":"accept","findings":[],"cleaned":"é😀"}}` + "\n"
	var out bytes.Buffer
	var told []int
	s, err := filter.Run(t.Context(), strings.NewReader(in), &out, filter.StreamOptions{
		Checker: filter.NewChecker(filter.CheckerOptions{}), Clean: true,
		Lines:   corpus.Options{MaxArticle: 50},
		Problem: func(line int, _ error) { told = append(told, line) },
	})
	if err != nil || out.String() != want {
		t.Errorf("%v; wrote\n%q\nwant\n%q", err, out.String(), want)
	}
	if s.Lines != 9 || s.Bad != 5 || s.Accepted != 2 || fmt.Sprint(told) != "[4 5 6 7 8]" {
		t.Errorf("%+v, told of %v", s, told)
	}
}
