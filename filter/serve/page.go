package serve

import (
	"bytes"
	"errors"
	"net/http"
	"unicode/utf8"

	"chaff/article"
	"chaff/corpus"
	"chaff/report"
)

// Form is what the page at / sends.
type Form struct {
	Text  string `json:"text"`
	Title string `json:"title,omitempty"`
}

func (s *Server) page(w http.ResponseWriter, _ *http.Request) error {
	return writePage(w, http.StatusOK, &report.Page{})
}

// checkPage answers with the page that shows what was found in the article of the form.
// What is wrong with the form is told on the page.
func (s *Server) checkPage(w http.ResponseWriter, r *http.Request) error {
	a, err := formArticle(r)
	if err != nil {
		return failedPage(w, r, a, err)
	}
	entryOf(r).about(a)
	j, err := s.judge(r.Context(), a, s.gate.wait, s.checker.Explain)
	if err != nil {
		return failedPage(w, r, a, err)
	}
	entryOf(r).verdict = j.Verdict
	return writePage(w, http.StatusOK, &report.Page{Article: a, Verdict: string(j.Verdict), Findings: j.Findings})
}

// formArticle returns the article of a form. It has no ID, so that one in the index of
// the same text is told of.
func formArticle(r *http.Request) (*article.Article, error) {
	a := new(article.Article)
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return a, err
		}
		return a, problem(http.StatusBadRequest, "the form can't be read")
	}
	a.Text, a.Title = r.PostForm.Get("text"), r.PostForm.Get("title")
	switch {
	case !utf8.ValidString(a.Text), !utf8.ValidString(a.Title):
		return new(article.Article), corpus.ErrNotUTF8
	case a.Text == "":
		return a, problem(http.StatusBadRequest, "the article has no text")
	}
	return a, nil
}

// failedPage answers with the page that tells of err, and what was in the form.
func failedPage(w http.ResponseWriter, r *http.Request, a *article.Article, err error) error {
	p := problemOf(err)
	e := entryOf(r)
	e.err = err
	if p.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	return writePage(w, p.Status, &report.Page{Article: a, Problem: p.Detail})
}

func writePage(w http.ResponseWriter, status int, page *report.Page) error {
	var b bytes.Buffer
	if err := page.Write(&b); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", htmlType)
	h.Set("Content-Security-Policy", report.PagePolicy)
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a client that has gone can be told nothing
	return nil
}
