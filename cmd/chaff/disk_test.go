//go:build linux

package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"chaff/filter/store"
)

// mountDisk returns a folder on a file system of so many bytes.
func mountDisk(t *testing.T, bytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("chaff", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		t.Skipf("a small file system can't be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// smallDisk returns a folder on a file system with room for the reserve of an index and
// little more, and what gives it more room.
func smallDisk(t *testing.T) (dir string, enlarge func()) {
	t.Helper()
	dir = mountDisk(t, store.DefaultReserve+12<<20)
	return dir, func() {
		if err := syscall.Mount("chaff", dir, "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("size=%d", 2*store.DefaultReserve)); err != nil {
			t.Fatal(err)
		}
	}
}

// seal takes the right to make files in a folder from everyone, and returns what gives
// it back.
func seal(t *testing.T, dir string) (unseal func()) {
	t.Helper()
	if out, err := exec.Command("chattr", "+i", dir).CombinedOutput(); err != nil {
		t.Skipf("a folder can't be made immutable: %v: %s", err, out)
	}
	sealed := true
	unseal = func() {
		if !sealed {
			return
		}
		sealed = false
		if out, err := exec.Command("chattr", "-i", dir).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
	t.Cleanup(unseal)
	return unseal
}

// The filter ends where the disk is full and says so. What it told is in the index, and
// with more room the same input gives what it would have given at once.
func TestFilterOnAFullDisk(t *testing.T) {
	news := newsFile(t, 4000)
	want, err := exec.Command("chaff", "filter", "--index", filepath.Join(t.TempDir(), "index"), news).Output()
	if err != nil {
		t.Fatal(err)
	}
	expected := verdicts(t, want)
	disk, enlarge := smallDisk(t)
	dir := filepath.Join(disk, "index")
	var stdout, stderr bytes.Buffer
	code := run([]string{"filter", "--index", dir, news}, nil, &stdout, &stderr)
	told := verdicts(t, stdout.Bytes())
	if code != exitUsage || !strings.Contains(stderr.String(), "disk is full") || len(told) == 0 || len(told) >= len(expected) {
		t.Fatalf("exit code %d after %d lines: %s", code, len(told), &stderr)
	}
	for i := range told {
		if told[i] != expected[i] {
			t.Fatalf("line %d is %+v, want %+v", i+1, told[i], expected[i])
		}
	}
	index, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	accepted(t, index, told)
	if err := index.Close(); err != nil {
		t.Error(err)
	}
	enlarge()
	stdout.Reset()
	if code := run([]string{"filter", "--index", dir, news}, nil, &stdout, &stderr); code != exitDone {
		t.Fatalf("with more room: %d: %s", code, &stderr)
	}
	for i, v := range verdicts(t, stdout.Bytes()) {
		if v != expected[i] {
			t.Fatalf("with more room, line %d is %+v, want %+v", i+1, v, expected[i])
		}
	}
	if code := run([]string{"index", "verify", "--index", dir}, nil, &stdout, &stderr); code != exitDone {
		t.Errorf("verify: %d: %s", code, &stderr)
	}
}

// Where the output is full the filter ends and says so; the articles are in the index, and
// the same input is accepted again.
func TestFilterToAFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	dir := filepath.Join(t.TempDir(), "index")
	news := newsFile(t, 500)
	var stderr bytes.Buffer
	cmd := exec.Command("chaff", "filter", "--index", dir, news)
	cmd.Stdout, cmd.Stderr = full, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if code := wait(t, cmd); code != exitUsage || !strings.Contains(stderr.String(), "no space left on device") {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
	var again, once bytes.Buffer
	if code := run([]string{"filter", "--index", dir, news}, nil, &again, &stderr); code != exitDone {
		t.Errorf("again: %d: %s", code, &stderr)
	}
	if code := run([]string{"filter", "--index", dir + "2", news}, nil, &once, &stderr); code != exitDone {
		t.Errorf("at once: %d: %s", code, &stderr)
	}
	if !bytes.Equal(again.Bytes(), once.Bytes()) {
		t.Error("the second time it says other things than it would have said the first time")
	}
}

// A server whose disk is full says so to those who submit, goes on checking, and takes
// submissions again once there is room.
func TestServeOnAFullDisk(t *testing.T) {
	disk, enlarge := smallDisk(t)
	s := startServe(t, filepath.Join(disk, "index"), "--store-text")
	random := rand.New(rand.NewPCG(1, 2))
	var texts []string
	status, body := http.StatusOK, ""
	for status == http.StatusOK && len(texts) < 5000 {
		texts = append(texts, words(random, 1000))
		var err error
		if status, body, err = s.submit(fmt.Sprint(len(texts)-1), texts[len(texts)-1]); err != nil {
			t.Fatal(err)
		}
	}
	refused := len(texts) - 1
	if status != http.StatusInsufficientStorage || !strings.Contains(body, "the disk is full; nothing was written") || refused == 0 {
		t.Fatalf("after %d articles: %d %s", refused, status, body)
	}
	ask := func(path, kind, body string, want int) string {
		t.Helper()
		resp, err := http.Post(s.url+path, kind, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != want {
			t.Errorf("%s: %s, want %d: %s, %v", path, resp.Status, want, b, err)
		}
		return string(b)
	}
	copied := strings.TrimSpace(record("copy", texts[0]+"and more"))
	if got := ask("/v1/check", "application/json", copied, http.StatusOK); !strings.Contains(got, `"verdict":"reject"`) {
		t.Errorf("a check: %s", got)
	}
	if got := ask("/v1/bulk?mode=submit", "application/x-ndjson", record("new", words(random, 50))+"{}", http.StatusOK); strings.Count(got, "\n") != 2 ||
		!strings.Contains(got, `"id":"new","error":"the disk is full; nothing was written","retry":true`) {
		t.Errorf("a stream: %s", got)
	}
	enlarge()
	for i := refused; i < refused+50; i++ {
		if i == len(texts) {
			texts = append(texts, words(random, 1000))
		}
		if status, body, err := s.submit(fmt.Sprint(i), texts[i]); status != http.StatusOK || !strings.Contains(body, `"added"`) || err != nil {
			t.Fatalf("with more room: %d %s %v", status, body, err)
		}
	}
	s.terminate(t, exitDone)
	present(t, filepath.Join(disk, "index"), texts)
}

// present checks that articles numbered by their place are in the index, and that it is
// whole.
func present(t *testing.T, dir string, texts []string) {
	t.Helper()
	index := openIndex(t, dir)
	defer index.Close()
	for i, text := range texts {
		if e, err := index.Get(fmt.Sprint(i)); err != nil || e.Article == nil || e.Article.Text != text {
			t.Fatalf("article %d was acknowledged: %+v, %v", i, e, err)
		}
	}
	n, err := index.Verify(t.Context(), func(p store.Problem) { t.Error(p) })
	if n > 0 || err != nil {
		t.Errorf("%d problems, %v", n, err)
	}
}

// Whoever may not make files in the index any more is told so, by the filter and by a
// server that goes on to answer; both can be ended, and what they acknowledged is there.
func TestRightsLost(t *testing.T) {
	t.Run("at the start", func(t *testing.T) {
		dir := t.TempDir()
		seal(t, dir)
		for _, args := range [][]string{{"filter", "--index", dir}, {"serve", "--index", dir, "--addr", "127.0.0.1:0"}, {"index", "add", "--index", dir, "-"}} {
			var stdout, stderr bytes.Buffer
			if code := run(args, strings.NewReader(record("a", "b")), &stdout, &stderr); code != exitUsage || !strings.Contains(stderr.String(), "operation not permitted") {
				t.Errorf("%v: %d: %s", args, code, &stderr)
			}
		}
	})
	t.Run("filter", func(t *testing.T) {
		dir := t.TempDir()
		cmd := exec.Command("chaff", "filter", "--index", dir)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		var out, stderr bytes.Buffer
		read, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		go feed(in)
		if _, err := io.CopyN(&out, read, 50_000); err != nil {
			t.Fatal(err)
		}
		unseal := seal(t, filepath.Join(dir, "pebble"))
		if _, err := io.Copy(&out, read); err != nil {
			t.Fatal(err)
		}
		_ = in.Close()
		if code := wait(t, cmd); code != exitUsage || !strings.Contains(stderr.String(), "index failed to write") || !strings.Contains(stderr.String(), "operation not permitted") {
			t.Errorf("%d: %.2000s", code, &stderr)
		}
		unseal()
		accepted(t, openIndex(t, dir), verdicts(t, out.Bytes()))
	})
	t.Run("serve", func(t *testing.T) {
		dir := t.TempDir()
		s := startServe(t, dir, "--store-text")
		random := rand.New(rand.NewPCG(3, 4))
		var texts []string
		unseal := func() {}
		for {
			if len(texts) == 20 {
				unseal = seal(t, filepath.Join(dir, "pebble"))
			}
			text := words(random, 2000)
			status, body, err := s.submit(fmt.Sprint(len(texts)), text)
			if err != nil {
				t.Fatal(err)
			}
			if status == http.StatusOK && len(texts) < 5000 {
				texts = append(texts, text)
				continue
			}
			if status != http.StatusInternalServerError || !strings.Contains(body, "the index failed to write; the server must be started again") {
				t.Errorf("after %d articles: %d %s", len(texts), status, body)
			}
			break
		}
		resp, err := http.Get(s.url + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("it is ready: %s", resp.Status)
		}
		s.terminate(t, exitDone)
		unseal()
		present(t, dir, texts)
	})
}
