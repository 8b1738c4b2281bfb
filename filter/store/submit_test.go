package store

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"chaff/article"
)

// noMatches accepts an article that is nobody's near-duplicate.
func noMatches(m []Match) bool { return len(m) == 0 }

// TestNearCopiesAtOneMoment submits versions of each text by many goroutines at
// once: of each, exactly one gets in, and the others are told about it.
func TestNearCopiesAtOneMoment(t *testing.T) {
	s := openAt(t, t.TempDir(), Options{})
	p := newPress()
	const texts, versions = 60, 8
	var submitted [texts * versions]*article.Article
	for i := range submitted {
		a := p.article(i%texts, 60+300*(i%texts%2))
		a.ID = fmt.Sprintf("%d/%d", i%texts, i/texts)
		a.Text = fmt.Sprintf("edition %d %s", i/texts, a.Text)
		submitted[i] = a
	}
	var accepted [texts]atomic.Pointer[string]
	var refused sync.Map
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for n := next.Add(1) - 1; int(n) < len(submitted); n = next.Add(1) - 1 {
				// Versions of one text follow one another closely.
				a := submitted[n%versions*texts+n/versions]
				o, err := s.Submit(t.Context(), a, noMatches)
				if err != nil {
					t.Error(err)
					return
				}
				switch text := n / versions; o.Status {
				case Added:
					if !accepted[text].CompareAndSwap(nil, &a.ID) {
						t.Errorf("%s and %s were both accepted", *accepted[text].Load(), a.ID)
					}
				case Refused:
					refused.Store(a.ID, o.Matches)
				default:
					t.Errorf("%s: %s", a.ID, o.Status)
				}
			}
		})
	}
	wg.Wait()
	n := 0
	refused.Range(func(id, matches any) bool {
		n++
		var text int
		if _, err := fmt.Sscanf(id.(string), "%d/", &text); err != nil {
			t.Fatal(err)
		}
		first := accepted[text].Load()
		if m := matches.([]Match); first == nil || len(m) != 1 || m[0].ID != *first {
			t.Errorf("%s was refused for %+v, accepted is %v", id, m, first)
		}
		return true
	})
	if want := texts * (versions - 1); n != want {
		t.Errorf("%d refused, want %d", n, want)
	}
	verified(t, s)
}

// TestEverythingAtOnce lets writers, askers, verification and compaction loose on
// one index.
func TestEverythingAtOnce(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir, Options{})
	p := newPress()
	done := make(chan struct{})
	var writers, others sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(w), 6))
			for range 60 {
				a := p.article(rng.IntN(100), 50+rng.IntN(2)*100)
				var err error
				switch rng.IntN(4) {
				case 0:
					err = s.Remove(t.Context(), a.ID)
				case 1:
					_, err = s.Add(t.Context(), a)
				default:
					_, err = s.Submit(t.Context(), a, noMatches)
				}
				if err != nil && !isNotFound(err) {
					t.Error(err)
				}
			}
		})
	}
	loop := func(f func(i int)) {
		others.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
					f(i)
				}
			}
		})
	}
	loop(func(i int) {
		if _, err := s.Query(t.Context(), p.article(i%100, 100)); err != nil {
			t.Error(err)
		}
	})
	loop(func(int) {
		if n, err := s.Verify(t.Context(), func(p Problem) { t.Error(p) }); n > 0 || err != nil {
			t.Error(n, err)
		}
	})
	loop(func(int) {
		if err := s.Compact(t.Context()); err != nil {
			t.Error(err)
		}
	})
	loop(func(int) { // a reader, as another process would be
		r, err := Open(dir, Options{ReadOnly: true})
		if err != nil {
			t.Error(err)
			return
		}
		if n, err := r.Verify(t.Context(), func(p Problem) { t.Error(p) }); n > 0 || err != nil {
			t.Error(n, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	writers.Wait()
	close(done)
	others.Wait()
	verified(t, s)
	s.mu.Lock()
	if len(s.recent.waiting) > 0 || len(s.recent.changes) > 0 {
		t.Errorf("%d submissions and %d articles are left in memory", len(s.recent.waiting), len(s.recent.changes))
	}
	s.mu.Unlock()
}

// TestStaleSubmission holds a submission back until so much was added that it must
// look again.
func TestStaleSubmission(t *testing.T) {
	s := openAt(t, t.TempDir(), Options{})
	p := newPress()
	a, b := p.article(1, 100), p.article(1, 100)
	b.ID = "other"
	asked := 0
	o, err := s.Submit(t.Context(), b, func(m []Match) bool {
		if asked++; asked == 1 {
			add(t, s, a, Added)
			for i := range recentCap + 10 {
				add(t, s, &article.Article{ID: fmt.Sprint("short/", i), Text: fmt.Sprint("short ", i)}, Added)
			}
		}
		return len(m) == 0
	})
	if err != nil || o.Status != Refused || len(o.Matches) != 1 || asked != 2 {
		t.Fatalf("%+v after %d questions, %v", o, asked, err)
	}
}
