package corpus

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaff/article"
)

// The cases are pages; what must come out of each stands before it, behind a
// mark: a line for each block, with its tag, landmark, share of links in
// hundredths and text.
func TestPages(t *testing.T) {
	files, err := filepath.Glob("testdata/pages/*.case")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases: ", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(string(data), "\n====\n")
		if len(parts) != 3 {
			t.Fatalf("%s: %d parts, want what the whole page gives, what its main content gives, and the page", file, len(parts))
		}
		for i, mode := range []HTML{Raw, Main} {
			f := read(t, Options{HTML: mode, Keep: true}, filepath.Join(write(t, map[string]string{"a.html": parts[2]}), "a.html"))
			got := ""
			for _, a := range f.articles {
				got = describeLayout(t, &a)
			}
			if want := strings.TrimSpace(parts[i]); got != want {
				t.Errorf("%s, %s gives\n%s\nwant\n%s", file, mode, got, want)
			}
		}
	}
}

// describeLayout writes a layout as the cases have it, and checks that it
// covers the text.
func describeLayout(t *testing.T, a *article.Article) string {
	t.Helper()
	var b strings.Builder
	end := 0
	for i, e := range a.Layout {
		between := a.Text[end:e.Start]
		if i > 0 && between != "\n\n" || i == 0 && between != "" || e.Len() <= 0 || strings.TrimSpace(e.In(a.Text)) != e.In(a.Text) {
			t.Errorf("%s: element %d is %+v after %d", a.ID, i, e, end)
		}
		end = e.End
		text := strings.NewReplacer("\n", "⏎", "\t", "⇥").Replace(e.In(a.Text))
		within := e.Within
		if within == "" {
			within = "-"
		}
		fmt.Fprintf(&b, "%s %s %.0f %s\n", e.Tag, within, 100*e.Links, text)
	}
	if end != len(a.Text) {
		t.Errorf("%s: the layout ends at %d, the text at %d", a.ID, end, len(a.Text))
	}
	return strings.TrimSpace(b.String())
}
