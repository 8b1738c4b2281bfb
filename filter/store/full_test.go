//go:build linux

package store

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// small returns a folder on a file system of so many bytes.
func small(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("chaff", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a small file system can't be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestFullDisk fills the disk, first down to the reserve and then for good. What
// was acknowledged must be there when there is room again.
func TestFullDisk(t *testing.T) {
	for _, c := range []struct {
		name    string
		reserve int64
		want    error
	}{{"reserve", 24 << 20, ErrFull}, {"none left", 1, nil}} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && c.want == nil {
				t.Skip("takes some seconds")
			}
			disk := small(t, "160m")
			ballast := filepath.Join(disk, "ballast")
			if err := os.WriteFile(ballast, make([]byte, 60<<20), 0o600); err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(disk, "index")
			s, err := Open(dir, Options{Reserve: c.reserve})
			if err != nil {
				t.Fatal(err)
			}
			p := newPress()
			n := 0
			for ; n < 100_000; n++ {
				if _, err = s.Add(t.Context(), p.article(n, 1000)); err != nil {
					break
				}
			}
			t.Logf("after %d articles: %v", n, err)
			if n == 0 || err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Fatalf("%d articles, error %v", n, err)
			}
			asked := p.article(0, 900)
			asked.ID = "asked"
			if m, err := s.Query(t.Context(), asked); !errors.Is(err, ErrFailed) && (err != nil || len(m) == 0) {
				t.Errorf("query of a full index: %v, %v", m, err)
			}
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
			if errors.Is(c.want, ErrFull) {
				add(t, s, p.article(n, 1000), Added)
				n++
			}
			if err := s.Close(); err != nil && c.want != nil {
				t.Error(err)
			}
			s = openAt(t, dir, Options{Reserve: c.reserve})
			for i := range n {
				var r record
				if err := s.lookUp(p.article(i, 1).ID, &r); err != nil {
					t.Errorf("article %d: %v", i, err)
				}
			}
			verified(t, s)
			closeStore(t, s)
		})
	}
}
