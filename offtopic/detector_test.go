package offtopic

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"chaff/article"
)

const council = `The town council of Harlow Vale voted on Tuesday to rebuild the old timber bridge over the river Ash.

Engineers told the council that the timber piers of the bridge had rotted below the waterline and that the deck could no longer carry lorries.

"We have patched this bridge for thirty years," said Maud Ellery, who chairs the council. "The river always wins."

The rebuilt bridge will stand on concrete piers faced with timber, and the council hopes to open the deck to lorries by spring.

Residents on the far bank of the river will be served by a ferry while the engineers take the old bridge apart.`

// checkFindings fails unless the findings in a keep what Find promises.
func checkFindings(t *testing.T, a *article.Article, found []article.Finding) {
	t.Helper()
	end := 0
	for i := range found {
		f := &found[i]
		switch {
		case f.Span.Start < end || f.Span.End <= f.Span.Start || f.Span.End > len(a.Text):
			t.Fatalf("span %v after %d in %d bytes", *f.Span, end, len(a.Text))
		case f.Text != f.Span.In(a.Text):
			t.Fatalf("text %q at %v is %q", f.Text, *f.Span, f.Span.In(a.Text))
		case f.Span.End < len(a.Text) && !utf8.RuneStart(a.Text[f.Span.End]) || !utf8.RuneStart(a.Text[f.Span.Start]):
			t.Fatalf("span %v is not on rune boundaries", *f.Span)
		case strings.TrimSpace(f.Text) != f.Text:
			t.Fatalf("white space around %q", f.Text)
		case !(f.Score > 0 && f.Score <= 1):
			t.Fatalf("score %v", f.Score)
		case f.Tier != builtin.tierOf(f.Score):
			t.Fatalf("tier %s of score %v", f.Tier, f.Score)
		case f.Kind != article.OffTopic || !slices.Contains(stateLabels[1:], f.Label) || f.Article != a.ID:
			t.Fatalf("finding %+v", *f)
		case len(f.Reasons) == 0:
			t.Fatalf("no reason for %q", f.Text)
		case f.At.Line != 1+lineEnds(a.Text[:f.Span.Start]):
			t.Fatalf("%q is at line %d", f.Text, f.At.Line)
		}
		end = f.Span.End
	}
}

func lineEnds(s string) int {
	return strings.Count(s, "\n") + strings.Count(s, "\r") - strings.Count(s, "\r\n")
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{
		"", "\n", "Share\n\nSubscribe", council, council + "\n\nRelated posts\nTen Ways to Fold a Napkin\r\nMy First Canoe",
		council + "\n\nOrder now! Call 0800 123 4567 or visit www.example.com for 20% off.",
		council + "\n\n{{title}}\n\n{\"id\": 4}\n\nLorem ipsum dolor sit amet.",
		"Поделиться\n\nРешение принято. Оно окончательно!", "市议会投票决定重建旧桥。市议会重建旧桥。\n分享到微信\n相关阅读", "¿Qué? ¡Sí! “No…”",
		"[1] See https://example.org/x.\n\n(Sources: AP)\n\nBy Ann Other", "+1 (2) 3-4.5/6 €5 5€ www. :// @ a@b.c",
	} {
		f.Add(s)
	}
	d := NewDetector(Options{})
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("articles are valid UTF-8")
		}
		a := &article.Article{ID: "a", Text: text}
		found := d.Find(a)
		checkFindings(t, a, found)
		if again := d.Find(a); !reflect.DeepEqual(found, again) {
			t.Fatalf("found %v, then %v", found, again)
		}
	})
}

// An article without chaff has none, and a planted graft is found alone.
func TestFindPlanted(t *testing.T) {
	d := NewDetector(Options{})
	if found := d.Find(&article.Article{Text: council}); len(found) > 0 {
		t.Fatalf("in a clean article: %+v", found)
	}
	blocks := strings.Split(council, "\n\n")
	for label, graft := range map[article.Label]string{
		article.Advertisement: "Are you looking for a sofa you will love? Order now at www.example.com and get 20% off, for a limited time only!",
		article.Boilerplate:   "Sign up for our newsletter and get the best of the week in your inbox.",
		article.Foreign:       "As an AI language model, I cannot browse the internet, but here is the text you asked for.",
	} {
		for at := 0; at <= len(blocks); at++ {
			text := strings.Join(blocks[:at], "\n\n") + "\n\n" + graft + "\n\n" + strings.Join(blocks[at:], "\n\n")
			text = strings.TrimSpace(text)
			a := &article.Article{ID: "a", Text: text}
			found := d.Find(a)
			checkFindings(t, a, found)
			if len(found) != 1 || found[0].Label != label || found[0].Text != graft {
				t.Errorf("%s before block %d: found %+v", label, at, found)
			}
		}
	}
}

func TestFindConcurrent(t *testing.T) {
	d := NewDetector(Options{})
	texts := []string{council, council + "\n\nShare this article\n\nRelated posts", "Book now at www.example.com!\n\n" + council}
	want := make([][]article.Finding, len(texts))
	for i, s := range texts {
		want[i] = d.Find(&article.Article{Text: s})
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for k := range 60 {
				i := k % len(texts)
				if got := d.Find(&article.Article{Text: texts[i]}); !reflect.DeepEqual(got, want[i]) {
					t.Errorf("article %d: found %+v, want %+v", i, got, want[i])
				}
			}
		})
	}
	wg.Wait()
}

type corpusFunc func(*article.Article, article.Span) Witness

func (f corpusFunc) Witness(a *article.Article, s article.Span) Witness { return f(a, s) }

func TestFindWitness(t *testing.T) {
	const stray = "The goalkeeper had been on loan in Bergen since August and had played in fourteen matches without conceding from a corner or a penalty. The club has bought two defenders for next season, and its striker is training with the national squad."
	text := council + "\n\n" + stray
	for _, c := range []struct {
		w    Witness
		want article.Label
	}{
		{Witness{}, article.Foreign}, // by its words alone
		{Witness{Kin: 2}, ""},
		{Witness{Unrelated: 1}, article.Foreign},
		{Witness{Unrelated: 40}, article.Boilerplate},
	} {
		d := NewDetector(Options{Corpus: corpusFunc(func(a *article.Article, s article.Span) Witness {
			if s.In(a.Text) == stray {
				return c.w
			}
			return Witness{}
		})})
		var got article.Label
		if found := d.Find(&article.Article{Text: text}); len(found) == 1 && found[0].Text == stray {
			got = found[0].Label
		} else if len(found) > 0 {
			t.Errorf("%+v: found %+v", c.w, found)
		}
		if got != c.want {
			t.Errorf("%+v: label %q, want %q", c.w, got, c.want)
		}
	}
}

// A short block is furniture where many articles of its source have it, but not a byline
// or a line of a form.
func TestFindWitnessOfShortBlocks(t *testing.T) {
	for _, c := range []struct {
		block string
		n     int
		want  bool
	}{
		{"Read the Vessa Herald wherever you are", 40, true},
		{"Read the Vessa Herald wherever you are", 2, false},
		{"By Ada Quill", 40, false},
		{"Pay April 15 record March 31", 40, false},
	} {
		d := NewDetector(Options{Corpus: corpusFunc(func(a *article.Article, s article.Span) Witness {
			if s.In(a.Text) == c.block {
				return Witness{Source: c.n}
			}
			return Witness{}
		})})
		found := false
		for _, f := range d.Find(&article.Article{Text: council + "\n\n" + c.block}) {
			for _, r := range f.Reasons {
				found = found || r.Signal == "furniture of its source"
			}
		}
		if found != c.want {
			t.Errorf("%q in %d articles: found %v", c.block, c.n, found)
		}
	}
}
