package clean

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaff/corpus"
)

const twice = `The ferry to Penhallow sails twice a day from Monday on, the harbour office has announced.

Tickets are sold on board, and whoever brings a bicycle pays two crowns more than before.

The ferry to Penhallow sails twice a day from Monday on, the harbour office has announced.
`

// The folder must be new or empty and apart from the inputs.
func TestCreateRefuses(t *testing.T) {
	base := t.TempDir()
	put(t, base, map[string]string{
		"in/a.txt": "a", "full/b.txt": "b", "file": "c", "out.partial/theirs.txt": "d", "linked/x.txt": "x",
	})
	at := func(name string) string { return filepath.Join(base, name) }
	for _, name := range []string{"empty", "file2.partial"} {
		if err := os.Mkdir(at(name), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"alias": "in", "link.partial": "linked"} {
		if err := os.Symlink(at(to), at(link)); err != nil {
			t.Fatal(err)
		}
	}
	before := tree(t, base)
	for _, c := range []struct{ dir, input, want string }{
		{"full", "in", "not empty"},
		{"file", "in", "no folder"},
		{"in/out", "in", "which is read"},
		{"in/deep/out", "in", "which is read"},
		{"alias/out", "in", "which is read"},
		{"in/out", "alias", "which is read"},
		{"empty", "empty", "which is read"},
		{"a.txt", "a.txt.partial", "which is read"},
		{"out", "in", "chaff did not make it"},
		{"link", "in", "in the way"},
		{"none/out", "in", "no such file"},
	} {
		if c.input == "a.txt.partial" {
			put(t, base, map[string]string{"a.txt.partial/x": "x"})
			before["a.txt.partial/x"] = "x"
		}
		o, err := Create(at(c.dir), []string{at(c.input)})
		if err == nil {
			o.Discard()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %s: %v, want %q", c.dir, c.input, err, c.want)
		}
	}
	if after := tree(t, base); !maps.Equal(after, before) {
		t.Errorf("files were touched: %s", differ(after, before))
	}
}

func TestApart(t *testing.T) {
	base := t.TempDir()
	put(t, base, map[string]string{"a/b/c.txt": "c", "d/e.txt": "e"})
	at := func(name string) string { return filepath.Join(base, name) }
	if err := os.Symlink(at("a"), at("alias")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		a, b string
		ok   bool
	}{
		{"a", "d", true}, {"a/b", "d/e.txt", true}, {"a", "a/b", false}, {"a/b/c.txt", "a", false}, {"a", "alias", false}, {"alias/b", "a", false},
	} {
		if err := Apart([]string{at(c.a), "-", at(c.b)}); (err == nil) != c.ok {
			t.Errorf("%s and %s: %v", c.a, c.b, err)
		}
	}
}

// While a folder is written no other run takes it; what a run left behind does
// not stop the next one.
func TestPartialFolder(t *testing.T) {
	base := t.TempDir()
	in, dir := filepath.Join(base, "in"), filepath.Join(base, "out")
	put(t, in, map[string]string{"a.txt": twice})
	if err := os.Mkdir(dir, 0o777); err != nil { // empty
		t.Fatal(err)
	}
	first, err := Create(dir, []string{in})
	if err != nil {
		t.Fatal(err)
	}
	f, err := first.create("deep/down/left.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("half"); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(dir, []string{in}); err == nil || !strings.Contains(err.Error(), "another run") {
		t.Errorf("a second run at the same time: %v", err)
	}
	// The process dies: its lock goes, its files stay.
	_ = f.Close()
	_ = first.root.Close()
	_ = first.marker.Close()
	if _, err := run(t, dir, []string{in}, ""); err != nil {
		t.Fatal(err)
	}
	got := tree(t, base)
	if len(got) != 3 || strings.Count(got["out/a.txt"], "The ferry") != 1 || got["out/manifest.jsonl"] == "" {
		t.Errorf("got %v", got)
	}
}

func TestDiscard(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "out")
	o, err := Create(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	f, err := o.create("a/b.txt")
	if err != nil {
		t.Fatal(err)
	}
	o.keep(f)
	if _, err := o.manifest(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := o.Commit(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("committed after the end: %v", err)
	}
	o.Discard()
	o.Discard()
	if list, err := os.ReadDir(base); err != nil || len(list) > 0 {
		t.Errorf("left: %v, %v", list, err)
	}
}

// No file is written twice, or out of the folder.
func TestCreateFile(t *testing.T) {
	base := t.TempDir()
	o, err := Create(filepath.Join(base, "out"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Discard()
	f, err := o.create("a.txt")
	if err != nil {
		t.Fatal(err)
	}
	o.keep(f)
	for _, name := range []string{"a.txt", "../b.txt", "/b.txt", "a.txt/c.txt", "x/../../b.txt"} {
		if _, err := o.create(name); err == nil {
			t.Errorf("%s was made", name)
		}
	}
	if err := os.Symlink(base, filepath.Join(o.partial, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := o.create("link/b.txt"); err == nil {
		t.Error("a link was followed")
	}
	if list, err := os.ReadDir(base); err != nil || len(list) != 1 {
		t.Errorf("left: %v, %v", list, err)
	}
}

func TestMirror(t *testing.T) {
	base := t.TempDir()
	put(t, base, map[string]string{"in/a.txt": "a", "in/manifest.jsonl": "m", "in/manifest~2.jsonl": "m", "b.txt": "b"})
	t.Chdir(base)
	for _, c := range []struct {
		paths []string
		want  string // of the last
	}{
		{[]string{"in"}, ""},
		{[]string{"in/"}, ""},
		{[]string{"b.txt"}, "b.txt"},
		{[]string{"../" + filepath.Base(base) + "/b.txt"}, "b.txt"},
		{[]string{"-"}, "stdin.jsonl"},
		{[]string{"-", "in"}, "in"},
		{[]string{"b.txt", "./in/"}, "in"},
		{[]string{"b.txt", "../x/../in"}, "in"},
		{[]string{"b.txt", base + "/in"}, strings.TrimPrefix(base, "/") + "/in"},
		{[]string{"b.txt", "."}, filepath.Base(base)},
		{[]string{"b.txt", "in/.."}, filepath.Base(base)},
	} {
		m, err := newMirror(c.paths)
		if err != nil {
			t.Errorf("%v: %v", c.paths, err)
		} else if got := m.at[c.paths[len(c.paths)-1]]; got != c.want {
			t.Errorf("%v: %q, want %q", c.paths, got, c.want)
		}
	}
	for _, paths := range [][]string{{"in", "../in"}, {"in", "/in/x"}, {"-", "stdin.jsonl"}, {"In", "/in"}} {
		if m, err := newMirror(paths); err == nil {
			t.Errorf("%v: %v", paths, m.at)
		}
	}
	m, err := newMirror([]string{"in"})
	if err != nil {
		t.Fatal(err)
	}
	f := m.file(corpus.Source{Root: "in", Name: "manifest.jsonl"}, false)
	if f.Path != "manifest.jsonl" || f.Output != "manifest~3.jsonl" {
		t.Errorf("a file called manifest.jsonl: %+v", f)
	}
}
