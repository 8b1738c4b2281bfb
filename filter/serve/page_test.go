package serve_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"chaff/filter/serve"
	"chaff/report"
)

func TestPage(t *testing.T) {
	s := start(t, serve.Options{Limits: serve.Limits{Article: 4000, Body: 20_000}})
	s.judgement("/v1/submit", "known", story)
	empty := s.do(http.MethodGet, "/", "", "")
	if empty.status != http.StatusOK || !strings.Contains(empty.body, `<form method="post" action="/"`) || strings.Contains(empty.body, "Verdict") {
		t.Errorf("%+v", empty)
	}
	if got := empty.header.Get("Content-Security-Policy"); got != report.PagePolicy {
		t.Errorf("policy %q", got)
	}
	ask := func(text string) answer {
		return s.do(http.MethodPost, "/", formType, url.Values{"text": {text}, "title": {"A <title>"}}.Encode())
	}
	for text, want := range map[string]struct {
		status int
		shows  []string
	}{
		strings.ReplaceAll(story, "\n", "\r\n"): {http.StatusOK, []string{`role="status">reject<`, "the same text as known", "A &lt;title&gt;"}},
		"A short text of its own.":              {http.StatusOK, []string{`role="status">accept<`, "0 findings"}},
		story + "\n\n" + story:                  {http.StatusOK, []string{`<mark class="repeat">`, `<mark class="first">`, `id="finding-2"`, `href="#place-2"`}},
		"<script>alert(1)</script>":             {http.StatusOK, []string{"&lt;script&gt;alert(1)&lt;/script&gt;"}},
		"":                                      {http.StatusBadRequest, []string{"Not checked: the article has no text."}},
		"\xff":                                  {http.StatusBadRequest, []string{"Not checked: not UTF-8"}},
		strings.Repeat("x", 4001):               {http.StatusRequestEntityTooLarge, []string{"Not checked: the text has 4001 bytes"}},
	} {
		a := ask(text)
		if a.status != want.status || strings.Contains(a.body, "<script") || !strings.Contains(a.header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%.30q: %d, want %d", text, a.status, want.status)
		}
		for _, w := range want.shows {
			if !strings.Contains(a.body, w) {
				t.Errorf("%.30q: %q is not on the page:\n%s", text, w, a.body)
			}
		}
	}
	for body, want := range map[string]int{"text=%zz": http.StatusBadRequest, "text=" + strings.Repeat("x", 20_001): http.StatusRequestEntityTooLarge} {
		if a := s.do(http.MethodPost, "/", formType, body); a.status != want {
			t.Errorf("%.20q: %+v", body, a)
		}
	}
	if stats, err := s.index.Stats(); err != nil || stats.Articles != 1 {
		t.Errorf("the page added something: %+v, %v", stats, err)
	}
}
