package store

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"chaff/article"
)

// noMemory is a cache in which samples do not fit.
const noMemory = 1 << 20

// TestInverted compares lists with maps of them, in shards of any length and with
// lists of any.
func TestInverted(t *testing.T) {
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 3))
		v := newInverted()
		if seed%2 == 0 {
			v = v.filtered()
		}
		samples := make([]uint64, 400)
		for i := range samples {
			// Few shards, and samples that lie close together as well as far apart.
			samples[i] = uint64(rng.IntN(3))<<24 | rng.Uint64()>>(40+rng.IntN(12))<<8&0xFFFFFF
		}
		model := make(map[uint64]map[uint32]bool)
		for i := range 30_000 {
			h := samples[min(rng.IntN(len(samples)), rng.IntN(len(samples)), rng.IntN(len(samples)))]
			n := uint32(rng.IntN(i + 1))
			if model[h] == nil {
				model[h] = make(map[uint32]bool)
			}
			if rng.IntN(5) == 0 {
				v.remove(h, n)
				delete(model[h], n)
			} else {
				v.add(h, n)
				model[h][n] = true
			}
		}
		entries := 0
		for _, h := range append(samples, 5<<24, 1<<24-1) {
			r := v.list(h)
			if places, _ := v.touch(nil, []uint64{h}); len(places) == 0 && len(r) > 0 {
				t.Fatalf("sample %x has %d articles and is passed over", h, len(r))
			}
			var got []uint32
			for i := range r.len() {
				got = append(got, r.number(i))
				if !r.has(r.number(i), 30_000) {
					t.Fatalf("sample %x has article %d and does not", h, r.number(i))
				}
			}
			var want []uint32
			for n := range model[h] {
				want = append(want, n)
			}
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Fatalf("sample %x: %d articles, want %d", h, len(got), len(want))
			}
			if len(r) > 0 && r.has(30_000, 30_001) {
				t.Fatalf("sample %x has an article that was never added", h)
			}
			entries += len(got)
		}
		if entries == 0 {
			t.Fatal("no entries")
		}
	}
}

// TestMemoryFollows holds that memory is the same whether it was made of an empty index
// and followed every commit, was made while commits went on, or was made at the end.
func TestMemoryFollows(t *testing.T) {
	dir := t.TempDir()
	p := newPress()
	s := openAt(t, dir, Options{})
	fill(t, s, p, 0, 2*memoryAtOnce, 8)
	if s.memory.state.Load() != memoryNone {
		t.Fatal("memory is made where nothing is asked")
	}
	s.memory.asked.Store(1 << 40)
	s.wantMemory() // in the background
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := w; i < 600; i += 4 {
				var err error
				switch a := p.article(i, 400); i % 3 {
				case 0:
					err = s.Remove(t.Context(), a.ID)
				case 1:
					a.Text += " and one more thing"
					_, err = s.Add(t.Context(), a)
				default:
					_, err = s.Add(t.Context(), p.article(10_000+i, 30+i))
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	<-s.memory.stopped
	during := listed(t, s)
	closeStore(t, s)
	s = openAt(t, dir, Options{ReadOnly: true})
	s.memory.asked.Store(1 << 40)
	s.wantMemory()
	<-s.memory.stopped
	if after := listed(t, s); !reflect.DeepEqual(during, after) {
		t.Errorf("memory made during commits has %d lists, made after them %d, or they differ", len(during), len(after))
	}

	first := openAt(t, t.TempDir(), Options{})
	query(t, first, p.article(0, 100))
	fill(t, first, p, 0, 300, 4)
	was := listed(t, first)
	first.memory.close()
	first.memory.state.Store(memoryNone)
	query(t, first, p.article(0, 100))
	if now := listed(t, first); !reflect.DeepEqual(was, now) {
		t.Error("memory that followed every commit is another than one made anew")
	}
}

// listed returns all that is in memory.
func listed(t *testing.T, s *Store) map[string][]uint32 {
	t.Helper()
	if s.memory.state.Load() != memoryReady {
		t.Fatalf("memory is in state %d", s.memory.state.Load())
	}
	all := make(map[string][]uint32)
	for name, v := range map[string]*inverted{"short": &s.memory.short, "long": &s.memory.long} {
		for shard, b := range v.shards {
			r := run(b)
			for i := range r.len() {
				if n := r.number(i); !s.memory.signs[n].has(entryBit(r.at(i))) {
					t.Fatalf("the sign of article %d lacks a sample that it has", n)
				}
				key := fmt.Sprintf("%s %x %x", name, shard, r.at(i)>>heldBits)
				all[key] = append(all[key], r.number(i)|uint32(s.memory.classes[r.number(i)])<<24)
			}
		}
	}
	if len(all) == 0 {
		t.Fatal("nothing is in memory")
	}
	return all
}

// TestMemoryFindsWhatDiskFinds asks one index in memory and on disk.
func TestMemoryFindsWhatDiskFinds(t *testing.T) {
	dir := t.TempDir()
	p := newPress()
	s := openAt(t, dir, Options{})
	const articles = 1500
	fill(t, s, p, 0, articles, 8)
	closeStore(t, s)
	onDisk := openAt(t, dir, Options{ReadOnly: true, Cache: noMemory})
	inMemory := openAt(t, dir, Options{ReadOnly: true})
	inMemory.memory.asked.Store(1 << 40)
	inMemory.wantMemory()
	<-inMemory.memory.stopped
	rng := rand.New(rand.NewPCG(6, 6))
	found := 0
	for i := range 200 {
		a := p.edited(rng, p.article(rng.IntN(articles), 400), fmt.Sprint("asked ", i), 0.1*rng.Float64(), 0, 1)
		want, got := query(t, onDisk, a), query(t, inMemory, a)
		if !slices.EqualFunc(want, got, func(x, y Match) bool { return x == y }) {
			t.Errorf("%d matches in memory, %d on disk", len(got), len(want))
		}
		found += len(got)
	}
	if onDisk.memory.state.Load() == memoryReady || inMemory.memory.state.Load() != memoryReady {
		t.Fatal("not asked as told")
	}
	if found < 150 {
		t.Errorf("%d found", found)
	}
}

// TestMemoryIsBounded adds articles until they do not fit, and asks about them.
func TestMemoryIsBounded(t *testing.T) {
	s := openAt(t, t.TempDir(), Options{Cache: 16 << 20})
	p := newPress()
	query(t, s, p.article(0, 100))
	if s.memory.state.Load() != memoryReady {
		t.Fatal("memory of an empty index is not ready")
	}
	s.memory.mu.Lock()
	s.memory.limit = s.memory.reserved
	s.memory.mu.Unlock()
	for i := 0; s.memory.state.Load() == memoryReady; i++ {
		if i > 20_000 {
			t.Fatal("memory has no bound")
		}
		if _, err := s.Add(t.Context(), p.article(i, 2000)); err != nil {
			t.Fatal(err)
		}
	}
	a := p.article(0, 2000)
	a.ID = "asked"
	if m := query(t, s, a); len(m) != 1 || m[0].Relation != article.Same {
		t.Errorf("matches %+v", m)
	}
	add(t, s, a, Added)
}
