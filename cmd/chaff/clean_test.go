package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// manyFiles writes articles to a new folder, half of which repeat a paragraph.
func manyFiles(t *testing.T, n int) string {
	t.Helper()
	random := rand.New(rand.NewPCG(5, 6))
	dir := t.TempDir()
	for i := range n {
		first := words(random, 60)
		text := first + "\n\n" + words(random, 200)
		if i%2 == 0 {
			text += "\n\n" + first
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.txt", i)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// sum sums up the names and contents below dir.
func sum(t *testing.T, dir string) [sha256.Size]byte {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		fmt.Fprintf(h, "%s\x00%d\x00%s", strings.TrimPrefix(path, dir), len(b), b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// whileWriting starts chaff clean and calls do when there are files in the
// partial folder.
func whileWriting(t *testing.T, in, out string, do func(*os.Process)) (code int, stderr string) {
	t.Helper()
	var b bytes.Buffer
	cmd := exec.Command("chaff", "clean", "--keep-duplicates", in, "--out", out)
	cmd.Stderr = &b
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill() }()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		if list, err := os.ReadDir(out + ".partial"); err == nil && len(list) > 20 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("nothing is written")
		}
	}
	do(cmd.Process)
	return wait(t, cmd), b.String()
}

// An interrupt leaves nothing.
func TestInterruptCleaning(t *testing.T) {
	in := manyFiles(t, 1000)
	base := t.TempDir()
	code, stderr := whileWriting(t, in, filepath.Join(base, "out"), func(p *os.Process) {
		if err := p.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
	})
	if code != exitInterrupted || !strings.Contains(stderr, "chaff: interrupted after ") || !strings.Contains(stderr, "was not written") {
		t.Errorf("exit code %d; standard error:\n%s", code, stderr)
	}
	if left := entries(t, base); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// An interrupt while articles come in on standard input leaves nothing either.
func TestInterruptCleaningOfStdin(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	base, spill := t.TempDir(), t.TempDir()
	cmd := exec.Command("chaff", "clean", "--spill-dir", spill, "-", "--out", filepath.Join(base, "out"))
	cmd.Stdin = r
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	go feed(w)
	defer w.Close()
	defer func() { _ = cmd.Process.Kill() }()
	for deadline := time.Now().Add(patience); len(entries(t, base)) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it does not begin")
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := wait(t, cmd); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	if left := append(entries(t, base), entries(t, spill)...); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// A run that is killed leaves no folder of the wanted name, and what it leaves
// doesn't stop the next one. The input is the same all the time.
func TestKilledCleaning(t *testing.T) {
	in := manyFiles(t, 1000)
	before := sum(t, in)
	out := filepath.Join(t.TempDir(), "out")
	whileWriting(t, in, out, func(p *os.Process) {
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
	})
	if _, err := os.Stat(out); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("the folder is there: %v", err)
	}
	if _, err := os.Stat(out + ".partial"); err != nil {
		t.Fatal("it was not killed while it wrote:", err)
	}
	var stderr bytes.Buffer
	for _, args := range [][]string{
		{"clean", "--keep-duplicates", in, "--out", out},
		{"clean", "--restore", out, "--out", out + "-again"},
	} {
		if code := run(args, nil, nil, &stderr); code != exitDone {
			t.Fatalf("exit code %d; standard error:\n%s", code, &stderr)
		}
	}
	if !strings.Contains(stderr.String(), "1,000 articles written to "+out+", 500 of them cut; 0 dropped") {
		t.Errorf("standard error:\n%s", &stderr)
	}
	if sum(t, in) != before {
		t.Error("the input was changed")
	}
	if sum(t, out+"-again") != before {
		t.Error("what is restored is not the input")
	}
	if left := entries(t, filepath.Dir(out)); len(left) != 2 {
		t.Errorf("left: %v", left)
	}
}
