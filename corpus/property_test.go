package corpus

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"chaff/article"

	"pgregory.net/rapid"
)

// Any articles, written as text and as JSON Lines, plain and compressed, in
// files and on standard input, are read as they were, in the same places by
// any number of workers and in chunks of any size, with the same problems.
// read checks that Load gives them as well.
func TestReadGivesWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		var want []article.Article
		var bad int
		put := func(name, data string) {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o666); err != nil {
				rt.Fatal(err)
			}
		}
		texts := rapid.SliceOfN(rapid.StringN(0, 200, -1), 1, 12)
		for i, kind := range rapid.SliceOfN(rapid.SampledFrom([]string{"txt", "txt.gz", "jsonl", "jsonl.gz"}), 0, 6).Draw(rt, "files") {
			name := fmt.Sprintf("%d.%s", i, kind)
			var data string
			if strings.HasPrefix(kind, "txt") {
				data = "Some " + strings.ReplaceAll(rapid.String().Draw(rt, "text"), "\x00", "")
				if mostlyControl([]byte(data)) {
					bad++
				} else {
					want = append(want, article.Article{ID: name, Text: data})
				}
			} else {
				data = drawLines(rt, texts, name, &want, &bad)
			}
			if strings.HasSuffix(kind, ".gz") {
				data = gz(data)
			}
			put(name, data)
		}
		stdin := drawLines(rt, texts, "stdin", &want, &bad)
		if rapid.Bool().Draw(rt, "compressed") {
			stdin = gz(stdin)
		}

		var first *found
		for _, opts := range []Options{{Workers: 1}, {Workers: 4}, {Workers: 3, chunk: rapid.IntRange(8, 300).Draw(rt, "chunk")}} {
			opts.Keep, opts.MaxArticle, opts.Stdin = true, 4<<10, strings.NewReader(stdin)
			f := read(t, opts, dir, "-")
			if f.corpus != nil { // there are too many to be closed at the end
				if err := f.corpus.Close(); err != nil {
					rt.Fatal(err)
				}
			}
			if len(want) == 0 && f.err != nil {
				continue
			}
			if f.err != nil {
				rt.Fatal(f.err)
			}
			for i := range f.articles {
				f.articles[i].ID = strings.TrimPrefix(f.articles[i].ID, filepath.ToSlash(dir)+"/")
			}
			if !sameArticles(f.articles, want) {
				rt.Fatalf("read %+v, want %+v", f.articles, want)
			}
			if len(f.problems) != bad {
				rt.Fatalf("%d problems, want %d: %v", len(f.problems), bad, f.problems)
			}
			if first == nil {
				first = f
				continue
			}
			if !slices.Equal(f.at, first.at) {
				rt.Fatalf("with %+v articles are at %v, else at %v", opts, f.at, first.at)
			}
			for i, p := range f.problems {
				if p.Error() != first.problems[i].Error() {
					rt.Fatalf("with %+v problem %v, else %v", opts, p, first.problems[i])
				}
			}
		}
	})
}

// drawLines makes JSON Lines of texts, adds the articles to want and counts
// what is wrong in bad.
func drawLines(rt *rapid.T, texts *rapid.Generator[[]string], name string, want *[]article.Article, bad *int) string {
	var b strings.Builder
	said := false
	for i, text := range texts.Draw(rt, "texts") {
		text = strings.ToValidUTF8(text, "\uFFFD")
		id := fmt.Sprintf("%s:%d", name, i)
		switch rapid.IntRange(0, 9).Draw(rt, "line") {
		case 0:
			b.WriteString("  \r")
		case 1:
			b.WriteString(`{"id":"` + id)
			*bad++
			said = true
		case 2:
			fmt.Fprintf(&b, `{"id":%q,"text":"%s"}`, id, strings.Repeat("x", 4<<10+1)) // the text is too large
			*bad++
			said = true
		case 3:
			fmt.Fprintf(&b, `{"id":%q,"text":"%s"}`, id, strings.Repeat("x", 9<<10)) // the line is too long
			*bad++
			said = true
		default:
			line, err := json.Marshal(map[string]any{"id": id, "text": text, "title": id + "?", "more": []any{1, nil, text}})
			if err != nil {
				rt.Fatal(err)
			}
			b.Write(line)
			*want = append(*want, article.Article{ID: id, Text: text, Title: id + "?"})
			said = true
		}
		b.WriteByte('\n')
	}
	if !said {
		*bad++ // an empty file
	}
	if rapid.Bool().Draw(rt, "end") {
		return strings.TrimSuffix(b.String(), "\n")
	}
	return b.String()
}
