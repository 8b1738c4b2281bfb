package bench

import (
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"

	"chaff/article"
)

// labelledPage is a line of a file of texts whose off-topic content others have marked.
type labelledPage struct {
	ID, Text   string
	Spans      []markedSpan
	Ignore     [][2]int
	Keep, Drop []string // snippets
}

// markedSpan is a block that does not belong to the article, with where it stands or
// what it is.
type markedSpan struct {
	article.Span
	Where, Note string
}

// labelledSets are those files. Of the fourth only some blocks are marked, so what is
// told besides says nothing.
var labelledSets = []string{"offtopic/en-wcxb-dev", "offtopic/ja-made", "offtopic/zh-made", "offtopic/zh-eventmonitor", "offtopic/ja-livedoor"}

const snippetSet = "offtopic/multi-trafilatura-snippets"

// labelled compares what a scan tells of a file with what is marked in it.
func labelled(t *testing.T, name string) string {
	told := toldSpans(t, name)
	type tally struct{ want, found, wantBytes, foundBytes int }
	by := make(map[string]*tally)
	toldBytes, sharedBytes, clean, accused := 0, 0, 0, 0
	for page := range records[labelledPage](t, shared+name+".jsonl.gz") {
		toldHere := told[page.ID]
		if len(page.Spans) == 0 {
			clean++
			if len(toldHere) > 0 {
				accused++
			}
		}
		var marked []article.Span
		for _, s := range page.Spans {
			marked = append(marked, s.Span)
			n := overlap(s.Span, toldHere)
			for _, key := range []string{"all", cmp.Or(s.Where, s.Note)} {
				if key == "" {
					continue
				}
				if by[key] == nil {
					by[key] = new(tally)
				}
				by[key].want++
				by[key].wantBytes += s.Len()
				by[key].foundBytes += n
				if 2*n >= s.Len() {
					by[key].found++
				}
			}
		}
		for _, f := range toldHere {
			for _, x := range page.Ignore {
				f.Start = max(f.Start, min(f.End, x[1])) // what begins within is of no matter
			}
			toldBytes += f.Len()
			sharedBytes += overlap(f, marked)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "byte precision %.3f", share(sharedBytes, toldBytes))
	for _, key := range sorted(by) {
		x := by[key]
		fmt.Fprintf(&b, ", %s: recall %.3f, blocks %d/%d", key, share(x.foundBytes, x.wantBytes), x.found, x.want)
	}
	fmt.Fprintf(&b, "; without any accused %d/%d", accused, clean)
	return b.String()
}

// snippets counts the snippets of web pages that must not be dropped, and those that
// should be, of which half is told.
func snippets(t *testing.T) string {
	told := toldSpans(t, snippetSet)
	var keep, kept, drop, dropped int
	for page := range records[labelledPage](t, shared+snippetSet+".jsonl.gz") {
		count := func(snippet string) (there, gone int) {
			at := strings.Index(page.Text, snippet)
			if at < 0 || snippet == "" {
				return 0, 0
			}
			if 2*overlap(article.Span{Start: at, End: at + len(snippet)}, told[page.ID]) >= len(snippet) {
				return 1, 1
			}
			return 1, 0
		}
		for _, s := range page.Keep {
			there, gone := count(s)
			keep += there
			kept += there - gone
		}
		for _, s := range page.Drop {
			there, gone := count(s)
			drop += there
			dropped += gone
		}
	}
	return fmt.Sprintf("kept %d/%d, dropped %d/%d", kept, keep, dropped, drop)
}

func overlap(s article.Span, all []article.Span) int {
	n := 0
	for _, o := range all {
		n += s.Shared(o)
	}
	return n
}

// toldSpans returns the off-topic passages that a scan of a file prints, by article.
func toldSpans(t *testing.T, name string) map[string][]article.Span {
	told := make(map[string][]article.Span)
	findings(t, shared+name+".jsonl.gz", func(f article.Finding) {
		if f.Kind == article.OffTopic {
			told[f.Article] = append(told[f.Article], *f.Span)
		}
	})
	return told
}

// records yields what each line of a gzipped file of JSON Lines holds.
func records[T any](t *testing.T, file string) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		for d := json.NewDecoder(z); ; {
			v := new(T)
			if err := d.Decode(v); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				t.Fatal(err)
			}
			if !yield(v) {
				return
			}
		}
	}
}

func TestOverlap(t *testing.T) {
	all := []article.Span{{Start: 0, End: 4}, {Start: 6, End: 9}}
	if n := overlap(article.Span{Start: 3, End: 8}, all); n != 3 {
		t.Errorf("3 to 8 shares %d bytes with %v, want 3", n, all)
	}
	if slices.Contains(labelledSets, snippetSet) {
		t.Error("snippets are counted apart")
	}
}
