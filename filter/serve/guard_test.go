package serve_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"chaff/filter/serve"
)

func TestToken(t *testing.T) {
	const token = "correct horse battery"
	s := start(t, serve.Options{Token: token})
	basic := func(password string) string {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.SetBasicAuth("anyone", password)
		return r.Header.Get("Authorization")
	}
	for _, c := range []struct {
		header string
		want   int
	}{
		{"", http.StatusUnauthorized},
		{"Bearer", http.StatusUnauthorized},
		{"Bearer " + token[:len(token)-1], http.StatusUnauthorized},
		{"Bearer " + token + "x", http.StatusUnauthorized},
		{"Basic " + token, http.StatusUnauthorized},
		{basic("wrong"), http.StatusUnauthorized},
		{"Bearer " + token, http.StatusOK},
		{"bearer " + token, http.StatusOK},
		{basic(token), http.StatusOK},
	} {
		a := s.do(http.MethodPost, "/v1/check", jsonType, record("a", story), "Authorization", c.header)
		if a.status != c.want || (a.status != http.StatusOK) != strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer ") {
			t.Errorf("%q: %+v, want %d", c.header, a, c.want)
		}
	}
	for path, want := range map[string]int{
		"/": http.StatusUnauthorized, "/metrics": http.StatusUnauthorized, "/v1/articles/a": http.StatusUnauthorized,
		"/healthz": http.StatusOK, "/readyz": http.StatusOK, "/openapi.json": http.StatusOK,
	} {
		if a := s.do(http.MethodGet, path, "", ""); a.status != want {
			t.Errorf("%s without a token: %+v, want %d", path, a, want)
		}
	}
	if a := s.do(http.MethodGet, "/", "", ""); !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Basic ") {
		t.Errorf("a browser is not asked for a password: %+v", a)
	}
	// Whoever has the token may call the server what they like.
	if a := s.do(http.MethodGet, "/", "", "", "Authorization", basic(token), "Host", "chaff.example"); a.status != http.StatusOK {
		t.Errorf("by another name: %+v", a)
	}
}

// A page of another site can't ask, neither across sites nor through a name of its own
// that points to this machine.
func TestOtherSites(t *testing.T) {
	s := start(t, serve.Options{})
	for _, host := range []string{"evil.example", "evil.example:80", "127.0.0.1.evil.example", "192.0.2.1"} {
		if a := s.do(http.MethodGet, "/readyz", "", "", "Host", host); a.status != http.StatusMisdirectedRequest {
			t.Errorf("Host %s: %d", host, a.status)
		}
	}
	for _, host := range []string{"localhost", "LOCALHOST:99", "127.0.0.1", "127.9.9.9:1", "[::1]:80", "[::1]"} {
		if a := s.do(http.MethodGet, "/readyz", "", "", "Host", host); a.status != http.StatusOK {
			t.Errorf("Host %s: %d", host, a.status)
		}
	}
	form := "text=" + strings.ReplaceAll(story[:100], " ", "+")
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
		if a := s.do(http.MethodPost, "/", formType, form, header...); a.status != http.StatusForbidden {
			t.Errorf("%v: %d", header, a.status)
		}
	}
	for _, header := range [][]string{{"Sec-Fetch-Site", "same-origin"}, {"Origin", s.url}, {}} {
		if a := s.do(http.MethodPost, "/", formType, form, header...); a.status != http.StatusOK {
			t.Errorf("%v: %d", header, a.status)
		}
	}
}
