package corpus

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"chaff/article"
)

// measured returns a file of JSON Lines from the shared data.
func measured(b *testing.B, name string) []byte {
	b.Helper()
	f, err := os.Open(filepath.Join("../../shared/data/neardup", name+".jsonl.gz"))
	if err != nil {
		b.Skip("no data to measure with: ", err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

var measuredNames = []string{"en-reuters", "en-rfc-5k", "zh-chinanews"}

// BenchmarkDecode is one goroutine decoding lines that lie in memory.
func BenchmarkDecode(b *testing.B) {
	for _, name := range measuredNames {
		b.Run(name, func(b *testing.B) {
			data := measured(b, name)
			r := record{idField: "id", textField: "text"}
			var a article.Article
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				for line := range bytes.Lines(data) {
					if err := r.decode(line, &a); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// inBytes measures bytes against wall time and against the processors' time,
// which says what a core does on a machine that does something else as well.
func inBytes(b *testing.B, size int64) (done func()) {
	b.SetBytes(size)
	b.ReportAllocs()
	before := processorTime()
	return func() {
		b.ReportMetric(float64(size)*float64(b.N)/1e6/(processorTime()-before).Seconds(), "MB/cpu-s")
	}
}

func processorTime() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// readAll is what the reading benchmarks measure.
func readAll(b *testing.B, workers int, path string, size int64) {
	defer inBytes(b, size)()
	for b.Loop() {
		c, err := Open([]string{path}, Options{Workers: workers, Problem: func(p Problem) { b.Error(p) }})
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Read(context.Background(), func(int, *article.Article, Position) error { return nil }); err != nil {
			b.Fatal(err)
		}
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadJSONL(b *testing.B) {
	for _, name := range measuredNames {
		data := measured(b, name)
		path := filepath.Join(b.TempDir(), name+".jsonl")
		if err := os.WriteFile(path, data, 0o666); err != nil {
			b.Fatal(err)
		}
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/%d", name, workers), func(b *testing.B) {
				readAll(b, workers, path, int64(len(data)))
			})
		}
	}
}

func BenchmarkReadText(b *testing.B) {
	for _, shape := range []struct{ files, size int }{{4000, 3 << 10}, {40, 1 << 20}} {
		dir := b.TempDir()
		article := strings.Repeat("Some words that make a line of text.\n", shape.size/37)
		for i := range shape.files {
			path := filepath.Join(dir, fmt.Sprintf("%04d.txt", i))
			if err := os.WriteFile(path, []byte(article), 0o666); err != nil {
				b.Fatal(err)
			}
		}
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%dx%dK/%d", shape.files, shape.size>>10, workers), func(b *testing.B) {
				readAll(b, workers, dir, int64(shape.files*len(article)))
			})
		}
	}
}
