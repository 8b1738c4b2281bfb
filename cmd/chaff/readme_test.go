package main

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the demo prints into README.md")

var elapsed = regexp.MustCompile(`(articles? read \([^)]*\)) in [0-9.]+ s`)

// timeless makes the time that a report took 0.0 s.
func timeless(report string) string { return elapsed.ReplaceAllString(report, "$1 in 0.0 s") }

// README.md shows what its first command prints: what stands in the block
// after that command is the output, but for the time it took.
func TestReadmeShowsTheDemo(t *testing.T) {
	const path = "../../README.md"
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const open, shut = "\n```text\n", "```\n"
	before, rest, ok := strings.Cut(string(readme), open)
	shown, after, closed := strings.Cut(rest, shut)
	if !ok || !closed {
		t.Fatal("README.md has no block of output")
	}
	if !strings.Contains(before, "go run ./cmd/chaff scan testdata/demo\n") || !strings.Contains(before, "make test\n") {
		t.Error("README.md does not begin with the two commands")
	}
	var stdout, stderr bytes.Buffer
	if code := run([]string{"scan", "../../testdata/demo"}, nil, &stdout, &stderr); code != exitDone || stderr.Len() > 0 {
		t.Fatalf("exit code %d; standard error:\n%s", code, &stderr)
	}
	got := timeless(stdout.String())
	if *update {
		if err := os.WriteFile(path, []byte(before+open+got+shut+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if timeless(shown) != got {
		t.Errorf("the demo prints\n%s\nREADME.md shows\n%s", got, shown)
	}
}
