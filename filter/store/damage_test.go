package store

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What torn holds: articles in its tables, and with those in its log.
const tornSorted, tornArticles = 120, 180

// torn is an index with articles in its tables and in its log, as a crash leaves
// it.
func torn(t *testing.T) (dir string, articles int) {
	t.Helper()
	live := filepath.Join(t.TempDir(), "live")
	s := openAt(t, live, Options{StoreText: true})
	p := newPress()
	fill(t, s, p, 0, tornSorted, 8)
	if err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	fill(t, s, p, tornSorted, tornArticles, 8)
	dir = filepath.Join(t.TempDir(), "torn")
	if err := os.CopyFS(dir, os.DirFS(live)); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	return dir, tornArticles
}

// files returns the files of an index that hold what it knows, and how many bytes of
// each are written: Pebble makes logs and manifests larger than they are.
func files(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	sizes := make(map[string]int64)
	for _, pattern := range []string{headerFile, markFile, engineDir + "/*.sst", engineDir + "/*.log", engineDir + "/MANIFEST-*"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			rel, err := filepath.Rel(dir, name)
			if err != nil {
				t.Fatal(err)
			}
			if written := bytes.TrimRight(b, "\x00"); len(written) > 0 {
				sizes[rel] = int64(len(written))
			}
		}
	}
	if len(sizes) < 5 {
		t.Fatalf("files %v", sizes)
	}
	return sizes
}

// TestDamageIsNamed flips bits of files and cuts them. Either opening or Verify must
// tell, or else everything is there.
//
// CHAFF_STORE_DAMAGES sets how often each file is damaged; 4 times if it is not set.
func TestDamageIsNamed(t *testing.T) {
	damages := number(t, "CHAFF_STORE_DAMAGES", 4)
	if testing.Short() {
		damages = 2
	}
	dir, articles := torn(t)
	told := make(map[string]int)
	silent := make(map[string]int)
	sizes := files(t, dir)
	for _, name := range slices.Sorted(maps.Keys(sizes)) {
		for try := range damages {
			// From the first byte on, and every bit in turn.
			at := sizes[name] * int64(try) / int64(damages)
			what := "bit flipped"
			change := func(b []byte) []byte { b[at] ^= 1 << (try / 2 % 8); return b }
			if try%2 == 1 {
				what = "cut"
				change = func(b []byte) []byte { return b[:at] }
			}
			kind := filepath.Ext(name)
			if kind == "" {
				kind, _, _ = strings.Cut(filepath.Base(name), "-")
			}
			if harmless(t, dir, name, fmt.Sprintf("%s, %s at byte %d of %d", name, what, at, sizes[name]), change, articles) {
				silent[kind+" "+what]++
			} else {
				told[kind+" "+what]++
			}
		}
	}
	t.Logf("told of: %v", told)
	t.Logf("without effect: %v", silent)
	for _, kind := range []string{".sst bit flipped", ".sst cut", ".log bit flipped", ".log cut", "MANIFEST bit flipped", "COMMITS cut"} {
		if told[kind] == 0 {
			t.Errorf("never told of %s", kind)
		}
	}
	if silent[".sst bit flipped"]+silent[".sst cut"] > 0 {
		t.Error("damage to a table went without notice")
	}
}

// harmless damages a copy of the index and reports whether nobody noticed; then
// nothing must be missing.
func harmless(t *testing.T, dir, name, what string, change func([]byte) []byte, articles int) bool {
	t.Helper()
	victim := filepath.Join(t.TempDir(), "index")
	if err := os.CopyFS(victim, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(victim, name)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(b), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := Open(victim, Options{})
	if err != nil {
		if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrVersion) && !errors.Is(err, ErrSettings) {
			t.Errorf("%s: opening: %v", what, err)
		}
		return false
	}
	defer closeStore(t, s)
	n, err := s.Verify(t.Context(), func(p Problem) {
		if strings.HasSuffix(name, ".sst") && p.File != "" && p.File != name {
			t.Errorf("%s: told of %s", what, p.File)
		}
	})
	if n > 0 || err != nil {
		return false
	}
	found := 0
	if err := eachArticle(t.Context(), s.db, func(*record) error { found++; return nil }); err != nil {
		t.Fatal(err)
	}
	if found != articles {
		t.Errorf("%s: %d articles of %d are there, and nobody told", what, found, articles)
	}
	return true
}

// TestRepair goes on with an index whose log lost its end.
func TestRepair(t *testing.T) {
	dir, articles := torn(t)
	logs, err := filepath.Glob(filepath.Join(dir, engineDir, "*.log"))
	if err != nil || len(logs) == 0 {
		t.Fatal(logs, err)
	}
	for _, name := range logs {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(name, min(info.Size(), 50_000)); err != nil {
			t.Fatal(err)
		}
	}
	for _, readOnly := range []bool{true, false} {
		if _, err := Open(dir, Options{ReadOnly: readOnly}); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "are lost") {
			t.Fatalf("opening what lost commits: %v", err)
		}
	}
	s := openAt(t, dir, Options{Repair: true})
	st, err := s.Stats()
	if err != nil {
		t.Fatal(err)
	}
	if st.Articles < tornSorted || st.Articles >= int64(articles) {
		t.Errorf("%d articles are left", st.Articles)
	}
	verified(t, s)
	closeStore(t, s)
	verified(t, openAt(t, dir, Options{}))
}

// TestVerifyNamesArticles takes entries away, and puts in some that lead nowhere.
func TestVerifyNamesArticles(t *testing.T) {
	for _, c := range []struct {
		damage func(s *Store, r *record) error
		want   string
	}{
		{func(s *Store, r *record) error { return s.db.Delete(idKey(nil, r.id), nil) }, "does not lead to it"},
		{func(s *Store, r *record) error {
			d := s.digestOf(r.codes)
			return s.db.Delete(appendSampleKey(nil, d.samples[3], r.number, d.class), nil)
		}, "1 of the entries"},
		{func(s *Store, r *record) error { return s.db.Delete(numberedKey(nil, tableArticle, r.number), nil) }, "is not there, but"},
		{func(s *Store, r *record) error {
			return s.db.Set(numberedKey(nil, tableArticle, r.number), []byte("x"), nil)
		}, "too short"},
		{func(s *Store, r *record) error {
			return s.db.Set(numberedKey(nil, tableText, r.number+99), seal(nil), nil)
		}, "its text is there"},
		{func(s *Store, r *record) error {
			c := s.counters
			c.articles++
			return s.db.Set([]byte{tableCounters}, c.append(nil), nil)
		}, ""},
	} {
		dir := t.TempDir()
		s := openAt(t, dir, Options{})
		p := newPress()
		fill(t, s, p, 0, 20, 2)
		var r record
		if err := s.lookUp(p.article(7, 1).ID, &r); err != nil {
			t.Fatal(err)
		}
		if err := c.damage(s, &r); err != nil {
			t.Fatal(err)
		}
		closeStore(t, s)
		s = openAt(t, dir, Options{})
		var told []string
		n, err := s.Verify(t.Context(), func(p Problem) { told = append(told, p.Error()) })
		if err != nil || n == 0 || n != len(told) || !strings.Contains(strings.Join(told, "\n"), c.want) {
			t.Errorf("want %q, told %q, %v", c.want, told, err)
		}
	}
}
