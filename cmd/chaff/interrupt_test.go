package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for something that takes a moment.
const patience = 60 * time.Second

// feed writes articles of random words to w until it is closed.
func feed(w io.Writer) {
	random := rand.New(rand.NewPCG(1, 2))
	b := bufio.NewWriter(w)
	for i := 0; ; i++ {
		if _, err := b.WriteString(record(fmt.Sprint(i), words(random, 200))); err != nil {
			return // the reader has gone
		}
	}
}

func words(random *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, "w%d ", random.IntN(50_000))
	}
	return b.String()
}

// record returns a line of JSON Lines.
func record(id, text string) string {
	line, err := json.Marshal(map[string]string{"id": id, "text": text})
	if err != nil {
		panic(err)
	}
	return string(line) + "\n"
}

// start runs chaff over a stream of articles that does not end, until some were read.
func start(t *testing.T, spill string, args ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	cmd = exec.Command("chaff", append([]string{"scan", "--spill-dir", spill}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = r, stdout, stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = w.Close()
	})
	fed := make(chan struct{})
	go func() {
		// A pipe holds far less than this: when it is through, chaff has read from it.
		_, _ = io.WriteString(w, record("first", strings.Repeat("word ", 1<<20)))
		close(fed)
		feed(w)
	}()
	select {
	case <-fed:
	case <-time.After(patience):
		t.Fatal("nothing was read")
	}
	return cmd, stdout, stderr
}

// wait returns the exit code of cmd.
func wait(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(done)
	}()
	select {
	case <-done:
		return cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		t.Fatal("it does not stop")
		return 0
	}
}

func TestInterrupt(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			dir, spill := t.TempDir(), t.TempDir()
			pairs := filepath.Join(dir, "pairs.tsv")
			if err := os.WriteFile(pairs, []byte("from before\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd, stdout, stderr := start(t, spill, "--pairs", pairs, "--format", "jsonl", "-")
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			if code := wait(t, cmd); code != exitInterrupted {
				t.Errorf("exit code %d; standard error:\n%s", code, stderr)
			}
			if stdout.Len() > 0 {
				t.Errorf("standard output:\n%s", stdout)
			}
			for _, want := range []string{"chaff: interrupted after ", "read (", "so far: ", "chaff: not finished: "} {
				if !strings.Contains(stderr.String(), want) {
					t.Errorf("%q is missing on standard error:\n%s", want, stderr)
				}
			}
			if b, err := os.ReadFile(pairs); string(b) != "from before\n" {
				t.Errorf("the file of pairs from before holds %q, %v", b, err)
			}
			for _, d := range []string{dir, spill} {
				for _, e := range entries(t, d) {
					if e != "pairs.tsv" {
						t.Errorf("%s is left behind", e)
					}
				}
			}
		})
	}
}

// A scan that writes stops as well, and tells so, though no one reads what it writes.
func TestInterruptWriting(t *testing.T) {
	// Each article repeats its first paragraph: far more is found than a pipe holds.
	random := rand.New(rand.NewPCG(3, 4))
	var b strings.Builder
	for i := range 2000 {
		first, second := words(random, 60), words(random, 60)
		b.WriteString(record(fmt.Sprint(i), first+"\n\n"+second+"\n\n"+first))
	}
	file := filepath.Join(t.TempDir(), "a.jsonl")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("chaff", "scan", "--only", "repeat", "--format", "jsonl", file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill() }()
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := wait(t, cmd); code != exitInterrupted || !strings.Contains(stderr.String(), "not finished: writing") {
		t.Errorf("exit code %d; standard error:\n%s", code, &stderr)
	}
}

func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(list))
	for i, e := range list {
		names[i] = e.Name()
	}
	return names
}
