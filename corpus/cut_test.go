package corpus

import (
	"archive/zip"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// cutFile is a small file that is cut at every byte, and what is known of it.
type cutFile struct {
	name, data string
	// parts says what is whole as soon as what it ends with is there: after
	// ends[i] bytes the first i+1 articles are.
	ends []int
	// seamless are the cuts that can't be seen, because what stands before them
	// is whole.
	seamless []int
	// blind is set where the file must be whole to be read, as Parquet must.
	blind bool
	// partial is set where the last article may be cut off.
	partial bool
}

// joined returns the pieces as one file, and where each ends.
func joined(pieces ...string) (data string, ends []int) {
	for _, p := range pieces {
		data += p
		ends = append(ends, len(data))
	}
	return data, ends
}

func cutFiles() []cutFile {
	lines := strings.SplitAfter(threeRecords, "\n")[:3]
	first, second := conversion("http://a/", "The bridge was closed."), conversion("http://b/", "It öpened again.")
	warc, warcEnds := joined(first, second)
	packed, packedEnds := joined(gz(first), gz(second))
	frames, frameEnds := joined(zst(lines[0]), zst(lines[1]), zst(lines[2]))
	streams, streamEnds := joined(xzed(lines[0]), xzed(lines[1]+lines[2]))
	answer := response("http://c/", "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", chunkedBody(gz("The bridge was closed."), 7))
	members := []member{{"a.txt", "The bridge was closed."}, {"b.jsonl", threeRecords}}
	tars := tarred(members...)
	stored, deflated := zipped(zip.Store, members...), zipped(zip.Deflate, members...)
	bz, bzSeam := bzipped(), len(bzipped())-len(bzipOne())
	inJSONL := []int{len(lines[0]), len(lines[0] + lines[1]), len(threeRecords)}
	return []cutFile{
		// The line ends behind a record may be missing.
		{name: "warc", data: warc, ends: shifted(warcEnds, -4), partial: true, seamless: slices.Concat(
			span(warcEnds[0]-4, warcEnds[0]+1), span(warcEnds[1]-4, warcEnds[1]))},
		{name: "warc.gz", data: packed, ends: packedEnds, seamless: packedEnds[:1], partial: true},
		{name: "answer", data: answer, ends: []int{len(answer) - 4}, seamless: span(len(answer)-4, len(answer)), partial: true},
		{name: "zst", data: frames, ends: frameEnds, seamless: frameEnds[:2]},
		{name: "xz", data: streams, ends: []int{streamEnds[0], streamEnds[1], streamEnds[1]}, seamless: streamEnds[:1]},
		{name: "bz2", data: bz, ends: []int{bzSeam, bzSeam, len(bz)}, seamless: []int{bzSeam}},
		{name: "tar", data: tars, ends: append([]int{512 + 22}, shifted(inJSONL, 1536)...), seamless: []int{len(tars) - 512}, partial: true},
		{name: "zip", data: stored, ends: append([]int{57}, shifted(inJSONL, 57+37)...), partial: true},
		{name: "deflated.zip", data: deflated, ends: []int{strings.Index(deflated, "PK\x07\x08")}, partial: true},
		{name: "tar.gz", data: gz(tars), ends: []int{len(gz(tars))}, partial: true},
		{name: "zip.gz", data: gz(stored), ends: []int{len(gz(stored))}, partial: true},
		{name: "parquet", data: parqueted(1, rowOf("p", "The bridge was closed."), rowOf("q", "It opened again.")), blind: true},
		{name: "html", data: htmlPage("The mill is sold", mill[0]), partial: true},
	}
}

// shifted adds by to each of all.
func shifted(all []int, by int) (sum []int) {
	for _, e := range all {
		sum = append(sum, e+by)
	}
	return sum
}

// span returns the numbers from from up to to.
func span(from, to int) (all []int) {
	for ; from < to; from++ {
		all = append(all, from)
	}
	return all
}

// A file that is cut off anywhere gives what stands before the cut, and one
// problem unless the cut can't be seen.
func TestCutAnywhere(t *testing.T) {
	for _, file := range cutFiles() {
		t.Run(file.name, func(t *testing.T) {
			whole := read(t, Options{Keep: true}, filepath.Join(write(t, map[string]string{"a": file.data}), "a"))
			if len(whole.articles) == 0 || len(whole.problems) > 0 || len(whole.articles) < len(file.ends) {
				t.Fatalf("whole: read %q, problems %v", whole.ids(), whole.problems)
			}
			path, spill := filepath.Join(t.TempDir(), "a"), t.TempDir()
			for n := 1; n < len(file.data); n++ {
				if err := os.WriteFile(path, []byte(file.data[:n]), 0o666); err != nil {
					t.Fatal(err)
				}
				f := read(t, Options{Workers: 2, Keep: true, SpillDir: spill}, path)
				if file.name == "html" { // any part of a page is one
					if len(f.articles)+len(f.problems) != 1 {
						t.Fatalf("cut at %d: read %q, problems %v", n, f.ids(), f.problems)
					}
					continue
				}
				complete := 0
				for complete < len(file.ends) && file.ends[complete] <= n {
					complete++
				}
				if file.blind {
					complete = 0
				}
				// Not enough is left to tell what it was: it is text.
				unknown := len(f.articles) == 1 && f.articles[0].ID == "a" && complete == 0 && len(f.articles[0].Text) < sniffed
				if unknown && !file.blind && n > 40 && len(f.articles[0].Text) > 40 {
					t.Errorf("cut at %d: read %+v", n, f.articles)
				}
				nothing := errors.Is(f.err, ErrNothing) && complete == 0
				if !unknown && !nothing && !startsWith(whole, f, complete, file.partial) {
					t.Fatalf("cut at %d: read %+v, want %d of %+v", n, f.articles, complete, whole.articles)
				}
				if slices.Contains(file.seamless, n) {
					if len(f.problems) > 0 {
						t.Errorf("cut at %d: problems %v, though nothing is damaged", n, f.problems)
					}
				} else if len(f.problems) != 1 && !unknown {
					t.Errorf("cut at %d: problems %v", n, f.problems)
				} else if !unknown && n > sniffed && !errors.Is(f.problems[0], ErrDamaged) {
					t.Errorf("cut at %d: problem %v", n, f.problems[0])
				}
			}
		})
	}
}

// startsWith reports whether f begins with the first complete articles of
// whole, and goes on like it, if at all, but for the end of the last one.
func startsWith(whole, f *found, complete int, partial bool) bool {
	if len(f.articles) < complete || len(f.articles) > len(whole.articles) {
		return false
	}
	for i, a := range f.articles {
		w := whole.articles[i]
		if a.ID != w.ID || a.URL != w.URL || a.Text != w.Text && (i < complete || !partial || !strings.HasPrefix(w.Text, a.Text)) {
			return false
		}
	}
	return true
}

// Damage in the middle costs what comes after it at most, and no more than a
// problem.
func TestFlipped(t *testing.T) {
	for _, file := range cutFiles() {
		t.Run(file.name, func(t *testing.T) {
			path, spill := filepath.Join(t.TempDir(), "a"), t.TempDir()
			for n := range file.data {
				if file.data[n] == 0 && n%8 != 0 { // mostly padding
					continue
				}
				damaged := []byte(file.data)
				damaged[n] ^= 0x55
				if err := os.WriteFile(path, damaged, 0o666); err != nil {
					t.Fatal(err)
				}
				f := read(t, Options{Workers: 2, Keep: true, SpillDir: spill, MaxArticle: 1 << 20, MaxInflate: 1 << 20}, path)
				if len(f.articles)+len(f.problems) == 0 {
					t.Fatalf("byte %d wrong: neither an article nor a problem, error %v", n, f.err)
				}
			}
		})
	}
}
