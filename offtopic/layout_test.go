package offtopic

import (
	"slices"
	"strings"
	"testing"

	"chaff/article"
)

// page is an article with its layout: a line "within tag links | text" a block.
func page(lines ...string) *article.Article {
	a := new(article.Article)
	for _, line := range lines {
		where, text, _ := strings.Cut(line, " | ")
		f := strings.Fields(where)
		e := article.Element{Within: strings.Trim(f[0], "-"), Tag: f[1]}
		if len(f) > 2 {
			e.Links = 1
		}
		if a.Text != "" {
			a.Text += "\n\n"
		}
		e.Start = len(a.Text)
		a.Text += text
		e.End = len(a.Text)
		a.Layout = append(a.Layout, e)
	}
	return a
}

var ferry = []string{
	"article p | The ferry between the two banks has been taken out of service after its cable was found to be worn in three places.",
	"article p | Its captain had asked for a new one since spring, but the harbour board wanted to wait until the summer was over.",
	"article p | Until it is replaced, passengers have to take the bridge at Lode, which is eleven kilometres upstream from the landing.",
	"article p | The board will meet on Tuesday to decide who pays for the buses that the town has ordered for the schoolchildren.",
}

// What stood in a landmark of furniture is found by that alone, without a phrase
// that gives it away; the same words in the article are not, nor is a page's
// title in its header.
func TestLayout(t *testing.T) {
	menu := []string{"Oarsmen", "Tidewater", "Nets and Lines", "Old Harbour", "The Sound"}
	for _, c := range []struct {
		where string
		found bool
	}{
		{"nav li links", true},
		{"nav li", true},
		{"footer div", true},
		{"header li links", true},
		{"aside p links", true},
		{"form div", true},
		{"- li links", true},
		{"header h1", false},
		{"article p", false},
		{"main li", false},
		{"- p", false},
		{"figure figcaption", false},
	} {
		var lines []string
		for _, text := range menu {
			lines = append(lines, c.where+" | "+text)
		}
		a := page(append(slices.Clone(ferry), lines...)...)
		start := strings.Index(a.Text, menu[0])
		found := NewDetector(Options{}).Find(a)
		if !c.found {
			if len(found) > 0 {
				t.Errorf("%s: found %q", c.where, found[0].Text)
			}
			continue
		}
		if len(found) != 1 || *found[0].Span != (article.Span{Start: start, End: len(a.Text)}) || found[0].Label != article.Boilerplate {
			t.Errorf("%s: found %+v", c.where, found)
			continue
		}
		signal := "place in the page"
		if strings.HasPrefix(c.where, "-") {
			signal = "links"
		}
		if !slices.ContainsFunc(found[0].Reasons, func(r article.Reason) bool { return r.Signal == signal && r.Evidence != "" }) {
			t.Errorf("%s: the reasons are %+v", c.where, found[0].Reasons)
		}
		a.Layout = nil
		if found := NewDetector(Options{}).Find(a); len(found) > 0 {
			t.Errorf("%s: without a layout %q is found", c.where, found[0].Text)
		}
	}
}

// A heading isn't taken along by a link to another article before it: that it heads a
// paragraph speaks for it.
func TestLayoutKeepsHeadings(t *testing.T) {
	related := "article p | Read more: Why the old chain ferry was given up"
	for tag, want := range map[string]bool{"p": false, "h2": true} {
		a := page(append(slices.Clone(ferry[:2]), related, "article "+tag+" | The bridge at Lode", ferry[2], ferry[3])...)
		found := NewDetector(Options{}).Find(a)
		if len(found) != 1 || want && strings.Contains(found[0].Text, "at Lode") || !strings.Contains(found[0].Text, "Read more") {
			t.Errorf("%s: found %+v", tag, found)
		}
		spoken := slices.ContainsFunc(NewDetector(Options{}).Explain(a), func(f article.Finding) bool {
			return f.Text == "The bridge at Lode" && slices.ContainsFunc(f.Reasons, func(r article.Reason) bool { return r.Signal == "heading" && r.Weight < 0 })
		})
		if spoken != want {
			t.Errorf("%s: spoken for as a heading: %v", tag, spoken)
		}
	}
}

// A page whose article stands in a form, a sidebar or a footer has it there.
func TestLayoutSparesArticles(t *testing.T) {
	for place := range places {
		var lines []string
		for _, line := range ferry {
			lines = append(lines, strings.Replace(line, "article", place, 1))
		}
		if found := NewDetector(Options{}).Find(page(lines...)); len(found) > 0 {
			t.Errorf("%s: found %q", place, found[0].Text)
		}
	}
}
