package dedupe

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"chaff/article"
)

// testdata/templates.tsv holds pairs that a person read and judged: the set, how
// the pair was chosen (picked for being hard, or at random), both IDs, and
// whether they are one template or versions of one text.
func TestTemplatesAsJudged(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds, and minutes under the race detector")
	}
	data, err := os.ReadFile("testdata/templates.tsv")
	if err != nil {
		t.Fatal(err)
	}
	type pair struct{ a, b string }
	judged := make(map[string]map[pair][2]string)
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 5 {
			t.Fatalf("line %q", line)
		}
		if judged[f[0]] == nil {
			judged[f[0]] = make(map[pair][2]string)
		}
		judged[f[0]][pair{f[2], f[3]}] = [2]string{f[1], f[4]}
	}
	if len(judged) == 0 {
		t.Fatal("no cases")
	}
	right, wrong := make(map[string]int), make(map[string]int)
	for set, pairs := range judged {
		x := newIndex(t, Options{}, sharedArticles(t, "neardup/"+set+".jsonl.gz"))
		r, err := x.Search(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		met := 0
		for i := range r.links {
			l := &r.links[i]
			verdict, ok := pairs[pair{x.ID(r.preferred(l.a)), x.ID(r.preferred(l.b))}]
			if !ok {
				continue
			}
			met++
			if l.template == (verdict[1] == "template") {
				right[verdict[0]]++
			} else {
				wrong[verdict[0]+" "+verdict[1]]++
			}
		}
		if met != len(pairs) {
			t.Errorf("%s: %d of %d judged pairs are near-duplicates", set, met, len(pairs))
		}
	}
	t.Log("right", right, "wrong", wrong)
	if right["picked"] < 200 || right["random"] < 57 {
		t.Errorf("as judged: %v; not: %v", right, wrong)
	}
}

func day(n int) time.Time { return time.Date(2026, 5, n, 6, 0, 0, 0, time.UTC) }

// An updated report stays a version; the note of another day is a template; each
// goes to a cluster of its own.
func TestTemplateClusters(t *testing.T) {
	note := func(n int, gold, copper string) article.Article {
		return article.Article{ID: fmt.Sprintf("note-%d", n), Date: day(n), Text: fmt.Sprintf(
			"Metals on the exchange of Lindau at the close of May %d. Gold stood at %s crowns an ounce, "+
				"copper at %s crowns a tonne. Trading was light, dealers said, and no stocks were moved.", n, gold, copper)}
	}
	report := article.Article{ID: "report", Date: day(9), Text: "A ferry ran aground off the island of Hven on Tuesday " +
		"evening with 212 people on board. All of them were brought ashore within 3 hours, the coast guard said. " +
		"The ship had left Landskrona at 18:40 and was on its way to Copenhagen."}
	update := report
	update.ID, update.Date = "report-2", day(9).Add(3*time.Hour)
	update.Text += " The captain told the broadcaster on Wednesday that the rudder had not answered. Divers are to look at the hull."
	copied := note(4, "2,310", "8,112")
	copied.ID, copied.Date = "note-4-copy", day(5)
	x := newIndex(t, Options{}, []article.Article{
		note(4, "2,310", "8,112"), note(5, "2,295", "8,140"), note(6, "2,340", "8,075"), report, update, copied,
	})
	clusters, err := x.Clusters(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range clusters {
		s := x.ID(c.Representative)
		for _, m := range c.Members {
			s += fmt.Sprintf(", %s %s", m.Relation, x.ID(m.Article))
		}
		got = append(got, s)
	}
	want := []string{
		"note-4, same note-4-copy",
		"note-4, template note-5, template note-6",
		"report, contains report-2",
	}

	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("clusters\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
