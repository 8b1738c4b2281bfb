package corpus

import (
	"archive/zip"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever a page holds, its layout covers the text, in both readings, and all
// that is in the main content stands in the page.
func FuzzPage(f *testing.F) {
	for _, page := range []string{
		htmlPage("The mill is sold", mill...), "<p>a<p>b", "<table><tr><td>a<td>b</table>", "<a href=x>all of it</a>", "<div hidden>x</div>", "<pre>a\n b</pre>",
		"<aside role=main><nav><b>x</b> y", "<svg><p>x", "<!--", "<p style='display: none'>x</p>y", "<br>a<br>b", "<title>x</title><meta name=date content=2006-01-02>", "\xff<p>\xe9",
	} {
		f.Add([]byte(page))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(write(t, map[string]string{"a.html": "<html>" + string(data)}), "a.html")
		for _, mode := range []HTML{Raw, Main} {
			found := read(t, Options{HTML: mode, Keep: true}, path)
			if len(found.articles)+len(found.problems) != 1 {
				t.Fatalf("%q gives %+v and %v", data, found.articles, found.problems)
			}
			for _, a := range found.articles {
				describeLayout(t, &a)
				if !utf8.ValidString(a.Text) || !utf8.ValidString(a.Title) || !utf8.ValidString(a.Source) {
					t.Fatalf("%q gives %+v", data, a)
				}
			}
		}
	})
}

// Whatever stands in a record, the next one is read as if it stood alone.
func FuzzWARC(f *testing.F) {
	for _, seed := range []struct{ fields, block string }{
		{"WARC-Type: response\r\nContent-Type: application/http\r\n", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nSome words."},
		{"WARC-Type: response\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunkedBody("Some words.", 3)},
		{"WARC-Type: response\r\n", "HTTP/1.1 200\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\n\r\n" + gz("<html><p>x")},
		{"WARC-Type: conversion\r\nContent-Type: text/plain; charset=big5\r\n", "\xa4\xa4"},
		{"WARC-Type: continuation\r\n", ""},
		{"WARC-Truncated: length\r\nWARC-Type: resource\r\n", "WARC/1.0\r\n\r\n"},
		{"no field\r\n", "\x00"},
		{"", ""},
	} {
		f.Add(seed.fields, []byte(seed.block))
	}
	f.Fuzz(func(t *testing.T, fields string, block []byte) {
		for line := range strings.Lines(fields) {
			name, _, _ := strings.Cut(line, ":")
			if strings.EqualFold(name, "Content-Length") || !strings.HasSuffix(line, "\n") || strings.Trim(line, "\r\n") == "" {
				t.Skip() // another record than this one
			}
		}
		if len(fields) > maxHeader/2 {
			t.Skip()
		}
		good := conversion("http://b/", "It opened again.")
		data := warcRecord("x", fields, string(block)) + good
		path := filepath.Join(write(t, map[string]string{"a": data}), "a")
		found := read(t, Options{Keep: true}, path)
		n := len(found.articles)
		if n == 0 || n > 2 || found.articles[n-1].ID != "a#2" || found.articles[n-1].Text != "It opened again." {
			t.Fatalf("%q gives %+v and %v", data, found.articles, found.problems)
		}
	})
}

// What is written to Parquet comes back, or is told, row by row.
func FuzzParquet(f *testing.F) {
	f.Add("a", "Some words.", "b", "Other words.")
	f.Add("", "", "\xff", "x")
	f.Add("a", "\ufeffx\r\n\x00", "a", "\xed\xa0\x80")
	f.Fuzz(func(t *testing.T, id, text, id2, text2 string) {
		for _, perGroup := range []int64{1, 5} {
			rows := []row{rowOf(id, text), rowOf(id2, text2), {ID: &id}, rowOf("last", "The last words.")}
			found := read(t, Options{Keep: true}, filepath.Join(write(t, map[string]string{"a": parqueted(perGroup, rows...)}), "a"))
			var wanted []want
			for i, r := range rows {
				if r.Text == nil || !utf8.ValidString(*r.ID) || !utf8.ValidString(*r.Text) {
					continue
				}
				name := *r.ID
				if name == "" {
					name = "a#" + string('1'+byte(i))
				}
				wanted = append(wanted, want{name, *r.Text})
			}
			if len(found.articles) != len(wanted) || len(found.problems) != len(rows)-len(wanted) {
				t.Fatalf("%q and %q give %+v and %v", text, text2, found.articles, found.problems)
			}
			for i, a := range found.articles {
				if a.ID != wanted[i].id || a.Text != wanted[i].text {
					t.Fatalf("row %+v comes back as %+v", wanted[i], a)
				}
			}
		}
	})
}

// Files in an archive are what they are in a folder, whatever they hold and are
// called; what comes behind them is read.
func FuzzArchive(f *testing.F) {
	f.Add("a.txt", []byte("Some words."))
	f.Add("../../b.jsonl", []byte(threeRecords))
	f.Add("c/d.html", []byte("<html><p>x"))
	f.Add("e.gz", []byte(gz("Some words.")[:15]))
	f.Add(`f\g`, []byte("\x00"))
	f.Add("h.tar", []byte(tarred(member{"i", "Some words."})))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if name == "" || len(name) > 90 || strings.HasSuffix(name, "/") || strings.ContainsRune(name, 0) || !utf8.ValidString(name) || hiddenMember(memberName(name)) || memberName(name) == "" {
			t.Skip() // a folder, a hidden file, or none
		}
		alone := read(t, Options{Keep: true, Workers: 1}, filepath.Join(write(t, map[string]string{"x" + extension(name): string(data)}), "x"+extension(name)))
		members := []member{{name, string(data)}, {"behind it", "The last words."}}
		for _, archive := range []string{tarred(members...), zipped(zip.Store, members...), zipped(zip.Deflate, members...)} {
			found := read(t, Options{Keep: true}, filepath.Join(write(t, map[string]string{"a": archive}), "a"))
			n := len(found.articles)
			if n == 0 || found.articles[n-1].ID != "a/behind it" || found.articles[n-1].Text != "The last words." {
				t.Fatalf("%q with %q gives %+v and %v", name, data, found.articles, found.problems)
			}
			if n-1 != len(alone.articles) || len(found.problems) != len(alone.problems) {
				t.Fatalf("%q with %q gives %q and %v, alone %q and %v", name, data, found.ids(), found.problems, alone.ids(), alone.problems)
			}
			for i, a := range alone.articles {
				if found.articles[i].Text != a.Text {
					t.Fatalf("%q with %q gives %+v, alone %+v", name, data, found.articles[i], a)
				}
			}
		}
	})
}
