package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"chaff/filter/store"
)

// served is a running chaff serve.
type served struct {
	cmd *exec.Cmd
	url string
	// log is what came on standard error; it may be read when the command has ended.
	log  *bytes.Buffer
	done chan struct{} // closed when standard error has ended
}

// startServe starts chaff serve on a free port, which it reads from standard error.
func startServe(t *testing.T, dir string, args ...string) *served {
	t.Helper()
	s := &served{log: new(bytes.Buffer), done: make(chan struct{})}
	s.cmd = exec.Command("chaff", append([]string{"serve", "--index", dir, "--addr", "127.0.0.1:0"}, args...)...)
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	address := make(chan string, 1)
	go func() {
		defer close(s.done)
		defer close(address)
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			s.log.WriteString(lines.Text() + "\n")
			if a, ok := strings.CutPrefix(lines.Text(), "chaff: serving on "); ok {
				address <- a
			}
		}
	}()
	select {
	case a, ok := <-address:
		if !ok {
			t.Fatalf("it does not serve:\n%s", s.log)
		}
		s.url = a
	case <-time.After(patience):
		t.Fatal("it does not say where it serves")
	}
	return s
}

// end returns the exit code.
func (s *served) end(t *testing.T) int {
	t.Helper()
	select {
	case <-s.done:
	case <-time.After(patience):
		t.Fatal("it does not stop")
	}
	return wait(t, s.cmd)
}

// terminate ends the server, with this exit code.
func (s *served) terminate(t *testing.T, want int) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	http.DefaultClient.CloseIdleConnections()
	if code := s.end(t); code != want {
		t.Errorf("exit code %d; standard error:\n%s", code, s.log)
	}
}

func (s *served) submit(id, text string) (status int, body string, err error) {
	resp, err := http.Post(s.url+"/v1/submit", "application/json", strings.NewReader(strings.TrimSpace(record(id, text))))
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

// stream submits articles that next makes in one stream until the server is killed, and
// tells took of each that was acknowledged.
func (s *served) stream(t *testing.T, next func(i int) (id, text string), took func(id, text string)) {
	r, w := io.Pipe()
	defer w.Close()
	resp, err := http.Post(s.url+"/v1/bulk?mode=submit", "application/x-ndjson", r)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	texts := make(chan [2]string, 50)
	go func() {
		defer close(texts)
		for i := 0; ; i++ {
			id, text := next(i)
			if _, err := io.WriteString(w, record(id, text)); err != nil {
				return
			}
			texts <- [2]string{id, text}
		}
	}()
	for answers := bufio.NewReader(resp.Body); ; {
		line, err := answers.ReadString('\n')
		if err != nil {
			break
		}
		sent := <-texts
		if !strings.Contains(line, fmt.Sprintf(`"id":%q,"verdict":"accept","status":"added"`, sent[0])) {
			t.Errorf("%s: %s", sent[0], line)
			break
		}
		took(sent[0], sent[1])
	}
	w.Close()
	for range texts { // until the writer has ended
	}
}

// A signal ends it well: what was asked is answered, the index is closed, and the exit code
// says that nothing was cut off.
func TestServeEndsWell(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		dir := t.TempDir()
		s := startServe(t, dir, "--store-text")
		if status, body, err := s.submit("a", "The storks are back in the valley."); status != http.StatusOK || err != nil {
			t.Fatalf("%d %s %v", status, body, err)
		}
		// A second writer is told that the index is in use.
		var stdout, stderr bytes.Buffer
		if code := run([]string{"serve", "--index", dir, "--addr", "127.0.0.1:0"}, nil, &stdout, &stderr); code != exitUsage || !strings.Contains(stderr.String(), "open for writing elsewhere") {
			t.Errorf("a second one: %d, %s", code, &stderr)
		}
		if err := s.cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		if code := s.end(t); code != exitDone || !strings.HasSuffix(s.log.String(), "chaff: stopped; all requests were finished\n") {
			t.Errorf("%v: exit code %d; standard error:\n%s", sig, code, s.log)
		}
		index, err := store.Open(dir, store.Options{Existing: true})
		if err != nil {
			t.Fatal(err)
		}
		if e, err := index.Get("a"); err != nil || e.Article == nil {
			t.Errorf("%+v, %v", e, err)
		}
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	}
}

// On an address that others reach it warns, and profiles are on the admin address alone.
func TestServeWarns(t *testing.T) {
	s := startServe(t, t.TempDir(), "--addr", "0.0.0.0:0", "--admin-addr", "127.0.0.1:0")
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := s.end(t); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	for _, want := range []string{
		"chaff: warning: whoever reaches this address may ask, and submit: there is no token\n",
		"chaff: profiles and metrics on http://127.0.0.1:",
	} {
		if !strings.Contains(s.log.String(), want) {
			t.Errorf("standard error has no %q:\n%s", want, s.log)
		}
	}
}

// A bulk stream that goes on when the signal comes has its lines answered, then ends. One
// that does not end within the grace is cut off.
func TestServeFinishesStreams(t *testing.T) {
	s := startServe(t, t.TempDir())
	r, w := io.Pipe()
	defer w.Close()
	resp, err := http.Post(s.url+"/v1/bulk?mode=submit", "application/x-ndjson", r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answers := bufio.NewReader(resp.Body)
	for i := range 20 {
		if _, err := io.WriteString(w, record(fmt.Sprint(i), words(rand.New(rand.NewPCG(1, uint64(i))), 50))); err != nil {
			t.Fatal(err)
		}
	}
	if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, `"line":1,`) {
		t.Fatal(line, err)
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	last := ""
	n := 1
	for {
		line, err := answers.ReadString('\n')
		if err != nil {
			break
		}
		last = line
		n++
		if !strings.Contains(line, fmt.Sprintf(`"line":%d,`, n)) {
			t.Errorf("answer %d is %s", n, line)
		}
	}
	if !strings.Contains(last, "shutting down") {
		t.Errorf("after %d answers: %s", n, last)
	}
	if code := s.end(t); code != exitDone {
		t.Errorf("exit code %d; standard error:\n%s", code, s.log)
	}
}

// What was acknowledged is in the index after kill -9 at any moment, and of what was under
// way nothing is half there. Half of the clients submit one by one, the others in streams.
//
// CHAFF_KILLS sets how often; 12 times if it is not set.
func TestServeSurvivesKill(t *testing.T) {
	rounds := killCount(12, 3)
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(5, 6))
	acknowledged := make(map[string]string)
	for round := range rounds {
		s := startServe(t, dir, "--store-text")
		var mu sync.Mutex
		var all sync.WaitGroup
		enough := make(chan struct{})
		want := 20 + random.IntN(200)
		got := 0
		took := func(id, text string) {
			mu.Lock()
			defer mu.Unlock()
			acknowledged[id] = text
			if got++; got == want {
				close(enough)
			}
		}
		for worker := range 8 {
			all.Go(func() {
				own := rand.New(rand.NewPCG(uint64(round), uint64(worker)))
				next := func(i int) (id, text string) {
					return fmt.Sprintf("%d/%d/%d", round, worker, i), words(own, 30+own.IntN(200))
				}
				if worker%2 == 1 {
					s.stream(t, next, took)
					return
				}
				for i := 0; ; i++ {
					id, text := next(i)
					status, body, err := s.submit(id, text)
					if err != nil {
						return // it was killed
					}
					if status != http.StatusOK || !strings.Contains(body, `"status":"added"`) {
						t.Errorf("%s: %d %s", id, status, body)
						return
					}
					took(id, text)
				}
			})
		}
		select {
		case <-enough:
		case <-time.After(patience):
			t.Error("it does not take enough articles")
		}
		if err := s.cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		all.Wait()
		_ = s.end(t)
		http.DefaultClient.CloseIdleConnections()
	}
	s := startServe(t, dir)
	if len(acknowledged) < 20*rounds {
		t.Errorf("%d acknowledged", len(acknowledged))
	}
	for id, text := range acknowledged {
		resp, err := http.Get(s.url + "/v1/articles/" + url.PathEscape(id))
		if err != nil {
			t.Fatal(err)
		}
		var e struct{ Text string }
		err = json.NewDecoder(resp.Body).Decode(&e)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK || err != nil || e.Text != text {
			t.Fatalf("%s was acknowledged: %d, %v, %d bytes of %d", id, resp.StatusCode, err, len(e.Text), len(text))
		}
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := s.end(t); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	var stdout, stderr bytes.Buffer
	if code := run([]string{"index", "verify", "--index", dir}, nil, &stdout, &stderr); code != exitDone {
		t.Errorf("verify: %d, %s", code, &stderr)
	}
}
