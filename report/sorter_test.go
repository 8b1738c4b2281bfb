package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"chaff/article"
)

// aFinding draws from few values, so that findings meet in every part of the order.
func aFinding() *rapid.Generator[article.Finding] {
	id := rapid.SampledFrom([]string{"a", "a.txt", "b/1", "b/2", "\xff"})
	span := rapid.Custom(func(t *rapid.T) article.Span {
		start := rapid.IntRange(0, 3).Draw(t, "start")
		return article.Span{Start: start, End: start + rapid.IntRange(0, 300).Draw(t, "len")}
	})
	return rapid.Custom(func(t *rapid.T) article.Finding {
		f := article.Finding{
			Kind:    rapid.SampledFrom(article.Kinds).Draw(t, "kind"),
			Article: id.Draw(t, "article"),
			Score:   rapid.SampledFrom([]float64{0.5, 1}).Draw(t, "score"),
			Span:    rapid.Ptr(span, true).Draw(t, "span"),
			Cluster: rapid.SampledFrom([]string{"", "c1"}).Draw(t, "cluster"),
			Text:    strings.Repeat("word ", rapid.IntRange(0, 40).Draw(t, "words")),
		}
		if rapid.Bool().Draw(t, "has other") {
			f.Other = &article.Ref{Article: id.Draw(t, "other"), Span: rapid.Ptr(span, true).Draw(t, "other span")}
		}
		return f
	})
}

func collect(t interface{ Fatal(...any) }, s *Sorter) []article.Finding {
	got := []article.Finding{}
	for f, err := range s.All() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, f)
	}
	return got
}

// However little memory there is and whatever the order and the number of those who add, All
// gives what an in-memory sort gives, again and again.
func TestSorterSorts(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(aFinding(), 0, 60).Draw(t, "findings")
		memory := rapid.SampledFrom([]int{1, 1000, 5000, 1 << 20}).Draw(t, "memory")
		workers := rapid.IntRange(1, 4).Draw(t, "workers")
		sortAndCompare(t, dir, want, memory, workers)
	})
	// Chance need not bring a case that spills; this one does.
	many := rapid.SliceOfN(aFinding(), 60, 60).Example(1)
	if runs := sortAndCompare(t, dir, many, 1, 2); runs <= 3 {
		t.Errorf("60 findings in 1 byte of memory make %d runs", runs)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// sortAndCompare sorts want by a sorter of so much memory, fed by so many
// goroutines, and returns the number of runs it spilled.
func sortAndCompare(t rapid.TB, dir string, want []article.Finding, memory, workers int) int {
	s := NewSorter(SorterOptions{Memory: memory, Dir: dir})
	defer s.Close()
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(want); i += workers {
				if err := s.Add(want[i]); err != nil {
					panic(err)
				}
			}
		})
	}
	wg.Wait()
	runs := len(s.runs)

	slices.SortFunc(want, func(f, g article.Finding) int { return compare(&f, &g) })
	if !slices.IsSortedFunc(want, func(f, g article.Finding) int { return f.Compare(&g) }) {
		t.Fatal("the order is not that of Finding.Compare")
	}
	for range 2 {
		if got := collect(t, s); !reflect.DeepEqual(got, append([]article.Finding{}, want...)) {
			t.Fatalf("got %d findings:\n%+v\nwant %d:\n%+v", len(got), got, len(want), want)
		}
	}
	return runs
}

// A finding comes back from the spill format as it went in, whatever is in
// its fields. The values come by reflection: a new field is not forgotten.
func TestRecordRoundTrip(t *testing.T) {
	gen := rapid.Make[article.Finding]()
	rapid.Check(t, func(t *rapid.T) {
		want := gen.Draw(t, "finding")
		got, err := decodeFinding(string(appendFinding(nil, &want)))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got\n%+v\nwant\n%+v", got, want)
		}
	})
}

func FuzzRecord(f *testing.F) {
	f.Add([]byte{})
	f.Add(appendFinding(nil, &article.Finding{}))
	whole := example()[1]
	f.Add(appendFinding(nil, &whole))
	f.Fuzz(func(t *testing.T, rec []byte) {
		got, err := decodeFinding(string(rec))
		if err != nil {
			if !errors.Is(err, errRecord) {
				t.Fatal(err)
			}
			return
		}
		again := appendFinding(nil, &got)
		if len(again) > len(rec) {
			t.Fatalf("%d bytes hold a finding of %d", len(rec), len(again))
		}
		// A cut record is told from a whole one.
		if _, err := decodeFinding(string(again[:len(again)-1])); err == nil {
			t.Fatal("a cut record was read")
		}
	})
}

func TestSorterKeepsNoArticle(t *testing.T) {
	text := strings.Repeat("x", 1<<20)
	s := NewSorter(SorterOptions{})
	defer s.Close()
	if err := s.Add(article.Finding{Text: text[:10]}); err != nil {
		t.Fatal(err)
	}
	if s.size > 1000 {
		t.Errorf("a finding of ten bytes counts as %d", s.size)
	}
	span := &article.Span{Start: 1, End: 2}
	if err := s.Add(article.Finding{Text: "later", Span: span}); err != nil {
		t.Fatal(err)
	}
	span.Start = 7
	if got := collect(t, s)[1]; got.Span.Start != 1 {
		t.Error("a change to what was added shows in the sorter")
	}
}

func TestSorterErrors(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	s := NewSorter(SorterOptions{Memory: 1, Dir: missing})
	if err := s.Add(article.Finding{Article: "a"}); err != nil {
		t.Fatal("a finding that fits needs no file:", err)
	}
	first := s.Add(article.Finding{Article: "b"})
	if !errors.Is(first, os.ErrNotExist) {
		t.Fatalf("got %v", first)
	}
	if again := s.Add(article.Finding{Article: "c"}); !errors.Is(again, first) {
		t.Errorf("then got %v", again)
	}
	for _, err := range s.All() {
		if !errors.Is(err, first) {
			t.Errorf("All gave %v", err)
		}
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := s.Add(article.Finding{}); !errors.Is(err, errClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// The spill file has no name while it is in use, so that nothing is left of a
// process that is killed.
func TestSpillFileHasNoName(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be removed there; TestSorterSorts looks after Close")
	}
	dir := t.TempDir()
	s := NewSorter(SorterOptions{Memory: 1, Dir: dir})
	defer s.Close()
	for _, f := range example() {
		if err := s.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) > 0 || s.spill == nil {
		t.Errorf("%v, %v", list, err)
	}
	if got := len(collect(t, s)); got != len(example()) {
		t.Errorf("%d findings", got)
	}
}

func TestSorterTellsDamage(t *testing.T) {
	for _, offset := range []int64{0, 1, 40} {
		s := NewSorter(SorterOptions{Memory: 1, Dir: t.TempDir()})
		for _, f := range example() {
			if err := s.Add(f); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.spill.WriteAt([]byte("\xff\xff\xff\xff\xff\xff\xff\x7f"), offset); err != nil {
			t.Fatal(err)
		}
		var last error
		for _, err := range s.All() {
			last = err
		}
		if last == nil {
			t.Errorf("damage at byte %d is not told", offset)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func BenchmarkSorter(b *testing.B) {
	text := strings.Repeat("The words, as they “stand” there. ", 18)
	for _, memory := range []int{DefaultMemory, 1 << 20} {
		b.Run(fmt.Sprintf("memory=%dMiB", memory>>20), func(b *testing.B) {
			const n = 20000
			b.ReportAllocs()
			b.SetBytes(int64(n * len(text)))
			for b.Loop() {
				s := NewSorter(SorterOptions{Memory: memory, Dir: b.TempDir()})
				for i := range n {
					// A permutation of 0 to n: 7 has no factor in common with it.
					span := article.Span{Start: i * 7 % n, End: i*7%n + len(text)}
					f := article.Finding{Kind: article.Repeat, Article: "a.txt", Span: &span, Text: text}
					if err := s.Add(f); err != nil {
						b.Fatal(err)
					}
				}
				if got := len(collect(b, s)); got != n {
					b.Fatalf("%d findings", got)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
