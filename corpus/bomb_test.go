package corpus

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"chaff/article"

	"github.com/klauspost/compress/gzip"
)

// A mebibyte of x, compressed by the commands.
const (
	bzippedMiB = "QlpoOTFBWSZTWe0tAGYACApAgIAEAEAACCAAMMwFSepxBgFAYB4u5IpwoSHaWgDM"
	xzedMiB    = "/Td6WFoAAAFpIt42AgAhARYAAAB0L+Wj7///ANldADxv+7/+o7Fe5fg/sqomVfhocEFwFQ+N/R5MG4pCtxn0aRhxrmYjiopNL6MN2X+m44wjEVPgWRjFdYrid/i2lH8MasDedElk4ulcU7IE2PdEDKtfDW1G6eXDdoi3llestk3haR1v+0uIEGxCy4g/XACP0E6vJiiUcR89jyThcJ6nI1/sKMuF0ZWYin4qkfIndfcZwAaYTZj92K/VkA/EJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1Iq9+SVJQAAAAAAMpw7FQAB8QGAgEAAb9Xu3D4wDYsCAAAAAAFZWg=="
)

// A few kilobytes that inflate to gigabytes are an error line, whatever they
// are, and take neither memory nor time.
func TestBombs(t *testing.T) {
	zeros := func(w io.Writer, n int, with byte) {
		block := []byte(strings.Repeat(string(rune(with)), 1<<20))
		for range n {
			if _, err := w.Write(block); err != nil {
				t.Fatal(err)
			}
		}
	}
	zipper := func(n int, with byte) string {
		var b strings.Builder
		w := gzip.NewWriter(&b)
		zeros(w, n, with)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	long := strings.Repeat("x", 1<<20)
	var same []row
	for i := range 200 {
		same = append(same, rowOf(fmt.Sprint(i), long))
	}
	page := "<html><body><p>" + strings.Repeat("<b>x</b>", 1<<18) + "</p></body></html>"
	type bare struct {
		Text string `parquet:"text"`
	}
	tests := []struct {
		name, file, data string
		err              error
		limit            int64
	}{
		{"text", "a.txt.gz", zipper(80, 'x'), ErrTooLarge, 0},
		{"zeros", "a.gz", zipper(80, 0), ErrBinary, 0},
		{"twice", "a.gz", gz(zipper(80, 'x')), ErrTooLarge, 0},
		{"lines", "a.jsonl.gz", zipper(80, '\n'), ErrInflates, 32 << 20},
		{"one line", "a.jsonl.gz", zipper(80, 'x'), ErrInflates, 32 << 20},
		{"zstd", "a.zst", zst(strings.Repeat("x", 80<<20)), ErrTooLarge, 0},
		{"zstd of lines", "a.jsonl.zst", zst(strings.Repeat("\n", 80<<20)), ErrInflates, 32 << 20},
		{"bzip2", "a.bz2", strings.Repeat(fromBase64(bzippedMiB), 80), ErrTooLarge, 0},
		{"bzip2 of one line", "a.jsonl.bz2", strings.Repeat(fromBase64(bzippedMiB), 40), ErrInflates, 32 << 20},
		{"xz", "a.xz", strings.Repeat(fromBase64(xzedMiB), 80), ErrTooLarge, 0},
		{"xz of one line", "a.jsonl.xz", strings.Repeat(fromBase64(xzedMiB), 80), ErrInflates, 32 << 20},
		{"member", "a", tarred(member{"b.gz", zipper(80, 'x')}), ErrTooLarge, 0},
		{"zip", "a", zipped(zip.Deflate, member{"b.txt", strings.Repeat("x", 32<<20)}), ErrTooLarge, 0},
		{"zip of lines", "a", zipped(zip.Deflate, member{"b.jsonl", strings.Repeat("\n", 40<<20)}), ErrInflates, 32 << 20},
		{"message", "a", response("http://a/", "Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", zipper(80, 'x')), ErrTooLarge, 0},
		{"Parquet", "a", parqueted(1000, same...), ErrInflates, 32 << 20},
		{"rows", "a", parqueted(1<<20, make([]bare, 1<<16)...), ErrInflates, 1 << 19},
		{"page", "a", gz(page), ErrTooLarge, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(write(t, map[string]string{test.file: test.data}), test.file)
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			c, err := Open([]string{path}, Options{Workers: 1, MaxArticle: 1 << 20, MaxInflate: test.limit, Keep: true, SpillDir: t.TempDir(), Problem: func(p Problem) {
				if errors.Is(p, ErrTooLarge) && !errors.Is(test.err, ErrTooLarge) { // a long line, before the end
					return
				}
				if !errors.Is(p, test.err) {
					t.Errorf("problem %v, want %v", p, test.err)
				}
				err := test.err
				test.err = nil
				if err == nil {
					t.Errorf("a second problem: %v", p)
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			f := drain(t, c)
			if test.err != nil {
				t.Errorf("no problem, but %d articles", f)
			}
			runtime.ReadMemStats(&after)
			// All that was ever allocated; a decoder has windows of some MiB.
			if got := after.TotalAlloc - before.TotalAlloc; got > 160<<20 {
				t.Errorf("%d MiB allocated", got>>20)
			}
		})
	}
}

func ignore(int, *article.Article, Position) error { return nil }

// drain reads c to its end and returns how many articles there are.
func drain(t *testing.T, c *Corpus) int64 {
	t.Helper()
	err := c.Read(t.Context(), ignore)
	if err != nil && !errors.Is(err, ErrNothing) {
		t.Error(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	return c.Progress().Articles
}

// A page of more elements than any has is refused before it is extracted.
func TestPageOfManyElements(t *testing.T) {
	for _, n := range []int{maxNodes - 10, maxNodes} {
		page := "<!DOCTYPE html><html><body>" + strings.Repeat("<br>", n) + "</body></html>"
		f := read(t, Options{HTML: Raw}, filepath.Join(write(t, map[string]string{"a.html": page}), "a.html"))
		if len(f.problems) != 1 || errors.Is(f.problems[0], ErrTooLarge) != (n == maxNodes) {
			t.Errorf("%d elements: problems %v", n, f.problems)
		}
	}
}

// What a file may inflate to by itself grows with the file, so that no size of
// honest text is refused.
func TestInflatesByRatio(t *testing.T) {
	o := &origin{read: 1 << 20}
	if err := o.inflate(freeInflate, 0); err != nil {
		t.Errorf("the first GiB is refused: %v", err)
	}
	if err := o.inflate(1, 0); !errors.Is(err, ErrInflates) {
		t.Errorf("a file inflates a thousandfold: %v", err)
	}
	o = &origin{read: 1 << 30}
	if err := o.inflate(freeRatio<<30, 0); err != nil {
		t.Errorf("a hundredfold is refused: %v", err)
	}
	if err := o.inflate(1, 0); !errors.Is(err, ErrInflates) {
		t.Errorf("more is not: %v", err)
	}
	o = new(origin)
	if err := o.inflate(11, 10); !errors.Is(err, ErrInflates) {
		t.Errorf("a limit given is not kept: %v", err)
	}
	// What came before is read.
	lines := strings.Repeat(`{"id":"x","text":"y"}`+"\n", 100000)
	f := read(t, Options{MaxInflate: 1 << 20}, filepath.Join(write(t, map[string]string{"a.gz": gz(lines)}), "a.gz"))
	if n := len(f.articles); n != 1<<20/22 || len(f.problems) != 1 || !errors.Is(f.problems[0], ErrInflates) {
		t.Errorf("%d articles, problems %v", n, f.problems)
	}
}

// An archive that can only be read from its end leaves no copy.
func TestCopiesAreRemoved(t *testing.T) {
	dir := write(t, map[string]string{"a.zip.gz": gz(zipped(zip.Deflate, member{"b.txt", "Some words."})), "b.parquet.gz": gz(parqueted(1, rowOf("p", "x")))})
	spill := t.TempDir()
	f := read(t, Options{Keep: true, SpillDir: spill}, dir)
	if !slices.Equal(f.ids(), []string{"a.zip.gz/b.txt", "p"}) {
		t.Errorf("read %q, problems %v", f.ids(), f.problems)
	}
	if left, err := os.ReadDir(spill); err != nil || len(left) > 0 {
		t.Errorf("%v is left, error %v", left, err)
	}
	c, err := Open([]string{dir}, Options{SpillDir: filepath.Join(spill, "nowhere")})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Read(t.Context(), ignore); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Read without a folder for copies gives %v", err)
	}
}
