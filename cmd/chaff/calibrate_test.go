package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// An interrupt leaves no profile, nothing temporary, and a profile of before as it was.
func TestInterruptCalibrating(t *testing.T) {
	in := manyFiles(t, 3000)
	base := t.TempDir()
	out := filepath.Join(base, "ours.json")
	const old = "an old one"
	if err := os.WriteFile(out, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.Command("chaff", "calibrate", "--workers", "1", "--spill-dir", t.TempDir(), in, "--out", out)
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill() }()
	for deadline := time.Now().Add(patience); len(entries(t, base)) < 2; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it does not begin")
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := wait(t, cmd); code != exitInterrupted || !strings.Contains(stderr.String(), "no profile was written") {
		t.Errorf("exit code %d; standard error:\n%s", code, &stderr)
	}
	if left := entries(t, base); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
	if data, err := os.ReadFile(out); err != nil || string(data) != old {
		t.Errorf("the old profile is %q: %v", data, err)
	}
}

// Decisions that can't be written down leave the profile as it was.
func TestLabelKeepsTheProfile(t *testing.T) {
	dir := t.TempDir()
	out, decisions := filepath.Join(dir, "ours.json"), filepath.Join(dir, "d.jsonl")
	if err := os.WriteFile(decisions, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	if code := run([]string{"label", decisions, "--out", out}, nil, nil, &stderr); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	before, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if code := run([]string{"label", dir, "--profile", out}, nil, nil, &stderr); code != exitUsage {
		t.Errorf("exit code %d for decisions that are a folder", code)
	}
	after, err := os.ReadFile(out)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the profile changed: %v", err)
	}
	if left := entries(t, dir); len(left) != 2 {
		t.Error(fmt.Sprint("left: ", left))
	}
}
