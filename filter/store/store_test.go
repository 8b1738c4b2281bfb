package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"chaff/article"
	"chaff/shingle"
)

func openAt(tb testing.TB, dir string, o Options) *Store {
	tb.Helper()
	s, err := Open(dir, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil && !errors.Is(err, ErrClosed) {
			tb.Error(err)
		}
	})
	return s
}

func closeStore(tb testing.TB, s *Store) {
	tb.Helper()
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
}

func add(tb testing.TB, s *Store, a *article.Article, want Status) {
	tb.Helper()
	got, err := s.Add(tb.Context(), a)
	if err != nil {
		tb.Fatal(err)
	}
	if got != want {
		tb.Fatalf("adding %q: %s, want %s", a.ID, got, want)
	}
}

func query(tb testing.TB, s *Store, a *article.Article) []Match {
	tb.Helper()
	m, err := s.Query(tb.Context(), a)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// verified fails the test if Verify finds anything.
func verified(tb testing.TB, s *Store) {
	tb.Helper()
	n, err := s.Verify(tb.Context(), func(p Problem) { tb.Errorf("problem: %v", p) })
	if err != nil || n > 0 {
		tb.Fatalf("%d problems, error %v", n, err)
	}
}

func TestLifeOfAnArticle(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "index")
	s := openAt(t, dir, Options{StoreText: true})
	p := newPress()
	rng := rand.New(rand.NewPCG(1, 1))
	a := p.article(1, 400)
	a.Title, a.URL, a.Lang = "A title", "https://press.example/1", "en"
	version := p.edited(rng, a, "version", 0.05, 0, 1)
	part := p.edited(rng, a, "part", 0, 0.2, 0.6)
	same := *a
	same.ID, same.Text = "same", strings.ToUpper(a.Text)

	if m := query(t, s, a); len(m) != 0 {
		t.Fatalf("an empty index has matches: %v", m)
	}
	add(t, s, a, Added)
	add(t, s, a, Known)
	add(t, s, p.article(2, 400), Added)
	for _, c := range []struct {
		asked *article.Article
		want  article.Relation
	}{{version, article.Version}, {part, article.Contained}, {&same, article.Same}} {
		m := query(t, s, c.asked)
		if len(m) != 1 || m[0].ID != a.ID || m[0].Relation != c.want || m[0].Source != a.Source || !m[0].Date.Equal(a.Date) {
			t.Errorf("%s: %+v, want one match %s", c.asked.ID, m, c.want)
		}
	}
	if m := query(t, s, a); len(m) != 0 {
		t.Errorf("an article is its own duplicate: %v", m)
	}

	closeStore(t, s)
	s = openAt(t, dir, Options{})
	add(t, s, a, Known)
	e, err := s.Get(a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if e.Article == nil || !reflect.DeepEqual(e.Article, a) {
		t.Errorf("the article is %+v, was %+v", e.Article, a)
	}
	if e.Bytes != len(a.Text) || e.Words != 400 {
		t.Errorf("entry %+v", e)
	}
	var out bytes.Buffer
	if err := s.Export(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	var lines []exported
	for d := json.NewDecoder(&out); d.More(); {
		var line exported
		if err := d.Decode(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if len(lines) != 2 || lines[0].ID != a.ID || lines[0].Text != a.Text || lines[1].ID != p.article(2, 1).ID {
		t.Errorf("export: %+v", lines)
	}

	changed := *version
	changed.ID = a.ID
	add(t, s, &changed, Updated)
	if m := query(t, s, &same); len(m) != 1 || m[0].Relation != article.Version {
		t.Errorf("after the update: %+v", m)
	}
	verified(t, s)
	if err := s.Remove(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(t.Context(), a.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	if _, err := s.Get(a.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("got after removal: %v", err)
	}
	if m := query(t, s, &same); len(m) != 0 {
		t.Errorf("after removal: %+v", m)
	}
	if err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	verified(t, s)
	st, err := s.Stats()
	if err != nil {
		t.Fatal(err)
	}
	if st.Articles != 1 || st.Words != 400 || st.Commits != 4 || st.DiskBytes == 0 {
		t.Errorf("stats %+v", st)
	}
	closeStore(t, s)
	if _, err := s.Query(t.Context(), a); !errors.Is(err, ErrClosed) {
		t.Errorf("query after Close: %v", err)
	}
}

func TestOddArticles(t *testing.T) {
	s := openAt(t, t.TempDir(), Options{})
	for _, id := range []string{"", strings.Repeat("x", MaxID+1)} {
		if _, err := s.Add(t.Context(), &article.Article{ID: id, Text: "some words"}); !errors.Is(err, ErrID) {
			t.Errorf("ID of %d bytes: %v", len(id), err)
		}
	}
	texts := []string{"", "…", "one", "two words", "one", "three words here", "wörd \xff\x00 z", strings.Repeat("again ", 5000)}
	for i, text := range texts {
		add(t, s, &article.Article{ID: fmt.Sprintf("%c\x00\xff%d", 'a'+i*3, i), Text: text}, Added)
	}
	want := map[string]int{"one": 2, "ONE!": 2, "two words": 1, "two": 0, "": 0, "three  Words hére": 1, "again again again again": 1}
	for text, n := range want {
		if m := query(t, s, &article.Article{ID: "asked", Text: text}); len(m) != n {
			t.Errorf("%q: %+v, want %d", text, m, n)
		}
	}
	verified(t, s)
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir, Options{})
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrLocked) {
		t.Errorf("second writer: %v", err)
	}
	closeStore(t, s)
	for _, o := range []Options{{ShingleSize: 4}, {Tokenizer: shingle.Tokenizer{Segmenter: shingle.GSE}}} {
		for _, o.ReadOnly = range []bool{false, true} {
			if _, err := Open(dir, o); !errors.Is(err, ErrSettings) {
				t.Errorf("%+v: %v", o, err)
			}
		}
	}
	for _, o := range []Options{{Jaccard: 2}, {Containment: -0.5}, {Tokenizer: shingle.Tokenizer{Segmenter: "none"}}} {
		if _, err := Open(dir, o); err == nil {
			t.Errorf("%+v was opened", o)
		}
	}
	if _, err := Open(filepath.Join(dir, "missing"), Options{ReadOnly: true}); !errors.Is(err, ErrNotIndex) {
		t.Errorf("reading a missing index: %v", err)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "letter.txt"), []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(foreign, Options{}); !errors.Is(err, ErrNotIndex) {
		t.Errorf("somebody's folder: %v", err)
	}
	header := filepath.Join(dir, headerFile)
	b, err := os.ReadFile(header)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]error{
		strings.Replace(string(b), "format 1", "format 2", 1): ErrVersion,
		strings.Replace(string(b), "size 3", "size 4", 1):     ErrDamaged,
		"": ErrDamaged,
	} {
		if err := os.WriteFile(header, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, Options{}); !errors.Is(err, want) || errors.Is(err, ErrDamaged) && !strings.Contains(err.Error(), headerFile) {
			t.Errorf("header %q: %v", text, err)
		}
	}
}

func TestHalfMadeIndexIsCompleted(t *testing.T) {
	p := newPress()
	for _, names := range [][]string{{}, {lockFile}, {lockFile, headerFile + ".new"}, {lockFile, headerFile}, {lockFile, headerFile, markFile + ".new"}, {lockFile, headerFile, markFile}, {lockFile, headerFile, markFile, engineDir + "/"}} {
		dir := t.TempDir()
		for _, name := range names {
			var err error
			switch {
			case strings.HasSuffix(name, "/"):
				err = os.Mkdir(filepath.Join(dir, name), 0o777)
			case name == markFile:
				err = os.WriteFile(filepath.Join(dir, name), sealedMark(0), 0o666)
			case name == headerFile:
				err = writeHeader(dir, settings{shingle.DefaultSize, shingle.Chars})
			default:
				err = os.WriteFile(filepath.Join(dir, name), nil, 0o666)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Open(dir, Options{ReadOnly: true}); !errors.Is(err, ErrNotIndex) && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("reading %v: %v", names, err)
		}
		s := openAt(t, dir, Options{})
		add(t, s, p.article(1, 100), Added)
		verified(t, s)
		closeStore(t, s)
	}
}

// TestAgainstModel does anything in any order and compares with a map.
func TestAgainstModel(t *testing.T) {
	for seed := range uint64(2) {
		rng := rand.New(rand.NewPCG(seed, 9))
		dir := t.TempDir()
		s := openAt(t, dir, Options{StoreText: seed%2 == 0})
		p := newPress()
		model := make(map[string]*article.Article)
		for range 300 {
			a := p.article(rng.IntN(40), 20+rng.IntN(3)*100)
			switch rng.IntN(10) {
			default:
				want := Added
				if old := model[a.ID]; old != nil {
					want = Updated
					if old.Text == a.Text {
						want = Known
					}
				}
				add(t, s, a, want)
				model[a.ID] = a
			case 0, 1:
				err := s.Remove(t.Context(), a.ID)
				if (model[a.ID] == nil) != errors.Is(err, ErrNotFound) || err != nil && model[a.ID] != nil {
					t.Fatalf("removing %q: %v", a.ID, err)
				}
				delete(model, a.ID)
			case 2:
				_, err := s.Get(a.ID)
				if (model[a.ID] == nil) != errors.Is(err, ErrNotFound) {
					t.Fatalf("getting %q: %v", a.ID, err)
				}
			case 3:
				a.ID = "asked"
				want := 0
				for _, b := range model {
					if b.Text == a.Text {
						want++
					}
				}
				same := slices.DeleteFunc(query(t, s, a), func(m Match) bool { return m.Relation != article.Same })
				if len(same) != want {
					t.Fatalf("%d of the same words, want %d", len(same), want)
				}
			case 4:
				if rng.IntN(8) == 0 {
					closeStore(t, s)
					s = openAt(t, dir, Options{StoreText: seed%2 == 0})
				}
			}
		}
		verified(t, s)
		var ids []string
		err := eachArticle(t.Context(), s.db, func(r *record) error { ids = append(ids, r.id); return nil })
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(ids)
		if want := slices.Sorted(maps.Keys(model)); !slices.Equal(ids, want) {
			t.Fatalf("articles %q, want %q", ids, want)
		}
		closeStore(t, s)
	}
}

func isNotFound(err error) bool { return errors.Is(err, ErrNotFound) }
