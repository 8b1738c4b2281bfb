package corpus

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever a file holds, it gives articles that are valid UTF-8 or a problem,
// and the same ones for any number of workers and, where the name tells the
// format, any size of chunks. read checks that Load gives the same.
func FuzzRead(f *testing.F) {
	record := `{"id":"a","text":"Some words."}`
	for i, data := range []string{
		"", " \n", "Some words.", "\ufeffMore", "\xff\xfeS\x00o\x00", "caf\xe9 au lait", "a\x00b", "\x1b$B!!\x1b(B",
		record, record + "\n{\n" + record, "\n\n" + record + "\r\n", gz(record + "\n" + record), gz("Some words.")[:20],
		gz(record) + "garbage", gz("\xfe\xff\x00S"), strings.Repeat("x", 300), strings.Repeat(record+"\n", 20),
	} {
		f.Add([]byte(data), byte(i))
	}
	names := []string{"a.txt", "a.jsonl", "a.jsonl.gz", "a.gz"}
	f.Fuzz(func(t *testing.T, data []byte, n byte) {
		name := names[int(n)%len(names)]
		dir := write(t, map[string]string{name: string(data)})
		all := []Options{{Workers: 1}, {Workers: 3}}
		if strings.Contains(name, "jsonl") {
			all = append(all, Options{Workers: 2, chunk: 8 + int(n)})
		}
		sameForAll(t, dir, data, all)
	})
}

// Containers, whole and damaged, keep the same promise.
func FuzzContainers(f *testing.F) {
	for _, file := range cutFiles() {
		f.Add([]byte(file.data))
		f.Add([]byte(file.data[:len(file.data)/2]))
	}
	for _, header := range []string{"Content-Encoding: br", "Content-Encoding: deflate", "Transfer-Encoding: chunked"} {
		f.Add([]byte(response("http://a/", "Content-Type: text/plain\r\n"+header+"\r\n", br("Some words."))))
	}
	f.Add([]byte(nested(3)))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := write(t, map[string]string{"a": string(data)})
		sameForAll(t, dir, data, []Options{{Workers: 1, MaxInflate: 1 << 20}, {Workers: 3, MaxInflate: 1 << 20}})
	})
}

// sameForAll reads dir, which holds data, in all these ways and fails unless
// there is an article or a problem, all articles are valid, and all ways agree.
func sameForAll(t *testing.T, dir string, data []byte, all []Options) {
	t.Helper()
	var first *found
	for _, opts := range all {
		opts.Keep, opts.MaxArticle = true, 200
		if opts.MaxInflate > 0 {
			opts.MaxArticle = 4 << 10
		}
		f := read(t, opts, dir)
		if len(f.articles)+len(f.problems) == 0 {
			t.Fatalf("%q gives neither an article nor a problem", data)
		}
		for _, a := range f.articles {
			if !utf8.ValidString(a.Text) || !utf8.ValidString(a.ID) || int64(len(a.Text)) > opts.MaxArticle {
				t.Fatalf("%q gives %+v", data, a)
			}
			for _, e := range a.Layout {
				if e.Start < 0 || e.End <= e.Start || e.End > len(a.Text) || !utf8.ValidString(e.In(a.Text)) || e.Links < 0 || e.Links > 1 {
					t.Fatalf("%q gives the element %+v of %q", data, e, a.Text)
				}
			}
		}
		if first == nil {
			first = f
		}
		same := slices.EqualFunc(f.problems, first.problems, func(p, q Problem) bool {
			return strings.TrimPrefix(p.Error(), dir) == strings.TrimPrefix(q.Error(), dir)
		})
		if !same || !sameArticles(f.articles, first.articles) || !slices.Equal(f.at, first.at) {
			t.Fatalf("%+v gives %+v and %v, else %+v and %v", opts, f.articles, f.problems, first.articles, first.problems)
		}
	}
}
