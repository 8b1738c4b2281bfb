package corpus

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chaff/article"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// found is what one reading of a corpus gave.
type found struct {
	articles []article.Article // in reading order
	at       []Position
	problems []Problem // by path and line
	err      error
	corpus   *Corpus
}

func (f *found) ids() (ids []string) {
	for _, a := range f.articles {
		ids = append(ids, a.ID)
	}
	return ids
}

// clone copies what Read lends.
func clone(a *article.Article) article.Article {
	c := *a
	for _, s := range []*string{&c.ID, &c.Text, &c.Title, &c.URL, &c.Source, &c.Lang} {
		*s = strings.Clone(*s)
	}
	c.Layout = slices.Clone(c.Layout)
	return c
}

// sameArticles compares articles as a whole.
func sameArticles(a, b []article.Article) bool {
	return len(a) == len(b) && (len(a) == 0 || reflect.DeepEqual(a, b))
}

// read reads paths and loads every article again, which must give the same.
func read(t testing.TB, opts Options, paths ...string) *found {
	t.Helper()
	f := new(found)
	opts.Problem = func(p Problem) { f.problems = append(f.problems, p) }
	if opts.SpillDir == "" {
		opts.SpillDir = t.TempDir()
	}
	c, err := Open(paths, opts)
	if err != nil {
		f.err = err
		return f
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir(opts.SpillDir); len(left) > 0 {
			t.Errorf("the spool left %v", left)
		}
	})
	f.corpus = c
	var mu sync.Mutex
	type pair struct {
		a  article.Article
		at Position
	}
	var pairs []pair
	f.err = c.Read(context.Background(), func(_ int, a *article.Article, at Position) error {
		mu.Lock()
		defer mu.Unlock()
		pairs = append(pairs, pair{clone(a), at})
		return nil
	})
	slices.SortFunc(pairs, func(p, q pair) int { return p.at.Compare(q.at) })
	var buf Buffer
	for i, p := range pairs {
		if i > 0 && !pairs[i-1].at.Less(p.at) {
			t.Errorf("two articles at %v", p.at)
		}
		f.articles = append(f.articles, p.a)
		f.at = append(f.at, p.at)
		again, err := c.Load(p.at, &buf)
		switch {
		case err != nil && (opts.Keep || !errors.Is(err, ErrNotKept)):
			t.Errorf("Load of %s: %v", p.a.ID, err)
		case err == nil && !reflect.DeepEqual(*again, p.a):
			t.Errorf("Load gives %+v, Read gave %+v", *again, p.a)
		}
	}
	slices.SortFunc(f.problems, func(p, q Problem) int { return strings.Compare(p.Error(), q.Error()) })
	return f
}

// write puts files into a new folder.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func gz(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func TestFormats(t *testing.T) {
	record := `{"id":"r","text":"Some words.","date":"2006-01-02","lang":"en"}`
	utf16le := "\xff\xfeS\x00o\x00\r\x00\n\x00\xe9\x00"
	tests := []struct {
		name, file, data string
		id, text         string
		problem          error
		harmless         bool
		line             int
	}{
		{name: "text", file: "a.txt", data: "Some\r\nwords.\n", id: "a.txt", text: "Some\r\nwords.\n"},
		{name: "folder", file: "b/c/a", data: "Some words.", id: "b/c/a", text: "Some words."},
		{name: "mark", file: "a.txt", data: "\ufeffSome words.", id: "a.txt", text: "Some words."},
		{name: "two marks", file: "a.txt", data: "\ufeff\ufeffSome words.", id: "a.txt", text: "\ufeffSome words."},
		{name: "UTF-16", file: "a.txt", data: utf16le, id: "a.txt", text: "So\r\né"},
		{name: "UTF-16 big end first", file: "a.txt", data: "\xfe\xff\x00S\x4e\x2d", id: "a.txt", text: "S中"},
		{name: "gzip", file: "a.txt.gz", data: gz("Some words."), id: "a.txt.gz", text: "Some words."},
		{name: "gzip by content", file: "a.txt", data: gz("Some words."), id: "a.txt", text: "Some words."},
		{name: "members", file: "a.gz", data: gz("Some ") + gz("words."), id: "a.gz", text: "Some words."},
		{name: "record", file: "a.jsonl", data: record + "\n", id: "r", text: "Some words."},
		{name: "record without an end", file: "a.ndjson", data: record, id: "r", text: "Some words."},
		{name: "record by content", file: "a.txt", data: " \n\n" + record + "\r\n\n", id: "r", text: "Some words."},
		{name: "record with mark", file: "a.jsonl", data: "\ufeff" + record, id: "r", text: "Some words."},
		{name: "record in gzip", file: "a.JSONL.gz", data: gz(record), id: "r", text: "Some words."},
		{name: "record in UTF-16", file: "a.jsonl", data: "\xfe\xff" + wide(record), id: "r", text: "Some words."},
		{name: "mark in text", file: "a.jsonl", data: `{"id":1,"text":"\ufeffx\u0000"}`, id: "1", text: "\ufeffx\x00"},
		{name: "object over lines", file: "a.txt", data: "{\n \"id\": 1}", id: "a.txt", text: "{\n \"id\": 1}"},
		{name: "brace", file: "a.txt", data: "{{template}}", id: "a.txt", text: "{{template}}"},

		{name: "empty", file: "a.txt", data: "", problem: ErrEmpty, harmless: true},
		{name: "white", file: "a.txt", data: " \n\t\n", problem: ErrEmpty, harmless: true},
		{name: "only mark", file: "a.txt", data: "\ufeff\n", problem: ErrEmpty, harmless: true},
		{name: "empty lines", file: "a.jsonl", data: "\n \n", problem: ErrEmpty, harmless: true},
		{name: "empty gzip", file: "a.txt.gz", data: gz(""), problem: ErrEmpty, harmless: true},
		{name: "binary", file: "a.txt", data: "Some\x00words", problem: ErrBinary},
		{name: "binary late", file: "a.txt", data: strings.Repeat("a", chunkSize) + "\x00", problem: ErrBinary},
		{name: "control", file: "a.txt", data: "a\x01\x02\x03", problem: ErrBinary},
		{name: "noise", file: "a.txt", data: "\x80\x81\xfe\xff\x90\x8d", problem: ErrNotUTF8},
		{name: "no gzip", file: "a.txt", data: "\x1f\x8b", problem: ErrDamaged},
		{name: "large", file: "a.txt", data: strings.Repeat("a", 3<<20+1), problem: ErrTooLarge},
		{name: "large gzip", file: "a.txt", data: gz(strings.Repeat("a", 3<<20+1)), problem: ErrTooLarge},
		{name: "largest", file: "a.txt", data: strings.Repeat("a", 3<<20), id: "a.txt", text: strings.Repeat("a", 3<<20)},
		{name: "largest with mark", file: "a", data: "\ufeff" + strings.Repeat("a", 3<<20), id: "a", text: strings.Repeat("a", 3<<20)},
		{name: "large record", file: "a.jsonl", data: `{"id":1,"text":"` + strings.Repeat("a", 3<<20+1) + `"}`, problem: ErrTooLarge, line: 1},
		{name: "long line", file: "a.jsonl", data: "\n" + strings.Repeat("a", 6<<20+1), problem: ErrTooLarge, line: 2},
		{name: "no JSON", file: "a.jsonl", data: record + "\n\n{\"id\":\n", id: "r", text: "Some words.", problem: ErrNotJSON, line: 3},
		{name: "no object", file: "a.jsonl", data: "[]\n" + record, id: "r", text: "Some words.", problem: ErrNotObject, line: 1},
		{name: "no id", file: "a.jsonl", data: `{"text":"x"}`, problem: ErrNoID, line: 1},
		{name: "no text", file: "a.jsonl", data: `{"id":"x"}`, problem: ErrNoText, line: 1},
		{name: "record not UTF-8", file: "a.jsonl", data: "{\"id\":\"x\",\"text\":\"\xe9\"}", problem: ErrNotUTF8, line: 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := write(t, map[string]string{test.file: test.data})
			for _, workers := range []int{1, 4} {
				f := read(t, Options{Workers: workers, Keep: true, MaxArticle: 3 << 20}, dir)
				if test.id == "" {
					if !errors.Is(f.err, ErrNothing) || len(f.articles) > 0 {
						t.Errorf("error %v and articles %q, want none", f.err, f.ids())
					}
				} else if f.err != nil || len(f.articles) != 1 {
					t.Fatalf("error %v, articles %q, problems %v", f.err, f.ids(), f.problems)
				} else if a := f.articles[0]; a.ID != test.id || a.Text != test.text {
					t.Errorf("article %q with %d bytes %.40q, want %q with %d bytes", a.ID, len(a.Text), a.Text, test.id, len(test.text))
				} else if a.ID == "r" && (a.Lang != "en" || !a.Date.Equal(time.Date(2006, 1, 2, 0, 0, 0, 0, time.UTC))) {
					t.Errorf("article %+v lacks what its record says", a)
				}
				if test.problem == nil {
					if len(f.problems) > 0 {
						t.Errorf("problems %v", f.problems)
					}
					continue
				}
				if len(f.problems) != 1 {
					t.Fatalf("problems %v, want one", f.problems)
				}
				p := f.problems[0]
				if !errors.Is(p, test.problem) || p.Harmless != test.harmless || p.Line != test.line || p.Path != filepath.Join(dir, test.file) {
					t.Errorf("problem %+v, want %v in line %d", p, test.problem, test.line)
				}
			}
		})
	}
}

// wide returns ASCII as UTF-16, big end first.
func wide(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteByte(0)
		b.WriteByte(c)
	}
	return b.String()
}

func TestIDs(t *testing.T) {
	dir := write(t, map[string]string{"a/b.txt": "x", "a/.hidden": "x", ".h/c.txt": "x", "a/c/d.txt": "x", "e.txt": "x"})
	t.Chdir(dir)
	tests := []struct {
		paths []string
		want  []string
	}{
		{[]string{"."}, []string{"a/b.txt", "a/c/d.txt", "e.txt"}},
		{[]string{"a"}, []string{"b.txt", "c/d.txt"}},
		{[]string{"a/b.txt"}, []string{"b.txt"}},
		{[]string{".h"}, []string{"c.txt"}},
		{[]string{"a/.hidden"}, []string{".hidden"}},
		{[]string{"a/", "e.txt", "./a/c"}, []string{"a/b.txt", "a/c/d.txt", "e.txt", "./a/c/d.txt"}},
		{[]string{"e.txt", "e.txt"}, []string{"e.txt", "e.txt"}},
		{[]string{"none", "e.txt"}, []string{"e.txt"}},
	}
	for _, test := range tests {
		f := read(t, Options{Workers: 2}, test.paths...)
		if f.err != nil || !slices.Equal(f.ids(), test.want) {
			t.Errorf("%q gives %q (%v), want %q", test.paths, f.ids(), f.err, test.want)
		}
		if missing := slices.Contains(test.paths, "none"); missing != (len(f.problems) == 1 && errors.Is(f.problems[0], fs.ErrNotExist)) {
			t.Errorf("%q gives problems %v", test.paths, f.problems)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "e\xe9.txt"), []byte("x"), 0o666); err == nil {
		if f := read(t, Options{}, "."); !slices.Contains(f.ids(), "e\uFFFD.txt") {
			t.Errorf("a name that isn't UTF-8 gives %q", f.ids())
		}
	}
	_, err := Open([]string{"none"}, Options{})
	if !errors.Is(err, ErrNothing) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open of nothing fails with %v", err)
	}
}
