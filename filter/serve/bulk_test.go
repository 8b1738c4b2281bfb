package serve_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"chaff/filter"
	"chaff/filter/serve"
	"chaff/filter/store"
)

func bulkLines(t *testing.T, body string) []serve.BulkLine {
	t.Helper()
	var all []serve.BulkLine
	for line := range strings.Lines(body) {
		all = append(all, decode[serve.BulkLine](t, line))
	}
	return all
}

func TestBulk(t *testing.T) {
	s := start(t, serve.Options{Limits: serve.Limits{Body: 2000, Article: 1000}})
	body := strings.Join([]string{
		record("a", story), "", "{", record("b", "The library opens its doors again."), record("long", strings.Repeat("x ", 4000)),
		record("longish", strings.Repeat("x ", 600)), record("", "no id"), record("a", story),
		record("a", "Another text, that takes the place of the first."), record("c", "The storks are back in the valley."),
	}, "\n")
	for _, end := range []string{"", "\n"} {
		a := s.do(http.MethodPost, "/v1/bulk", ndjsonType, body+end)
		lines := bulkLines(t, a.body)
		if a.status != http.StatusOK || len(lines) != 9 {
			t.Fatalf("%d, %d lines: %s", a.status, len(lines), a.body)
		}
		for _, l := range lines {
			if l.Status != "" {
				t.Errorf("a check did something: %+v", l)
			}
		}
	}
	lines := bulkLines(t, s.do(http.MethodPost, "/v1/bulk?mode=submit", ndjsonType, body).body)
	wants := []struct {
		line    int
		id      string
		verdict filter.Verdict
		status  store.Status
		err     string
	}{
		{1, "a", filter.Accept, store.Added, ""},
		{3, "", "", "", "not valid JSON"},
		{4, "b", filter.Accept, store.Added, ""},
		{5, "", "", "", "longer than 2000 bytes"},
		{6, "longish", "", "", "more than 1000"},
		{7, "", "", "", "no id"},
		{8, "a", filter.Accept, store.Known, ""},
		{9, "a", filter.Accept, store.Updated, ""},
		{10, "c", filter.Accept, store.Added, ""},
	}
	if len(lines) != len(wants) {
		t.Fatalf("%d lines", len(lines))
	}
	for i, w := range wants {
		l := lines[i]
		if l.Line != w.line || l.ID != w.id || l.Verdict != w.verdict || l.Status != w.status || !strings.Contains(l.Error, w.err) || (l.Error == "") != (w.err == "") {
			t.Errorf("line %d: %+v", w.line, l)
		}
	}
	// Lines of one ID are taken in their order: the last text stays.
	e := decode[serve.Entry](t, s.do(http.MethodGet, "/v1/articles/a", "", "").body)
	if !strings.HasPrefix(*e.Text, "Another") {
		t.Errorf("%q stays", *e.Text)
	}
}

// talk is a bulk stream in which each answer is read before the next line is written.
type talk struct {
	w   *io.PipeWriter
	r   *bufio.Reader
	end func()
}

func (s *site) talk(query string) *talk {
	s.t.Helper()
	r, w := io.Pipe()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.url+"/v1/bulk"+query, r)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", ndjsonType)
	resp, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		s.t.Fatal(resp.Status)
	}
	return &talk{w, bufio.NewReader(resp.Body), func() {
		w.Close()
		resp.Body.Close()
	}}
}

func (k *talk) answer(t *testing.T) serve.BulkLine {
	t.Helper()
	line, err := k.r.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return decode[serve.BulkLine](t, line)
}

// An answer comes before the next line is sent, and streams above the limit are turned
// away.
func TestBulkAnswersAtOnce(t *testing.T) {
	s := start(t, serve.Options{Limits: serve.Limits{Bulk: 1}})
	k := s.talk("?mode=submit")
	defer k.end()
	for i := range 5 {
		if _, err := io.WriteString(k.w, record(fmt.Sprint(i), fmt.Sprintf("Article number %d of a conversation %d.", i, i*i))+"\n"); err != nil {
			t.Fatal(err)
		}
		if l := k.answer(t); l.Line != i+1 || l.ID != fmt.Sprint(i) || l.Verdict == "" {
			t.Fatalf("%+v", l)
		}
	}
	if a := s.do(http.MethodPost, "/v1/bulk", ndjsonType, record("a", "b")); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("a second stream: %+v", a)
	}
	// When the server stops, what was read is answered, and the stream is told to end.
	ended := make(chan error, 1)
	go func() { ended <- s.stop() }()
	if l := k.answer(t); l.Line != 6 || !l.Retry || !strings.Contains(l.Error, "shutting down") {
		t.Errorf("%+v", l)
	}
	if _, err := k.r.ReadString('\n'); err != io.EOF {
		t.Errorf("after the end: %v", err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Lines that can't be told as JSON objects each yield one line that says so.
func TestBulkOfAnything(t *testing.T) {
	s := start(t, serve.Options{})
	for _, body := range []string{"\x00", "\n\n\n", "{}", "null\n[]\n\"a\"", "\xff\xfe\n{}", strings.Repeat("[", 20_000), "{\"id\":1,\"text\":\"a\"}"} {
		want := 0
		for line := range strings.Lines(body) {
			if strings.TrimSpace(line) != "" {
				want++
			}
		}
		a := s.do(http.MethodPost, "/v1/bulk", ndjsonType, body)
		if got := strings.Count(a.body, "\n"); a.status != http.StatusOK || got != want {
			t.Errorf("%.20q: %d, %d lines, want %d", body, a.status, got, want)
		}
		for line := range strings.Lines(a.body) {
			if !json.Valid([]byte(line)) {
				t.Errorf("%q", line)
			}
		}
	}
}
