package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"chaff/filter"
	"chaff/filter/serve"
	"chaff/filter/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const story = `The harbour office said on Tuesday that a second ferry would sail between the two islands from the first of June until the end of the season.

It leaves the old quay at seven in the morning and comes back at noon, and nobody has to book, because the ship carries three hundred people and forty bicycles.`

// site is a server with its index, that listens.
type site struct {
	t      *testing.T
	url    string
	server *serve.Server
	index  *store.Store
	log    *lockedBuffer
	client *http.Client
	stop   func() error // ends Serve and returns its error
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// start serves with options, to which it adds an index, a checker and a log.
func start(t *testing.T, o serve.Options) *site {
	t.Helper()
	index, err := store.Open(t.TempDir(), store.Options{StoreText: true})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, index: index, log: new(lockedBuffer), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 128}}}
	o.Index = index
	if o.Checker == nil {
		o.Checker = filter.NewChecker(filter.CheckerOptions{Index: index})
	}
	o.Log = slog.New(slog.NewJSONHandler(s.log, nil))
	s.server = serve.New(o)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.url = "http://" + listener.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.server.Serve(ctx, listener) }()
	s.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		if err := s.stop(); err != nil {
			t.Error(err)
		}
		if err := index.Close(); err != nil && !errors.Is(err, store.ErrClosed) {
			t.Error(err)
		}
	})
	return s
}

// answer is a response that was read.
type answer struct {
	status int
	header http.Header
	body   string
}

// do sends a request and holds what comes back against the OpenAPI document.
func (s *site) do(method, path, kind, body string, header ...string) answer {
	s.t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, s.url+path, in)
	if err != nil {
		s.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
	}
	resp, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	conforms(s.t, req, resp.StatusCode, resp.Header, got)
	return answer{resp.StatusCode, resp.Header, string(got)}
}

const (
	jsonType   = "application/json"
	ndjsonType = "application/x-ndjson"
	formType   = "application/x-www-form-urlencoded"
)

// record returns an article as JSON.
func record(id, text string) string {
	b, err := json.Marshal(serve.Article{ID: id, Text: text})
	if err != nil {
		panic(err)
	}
	return string(b)
}

// judgement sends an article to path and returns what is said of it.
func (s *site) judgement(path, id, text string) serve.Judgement {
	s.t.Helper()
	a := s.do(http.MethodPost, path, jsonType, record(id, text))
	if a.status != http.StatusOK {
		s.t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	return decode[serve.Judgement](s.t, a.body)
}

func decode[T any](t *testing.T, body string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v in %q", err, body)
	}
	return v
}

func TestCheckSubmitGetRemove(t *testing.T) {
	s := start(t, serve.Options{})
	if j := s.judgement("/v1/check", "a/b ü.txt", story); j.Verdict != filter.Accept || j.Status != "" || j.ID != "a/b ü.txt" || j.Findings == nil {
		t.Fatalf("check: %+v", j)
	}
	path := "/v1/articles/" + url.PathEscape("a/b ü.txt")
	if a := s.do(http.MethodGet, path, "", ""); a.status != http.StatusNotFound {
		t.Fatalf("a check added the article: %+v", a)
	}
	for _, want := range []store.Status{store.Added, store.Known} {
		if j := s.judgement("/v1/submit", "a/b ü.txt", story); j.Verdict != filter.Accept || j.Status != want {
			t.Fatalf("submit: %+v, want %s", j, want)
		}
	}
	for _, path := range []string{"/v1/check", "/v1/submit", "/v1/explain"} {
		if j := s.judgement(path, "again", story+" Yes."); j.Verdict != filter.Reject || j.Status != "" || len(j.Findings) != 1 || j.Findings[0].Other.Article != "a/b ü.txt" {
			t.Errorf("%s of a near-copy: %+v", path, j)
		}
	}
	e := decode[serve.Entry](t, s.do(http.MethodGet, path, "", "").body)
	if e.ID != "a/b ü.txt" || e.Bytes != len(story) || e.Text == nil || *e.Text != story {
		t.Errorf("get: %+v", e)
	}
	for _, want := range []int{http.StatusNoContent, http.StatusNotFound} {
		if a := s.do(http.MethodDelete, path, "", ""); a.status != want {
			t.Errorf("remove: %+v, want %d", a, want)
		}
	}
	if j := s.judgement("/v1/check", "again", story+" Yes."); j.Verdict != filter.Accept {
		t.Errorf("what was removed is still found: %+v", j)
	}
}

// Explain tells at least what check tells, and what speaks for and against each block.
func TestExplain(t *testing.T) {
	s := start(t, serve.Options{})
	for _, tail := range []string{"Click here", "Read also: the storks are back", "Subscribe", "Photo: Harbour office", "Book now for 20% off at www.example.com!", "Share this"} {
		text := story + "\n\n" + tail
		check, explain := s.judgement("/v1/check", "a", text), s.judgement("/v1/explain", "a", text)
		if explain.Verdict != check.Verdict || len(explain.Findings) < len(check.Findings) {
			t.Errorf("%q: check %+v, explain %+v", tail, check, explain)
		}
		blocks := strings.Count(text, "\n\n") + 1
		if len(explain.Explanations) != blocks || len(check.Explanations) != 0 || explain.Explanations[blocks-1].Text != tail {
			t.Errorf("%q: %d blocks, explained: %+v, by check: %+v", tail, blocks, explain.Explanations, check.Explanations)
		}
	}
}

func TestNearCopiesSubmittedAtOnce(t *testing.T) {
	s := start(t, serve.Options{})
	for round := range 8 {
		text := strings.ReplaceAll(story, "ferry", fmt.Sprintf("ferry%d boat%d ship%d", round, round, round))
		text = strings.ReplaceAll(text, "the", fmt.Sprintf("the%d", round))
		const copies = 8
		verdicts := make(chan filter.Verdict, copies)
		for i := range copies {
			go func() {
				// Copies that differ in figures alone would be one form filled in anew.
				body := record(fmt.Sprintf("%d-%d", round, i), text+" Copy "+strings.Repeat("x", i+1)+".")
				resp, err := s.client.Post(s.url+"/v1/submit", jsonType, strings.NewReader(body))
				if err != nil {
					t.Error(err)
					verdicts <- ""
					return
				}
				defer resp.Body.Close()
				var j serve.Judgement
				if err := json.NewDecoder(resp.Body).Decode(&j); err != nil {
					t.Error(err)
				}
				verdicts <- j.Verdict
			}()
		}
		accepted := 0
		for range copies {
			switch <-verdicts {
			case filter.Accept:
				accepted++
			case filter.Reject:
			default:
				t.Error("neither accepted nor rejected")
			}
		}
		if accepted != 1 {
			t.Errorf("round %d: %d accepted", round, accepted)
		}
	}
}

func TestWhatIsWrongIsTold(t *testing.T) {
	s := start(t, serve.Options{Limits: serve.Limits{Body: 4096, Article: 1000}})
	for _, c := range []struct {
		method, path, kind, body string
		want                     int
		detail                   string
	}{
		{http.MethodPost, "/v1/check", jsonType, `{"id":"a"`, http.StatusBadRequest, "not valid JSON"},
		{http.MethodPost, "/v1/check", jsonType, `["a"]`, http.StatusBadRequest, "not a JSON object"},
		{http.MethodPost, "/v1/check", jsonType, `{"text":"a"}`, http.StatusBadRequest, "named id"},
		{http.MethodPost, "/v1/submit", jsonType, `{"id":"a"}`, http.StatusBadRequest, "named text"},
		{http.MethodPost, "/v1/submit", jsonType, "{\"id\":\"a\",\"text\":\"\xff\"}", http.StatusBadRequest, "UTF-8"},
		{http.MethodPost, "/v1/submit", jsonType, record(strings.Repeat("i", store.MaxID+1), ""), http.StatusRequestEntityTooLarge, "body is larger"},
		{http.MethodPost, "/v1/check", jsonType, record("a", strings.Repeat("x", 1001)), http.StatusRequestEntityTooLarge, "more than 1000"},
		{http.MethodPost, "/v1/check", jsonType, record("a", strings.Repeat("x", 5000)), http.StatusRequestEntityTooLarge, "4096"},
		{http.MethodPost, "/v1/check", "text/plain", record("a", "b"), http.StatusUnsupportedMediaType, "application/json"},
		{http.MethodPost, "/v1/check", "", record("a", "b"), http.StatusUnsupportedMediaType, "application/json"},
		{http.MethodPost, "/v1/bulk", jsonType, record("a", "b"), http.StatusUnsupportedMediaType, "x-ndjson"},
		{http.MethodPost, "/v1/bulk?mode=add", ndjsonType, record("a", "b"), http.StatusBadRequest, "neither check nor submit"},
		{http.MethodGet, "/v1/check", "", "", http.StatusMethodNotAllowed, "POST"},
		{http.MethodPut, "/v1/articles/a", "", "", http.StatusMethodNotAllowed, "DELETE, GET, HEAD"},
		{http.MethodGet, "/v1/articles/a", "", "", http.StatusNotFound, "no article"},
		{http.MethodDelete, "/v1/articles/a", "", "", http.StatusNotFound, "no article"},
		{http.MethodGet, "/v2", "", "", http.StatusNotFound, "nothing at this path"},
	} {
		a := s.do(c.method, c.path, c.kind, c.body)
		p := decode[serve.Problem](t, a.body)
		if a.status != c.want || p.Status != c.want || !strings.Contains(p.Detail, c.detail) || p.RequestID != a.header.Get("X-Request-ID") || p.RequestID == "" {
			t.Errorf("%s %s %.40q: %d %s, want %d and %q", c.method, c.path, c.body, a.status, a.body, c.want, c.detail)
		}
		if got := a.header.Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("%s %s: a problem of type %q", c.method, c.path, got)
		}
	}
}

func TestHealthAndMetrics(t *testing.T) {
	s := start(t, serve.Options{})
	s.judgement("/v1/submit", "a", story)
	s.do(http.MethodGet, "/v1/articles/some-secret-id", "", "")
	for path, want := range map[string]string{"/healthz": "alive\n", "/readyz": "ready\n"} {
		if a := s.do(http.MethodGet, path, "", ""); a.status != http.StatusOK || a.body != want {
			t.Errorf("%s: %+v", path, a)
		}
	}
	metrics := s.do(http.MethodGet, "/metrics", "", "").body
	for _, want := range []string{
		`chaff_http_requests_total{code="200",method="POST",route="/v1/submit"} 1`,
		`chaff_http_requests_total{code="404",method="GET",route="/v1/articles/{id}"} 1`,
		`chaff_verdicts_total{verdict="accept"} 1`, `chaff_submissions_total{status="added"} 1`,
		`chaff_index_articles 1`, "go_goroutines ", "process_resident_memory_bytes ",
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("metrics have no %s", want)
		}
	}
	if strings.Contains(metrics, "secret") {
		t.Error("the metrics have an ID")
	}
	s.server.Stop()
	if a := s.do(http.MethodGet, "/readyz", "", ""); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("while it stops: %+v", a)
	}
	admin := httptest.NewServer(s.server.Admin())
	defer admin.Close()
	for path, want := range map[string]int{"/debug/pprof/goroutine?debug=1": http.StatusOK, "/metrics": http.StatusOK, "/healthz": http.StatusOK, "/readyz": http.StatusServiceUnavailable} {
		resp, err := admin.Client().Get(admin.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("admin %s: %d", path, resp.StatusCode)
		}
	}
	if a := s.do(http.MethodGet, "/debug/pprof/", "", ""); a.status != http.StatusNotFound {
		t.Errorf("profiles are on the address for everyone: %+v", a)
	}
}

// The log tells of every request, and nothing that an article says.
func TestLog(t *testing.T) {
	s := start(t, serve.Options{})
	s.do(http.MethodPost, "/v1/submit", jsonType, record("secret-id", "secret-text "+story), "X-Request-ID", "my-request.1")
	s.do(http.MethodPost, "/v1/check", jsonType, record("secret-id", "secret-text"), "X-Request-ID", "not a word\t")
	s.do(http.MethodGet, "/v1/articles/secret-id", "", "")
	s.do(http.MethodGet, "/secret-path?secret=query", "", "")
	s.do(http.MethodPost, "/", formType, "text=secret-text")
	s.do(http.MethodPost, "/v1/bulk", ndjsonType, record("secret-id", "secret-text")+"\n")
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if err := s.index.Close(); err != nil {
		t.Fatal(err)
	}
	// An error of the index names the article; the log does not.
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/v1/submit", strings.NewReader(record("secret-id", story)))
	r.Header.Set("Content-Type", jsonType)
	s.server.Handler().ServeHTTP(w, r)
	log := s.log.String()
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(log, `submitting article (id)`) {
		t.Errorf("a closed index: %d %s", w.Code, w.Body)
	}
	if strings.Contains(log, "secret") || strings.Contains(log, "ferry") || strings.Contains(log, "not a word") {
		t.Errorf("the log says too much:\n%s", log)
	}
	if n := strings.Count(log, `"msg":"request"`); n != 7 {
		t.Errorf("%d requests in the log", n)
	}
	for _, want := range []string{`"request_id":"my-request.1"`, `"id_bytes":9`, `"text_bytes":`, `"verdict":"accept"`, `"lines":1`, `"route":"/v1/articles/{id}"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log has no %s:\n%s", want, log)
		}
	}
}
