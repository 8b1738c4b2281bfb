//go:build linux

package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// Where the disk is full, that is said, and nothing is left.
func TestCleanOnAFullDisk(t *testing.T) {
	disk := mountDisk(t, 256<<10)
	in := manyFiles(t, 400) // 600 kB
	for _, args := range [][]string{
		{"clean", in, "--out", filepath.Join(disk, "out")},
		{"clean", "--keep-duplicates", in, "--out", filepath.Join(disk, "out")},
	} {
		var stderr bytes.Buffer
		if code := run(args, nil, nil, &stderr); code != exitUsage || !strings.Contains(stderr.String(), "out.partial/") ||
			!strings.Contains(stderr.String(), "no space left on device") {
			t.Errorf("exit code %d; standard error:\n%s", code, &stderr)
		}
		if left := entries(t, disk); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
	// Standard input that can't be kept is an error as well, not a short input.
	var stdin strings.Builder
	for range 400 {
		stdin.WriteString(record("1", strings.Repeat("word ", 400)))
	}
	var stderr bytes.Buffer
	out := filepath.Join(t.TempDir(), "out")
	code := run([]string{"clean", "--keep-duplicates", "--spill-dir", disk, "-", "--out", out}, strings.NewReader(stdin.String()), nil, &stderr)
	if code != exitUsage || !strings.Contains(stderr.String(), "keeping standard input: ") {
		t.Errorf("exit code %d; standard error:\n%s", code, &stderr)
	}
	if left := entries(t, filepath.Dir(out)); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
