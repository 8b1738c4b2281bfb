package serve

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"chaff/article"
	"chaff/filter"
	"chaff/filter/store"
)

// endless is a stream of records without an end that counts what is read of it.
type endless struct {
	n    int
	rest string
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		e.n++
		e.rest = fmt.Sprintf("{\"id\":%d,\"text\":%q}\n", e.n, strings.Repeat("word ", 20))
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// counting is a checker that accepts everything, and notes how often it was asked.
type counting chan struct{}

func (c counting) Check(context.Context, *article.Article) (filter.Result, error) {
	c <- struct{}{}
	return filter.Result{Verdict: filter.Accept}, nil
}

func (c counting) Begin(context.Context, *article.Article) (filter.Result, error) {
	panic("begin")
}

func (c counting) Prepare(context.Context, *article.Article) (*filter.Pending, error) {
	panic("prepare")
}

func (c counting) Explain(context.Context, *article.Article) (filter.Result, error) {
	panic("explain")
}

// Where answers are not taken no more lines are read than the window has room for.
func TestReadingWaitsForTheAnswers(t *testing.T) {
	index, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	synctest.Test(t, func(t *testing.T) {
		judged := make(counting, 1000)
		s := New(Options{Index: index, Checker: judged, Limits: Limits{Concurrency: 3}})
		in := new(endless)
		lines := &lineReader{in: bufio.NewReaderSize(in, 16), limit: 1000, await: func() error { return nil }}
		ctx, cancel := context.WithCancel(t.Context())
		pending := make(chan chan *BulkLine, window)
		go s.readLines(ctx, lines, false, pending)
		synctest.Wait()
		if in.n < window || in.n > window+2 || len(judged) != window {
			t.Errorf("%d lines were read and %d judged before an answer was taken, with a window of %d", in.n, len(judged), window)
		}
		for i := 1; i <= 100; i++ {
			if line := <-<-pending; line.Line != i || line.ID != fmt.Sprint(i) || line.Verdict != filter.Accept {
				t.Fatalf("answer %d: %+v", i, line)
			}
		}
		synctest.Wait()
		if in.n > 100+window+2 {
			t.Errorf("%d lines were read for 100 answers", in.n)
		}
		cancel()
	})
}

func TestLineReader(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "",
		"a":                       "a|",
		"a\n":                     "a|",
		"a\nbb\n\nc":              "a|bb||c|",
		"12345678\n123456789\nx":  "12345678|long|x|",
		"123456789":               "long|",
		"1234567890123456789\n\n": "long||",
	} {
		lines := &lineReader{in: bufio.NewReaderSize(strings.NewReader(in), 16), limit: 8, await: func() error { return nil }}
		got := ""
		for {
			line, err := lines.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if errors.Is(err, errLong) {
				line = []byte("long")
			} else if err != nil {
				t.Fatal(err)
			}
			got += string(line) + "|"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
