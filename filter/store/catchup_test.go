package store

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"chaff/article"
)

// TestCatchUp holds that a submission which follows the commits made since its query
// knows what one knows that asks anew: near-copies come and go meanwhile, and a phrase
// that all have in common grows past what is read of it.
func TestCatchUp(t *testing.T) {
	for name, cache := range map[string]int64{"memory": DefaultCache, "disk": noMemory} {
		t.Run(name, func(t *testing.T) { testCatchUp(t, Options{Cache: cache}) })
	}
}

func testCatchUp(t *testing.T, o Options) {
	s := openAt(t, t.TempDir(), o)
	rng := rand.New(rand.NewPCG(4, 4))
	p := newPress()
	const phrase = "all rights reserved no part of this may be copied without the leave of the publisher "
	text := func(n int) string {
		words := strings.Fields(p.article(n, 40).Text)
		words[rng.IntN(40)] = "edited"
		return phrase + strings.Join(words, " ")
	}
	followed := 0
	for i := range 200 {
		w, err := s.Prepare(t.Context(), &article.Article{ID: "asked", Text: text(i % 7)})
		if err != nil {
			t.Fatal(err)
		}
		for range 1 + rng.IntN(3) {
			switch {
			case i > 50 && rng.IntN(20) == 0:
				if err := s.Remove(t.Context(), fmt.Sprint(rng.IntN(i), rng.IntN(2))); err != nil && !isNotFound(err) {
					t.Fatal(err)
				}
			default:
				if _, err := s.Add(t.Context(), &article.Article{ID: fmt.Sprint(i, rng.IntN(2)), Text: text(rng.IntN(60))}); err != nil {
					t.Fatal(err)
				}
			}
		}
		s.mu.Lock()
		_, complete := w.follow()
		s.mu.Unlock()
		if complete {
			followed++
			got, gotMatches := w.standing, w.matches()
			if err := w.ask(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got.held != w.held || !reflect.DeepEqual(got.short, w.short) || !reflect.DeepEqual(got.long, w.long) || got.same != w.same || !reflect.DeepEqual(gotMatches, w.matches()) ||
				!slices.EqualFunc(got.compared, w.compared, func(a, b compared) bool { return a.candidate == b.candidate && a.near == b.near }) {
				t.Fatalf("round %d: %d compared, %d of the same words, want %d, %d\n%v\n%v", i, len(got.compared), got.same, len(w.compared), w.same, got.compared, w.compared)
			}
		}
		w.Discard()
	}
	if followed < 100 {
		t.Errorf("followed %d times", followed)
	}
	t.Logf("followed %d times", followed)
}
