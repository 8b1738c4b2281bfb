package serve_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chaff/article"
	"chaff/filter"
	"chaff/filter/serve"
	"chaff/filter/store"
)

// slow is a checker whose work goes on until it is let go.
type slow struct {
	filter.Checker
	begun chan string // IDs
	let   chan struct{}
	most  atomic.Int64 // at work at a time
	now   atomic.Int64
}

func newSlow() *slow { return &slow{begun: make(chan string, 1000), let: make(chan struct{})} }

func (s *slow) Check(_ context.Context, a *article.Article) (filter.Result, error) {
	n := s.now.Add(1)
	defer s.now.Add(-1)
	for most := s.most.Load(); n > most && !s.most.CompareAndSwap(most, n); most = s.most.Load() {
	}
	s.begun <- a.ID
	<-s.let
	return filter.Result{Verdict: filter.Accept}, nil
}

func (s *slow) Begin(context.Context, *article.Article) (filter.Result, error) {
	return filter.Result{}, fmt.Errorf("submitting: %w: %w", store.ErrFailed, errors.New("input/output error"))
}

func (s *slow) Explain(context.Context, *article.Article) (filter.Result, error) { panic("explain") }

// post sends an article without a test's help, for use in goroutines.
func (s *site) post(path, body string) (int, http.Header, error) {
	resp, err := s.client.Post(s.url+path, jsonType, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, resp.Header, err
}

// Two at work and three that wait are let in; all others are told to come again.
func TestOverload(t *testing.T) {
	checker := newSlow()
	s := start(t, serve.Options{Checker: checker, Limits: serve.Limits{Concurrency: 2, Queue: 3, Timeout: time.Minute}})
	var accepted, refused atomic.Int64
	var all sync.WaitGroup
	ask := func(n int) {
		for range n {
			all.Go(func() {
				status, header, err := s.post("/v1/check", record("a", "b"))
				switch {
				case err != nil:
					t.Error(err)
				case status == http.StatusOK:
					accepted.Add(1)
				case status == http.StatusServiceUnavailable && header.Get("Retry-After") == "1":
					refused.Add(1)
				default:
					t.Errorf("status %d, %v", status, header)
				}
			})
		}
	}
	ask(5)
	for range 2 {
		<-checker.begun
	}
	for !strings.Contains(s.do(http.MethodGet, "/metrics", "", "").body, "chaff_seats_taken 5\n") {
		time.Sleep(time.Millisecond)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	body := record("a", strings.Repeat("word ", 200_000))
	for range 50 {
		status, header, err := s.post("/v1/check", body)
		if err == nil && (status != http.StatusServiceUnavailable || header.Get("Retry-After") != "1") {
			t.Fatalf("above the limit: %d", status)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("50 requests that were refused left %d bytes", grown)
	}
	ask(20)
	for refused.Load() < 20 {
		time.Sleep(time.Millisecond)
	}
	close(checker.let)
	all.Wait()
	if accepted.Load() != 5 || refused.Load() != 20 || checker.most.Load() != 2 {
		t.Errorf("%d accepted, %d refused, %d at work at a time", accepted.Load(), refused.Load(), checker.most.Load())
	}
	if a := s.do(http.MethodPost, "/v1/check", jsonType, record("a", "b")); a.status != http.StatusOK {
		t.Errorf("afterwards: %+v", a)
	}
}

func TestTimeouts(t *testing.T) {
	checker := newSlow()
	s := start(t, serve.Options{Checker: checker, Limits: serve.Limits{Concurrency: 1, Queue: 5, Timeout: 500 * time.Millisecond}})
	defer close(checker.let)
	// Work that does not end is answered nevertheless.
	if a := s.do(http.MethodPost, "/v1/check", jsonType, record("a", "b")); a.status != http.StatusGatewayTimeout {
		t.Errorf("work without an end: %+v", a)
	}
	// It keeps its slot, for which others wait a while.
	if a := s.do(http.MethodPost, "/v1/check", jsonType, record("a", "b")); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("no slot: %+v", a)
	}
	// A body that does not come.
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusRequestTimeout {
		t.Errorf("a body that does not come: %s", resp.Status)
	}
}

func TestErrorsOfTheServer(t *testing.T) {
	s := start(t, serve.Options{Checker: newSlow()})
	if a := s.do(http.MethodPost, "/v1/explain", jsonType, record("a", "b")); a.status != http.StatusInternalServerError || strings.Contains(a.body, "goroutine") {
		t.Errorf("a panic: %+v", a)
	}
	if !strings.Contains(s.log.String(), "limits_test.go") {
		t.Error("the log does not tell where it panicked")
	}
	if a := s.do(http.MethodGet, "/readyz", "", ""); a.status != http.StatusOK {
		t.Errorf("after a panic: %+v", a)
	}
	if a := s.do(http.MethodPost, "/v1/submit", jsonType, record("a", "b")); a.status != http.StatusInternalServerError || strings.Contains(a.body, "input/output") {
		t.Errorf("a failed index: %+v", a)
	}
	if a := s.do(http.MethodGet, "/readyz", "", ""); a.status != http.StatusServiceUnavailable {
		t.Errorf("after the index has failed: %+v", a)
	}
}

// Requests that were taken on are answered after the server was told to stop; those that
// take too long are cut off.
func TestShutdown(t *testing.T) {
	for _, grace := range []time.Duration{time.Minute, 50 * time.Millisecond} {
		checker := newSlow()
		s := start(t, serve.Options{Checker: checker, Limits: serve.Limits{Grace: grace}})
		status := make(chan int, 1)
		go func() {
			got, _, _ := s.post("/v1/check", record("a", "b"))
			status <- got
		}()
		<-checker.begun
		ended := make(chan error, 1)
		go func() { ended <- s.stop() }()
		if grace < time.Second {
			if err := <-ended; !errors.Is(err, serve.ErrCutOff) {
				t.Errorf("cut off: %v", err)
			}
			close(checker.let)
			<-status
			s.stop = func() error { return nil }
			continue
		}
		for {
			if _, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://")); err != nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
		close(checker.let)
		if got := <-status; got != http.StatusOK {
			t.Errorf("taken on before the end: %d", got)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// A body that does not tell its length is read as far as it may be long, and no further.
func TestBodyOfUnknownLength(t *testing.T) {
	s := start(t, serve.Options{Limits: serve.Limits{Body: 4096}})
	for path, kind := range map[string]string{"/v1/check": jsonType, "/v1/submit": jsonType, "/v1/explain": jsonType, "/": formType} {
		sent := 0
		endless := readerFunc(func(p []byte) (int, error) {
			for i := range p {
				p[i] = 'x'
			}
			sent += len(p)
			return len(p), nil
		})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, endless)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", kind)
		resp, err := s.client.Do(req)
		if err != nil {
			t.Fatalf("%s: %v after %d bytes", path, err, sent)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(body), "larger than 4096 bytes") || err != nil {
			t.Errorf("%s: %s after %d bytes: %s, %v", path, resp.Status, sent, body, err)
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// No more connections are open than may be; the next is taken when one ends.
func TestConnections(t *testing.T) {
	s := start(t, serve.Options{Limits: serve.Limits{Connections: 1}})
	ask := func(conn net.Conn) (*http.Response, error) {
		if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			return nil, err
		}
		return http.ReadResponse(bufio.NewReader(conn), nil)
	}
	address := strings.TrimPrefix(s.url, "http://")
	first, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if resp, err := ask(first); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp, err)
	}
	second, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if err := second.SetReadDeadline(time.Now().Add(200 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	var timeout net.Error
	if resp, err := ask(second); !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Fatalf("a second connection: %v, %v", resp, err)
	}
	first.Close()
	if err := second.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if resp, err := http.ReadResponse(bufio.NewReader(second), nil); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("when the first has ended: %v, %v", resp, err)
	}
}

// A stream that stands still is told so, and ended; its lines have been answered.
func TestBulkStandsStill(t *testing.T) {
	for _, mode := range []string{"check", "submit"} {
		s := start(t, serve.Options{Limits: serve.Limits{Timeout: 500 * time.Millisecond}})
		k := s.talk("?mode=" + mode)
		defer k.end()
		if _, err := io.WriteString(k.w, record("a", "b")+"\n"+`{"id":`); err != nil {
			t.Fatal(err)
		}
		if l := k.answer(t); l.Line != 1 || l.Verdict != filter.Accept {
			t.Errorf("%s: %+v", mode, l)
		}
		if l := k.answer(t); l.Line != 2 || !l.Retry || !strings.Contains(l.Error, "did not come in time") {
			t.Errorf("%s: %+v", mode, l)
		}
		if _, err := k.r.ReadString('\n'); err != io.EOF {
			t.Errorf("%s: after the end: %v", mode, err)
		}
	}
}
