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
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"chaff/filter/store"
)

// newsFile writes articles, many of them near-copies of earlier ones, and returns
// the file.
func newsFile(t *testing.T, articles int) string {
	t.Helper()
	random := rand.New(rand.NewPCG(5, 6))
	texts := make([]string, articles)
	var b strings.Builder
	for i := range texts {
		texts[i] = words(random, 60+random.IntN(60))
		if i > 0 && random.IntN(3) == 0 {
			texts[i] = texts[random.IntN(i)] + "edition"
		}
		b.WriteString(record(fmt.Sprint(i), texts[i]))
	}
	file := filepath.Join(t.TempDir(), "news.jsonl")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// verdict is what a line that filter wrote says.
type verdict struct {
	ID    string
	Chaff struct{ Verdict string }
}

// verdicts reads the whole lines of what filter wrote.
func verdicts(t *testing.T, out []byte) []verdict {
	t.Helper()
	var all []verdict
	for line := range bytes.Lines(out) {
		if !bytes.HasSuffix(line, []byte{'\n'}) {
			break // the process was killed while it wrote
		}
		var v verdict
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all = append(all, v)
	}
	return all
}

func openIndex(t *testing.T, dir string) *store.Store {
	t.Helper()
	index, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = index.Close() })
	return index
}

// accepted checks that each article told to be accepted is in the index.
func accepted(t *testing.T, index *store.Store, told []verdict) {
	t.Helper()
	for _, v := range told {
		if v.Chaff.Verdict != "accept" {
			continue
		}
		if _, err := index.Get(v.ID); err != nil {
			t.Errorf("accepted, and lost: %v", err)
		}
	}
}

// killCount returns how often a process is killed: what CHAFF_KILLS says, or usual.
func killCount(usual, short int) int {
	if testing.Short() {
		return short
	}
	if n, err := strconv.Atoi(os.Getenv("CHAFF_KILLS")); err == nil {
		return n
	}
	return usual
}

// TestKilledFilter kills filter and index add at random moments, again and again. What
// was acknowledged is there, and the same input gives in the end what it would have
// given at once.
//
// CHAFF_KILLS sets how often; 16 times if it is not set.
func TestKilledFilter(t *testing.T) {
	kills := killCount(16, 4)
	news := newsFile(t, 2500)
	want, err := exec.Command("chaff", "filter", "--index", filepath.Join(t.TempDir(), "index"), news).Output()
	if err != nil {
		t.Fatal(err)
	}
	expected := verdicts(t, want)
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	dir := filepath.Join(t.TempDir(), "index")
	added := filepath.Join(t.TempDir(), "added")
	killed := 0
	for round := range kills {
		var out bytes.Buffer
		cmd := exec.Command("chaff", "filter", "--index", dir, news)
		if round%2 == 1 {
			cmd = exec.Command("chaff", "index", "add", "--index", added, news)
		}
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Duration(20+random.IntN(400))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		if cmd.Wait() != nil {
			killed++
		}
		if round%2 == 1 {
			continue
		}
		got := verdicts(t, out.Bytes())
		for i := range got {
			if got[i] != expected[i] {
				t.Fatalf("round %d, line %d is %+v, want %+v", round, i+1, got[i], expected[i])
			}
		}
		index := openIndex(t, dir)
		accepted(t, index, got)
		if err := index.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if killed == 0 {
		t.Fatal("each process ended before it was killed")
	}
	t.Logf("%d of %d killed", killed, kills)
	out, err := exec.Command("chaff", "filter", "--index", dir, news).Output()
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range verdicts(t, out) {
		if v != expected[i] {
			t.Fatalf("at last, line %d is %+v, want %+v", i+1, v, expected[i])
		}
	}
	if out, err := exec.Command("chaff", "index", "add", "--index", added, news).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, dir := range []string{dir, added} {
		if out, err := exec.Command("chaff", "index", "verify", "--index", dir).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
	if s, err := openIndex(t, added).Stats(); err != nil || s.Articles != 2500 {
		t.Errorf("%d articles were added, %v", s.Articles, err)
	}
}

// An interrupt ends the reading: what was read is finished, and told.
func TestInterruptedFilter(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	cmd := exec.Command("chaff", "filter", "--index", dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	read, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	go feed(in)
	lines := bufio.NewReader(read)
	var out bytes.Buffer
	for range 50 {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			t.Fatal(err)
		}
		out.Write(line)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(&out, lines); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	_ = in.Close()
	told := verdicts(t, out.Bytes())
	if !bytes.HasSuffix(out.Bytes(), []byte{'\n'}) {
		t.Error("the last line is not whole")
	}
	said := regexp.MustCompile(`^chaff: interrupted after .*: (\d+) lines: \d+ accepted`).FindStringSubmatch(stderr.String())
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || said == nil || said[1] != fmt.Sprint(len(told)) {
		t.Errorf("exit code %d after %d lines; standard error:\n%s", code, len(told), &stderr)
	}
	accepted(t, openIndex(t, dir), told)
}
