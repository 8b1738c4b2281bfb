package clean

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"chaff/article"
	"chaff/corpus"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
)

// What can't be written without a part is copied byte for byte and told, whatever
// chaff it holds, and comes back the same; what stands beside it is cut.
func TestOtherFormatsAreCopied(t *testing.T) {
	doubled := strings.Join([]string{
		"The harbour board has let the old grain silo to a company that wants to keep bees on its roof for ten years.",
		"Nobody on the quay had been asked, and the pilots say that swarms and mooring lines do not go well together.",
		"The harbour board has let the old grain silo to a company that wants to keep bees on its roof for ten years.",
	}, "\n\n")
	page := "<!DOCTYPE html><html><head><title>Bees</title></head><body><article><p>" +
		strings.ReplaceAll(doubled, "\n\n", "</p><p>") + "</p></article></body></html>"
	record := fmt.Sprintf("WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", len(doubled), doubled)
	line := `{"id":"bees","text":"` + strings.ReplaceAll(doubled, "\n", `\n`) + `"}` + "\n"
	zst, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	other := map[string]string{
		"page.html": page, "page.html.gz": gz(page), "crawl.warc": record, "crawl.warc.gz": gz(record), "a.tar": tarred(t, line), "a.tgz": gz(tarred(t, line)),
		"a.zip": zipped(t, line), "a.jsonl.zst": string(zst.EncodeAll([]byte(line), nil)), "a.parquet": parqueted(t, doubled),
		"empty.html": "<!DOCTYPE html><html><body></body></html>",
	}
	originals := maps.Clone(other)
	originals["a.txt"], originals["a.jsonl"], originals["a.jsonl.gz"] = doubled, line, gz(line)
	for name, data := range other { // each by itself, so that nothing is a near-duplicate
		for _, stdin := range []bool{false, true} {
			in, out := t.TempDir(), filepath.Join(t.TempDir(), "out")
			put(t, in, map[string]string{name: data})
			paths, from := []string{in}, ""
			if stdin {
				paths, from = []string{"-"}, data
			}
			left := cleanLeft(t, out, paths, from)
			if want := name != "empty.html"; stdin && !want {
				continue // nothing to read
			} else if (len(left) == 1) != want {
				t.Errorf("%s: %d sources are told", name, len(left))
			}
			files := tree(t, out)
			delete(files, corpus.ManifestName)
			if got := slices.Collect(maps.Values(files)); len(got) != 1 || got[0] != data {
				t.Errorf("%s is not copied as it is: %q", name, slices.Sorted(maps.Keys(files)))
			}
		}
	}

	in, base := t.TempDir(), t.TempDir()
	put(t, in, originals)
	out := filepath.Join(base, "out")
	left := cleanLeft(t, out, []string{in}, "")
	files := tree(t, out)
	for name, data := range other {
		if _, there := files[name]; !there && strings.HasPrefix(name, "page.") {
			continue // a near-duplicate of another, left out whole
		}
		if files[name] != data {
			t.Errorf("%s is not copied as it is", name)
		}
	}
	if least := len(other) - 3; len(left) < least { // without two pages and the empty one
		t.Errorf("%d sources are told, want at least %d", len(left), least)
	}
	cut := 0
	for _, name := range []string{"a.txt", "a.jsonl", "a.jsonl.gz"} {
		if files[name] != originals[name] {
			cut++
		}
	}
	if cut == 0 {
		t.Error("nothing beside them is cut")
	}
	back := filepath.Join(base, "back")
	if n, problems, err := restore(out, back); err != nil || len(problems) > 0 || n != len(originals) {
		t.Fatalf("%d files restored, problems %v, error %v", n, problems, err)
	}
	if got := tree(t, back); !maps.Equal(got, originals) {
		t.Errorf("what is restored is not what was there: %s", differ(got, originals))
	}
}

// cleanLeft cleans paths into dir and returns what was left as it is.
func cleanLeft(t *testing.T, dir string, paths []string, stdin string) (left []corpus.Source) {
	t.Helper()
	plan := NewPlan()
	captured, err := NewCapture(strings.NewReader(stdin), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer captured.Close()
	c, err := corpus.Open(paths, corpus.Options{Keep: true, SpillDir: t.TempDir(), Stdin: captured, Problem: plan.Unread})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	out, err := Create(dir, paths)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Discard()
	if err := scanInto(c, plan, article.Repeat, article.NearDuplicate); err != nil && c.Progress().Articles > 0 {
		t.Fatal(err)
	}
	s, err := Write(context.Background(), c, plan, out, Options{
		Paths: paths, Stdin: captured, Left: func(s corpus.Source) { left = append(left, s) },
		Problem: func(err error) { t.Error(err) },
	})
	if err == nil {
		err = out.Commit(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	if s.Left != len(left) || s.Skipped > 0 {
		t.Errorf("%d left and %d skipped, but %d told", s.Left, s.Skipped, len(left))
	}
	return left
}

func tarred(t *testing.T, data string) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	err := w.WriteHeader(&tar.Header{Name: "in.jsonl", Mode: 0o644, Size: int64(len(data)), Typeflag: tar.TypeReg})
	if err == nil {
		_, err = w.Write([]byte(data))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zipped(t *testing.T, data string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	file, err := w.Create("in.jsonl")
	if err == nil {
		_, err = file.Write([]byte(data))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func parqueted(t *testing.T, text string) string {
	type row struct {
		ID   string `parquet:"id"`
		Text string `parquet:"text"`
	}
	var b bytes.Buffer
	w := parquet.NewGenericWriter[row](&b)
	_, err := w.Write([]row{{"bees", text}})
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
