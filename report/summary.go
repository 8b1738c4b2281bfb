package report

import (
	"fmt"
	"strings"
	"time"

	"chaff/article"
)

// Summary is what is told at the end of a report besides the findings.
type Summary struct {
	// Articles and Bytes are how much was read; Bytes are of the articles' text.
	Articles int
	Bytes    int64
	// Problems is how many inputs could not be read, or not whole.
	Problems int
	// Uncompared is how many articles share so much wording with so many others
	// that they were not compared with all of these.
	Uncompared int
	// Elapsed is the time it took.
	Elapsed time.Duration
}

// relations has the words for each relation: a sentence that the other
// article's id completes, and the names for one and several in the summary.
var relations = map[article.Relation]struct{ sentence, one, many string }{
	article.Same:      {"the same text as", "same", "same"},
	article.Version:   {"a version of", "version", "versions"},
	article.Contained: {"stands inside", "contained", "contained"},
	article.Contains:  {"contains", "containing", "containing"},
	article.Template:  {"the same form as", "template", "templates"},
}

// The orders in which a summary names relations and labels.
var (
	relationOrder = []article.Relation{article.Same, article.Version, article.Contained, article.Contains, article.Template}
	labelOrder    = []article.Label{article.Advertisement, article.Boilerplate, article.Foreign}
)

// tally counts the findings that a Text has written. Its size does not grow
// with their number.
type tally struct {
	findings  int
	last      string // article of the last finding
	articles  int    // that have a finding
	seen      map[article.Kind]bool
	within    map[article.Kind]int // articles that have a finding of the kind
	kinds     map[article.Kind]int
	relations map[article.Relation]int
	labels    map[article.Label]int
}

func (t *tally) add(f *article.Finding) {
	if t.findings == 0 {
		t.within = make(map[article.Kind]int)
		t.kinds = make(map[article.Kind]int)
		t.relations = make(map[article.Relation]int)
		t.labels = make(map[article.Label]int)
	}
	if t.findings == 0 || f.Article != t.last {
		t.articles++
		t.last = f.Article
		t.seen = make(map[article.Kind]bool)
	}
	t.findings++
	if !t.seen[f.Kind] {
		t.seen[f.Kind] = true
		t.within[f.Kind]++
	}
	t.kinds[f.Kind]++
	switch f.Kind {
	case article.NearDuplicate:
		t.relations[f.Relation]++
	case article.OffTopic:
		t.labels[f.Label]++
	}
}

// lines returns the closing summary.
func (t *tally) lines(s Summary) []string {
	read := fmt.Sprintf("%s read (%s) in %s", Plural(s.Articles, "article", "articles"), Size(s.Bytes), Duration(s.Elapsed))
	if t.findings == 0 {
		read += ": nothing found."
	} else {
		read += fmt.Sprintf("; %s in %s of them:", Plural(t.findings, "finding", "findings"), thousands(t.articles))
	}
	lines := []string{read}
	in := func(k article.Kind) string { return " in " + Plural(t.within[k], "article", "articles") }
	if n := t.kinds[article.Repeat]; n > 0 {
		lines = append(lines, "  "+Plural(n, "repeat", "repeats")+in(article.Repeat))
	}
	if n := t.kinds[article.NearDuplicate]; n > 0 {
		var parts []string
		for _, r := range relationOrder {
			if n := t.relations[r]; n > 0 {
				parts = append(parts, Plural(n, relations[r].one, relations[r].many))
			}
		}
		lines = append(lines, "  "+Plural(n, "near-duplicate", "near-duplicates")+breakdown(parts))
	}
	if n := t.kinds[article.OffTopic]; n > 0 {
		var parts []string
		for _, l := range labelOrder {
			if n := t.labels[l]; n > 0 {
				many := string(l)
				if l == article.Advertisement {
					many += "s"
				}
				parts = append(parts, Plural(n, string(l), many))
			}
		}
		lines = append(lines, "  "+Plural(n, "off-topic passage", "off-topic passages")+in(article.OffTopic)+breakdown(parts))
	}
	if s.Problems > 0 {
		lines = append(lines, Plural(s.Problems, "input", "inputs")+" could not be read, or not whole.")
	}
	if s.Uncompared > 0 {
		lines = append(lines, Plural(s.Uncompared, "article was", "articles were")+" not compared with all that share much of the wording.")
	}
	return lines
}

func breakdown(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}
