package clean

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"chaff/article"
	"chaff/corpus"
	"chaff/scan"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// cleaned is one run over paths.
type cleaned struct {
	summary  Summary
	problems []error
}

// run cleans paths into dir.
func run(t testing.TB, dir string, paths []string, stdin string) (*cleaned, error) {
	t.Helper()
	got, plan := new(cleaned), NewPlan()
	captured, err := NewCapture(strings.NewReader(stdin), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer captured.Close()
	c, err := corpus.Open(paths, corpus.Options{Keep: true, SpillDir: t.TempDir(), Stdin: captured, Problem: plan.Unread})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	out, err := Create(dir, paths)
	if err != nil {
		return nil, err
	}
	defer out.Discard()
	if err := scanInto(c, plan, article.Repeat, article.NearDuplicate); err != nil {
		return nil, err
	}
	got.summary, err = Write(context.Background(), c, plan, out, Options{
		Paths: paths, Stdin: captured,
		Problem: func(err error) { got.problems = append(got.problems, err) },
	})
	if err != nil {
		return nil, err
	}
	return got, out.Commit(context.Background())
}

func scanInto(c *corpus.Corpus, plan *Plan, kinds ...article.Kind) error {
	_, err := scan.Run(context.Background(), c, scan.Options{Kinds: kinds}, plan.Add)
	return err
}

// restore restores folder into dir.
func restore(folder, dir string) (restored int, problems []error, err error) {
	out, err := Create(dir, []string{folder})
	if err != nil {
		return 0, nil, err
	}
	defer out.Discard()
	restored, err = Restore(context.Background(), folder, out, RestoreOptions{
		Problem: func(err error) { problems = append(problems, err) },
	})
	if err != nil {
		return restored, problems, err
	}
	return restored, problems, out.Commit(context.Background())
}

// tree returns the content of every file below dir by its path.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir+"/")] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func put(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// Any files are restored byte for byte, are left alone themselves, and are
// written without what the manifest says and nothing else.
func TestRestoreGivesBackWhatWasCleaned(t *testing.T) {
	var all Summary
	kept := 0
	for seed := range uint64(40) {
		w := newWorld(seed)
		in, base := t.TempDir(), t.TempDir()
		files := w.files(1 + w.IntN(12))
		put(t, in, files)
		out, back := filepath.Join(base, "out"), filepath.Join(base, "back")
		got, err := run(t, out, []string{in}, "")
		if errors.Is(err, corpus.ErrNothing) {
			continue
		}
		if err != nil || len(got.problems) > 0 {
			t.Fatal(err, got.problems)
		}
		if !maps.Equal(tree(t, in), files) {
			t.Fatal("the input was changed")
		}
		restored, problems, err := restore(out, back)
		if err != nil {
			t.Fatal(err)
		}
		want := maps.Clone(files)
		for name := range files {
			if strings.HasSuffix(name, ".bin") {
				delete(want, name)
			}
		}
		if len(problems) != len(files)-len(want) || got.summary.Skipped != len(problems) {
			t.Fatalf("%d files are binary, %d skipped: %v", len(files)-len(want), got.summary.Skipped, problems)
		}
		if restored != len(want) || !maps.Equal(tree(t, back), want) {
			t.Fatalf("restored %d: %s", restored, differ(tree(t, back), want))
		}
		kept += checkCleaned(t, tree(t, out), want)
		all.Cut += got.summary.Cut
		all.Dropped += got.summary.Dropped
		again := filepath.Join(base, "again")
		if _, err := run(t, again, []string{in}, ""); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(tree(t, out), tree(t, again)) {
			t.Fatal("a second run writes something else")
		}
	}
	if all.Cut == 0 || all.Dropped == 0 || kept == 0 {
		t.Errorf("%d cut, %d dropped, %d lines kept in files that changed", all.Cut, all.Dropped, kept)
	}
}

func differ(got, want map[string]string) string {
	for name := range want {
		if got[name] != want[name] {
			return fmt.Sprintf("%s: %q, want %q", name, got[name], want[name])
		}
	}
	return fmt.Sprintf("%v, want %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
}

// checkCleaned holds the cleaned files against the originals and the manifest.
// It returns how many lines of changed files are there as they were.
func checkCleaned(t testing.TB, got, originals map[string]string) (kept int) {
	changes := make(map[string][]Change)
	for line := range strings.Lines(got[corpus.ManifestName]) {
		var c Change
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		if c.Type == changeType {
			name, err := bytesOf(c.Path, c.PathBase64)
			if err != nil {
				t.Fatal(err)
			}
			changes[string(name)] = append(changes[string(name)], c)
		}
	}
	for name, original := range originals {
		cleaned, written := got[name]
		of := changes[name]
		if len(of) == 0 {
			if cleaned != original {
				t.Fatalf("%s is %q, was %q", name, cleaned, original)
			}
			continue
		}
		if strings.HasSuffix(name, ".gz") {
			original, cleaned = gunzip(t, original), gunzip(t, cleaned)
		}
		if strings.Contains(name, "txt") {
			if written == (of[0].Action == Drop) {
				t.Fatalf("%s: written: %v, but %s", name, written, of[0].Action)
			}
			if want := cutOut(t, decoded(original), of[0]); written && strings.TrimPrefix(cleaned, "\ufeff") != want {
				t.Fatalf("%s is %q, want %q", name, cleaned, want)
			}
			continue
		}
		var want, cuts []string
		lines := slices.Collect(strings.Lines(decoded(original)))
		for i, line := range lines {
			at := slices.IndexFunc(of, func(c Change) bool { return c.Line == i+1 })
			switch {
			case at < 0:
				want = append(want, line)
				kept++
			case of[at].Original != line:
				t.Fatalf("%s:%d: the original is told as %q, was %q", name, i+1, of[at].Original, line)
			case of[at].Action == Cut:
				want = append(want, "") // held against the manifest below
				if got := textOf(t, lines[i]); len(got) > 0 {
					cuts = append(cuts, cutOut(t, got, of[at]))
				}
			}
		}
		lines = slices.Collect(strings.Lines(strings.TrimPrefix(cleaned, "\ufeff")))
		if len(lines) != len(want) {
			t.Fatalf("%s has %d lines, want %d", name, len(lines), len(want))
		}
		for i := range want {
			if want[i] == "" {
				if got := textOf(t, lines[i]); got != cuts[0] {
					t.Fatalf("%s: the text of line %d is %q, want %q", name, i+1, got, cuts[0])
				}
				cuts = cuts[1:]
			} else if lines[i] != want[i] {
				t.Fatalf("%s: line %d is %q, want %q", name, i+1, lines[i], want[i])
			}
		}
	}
	return kept
}

// cutOut returns text without what the manifest says was cut out of it.
func cutOut(t testing.TB, text string, c Change) string {
	var b strings.Builder
	at := 0
	for _, cut := range c.Cuts {
		if cut.Span.In(text) != cut.Text {
			t.Fatalf("%q stands at %v, the manifest says %q", cut.Span.In(text), cut.Span, cut.Text)
		}
		b.WriteString(text[at:cut.Span.Start])
		at = cut.Span.End
	}
	return b.String() + text[at:]
}

func textOf(t testing.TB, line string) string {
	var record struct{ Text string }
	if err := json.Unmarshal([]byte(line), &record); err != nil {
		t.Fatal(err)
	}
	return record.Text
}

func gunzip(t testing.TB, s string) string {
	if s == "" {
		return ""
	}
	r, err := gzip.NewReader(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// decoded decodes what is UTF-16 or not UTF-8, and leaves a byte order mark away.
func decoded(s string) string {
	if !strings.HasPrefix(s, "\xff\xfe") {
		if utf8.ValidString(s) {
			return strings.TrimPrefix(s, "\ufeff")
		}
		var b strings.Builder
		for _, c := range []byte(s) {
			b.WriteRune(rune(c))
		}
		return b.String()
	}
	var units []uint16
	for i := 2; i+1 < len(s); i += 2 {
		units = append(units, uint16(s[i])|uint16(s[i+1])<<8)
	}
	return string(utf16.Decode(units))
}

// world makes files of articles that repeat themselves and one another.
type world struct {
	*rand.Rand
	paragraphs []string
	articles   []string
}

func newWorld(seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 1))}
	for range 12 {
		var b strings.Builder
		for range 3 {
			for i := range 12 + w.IntN(9) {
				if i == 0 {
					fmt.Fprintf(&b, "Die Straße %d der", w.IntN(1000))
				}
				fmt.Fprintf(&b, " %s%s", syllables[w.IntN(len(syllables))], syllables[w.IntN(len(syllables))])
			}
			b.WriteString(". ")
		}
		w.paragraphs = append(w.paragraphs, strings.TrimSpace(b.String()))
	}
	return w
}

var syllables = strings.Fields("ka lo mi ren tor für wä gen bel sund hö ner dig lan \"ost\" <b> &amp; / \\ übe")

func (w *world) article() string {
	if len(w.articles) > 0 && w.IntN(4) == 0 {
		return w.articles[w.IntN(len(w.articles))]
	}
	end := []string{"\n\n", "\r\n\r\n", "\n"}[w.IntN(3)]
	var of []string
	for range 1 + w.IntN(6) {
		of = append(of, w.paragraphs[w.IntN(len(w.paragraphs))])
	}
	a := strings.Join(of, end) + strings.TrimRight(end, "\n")
	if w.IntN(2) == 0 {
		a += end
	}
	w.articles = append(w.articles, a)
	return a
}

func (w *world) files(n int) map[string]string {
	files := make(map[string]string)
	for i := range n {
		name := []string{"", "a/", "a/b c/", "\xff\xfe/", "é/"}[w.IntN(5)] + fmt.Sprintf("%d", i)
		data := w.article()
		switch w.IntN(9) {
		case 0:
			data = string(latin1(data))
			name += ".txt"
		case 1:
			data = "\ufeff" + data
			name += ".txt"
		case 2:
			data = ""
			name += ".txt"
		case 3:
			data = utf16LE(data)
			name += ".txt"
		case 4:
			data = "\x7fELF\x00\x00" + data
			name += ".bin"
		case 5:
			name += ".txt"
		default:
			data = w.lines()
			if w.IntN(5) == 0 {
				data = utf16LE(strings.TrimPrefix(data, "\ufeff"))
			}
			name += ".jsonl"
		}
		if w.IntN(3) == 0 && !strings.HasSuffix(name, ".bin") {
			name, data = name+".gz", gz(data)
		}
		files[name] = data
	}
	if w.IntN(4) == 0 { // which must not be taken for chaff's
		files["x/manifest.jsonl"] = w.lines()
	}
	return files
}

func (w *world) lines() string {
	var b strings.Builder
	if w.IntN(4) == 0 {
		b.WriteString("\ufeff")
	}
	for i := range 1 + w.IntN(6) {
		switch w.IntN(8) {
		case 0:
			b.WriteString("\n")
		case 1:
			b.WriteString("{\"id\": no\n")
		}
		text, _ := json.Marshal(w.article())
		if w.IntN(2) == 0 {
			text = escaped(text)
		}
		fmt.Fprintf(&b, `{ "id":%d, "text" :%s,"extra":{"text":[1,2]} }`, i%4, text)
		b.WriteString([]string{"\n", "\r\n"}[w.IntN(2)])
	}
	if w.IntN(2) == 0 {
		return strings.TrimRight(b.String(), "\r\n")
	}
	return b.String()
}

// escaped returns JSON in ASCII.
func escaped(s []byte) []byte {
	var b bytes.Buffer
	for _, r := range string(s) {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.Bytes()
}

func latin1(s string) []byte {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r))
	}
	return b
}

func utf16LE(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func gz(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}
