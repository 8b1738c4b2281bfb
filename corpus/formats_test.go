package corpus

import (
	"archive/zip"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// want is an article that must come out, and problem a Problem by what follows
// the folder in its path.
type want struct{ id, text string }

type wrong struct {
	path     string
	err      error
	harmless bool
}

func TestContainers(t *testing.T) {
	three := []want{{"1", "The bridge was closed on Monday."}, {"2", "It opened again a week later."}, {"3", "Nobody had noticed."}}
	page := htmlPage("The mill is sold", mill...)
	text := "Some words."
	tests := []struct {
		name, file, data string
		want             []want
		wrong            []wrong
	}{
		{name: "zstd", file: "a", data: zst(threeRecords), want: three},
		{name: "zstd frames", file: "a.jsonl.zst", data: zst(threeRecords[:60]) + zst(threeRecords[60:]), want: three},
		{name: "zstd frame to skip", file: "a", data: "\x50\x2a\x4d\x18\x04\x00\x00\x00skip" + zst(threeRecords), want: three},
		{name: "bzip2 members", file: "a", data: bzipped(), want: three},
		{name: "xz", file: "a", data: xzed(threeRecords), want: three},
		{name: "xz streams", file: "a", data: xzed(threeRecords[:70]) + xzed(threeRecords[70:]), want: three},
		{name: "gzip in zstd in xz", file: "a", data: xzed(zst(gz(threeRecords))), want: three},
		{name: "text in xz", file: "a.txt.xz", data: xzed(text), want: []want{{"a.txt.xz", text}}},
		{name: "empty xz", file: "a.xz", data: xzed(""), wrong: []wrong{{"a.xz", ErrEmpty, true}}},

		{
			name: "tar", file: "a.tar", data: tarred(
				member{"./b/", ""}, member{"./b/c.txt", text}, member{"b/d.jsonl", threeRecords}, member{"b/e.html", page},
				member{"b/c.txt", "Another."}, member{"b/c.txt", "One more."}, member{".git/x", "Hidden."}, member{"f.gz", gz(text)}),
			want: slices.Concat([]want{{"a.tar/b/c.txt", text}}, three, []want{
				{"a.tar/b/e.html", "The mill is sold\n\n" + plainMill()}, {"a.tar/b/c.txt#2", "Another."}, {"a.tar/b/c.txt#3", "One more."}, {"a.tar/f.gz", text},
			}),
		},
		{name: "tar in gzip", file: "x/a.tgz", data: gz(tarred(member{"b.txt", text})), want: []want{{"x/a.tgz/b.txt", text}}},
		{name: "empty tar", file: "a.tar", data: tarred(member{"b/", ""}), wrong: []wrong{{"a.tar", ErrNoArticle, true}}},
		{
			name: "bad member", file: "a.tar", data: tarred(member{"b.txt", "a\x00b"}, member{"c.gz", gz(text)[:10]}, member{"d.txt", text}, member{"e", ""}),
			want: []want{{"a.tar/d.txt", text}}, wrong: []wrong{{"a.tar/b.txt", ErrBinary, false}, {"a.tar/c.gz", ErrDamaged, false}, {"a.tar/e", ErrEmpty, true}},
		},

		{
			name: "zip", file: "a.zip", data: zipped(zip.Deflate, member{"b/c.txt", text}, member{`b\d.jsonl`, threeRecords}, member{"__MACOSX/x", "No."}),
			want: append([]want{{"a.zip/b/c.txt", text}}, three...),
		},
		{name: "stored", file: "a", data: zipped(zip.Store, member{"b.txt", text}), want: []want{{"a/b.txt", text}}},
		{name: "zip in gzip in tar", file: "a", data: tarred(member{"b", gz(zipped(zip.Deflate, member{"c.txt", text}))}), want: []want{{"a/b/c.txt", text}}},
		{name: "empty zip", file: "a", data: zipped(zip.Store), wrong: []wrong{{"a", ErrNoArticle, true}}},

		{
			name: "WET", file: "a.warc.wet.gz", data: gz(warcRecord("warcinfo", "", "software: x\r\n")) + gz(conversion("http://a/", text)) + gz(conversion("http://b/", "Ünï.")),
			want: []want{{"a.warc.wet.gz#2", text}, {"a.warc.wet.gz#3", "Ünï."}},
		},
		{
			name: "WARC", file: "a", data: warcRecord("request", "", "GET /") +
				response("http://a/", "Content-Type: text/html; charset=utf-8\r\n", page) +
				response("http://a/", "Content-Type: text/plain; charset=iso-8859-2\r\n", "\xa3\xf3d\xbc le\xbfy w Polsce.") +
				warcRecord("revisit", "Content-Type: application/http; msgtype=response\r\n", "HTTP/1.1 200 OK\r\n\r\n") +
				response("http://a/x.png", "Content-Type: image/png\r\n", "\x89PNG\x00") +
				warcRecord("response", "Content-Type: application/http\r\n", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n"+page) +
				warcRecord("resource", "WARC-Target-URI: <ftp://a/b>\r\nContent-Type: text/plain\r\n", text) +
				warcRecord("continuation", "WARC-Segment-Number: 2\r\n", "more") +
				response("http://a/", "", "<html><body>"+page),
			want:  []want{{"a#2", "The mill is sold\n\n" + plainMill()}, {"a#3", "Łódź leży w Polsce."}, {"a#7", text}, {"a#9", "The mill is sold\n\n" + plainMill()}},
			wrong: []wrong{{"a#8", ErrSegment, true}},
		},
		{name: "WARC without an article", file: "a", data: warcRecord("request", "", "GET /"), wrong: []wrong{{"a", ErrNoArticle, true}}},
		{
			name: "WARC with a bad record", file: "a", data: conversion("http://a/", text) + "WARC/1.0\r\nContent-Length: x\r\n\r\n" + conversion("http://b/", text),
			want: []want{{"a#1", text}}, wrong: []wrong{{"a", ErrDamaged, false}},
		},
		{
			name: "WARC with a large record", file: "a", data: conversion("http://a/", strings.Repeat("x", 2<<20)) + conversion("http://b/", text),
			want: []want{{"a#2", text}}, wrong: []wrong{{"a#1", ErrTooLarge, false}},
		},
		{
			name: "WARC with a large film", file: "a", data: response("http://a/", "Content-Type: video/mp4\r\n", strings.Repeat("x", 2<<20)) + conversion("http://b/", text),
			want: []want{{"a#2", text}},
		},

		{name: "Parquet", file: "a.parquet", data: parqueted(2, rowOf("p", text), rowOf("q", "Ünï."), rowOf("r", "")), want: []want{{"p", text}, {"q", "Ünï."}, {"r", ""}}},
		{name: "Parquet in gzip", file: "a", data: gz(parqueted(1, rowOf("p", text))), want: []want{{"p", text}}},
		{
			name: "Parquet without ids", file: "b/a", data: parqueted(1, row{Text: &text}, row{}, row{Text: &text}),
			want: []want{{"b/a#1", text}, {"b/a#3", text}}, wrong: []wrong{{"b/a#2", ErrNoText, false}},
		},
		{
			name: "Parquet with bad rows", file: "a", data: parqueted(9, rowOf("p", "\xff"), rowOf("q", strings.Repeat("x", 1<<20+1)), rowOf("r", text)),
			want: []want{{"r", text}}, wrong: []wrong{{"a#1", ErrNotUTF8, false}, {"a#2", ErrTooLarge, false}},
		},
		{name: "Parquet without text", file: "a", data: parqueted(9, struct{ ID string }{"x"}), wrong: []wrong{{"a", ErrNoText, false}}},
		{name: "Parquet without rows", file: "a", data: parqueted[row](9), wrong: []wrong{{"a", ErrEmpty, true}}},

		{name: "HTML by content", file: "a", data: page, want: []want{{"a", "The mill is sold\n\n" + plainMill()}}},
		{name: "HTML after a declaration", file: "a", data: "\ufeff<?xml version='1.0'?>\n<!-- x -->\n" + page, want: []want{{"a", "The mill is sold\n\n" + plainMill()}}},
		{name: "HTML by name", file: "a.htm.gz", data: gz("<p>" + mill[0] + "</p><p>" + mill[2] + "</p>"), want: []want{{"a.htm.gz", mill[0] + "\n\n" + mill[2]}}},
		{name: "HTML in UTF-16", file: "a", data: "\xfe\xff" + wide(strings.Replace(page, "©", "", 1)), want: []want{{"a", "The mill is sold\n\n" + plainMill()}}},
		{name: "no HTML", file: "a.txt", data: "<p>is a tag", want: []want{{"a.txt", "<p>is a tag"}}},
		{name: "nothing in HTML", file: "a", data: "<html><body></body></html>", wrong: []wrong{{"a", ErrNoArticle, true}}},
		{name: "deep HTML", file: "a", data: "<html>" + strings.Repeat("<div>", 2000), wrong: []wrong{{"a", ErrDamaged, false}}},

		{name: "too deep", file: "a", data: nested(maxNesting + 1), wrong: []wrong{{"a", ErrNested, false}}},
		{name: "not too deep", file: "a", data: nested(maxNesting), want: []want{{"a", text}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := write(t, map[string]string{test.file: test.data})
			for _, workers := range []int{1, 4} {
				f := read(t, Options{Workers: workers, Keep: true, MaxArticle: 1 << 20}, dir)
				var got []want
				for _, a := range f.articles {
					got = append(got, want{a.ID, a.Text})
				}
				if !slices.Equal(got, test.want) {
					t.Errorf("read %q, want %q", got, test.want)
				}
				if len(f.problems) != len(test.wrong) {
					t.Fatalf("problems %v, want %v", f.problems, test.wrong)
				}
				for i, w := range test.wrong {
					p := f.problems[i]
					if !errors.Is(p, w.err) || p.Harmless != w.harmless || p.Path != filepath.Join(dir, w.path) {
						t.Errorf("problem %+v, want %+v", p, w)
					}
				}
			}
			// The same on standard input, where nothing has a name.
			if !strings.Contains(test.name, "by name") && !strings.Contains(test.name, "no HTML") {
				f := read(t, Options{Workers: 2, Keep: true, MaxArticle: 1 << 20, Stdin: strings.NewReader(test.data)}, "-")
				if len(f.articles) != len(test.want) || len(f.problems) != len(test.wrong) {
					t.Errorf("on standard input: read %q with problems %v, error %v", f.ids(), f.problems, f.err)
				}
			}
		})
	}
}

// nested returns text in n containers.
func nested(n int) string {
	s := "Some words."
	for range n {
		s = gz(s)
	}
	return s
}

// What a page, a record and a row say of themselves is kept.
func TestMetadata(t *testing.T) {
	date := time.Date(2006, 1, 2, 0, 0, 0, 0, time.UTC)
	dir := write(t, map[string]string{
		"a.html":    htmlPage("The mill is sold", mill...),
		"b.warc":    response("https://example.org/mill", "Content-Type: text/html\r\n", strings.Replace(htmlPage("The mill is sold", mill...), `<meta property="og:site_name" content="The Example">`, "", 1)),
		"c.wet":     conversion("https://example.org/wet", "Some words."),
		"d.parquet": parqueted(1, rowOf("p", "Some words.")),
	})
	for _, mode := range []HTML{Main, Raw} {
		f := read(t, Options{Keep: true, HTML: mode}, dir)
		if len(f.articles) != 4 || f.err != nil {
			t.Fatalf("read %q, problems %v, error %v", f.ids(), f.problems, f.err)
		}
		for i, a := range f.articles[:2] {
			source, url := "The Example", ""
			if i == 1 {
				source, url = "example.org", "https://example.org/mill"
			}
			if a.Title != "The mill is sold" || a.Source != source || a.Lang != "en-GB" || a.URL != url || a.Date.Format(time.DateOnly) != "2006-01-02" {
				t.Errorf("%s: %s has title %q, source %q, language %q, address %q, date %v", mode, a.ID, a.Title, a.Source, a.Lang, a.URL, a.Date)
			}
		}
		if a := f.articles[2]; a.URL != "https://example.org/wet" || a.Lang != "en" || a.Layout != nil {
			t.Errorf("%+v", a)
		}
		if a := f.articles[3]; a.URL != "https://example.org/p" || !a.Date.Equal(date) {
			t.Errorf("%+v", a)
		}
	}
}

// Ids and texts may have other names, in JSON Lines and in Parquet.
func TestFieldNames(t *testing.T) {
	type other struct {
		URL     string `parquet:"url"`
		Content string `parquet:"content"`
		Number  int64  `parquet:"n"`
		Day     int32  `parquet:"date,date"`
	}
	dir := write(t, map[string]string{
		"a.jsonl":   `{"url":"u1","content":"Some words.","n":5,"text":7,"id":null}`,
		"b.parquet": parqueted(1, other{"u2", "More words.", 6, 13150}),
	})
	for id, wanted := range map[string][]string{"url": {"u1", "u2"}, "n": {"5", "6"}} {
		f := read(t, Options{IDField: id, TextField: "content"}, dir)
		if len(f.problems) > 0 || !slices.Equal(f.ids(), wanted) || f.articles[1].Text != "More words." {
			t.Fatalf("%s: read %q, problems %v", id, f.ids(), f.problems)
		}
		if a := f.articles[1]; a.Date.Format(time.DateOnly) != "2006-01-02" {
			t.Errorf("the date is %v", a.Date)
		}
	}
	f := read(t, Options{TextField: "body"}, dir)
	if len(f.articles) > 0 || len(f.problems) != 2 {
		t.Errorf("read %q, problems %v", f.ids(), f.problems)
	}
	for _, p := range f.problems {
		if !strings.Contains(p.Error(), "body") && !strings.Contains(p.Error(), "no id") {
			t.Errorf("%v doesn't name the field", p)
		}
	}
	for _, opts := range []Options{{IDField: "text"}, {HTML: "all"}, {Include: []string{"[a"}}, {Exclude: []string{""}}} {
		if c, err := Open([]string{dir}, opts); err == nil {
			t.Errorf("%+v has a meaning: %v", opts, c)
		}
	}
}

// mixed is a folder with everything in it; the number of its articles comes
// with it.
func mixed(t testing.TB) (dir string, articles int) {
	var tars, zips []member
	var warc strings.Builder
	var rows []row
	for i := range 30 {
		name := fmt.Sprintf("%02d", i)
		tars = append(tars, member{name + ".txt", "Text " + name}, member{name + ".jsonl", fmt.Sprintf(`{"id":"t%s","text":"x"}`+"\n{\n"+`{"id":"u%s","text":"x"}`, name, name)})
		zips = append(zips, member{name, "Zipped " + name})
		warc.WriteString(gz(conversion("http://a/"+name, "Record "+name)))
		rows = append(rows, rowOf("p"+name, "Row "+name))
	}
	return write(t, map[string]string{
		"a.txt": "Some words.", "b.tar.zst": zst(tarred(tars...)), "c.jsonl.gz": gz(strings.Repeat(threeRecords, 30)), "d.warc.gz": warc.String(),
		"e.zip": zipped(zip.Deflate, zips...), "f.parquet": parqueted(7, rows...), "g.html": htmlPage("The mill is sold", mill...), "h/i.txt": "x", "j.bin": "\x00",
	}), 1 + 90 + 90 + 30 + 30 + 30 + 1 + 1
}

// Any number of workers gives the same articles in the same places, and a limit
// gives the first of them, with the problems on the way.
func TestLimit(t *testing.T) {
	dir, n := mixed(t)
	all := read(t, Options{Workers: 1, Keep: true}, dir)
	if len(all.articles) != n || len(all.problems) != 31 {
		t.Fatalf("%d articles and %d problems, want %d and 31", len(all.articles), len(all.problems), n)
	}
	unique := make(map[Position]bool)
	for _, p := range all.at {
		unique[p] = true
	}
	if len(unique) != n {
		t.Errorf("%d positions for %d articles", len(unique), n)
	}
	for _, limit := range []int{0, 1, 2, 3, 60, 91, 92, 150, 211, 250, n - 1, n, n + 1} {
		var first *found
		for _, workers := range []int{1, 2, 7} {
			f := read(t, Options{Workers: workers, Keep: true, Limit: limit, chunk: []int{0, 50}[workers%2]}, dir)
			want := n
			if limit > 0 {
				want = min(n, limit)
			}
			if f.err != nil || !sameArticles(f.articles, all.articles[:min(want, len(f.articles))]) || len(f.articles) != want {
				t.Fatalf("limit %d: %d articles with %d workers, error %v", limit, len(f.articles), workers, f.err)
			}
			if first == nil {
				first = f
			}
			if fmt.Sprint(f.problems) != fmt.Sprint(first.problems) || !slices.Equal(f.at, first.at) {
				t.Errorf("limit %d: with %d workers problems %v, else %v", limit, workers, f.problems, first.problems)
			}
			if p := f.corpus.Progress(); !p.Walked || p.Articles != int64(want) {
				t.Errorf("limit %d: progress %+v", limit, p)
			}
		}
	}
}

func TestGlobs(t *testing.T) {
	dir := write(t, map[string]string{
		"a.txt": "x", "b.md": "x", "c/a.txt": "x", "c/d/e.txt": "x", "f/g.tar": tarred(member{"c/h.txt", "x"}, member{"c/i.md", "x"}),
	})
	tests := []struct {
		include, exclude, want string
	}{
		{"", "", "a.txt b.md c/a.txt c/d/e.txt f/g.tar/c/h.txt f/g.tar/c/i.md"},
		{"*.txt", "", "a.txt c/a.txt c/d/e.txt"},
		{"*.txt *.md", "", "a.txt b.md c/a.txt c/d/e.txt"},
		{"/*.{txt,md}", "", "a.txt b.md"},
		{"c/**", "", "c/a.txt c/d/e.txt"},
		{"**/a.txt", "", "a.txt c/a.txt"},
		{"", "a.txt", "b.md c/d/e.txt f/g.tar/c/h.txt f/g.tar/c/i.md"},
		{"", "c", "a.txt b.md"}, // no file is left in the archive either
		{"", "c/d/", "a.txt b.md c/a.txt f/g.tar/c/h.txt f/g.tar/c/i.md"},
		{"*.tar", "*.md", "f/g.tar/c/h.txt"},
		{"*.txt", "c/*.txt", "a.txt c/d/e.txt"},
	}
	for _, test := range tests {
		f := read(t, Options{Include: strings.Fields(test.include), Exclude: strings.Fields(test.exclude)}, dir)
		if got := strings.Join(f.ids(), " "); got != test.want {
			t.Errorf("include %q, exclude %q: read %s, want %s", test.include, test.exclude, got, test.want)
		}
	}
	// What is named is read, and an archive that is named is like a folder.
	f := read(t, Options{Include: []string{"*.md"}}, filepath.Join(dir, "a.txt"), filepath.Join(dir, "f/g.tar"))
	if len(f.articles) != 2 || !strings.HasSuffix(f.articles[1].ID, "g.tar/c/i.md") {
		t.Errorf("read %q", f.ids())
	}
}

func TestFollowLinks(t *testing.T) {
	dir := write(t, map[string]string{"a/a.txt": "x", "a/b/b.txt": "x"})
	outside := write(t, map[string]string{"o.txt": "x", "p/p.txt": "x"})
	for name, to := range map[string]string{
		"a/b/up": "../..", "c": outside, "d": outside, "e.txt": "a/a.txt", "f": "a/b", "gone": "nowhere", "self": "self",
	} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	if err := os.Symlink(dir, filepath.Join(outside, "back")); err != nil {
		t.Fatal(err)
	}
	f := read(t, Options{FollowLinks: true}, dir)
	if got, want := strings.Join(f.ids(), " "), "a/a.txt a/b/b.txt c/o.txt c/p/p.txt e.txt f/b.txt"; got != want {
		t.Errorf("read %s, want %s", got, want)
	}
	causes := make(map[string]error)
	for _, p := range f.problems {
		name, err := filepath.Rel(dir, p.Path)
		if err != nil || !p.Harmless {
			t.Errorf("problem %+v", p)
		}
		causes[filepath.ToSlash(name)] = p.Err
	}
	want := map[string]error{"a/b/up": ErrLoop, "c/back": ErrLoop, "d": ErrTwice, "f/up": ErrLoop, "gone": os.ErrNotExist, "self": nil}
	if !slices.Equal(slices.Sorted(maps.Keys(causes)), slices.Sorted(maps.Keys(want))) {
		t.Fatalf("problems %v", f.problems)
	}
	for name, err := range want {
		if err != nil && !errors.Is(causes[name], err) {
			t.Errorf("%s: %v, want %v", name, causes[name], err)
		}
	}
}
