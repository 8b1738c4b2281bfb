package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestFolderLost takes the folder of an open index away, so that no file can be made in it
// any more, as when its owner changes. Writing goes on until a file is needed, then fails
// for good. What was acknowledged is there when the folder is back.
func TestFolderLost(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := newPress()
	fill(t, s, p, 0, 10, 2)
	engine := filepath.Join(dir, engineDir)
	if err := os.Rename(engine, engine+".away"); err != nil {
		t.Fatal(err)
	}
	n := 10
	for ; n < 10_000; n++ {
		if _, err = s.Add(t.Context(), p.article(n, 8000)); err != nil {
			break
		}
	}
	t.Logf("after %d articles: %v", n, err)
	if !errors.Is(err, ErrFailed) {
		t.Fatalf("after %d articles: %v", n, err)
	}
	if _, err := s.Add(t.Context(), p.article(n+1, 10)); !errors.Is(err, ErrFailed) {
		t.Errorf("a later write: %v", err)
	}
	asked := p.article(n-1, 7900)
	asked.ID = "asked"
	if m, err := s.Query(t.Context(), asked); !errors.Is(err, ErrFailed) && (err != nil || len(m) == 0) {
		t.Errorf("a query: %v, %v", m, err)
	}
	if err := s.Close(); err != nil {
		t.Logf("closing: %v", err)
	}
	if err := os.Rename(engine+".away", engine); err != nil {
		t.Fatal(err)
	}
	s = openAt(t, dir, Options{})
	for i := range n {
		var r record
		if err := s.lookUp(p.article(i, 1).ID, &r); err != nil {
			t.Errorf("article %d: %v", i, err)
		}
	}
	verified(t, s)
}
