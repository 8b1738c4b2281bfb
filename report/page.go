package report

import (
	"fmt"
	"io"
	"slices"

	"chaff/article"
)

// pagePolicy lets a page send its form as well.
var pagePolicy = policy + "; form-action 'self'"

// PagePolicy is the Content-Security-Policy that a server should send with a [Page].
var PagePolicy = pagePolicy + "; frame-ancestors 'none'"

// Page is a document with a form for one article, and what was found in the article that
// was sent before. The zero value is the empty form. It works without scripts.
type Page struct {
	// Article is what was sent; nil means nothing yet.
	Article *article.Article
	// Verdict is what follows from the findings; empty means that it was not judged.
	Verdict  string
	Findings []article.Finding
	// Problem says why the article was not judged, without a full stop.
	Problem string
}

// pageData is what the template of a page is filled with.
type pageData struct {
	Head                  head
	Problem               string
	Verdict, VerdictClass string
	Count                 string
	Title                 string
	Findings              []shown
	Pieces                []piece
	FormTitle, FormText   string
}

// verdictClasses are the verdicts that look different.
var verdictClasses = []string{"accept", "review", "reject"}

// Write writes the page to w. Findings whose spans do not lie in the text are listed and
// not marked.
func (p *Page) Write(w io.Writer) error {
	d := pageData{
		Head: newHead("chaff: check an article", pagePolicy), Problem: Printable(p.Problem),
		Verdict: Printable(p.Verdict), Count: Plural(len(p.Findings), "finding", "findings"),
	}
	if slices.Contains(verdictClasses, p.Verdict) {
		d.VerdictClass = p.Verdict
	}
	if a := p.Article; a != nil {
		d.Title, d.FormTitle, d.FormText = Printable(a.Title), a.Title, a.Text
		all := marks(a.Text, p.Findings)
		d.Pieces = pieces(a.Text, all)
		for i := range p.Findings {
			d.Findings = append(d.Findings, newShown(i+1, &p.Findings[i]))
		}
		for _, m := range all {
			if m.class != firstClass {
				d.Findings[m.number-1].Place = true
			}
		}
	}
	if err := templates.ExecuteTemplate(w, "page", d); err != nil {
		return fmt.Errorf("report: writing a page: %w", err)
	}
	return nil
}
