package clean

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaff/article"
	"chaff/corpus"
)

const (
	twiceMore = `A heron has nested on the roof of the savings bank since the beginning of April.

Nobody may climb up there before the young ones have left, says the bird warden.

A heron has nested on the roof of the savings bank since the beginning of April.`
	twiceAgain = `Seven barrels of cider rolled down Mill Lane when a cart lost its tailboard at noon.

Children caught six of them, while the last one came to rest in the baker's window.

Seven barrels of cider rolled down Mill Lane when a cart lost its tailboard at noon.`
)

// cleanedFolder cleans a few files and returns where the result is.
func cleanedFolder(t *testing.T) (base string, originals map[string]string) {
	t.Helper()
	base = t.TempDir()
	record := func(id, text string) string {
		return `{"id":"` + id + `","text":"` + strings.ReplaceAll(text, "\n", `\n`) + `"}` + "\n"
	}
	originals = map[string]string{
		"cut.txt":       twice,
		"same.txt":      "Nothing in this text is said a second time.\n",
		"some.jsonl":    record("1", "One text of its own.") + record("2", twiceMore) + record("3", "Another text of its own."),
		"some.jsonl.gz": gz(record("4", twiceAgain) + record("5", "A third text of its own.")),
	}
	put(t, filepath.Join(base, "in"), originals)
	got, err := run(t, filepath.Join(base, "out"), []string{filepath.Join(base, "in")}, "")
	if err != nil {
		t.Fatal(err)
	}
	if got.summary.Cut != 3 || got.summary.Articles != 7 {
		t.Fatalf("%+v", got.summary)
	}
	return base, originals
}

// What doesn't fit any more is named and not written; the rest is restored.
func TestRestoreFindsWhatDoesNotFit(t *testing.T) {
	base, originals := cleanedFolder(t)
	out := filepath.Join(base, "out")
	edit := func(name, old, new string) {
		path := filepath.Join(out, name)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		edited := strings.Replace(string(b), old, new, 1)
		if edited == string(b) {
			t.Fatalf("%q is not in %s", old, name)
		}
		if err := os.WriteFile(path, []byte(edited), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	edit("same.txt", "Nothing", "nothing")
	edit("some.jsonl", "Another text", "Another")
	restored, problems, err := restore(out, filepath.Join(base, "back"))
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) != 2 || !errors.Is(problems[0], ErrSum) || !strings.Contains(problems[0].Error(), "same.txt") || !errors.Is(problems[1], ErrSum) {
		t.Errorf("problems: %v", problems)
	}
	want := maps.Clone(originals)
	delete(want, "same.txt")
	delete(want, "some.jsonl")
	if got := tree(t, filepath.Join(base, "back")); restored != 2 || !maps.Equal(got, want) {
		t.Errorf("restored %d: %v", restored, got)
	}

	if err := os.Remove(filepath.Join(out, "same.txt")); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(out, "some.jsonl"), 0); err != nil {
		t.Fatal(err)
	}
	_, problems, err = restore(out, filepath.Join(base, "back2"))
	if err != nil || len(problems) != 2 || !errors.Is(problems[0], fs.ErrNotExist) || !strings.Contains(problems[1].Error(), "too short") {
		t.Errorf("without two files: %v, %v", problems, err)
	}
}

// A manifest that isn't whole, or leads elsewhere, is refused, and nothing is
// left of the attempt.
func TestRestoreRefusesAManifest(t *testing.T) {
	base, _ := cleanedFolder(t)
	path := filepath.Join(base, "out", corpus.ManifestName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole := string(b)
	lines := strings.SplitAfter(whole, "\n")
	for name, broken := range map[string]string{
		"cut off":       strings.Join(lines[:len(lines)-2], ""),
		"half a line":   whole[:len(whole)-10],
		"no header":     strings.Join(lines[1:], ""),
		"empty":         "",
		"version":       strings.Replace(whole, `"version":1`, `"version":2`, 1),
		"not JSON":      lines[0] + "}{\n" + strings.Join(lines[1:], ""),
		"unknown":       lines[0] + `{"type":"link"}` + "\n" + strings.Join(lines[1:], ""),
		"early record":  lines[0] + `{"type":"record","line":1}` + "\n" + strings.Join(lines[1:], ""),
		"early bytes":   lines[0] + `{"type":"bytes"}` + "\n" + strings.Join(lines[1:], ""),
		"out of folder": strings.Replace(whole, `"path":"cut.txt"`, `"path":"../cut.txt"`, 1),
		"absolute":      strings.Replace(whole, `"path":"cut.txt"`, `"path":"/cut.txt"`, 1),
		"no path":       strings.Replace(whole, `"path":"cut.txt"`, `"path":""`, 1),
	} {
		if broken == whole {
			t.Fatalf("%s: nothing was broken", name)
		}
		if err := os.WriteFile(path, []byte(broken), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, _, err := restore(filepath.Join(base, "out"), filepath.Join(base, "back")); !errors.Is(err, ErrManifest) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What a manifest says stands elsewhere is not read either.
	put(t, base, map[string]string{"secret": "Nothing in this text is said a second time.\n"})
	if err := os.WriteFile(path, []byte(strings.Replace(whole, `"output":"same.txt"`, `"output":"../secret"`, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, problems, err := restore(filepath.Join(base, "out"), filepath.Join(base, "back")); err != nil || len(problems) != 1 {
		t.Errorf("a file out of the folder: %v, %v", problems, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, _, err := restore(filepath.Join(base, "out"), filepath.Join(base, "back2")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no manifest: %v", err)
	}
	list, err := os.ReadDir(base)
	if err != nil || len(list) != 4 {
		t.Errorf("left: %v, %v", list, err)
	}
}

// Standard input is a file of its own, compressed or not.
func TestStdin(t *testing.T) {
	for name, pack := range map[string]func(string) string{"stdin.jsonl": func(s string) string { return s }, "stdin.jsonl.gz": gz} {
		base := t.TempDir()
		stdin := pack(`{"id":"1","text":"` + strings.ReplaceAll(twice, "\n", `\n`) + `"}` + "\n{\"id\":\n")
		got, err := run(t, filepath.Join(base, "out"), []string{"-"}, stdin)
		if err != nil || got.summary.Cut != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		if _, problems, err := restore(filepath.Join(base, "out"), filepath.Join(base, "back")); err != nil || len(problems) > 0 {
			t.Errorf("%v, %v", problems, err)
		}
		if back := tree(t, filepath.Join(base, "back")); back[name] != stdin || len(back) != 1 {
			t.Errorf("restored %v", back)
		}
	}
}

// A source that changes after it was read is told and left out; the rest is
// written.
func TestChangedAfterReading(t *testing.T) {
	base := t.TempDir()
	in := filepath.Join(base, "in")
	put(t, in, map[string]string{"a.txt": twice, "b.txt": "Nothing in this text is said a second time.\n", "c.txt": "Nor in this one, which is another.\n"})
	plan := NewPlan()
	c, err := corpus.Open([]string{in}, corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := scanInto(c, plan, article.Repeat); err != nil {
		t.Fatal(err)
	}
	put(t, in, map[string]string{"a.txt": twice + "More.", "b.txt": "Changed."})
	out, err := Create(filepath.Join(base, "out"), []string{in})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Discard()
	var problems []error
	s, err := Write(t.Context(), c, plan, out, Options{Paths: []string{in}, Problem: func(err error) { problems = append(problems, err) }})
	if err != nil || len(problems) != 2 || !errors.Is(problems[0], corpus.ErrChanged) || s.Skipped != 2 {
		t.Errorf("%+v, %v, %v", s, problems, err)
	}
	if err := out.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := tree(t, filepath.Join(base, "out")); len(got) != 2 || got["c.txt"] == "" {
		t.Errorf("written: %v", got)
	}
}
