package offtopic

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaff/article"
)

// The five articles with which the project began come out as its design says.
func TestSeeds(t *testing.T) {
	files, err := filepath.Glob("../../shared/seeds/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("the seeds are not beside the project")
	}
	// What each finding begins and ends with, and what none may hold.
	want := map[string][][2]string{
		"000": {{"Paylaş", "Русский"}, {"Ali Caner", ""}},
		"002": {{"Table of Contents", "trendsfocus"}},
		"004": {{"Hello Shuttle", "944-800-5678!"}},
	}
	d := NewDetector(Options{})
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)[:3]
		var found []article.Finding
		for _, f := range d.Find(&article.Article{ID: name, Text: string(text)}) {
			if f.Tier.AtLeast(article.Likely) {
				found = append(found, f)
			}
		}
		if len(found) != len(want[name]) {
			t.Errorf("%s: found %+v, want %d", name, found, len(want[name]))
			continue
		}
		for i, f := range found {
			if w := want[name][i]; !strings.HasPrefix(f.Text, w[0]) || !strings.HasSuffix(f.Text, w[1]) || strings.Contains(f.Text, "Sources:") {
				t.Errorf("%s: found %q, want %q", name, f.Text, w)
			}
		}
	}
}
