package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// fill adds articles from to to, by so many goroutines.
func fill(tb testing.TB, s *Store, p *press, from, to, workers int) {
	tb.Helper()
	var next atomic.Int64
	next.Store(int64(from))
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for n := int(next.Add(1)) - 1; n < to; n = int(next.Add(1)) - 1 {
				if _, err := s.Add(tb.Context(), p.article(n, 400)); err != nil {
					tb.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// number reads a whole number from the environment.
func number(tb testing.TB, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return n
}

func BenchmarkAdd(b *testing.B) {
	for _, workers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			s := openAt(b, b.TempDir(), Options{})
			p := newPress()
			b.SetBytes(int64(len(p.article(0, 400).Text)))
			b.ReportAllocs()
			b.ResetTimer()
			fill(b, s, p, 0, b.N, workers)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		})
	}
}

// BenchmarkQuery asks an index of CHAFF_STORE_ARTICLES articles of 400 words,
// 100,000 if that is not set, in CHAFF_STORE_DIR, which is filled if it isn't yet,
// with a cache of CHAFF_STORE_CACHE bytes.
func BenchmarkQuery(b *testing.B) {
	want := number(b, "CHAFF_STORE_ARTICLES", 100_000)
	dir := os.Getenv("CHAFF_STORE_DIR")
	if dir == "" {
		dir = filepath.Join(b.TempDir(), "index")
	}
	s := openAt(b, dir, Options{Cache: int64(number(b, "CHAFF_STORE_CACHE", DefaultCache))})
	p := newPress()
	stats, err := s.Stats()
	if err != nil {
		b.Fatal(err)
	}
	if had := int(stats.Articles); had < want {
		begin := time.Now()
		fill(b, s, p, had, want, 64)
		b.Logf("added %d articles in %v, %.0f/s", want-had, time.Since(begin), float64(want-had)/time.Since(begin).Seconds())
		begin = time.Now()
		if err := s.Compact(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.Logf("compacted in %v", time.Since(begin))
	}
	if stats, err = s.Stats(); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d articles take %d bytes each", stats.Articles, stats.DiskBytes/stats.Articles)
	for _, kind := range []string{"new", "copy"} {
		for _, words := range []int{100, 400, 2000} {
			if kind == "copy" && words != 400 {
				continue
			}
			b.Run(fmt.Sprintf("%s/words=%d", kind, words), func(b *testing.B) {
				var times []time.Duration
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					b.StopTimer()
					a := p.article(1_000_000_000+i, words)
					if kind == "copy" {
						a = p.article(int(uint64(i)*0x9E3779B97F4A7C15>>16%uint64(want)), words)
						a.ID, a.Text = "new", a.Text[:len(a.Text)*4/5]
					}
					b.SetBytes(int64(len(a.Text)))
					b.StartTimer()
					begin := time.Now()
					m, err := s.Query(b.Context(), a)
					times = append(times, time.Since(begin))
					if err != nil {
						b.Fatal(err)
					}
					if found := len(m) > 0; found != (kind == "copy") {
						b.Fatalf("article %q: %d matches", a.ID, len(m))
					}
				}
				slices.Sort(times)
				b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
				b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
			})
		}
	}
}
