package serve_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"chaff/article"
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

// editions are articles of which many are near-copies of one before, often of the one just
// before, some have its ID, and some stand in it or are forms filled in anew.
func editions(random *rand.Rand, n int) []*article.Article {
	words := func(n int) string {
		var b strings.Builder
		for range n {
			fmt.Fprintf(&b, "%c%d ", 'a'+rune(random.IntN(26)), random.IntN(3000))
		}
		return b.String()
	}
	all := make([]*article.Article, n)
	for i := range all {
		a := &article.Article{ID: fmt.Sprint(i), Text: words(20 + random.IntN(100))}
		if i > 0 {
			from := all[i-1-random.IntN(min(i, 20))]
			switch random.IntN(8) {
			case 0, 1, 2:
				a.Text = from.Text + words(1+random.IntN(20))
			case 3:
				a.Text = from.Text[len(from.Text)/3:]
			case 4:
				a.Text = from.Text
			case 5:
				a.ID = from.ID
			case 6:
				*a = *from
			}
		}
		all[i] = a
	}
	return all
}

// The answers to a stream that submits are those to its articles one after the other, and
// the verdicts those of a filter, for any number of articles at work.
func TestBulkIsOneAfterTheOther(t *testing.T) {
	streams := 6
	if testing.Short() {
		streams = 2
	}
	for seed := range streams {
		articles := editions(rand.New(rand.NewPCG(uint64(seed), 3)), 300)
		one := start(t, serve.Options{})
		checker := filter.NewChecker(filter.CheckerOptions{Index: one.index})
		var body bytes.Buffer
		var want []string
		verdicts := make(map[filter.Verdict]int)
		for i, a := range articles {
			r, err := checker.Submit(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			verdicts[r.Verdict]++
			want = append(want, told(t, serve.BulkLine{Line: i + 1, ID: a.ID, Verdict: r.Verdict, Status: r.Status, Findings: r.Findings}))
			body.WriteString(record(a.ID, a.Text) + "\n")
		}
		if verdicts[filter.Accept] < 50 || verdicts[filter.Reject] < 50 {
			t.Fatalf("%v", verdicts)
		}
		for _, concurrency := range []int{1, 4, 16} {
			s := start(t, serve.Options{Limits: serve.Limits{Concurrency: concurrency}})
			got := bulkLines(t, s.do(http.MethodPost, "/v1/bulk?mode=submit", ndjsonType, body.String()).body)
			if len(got) != len(want) {
				t.Fatalf("%d answers to %d lines", len(got), len(want))
			}
			for i, l := range got {
				if told(t, l) != want[i] {
					t.Fatalf("seed %d, %d at work, line %d:\n%s\none after the other:\n%s", seed, concurrency, i+1, told(t, l), want[i])
				}
			}
		}
		other := start(t, serve.Options{})
		filtered := new(bytes.Buffer)
		_, err := filter.Run(t.Context(), &body, filtered, filter.StreamOptions{Checker: filter.NewChecker(filter.CheckerOptions{Index: other.index})})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for line := range strings.Lines(filtered.String()) {
			l := decode[struct{ Chaff serve.BulkLine }](t, line)
			if w := decode[serve.BulkLine](t, want[n]); l.Chaff.Verdict != w.Verdict {
				t.Errorf("line %d: a filter says %s, a stream %s", n+1, l.Chaff.Verdict, w.Verdict)
			}
			n++
		}
		if n != len(want) {
			t.Errorf("%d lines were filtered", n)
		}
	}
}

// told returns what a line says, in one form: lists without anything are as good as none.
func told(t *testing.T, l serve.BulkLine) string {
	t.Helper()
	l.Findings = slices.Clone(l.Findings)
	for i := range l.Findings {
		if len(l.Findings[i].Reasons) == 0 {
			l.Findings[i].Reasons = []article.Reason{}
		}
	}
	if len(l.Findings) == 0 {
		l.Findings = nil
	}
	b, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
