package dedupe

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaff/article"
	"chaff/shingle"
)

// seedRepeats are the repeats that each seed holds: the first words of the later
// place, its number of paragraphs and the distance to the first place.
var seedRepeats = map[string][]struct {
	begins, ends string
	paragraphs   int
}{
	"000": {{"Ali Caner", "İNCESU", 1}},
	"001": {
		{"El Salvador’s Strategic Partnership", "Trump and Bukele", 1},
		{"This agreement, though", "on immigration issues.", 3},
	},
	"002": {},
	"003": {},
	"004": {},
}

func TestRepeatsSeeds(t *testing.T) {
	files, err := filepath.Glob("../../shared/seeds/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("the seeds are not beside the project")
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		a := &article.Article{ID: filepath.Base(name), Text: string(data)}
		want := seedRepeats[a.ID[:3]]
		got := Repeats(NewText(a, shingle.Tokenizer{}, 0), RepeatOptions{})
		if len(got) != len(want) {
			t.Errorf("%s: %d repeats, want %d", a.ID, len(got), len(want))
			continue
		}
		for i, w := range want {
			g := got[i]
			if !strings.HasPrefix(g.Text, w.begins) || !strings.HasSuffix(g.Text, w.ends) || strings.Count(g.Text, "\n")+1 != w.paragraphs {
				t.Errorf("%s: repeat %q, want from %q to %q", a.ID, g.Text, w.begins, w.ends)
			}
			if other := g.Other.Span.In(a.Text); other != g.Text {
				t.Errorf("%s: repeat of %q, want of the same text", a.ID, other)
			}
		}
	}
}
