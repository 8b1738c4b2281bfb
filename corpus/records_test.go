package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"chaff/article"

	"pgregory.net/rapid"
)

// Read once more, the records of a source are all of its bytes, every article
// stands where Read said, and a record without parts of its text is that record
// with that text less.
func TestRecordsGiveTheSourceAgain(t *testing.T) {
	changed := 0
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		content := make(map[string]string) // as it is after decompression, in UTF-8
		for i := range rapid.IntRange(1, 4).Draw(rt, "files") {
			name, data := fmt.Sprintf("%d.jsonl", i), drawRecords(rt)
			switch rapid.IntRange(0, 3).Draw(rt, "kind") {
			case 0:
				name, data = fmt.Sprintf("%d.txt", i), "Some text: "+drawText(rt)
			case 1:
				name, data = fmt.Sprintf("%d.txt", i), string(byteOrderMark)+"Marked text: "+drawText(rt)
			case 2:
				data = string(byteOrderMark) + data
			}
			content[name] = data
			switch rapid.IntRange(0, 3).Draw(rt, "written") {
			case 0:
				data = gz(data)
			case 1:
				content[name] = strings.TrimPrefix(data, string(byteOrderMark))
				data = utf16LE(content[name])
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o666); err != nil {
				rt.Fatal(err)
			}
		}
		f := read(t, Options{Keep: true, MaxArticle: 1 << 10, chunk: 300, Workers: 2}, dir)
		if f.err != nil && !errors.Is(f.err, ErrNothing) {
			rt.Fatal(f.err)
		}
		want := make(map[Position]article.Article)
		for i, at := range f.at {
			want[at] = f.articles[i]
		}
		sources := 0
		for s := range f.corpus.Sources() {
			sources++
			if s.Root != dir || s.Path != filepath.Join(dir, s.Name) {
				rt.Fatalf("a source at %+v", s)
			}
			if s.Holds == Text && s.Articles == 0 {
				continue // too large
			}
			changed += checkRecords(rt, f.corpus, s, content[s.Name], want)
		}
		if sources != len(content) {
			rt.Fatalf("%d sources, want %d", sources, len(content))
		}
		if len(want) > 0 {
			rt.Fatalf("not found again: %v", want)
		}
	})
	if changed == 0 {
		t.Error("not one record was changed")
	}
}

// checkRecords checks one source, takes what it holds from want, and returns
// how many records it changed.
func checkRecords(rt *rapid.T, c *Corpus, s Source, content string, want map[Position]article.Article) (changed int) {
	file, err := c.Reopen(s.Number)
	if err != nil {
		rt.Fatal(err)
	}
	defer file.Close()
	r, err := c.Records(s.Number, file)
	if err != nil {
		rt.Fatal(err)
	}
	var all bytes.Buffer
	articles := 0
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			rt.Fatal(err)
		}
		if line := 1 + bytes.Count(all.Bytes(), newline); rec.Line != line {
			rt.Fatalf("line %d, want %d", rec.Line, line)
		}
		all.Write(rec.Raw)
		a, ok := want[rec.At]
		if !ok {
			continue
		}
		articles++
		delete(want, rec.At)
		raw := bytes.Clone(rec.Raw)
		got, err := r.Article(rec)
		if err != nil || !reflect.DeepEqual(*got, a) {
			rt.Fatalf("article %+v, %v, want %+v", got, err, a)
		}
		cuts, left := drawCuts(rt, a.Text)
		cleaned, err := r.Without(rec, cuts)
		if err != nil {
			rt.Fatal(err)
		}
		if len(cuts) == 0 && !bytes.Equal(cleaned, raw) {
			rt.Fatalf("%q became %q", raw, cleaned)
		}
		if s.Holds == Text {
			if string(bytes.TrimPrefix(cleaned, byteOrderMark)) != left || bytes.HasPrefix(cleaned, byteOrderMark) != bytes.HasPrefix(raw, byteOrderMark) {
				rt.Fatalf("%q without %v is %q", raw, cuts, cleaned)
			}
			continue
		}
		a.Text = left
		start, end := textValue(raw, "text")
		if from, to := textValue(cleaned, "text"); !bytes.Equal(cleaned[:from], raw[:start]) || !bytes.Equal(cleaned[to:], raw[end:]) {
			rt.Fatalf("%q became %q", raw, cleaned)
		}
		var again article.Article
		if err := c.decodeLine(new(record), bytes.TrimSuffix(cleaned, newline), &again); err != nil || !reflect.DeepEqual(again, a) {
			rt.Fatalf("%q without %v is %q: %+v, %v", raw, cuts, cleaned, again, err)
		}
		changed++
	}
	if all.String() != content {
		rt.Fatalf("%s holds %q, got %q", s.Name, content, all.String())
	}
	if articles != s.Articles {
		rt.Fatalf("%d articles, want %d", articles, s.Articles)
	}
	return changed
}

func drawText(rt *rapid.T) string {
	return strings.ReplaceAll(rapid.StringN(0, 60, -1).Draw(rt, "text"), "\x00", "")
}

// drawRecords returns JSON Lines with texts written in many ways, and what is
// none.
func drawRecords(rt *rapid.T) string {
	var b strings.Builder
	b.WriteString(`{"id":"first","text":"first"}`)
	for i := range rapid.IntRange(0, 6).Draw(rt, "lines") {
		b.WriteString(rapid.SampledFrom([]string{"\n", "\r\n", "\n\n", "\n \r\n"}).Draw(rt, "end"))
		switch rapid.IntRange(0, 5).Draw(rt, "record") {
		case 0:
			b.WriteString(`{"broken": `)
		case 1: // longer than a line may be, or than is read at once
			b.WriteString(`{"id":"long","text":"` + strings.Repeat("long ", rapid.SampledFrom([]int{200, 500, 20_000}).Draw(rt, "length")) + `"}`)
		default:
			field := rapid.SampledFrom([]string{"text", `te\u0078t`}).Draw(rt, "field")
			fmt.Fprintf(&b, ` {"text": 17, "id" : "%d","%s" : %s , "more":[{"text":"no"}]} `, i, field, drawString(rt))
		}
	}
	b.WriteString(rapid.SampledFrom([]string{"", "\n"}).Draw(rt, "end"))
	return b.String()
}

// drawString returns a string as JSON may have it.
func drawString(rt *rapid.T) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range drawText(rt) {
		how := rapid.IntRange(0, 3).Draw(rt, "how")
		switch {
		case how == 0 && c < 0x10000:
			fmt.Fprintf(&b, `\u%04X`, c)
		case how == 0 || how == 1 && c >= 0x10000:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		case c < ' ':
			fmt.Fprintf(&b, `\u%04x`, c)
		case c == '"' || c == '\\' || c == '/':
			b.WriteByte('\\')
			fallthrough
		default:
			b.WriteRune(c)
		}
	}
	b.WriteString(rapid.SampledFrom([]string{"", `\ud800`, `\n\t\/`, `\udc00é`}).Draw(rt, "odd"))
	b.WriteByte('"')
	return b.String()
}

// drawCuts returns spans of text and what is left without them.
func drawCuts(rt *rapid.T, text string) (cuts []article.Span, left string) {
	var bounds []int // of runes
	for i := range text {
		bounds = append(bounds, i)
	}
	bounds = append(bounds, len(text))
	for at := 0; at < len(bounds); {
		start := at + rapid.IntRange(0, 9).Draw(rt, "keep")
		end := start + rapid.IntRange(1, 9).Draw(rt, "cut")
		if end >= len(bounds) {
			break
		}
		cuts = append(cuts, article.Span{Start: bounds[start], End: bounds[end]})
		at = end + 1
	}
	return cuts, without(text, cuts)
}

func without(text string, cuts []article.Span) string {
	var b strings.Builder
	at := 0
	for _, c := range cuts {
		b.WriteString(text[at:c.Start])
		at = c.End
	}
	return b.String() + text[at:]
}

func utf16LE(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// A source that has changed, is gone or can't be read twice isn't opened again.
func TestReopen(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"changed.txt", "gone.txt", "same.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("A text."), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	f := read(t, Options{Keep: true, Stdin: strings.NewReader(`{"id":"1","text":"one"}`)}, dir, "-")
	if f.err != nil {
		t.Fatal(f.err)
	}
	if err := os.WriteFile(filepath.Join(dir, "changed.txt"), []byte("Another text."), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "gone.txt")); err != nil {
		t.Fatal(err)
	}
	want := []error{ErrChanged, os.ErrNotExist, nil, ErrNotKept}
	for s := range f.corpus.Sources() {
		file, err := f.corpus.Reopen(s.Number)
		if !errors.Is(err, want[s.Number]) || (err == nil) != (want[s.Number] == nil) {
			t.Errorf("%s: %v, want %v", s.Path, err, want[s.Number])
		}
		if err == nil {
			file.Close()
		}
	}
}

// The manifest of a cleaned folder is passed over, unless it is a PATH itself or
// somebody else's.
func TestManifestIsPassedOver(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{
		"manifest.jsonl":     ManifestStart + `"version":1}` + "\n",
		"a.jsonl":            `{"id":"a","text":"a"}`,
		"own/manifest.jsonl": `{"id":"own","text":"own"}`,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	f := read(t, Options{}, dir)
	if got := fmt.Sprint(f.ids()); f.err != nil || got != "[a own]" {
		t.Errorf("read %s, %v", got, f.err)
	}
	if len(f.problems) != 1 || !errors.Is(f.problems[0], ErrManifest) || !f.problems[0].Harmless {
		t.Errorf("problems: %v", f.problems)
	}
	f = read(t, Options{}, filepath.Join(dir, "manifest.jsonl"))
	if len(f.problems) != 1 || !errors.Is(f.problems[0], ErrNoID) {
		t.Errorf("problems: %v", f.problems)
	}
}

// Of what holds neither text nor JSON Lines, no record can be had.
func TestRecordsOfOtherFormats(t *testing.T) {
	dir, n := mixed(t)
	f := read(t, Options{Keep: true}, dir)
	want := map[string]Holding{"a.txt": Text, "c.jsonl.gz": Lines, "g.html": Page, "h/i.txt": Text, "j.bin": Text}
	seen, articles := 0, 0
	for s := range f.corpus.Sources() {
		holds := Other
		if h, ok := want[s.Name]; ok {
			holds = h
			seen++
		}
		articles += s.Articles
		if _, err := f.corpus.Records(s.Number, strings.NewReader("")); s.Holds != holds || errors.Is(err, ErrNoRecords) != (holds == Page || holds == Other) {
			t.Errorf("%s holds %d, want %d; its records: %v", s.Name, s.Holds, holds, err)
		}
	}
	if seen != len(want) || articles != n {
		t.Errorf("%d sources and %d articles, want %d and %d", seen, articles, len(want), n)
	}
}
