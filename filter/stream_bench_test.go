package filter_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"chaff/filter"
	"chaff/filter/store"
)

// BenchmarkRun filters the lines of the file CHAFF_FILTER_LINES, or 3,000 small articles
// if that is not set, with an index of its own, or that in CHAFF_FILTER_INDEX.
func BenchmarkRun(b *testing.B) {
	lines := []byte(strings.Join(streamLines(1, 3000), "\n"))
	if name := os.Getenv("CHAFF_FILTER_LINES"); name != "" {
		var err error
		if lines, err = os.ReadFile(name); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(lines)))
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		dir := os.Getenv("CHAFF_FILTER_INDEX")
		if dir == "" {
			dir = b.TempDir()
		}
		index, err := store.Open(dir, store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		_, err = filter.Run(b.Context(), bytes.NewReader(lines), io.Discard, filter.StreamOptions{
			Checker: filter.NewChecker(filter.CheckerOptions{Index: index}),
		})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := index.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
