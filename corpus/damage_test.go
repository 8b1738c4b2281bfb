package corpus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"chaff/article"
)

// A compressed file cut anywhere gives what stands before the cut and one
// problem.
func TestCutGzip(t *testing.T) {
	record := func(i int) string { return fmt.Sprintf(`{"id":"%d","text":"Words of record %d, %x."}`, i, i, i*7919) }
	var jsonl strings.Builder
	var ids []string
	for i := range 12 {
		jsonl.WriteString(record(i) + "\n")
		ids = append(ids, fmt.Sprint(i))
	}
	half := jsonl.Len() / 2
	for name, data := range map[string]string{
		"a.jsonl": gz(jsonl.String()),
		"b.jsonl": gz(jsonl.String()[:half]) + gz(jsonl.String()[half:]),
		"c.txt":   gz("Ein Satz über Wörter, 中文也有。"),
	} {
		complete := 0
		for n := range data {
			f := read(t, Options{Workers: 2, Keep: true}, filepath.Join(write(t, map[string]string{name: data[:n]}), name))
			if n == 0 {
				if len(f.problems) != 1 || !errors.Is(f.problems[0], ErrEmpty) {
					t.Errorf("%s cut to nothing: %v", name, f.problems)
				}
				continue
			}
			if name == "c.txt" {
				if len(f.articles) == 1 && !strings.HasPrefix("Ein Satz über Wörter, 中文也有。", f.articles[0].Text) {
					t.Errorf("%s cut at %d gives %q", name, n, f.articles[0].Text)
				}
			} else if len(f.articles) > len(ids) || !slices.Equal(f.ids(), ids[:len(f.articles)]) {
				t.Errorf("%s cut at %d gives %q", name, n, f.ids())
			}
			// Between two members a cut can't be seen; in a header of one byte
			// it isn't gzip yet.
			whole := name == "b.jsonl" && n == len(gz(jsonl.String()[:half]))
			if whole {
				complete++
			} else if len(f.problems) != 1 || n > 1 && !errors.Is(f.problems[0], ErrDamaged) {
				t.Errorf("%s cut at %d: problems %v", name, n, f.problems)
			}
		}
		if f := read(t, Options{Keep: true}, filepath.Join(write(t, map[string]string{name: data}), name)); len(f.problems) > 0 || len(f.articles) == 0 {
			t.Errorf("%s whole: %v %q", name, f.problems, f.ids())
		}
	}
}

// What a damaged file loses ends at the damage, not at a chunk before it.
func TestDamageLosesNothingBefore(t *testing.T) {
	var jsonl strings.Builder
	for i := range 60000 {
		fmt.Fprintf(&jsonl, `{"id":"%d","text":"%x"}`+"\n", i, uint64(i)*0x9E3779B97F4A7C15)
	}
	data := gz(jsonl.String())
	cut := data[:len(data)*9/10]
	f := read(t, Options{Workers: 2, Keep: true}, filepath.Join(write(t, map[string]string{"a.gz": cut}), "a.gz"))
	if len(f.articles) < 60000*85/100 || len(f.problems) != 1 || f.err != nil {
		t.Errorf("%d articles, problems %v, error %v", len(f.articles), f.problems, f.err)
	}
	for i, a := range f.articles {
		if a.ID != fmt.Sprint(i) {
			t.Fatalf("article %d has id %s", i, a.ID)
		}
	}
	if _, err := read(t, Options{}, f.corpus.sources.path(0)).corpus.Load(f.at[0], new(Buffer)); !errors.Is(err, ErrNotKept) {
		t.Errorf("Load of what was not kept fails with %v", err)
	}
}

func TestSpecialFiles(t *testing.T) {
	dir := write(t, map[string]string{"a/a.txt": "Some words.", "b.txt": "More words."})
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o666); err != nil {
		t.Skip("no FIFOs here: ", err)
	}
	socket, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	for name, to := range map[string]string{"a/loop": "..", "link.txt": "b.txt", "gone": "nowhere", "self": "self"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	f := read(t, Options{Workers: 2}, dir)
	if f.err != nil || !slices.Equal(f.ids(), []string{"a/a.txt", "b.txt"}) {
		t.Errorf("read %q, error %v", f.ids(), f.err)
	}
	special, links := 0, 0
	for _, p := range f.problems {
		if !p.Harmless {
			t.Errorf("%v is no harm", p)
		}
		if errors.Is(p, ErrSpecial) {
			special++
		}
		if errors.Is(p, ErrLink) {
			links++
		}
	}
	if special != 2 || links != 4 || len(f.problems) != 6 {
		t.Errorf("problems %v", f.problems)
	}
	// By name, a link is followed and a FIFO is not opened.
	f = read(t, Options{}, filepath.Join(dir, "link.txt"))
	if f.err != nil || !slices.Equal(f.ids(), []string{"link.txt"}) {
		t.Errorf("a link gives %q, error %v", f.ids(), f.err)
	}
	f = read(t, Options{}, filepath.Join(dir, "a", "loop"))
	if f.err != nil || !slices.Equal(f.ids(), []string{"a/a.txt", "b.txt"}) {
		t.Errorf("a link to a folder gives %q, error %v", f.ids(), f.err)
	}
	f = read(t, Options{}, filepath.Join(dir, "fifo"), filepath.Join(dir, "gone"))
	if !errors.Is(f.err, ErrNothing) || !errors.Is(f.err, ErrSpecial) || !errors.Is(f.err, fs.ErrNotExist) {
		t.Errorf("error %v", f.err)
	}
}

func TestUnreadable(t *testing.T) {
	dir := write(t, map[string]string{"a.txt": "x", "b/c.txt": "x", "d.txt": "x"})
	for _, name := range []string{"a.txt", "b"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	defer os.Chmod(filepath.Join(dir, "b"), 0o700)
	if _, err := os.ReadFile(filepath.Join(dir, "a.txt")); err == nil {
		t.Skip("this user may read everything")
	}
	f := read(t, Options{}, dir)
	if f.err != nil || !slices.Equal(f.ids(), []string{"d.txt"}) || len(f.problems) != 2 {
		t.Errorf("read %q, problems %v, error %v", f.ids(), f.problems, f.err)
	}
	for _, p := range f.problems {
		if !errors.Is(p, fs.ErrPermission) || p.Harmless {
			t.Errorf("problem %v", p)
		}
	}
}

// A file that goes between the walk and the reading is a problem, and one that
// goes or changes before Load is an error.
func TestVanishing(t *testing.T) {
	files := make(map[string]string)
	for i := range 50 {
		files[fmt.Sprintf("%02d.txt", i)] = "Some words."
	}
	files["zz.jsonl"] = `{"id":"r","text":"x"}`
	dir := write(t, files)
	var problems []Problem
	c, err := Open([]string{dir}, Options{Workers: 1, Problem: func(p Problem) { problems = append(problems, p) }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	at := make(map[string]Position)
	err = c.Read(context.Background(), func(_ int, a *article.Article, p Position) error {
		at[strings.Clone(a.ID)] = p
		if a.ID == "00.txt" { // by now the walk may be over, and at most three files are read
			for !c.Progress().Walked {
				runtime.Gosched()
			}
			return os.Remove(filepath.Join(dir, "40.txt"))
		}
		return nil
	})
	if err != nil || len(at) != 50 || len(problems) != 1 || !errors.Is(problems[0], fs.ErrNotExist) {
		t.Errorf("%d articles, problems %v, error %v", len(at), problems, err)
	}
	rewrite := func(name, data string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	rewrite("01.txt", "Some")
	rewrite("zz.jsonl", "\n\n"+files["zz.jsonl"])
	if err := os.Chtimes(filepath.Join(dir, "02.txt"), time.Now(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "03.txt")); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]error{"01.txt": ErrChanged, "02.txt": ErrChanged, "03.txt": fs.ErrNotExist, "r": ErrChanged, "04.txt": nil} {
		if _, err := c.Load(at[id], new(Buffer)); !errors.Is(err, want) {
			t.Errorf("Load of %s fails with %v, want %v", id, err, want)
		}
	}
}

// endless gives n bytes of one line, which begins like a record, and then
// another line.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	if e.n <= 0 {
		return 0, io.EOF
	}
	last := "\n" + `{"id":"after","text":"x"}`
	p = p[:min(len(p), e.n)]
	for i := range p {
		p[i] = '{'
	}
	if e.n -= len(p); e.n == 0 && len(p) > len(last) {
		copy(p[len(p)-len(last):], last)
	}
	return len(p), nil
}

func TestLongLineTakesNoMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f := read(t, Options{Workers: 2, MaxArticle: 1 << 20, Stdin: &endless{n: 400 << 20}}, "-")
	runtime.ReadMemStats(&after)
	if f.err != nil || !slices.Equal(f.ids(), []string{"after"}) {
		t.Errorf("read %q, error %v", f.ids(), f.err)
	}
	if len(f.problems) != 1 || !errors.Is(f.problems[0], ErrTooLarge) || f.problems[0].Line != 1 {
		t.Errorf("problems %v", f.problems)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 20<<20 {
		t.Errorf("%d MiB allocated", got>>20)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.jsonl")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	line := `{"id":"x","text":"` + strings.Repeat(`Some words\n`, 300) + `"}` + "\n"
	const size = 64 << 20
	for n := 0; n < size; n += len(line) {
		if _, err := file.WriteString(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c, err := Open([]string{path}, Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Read(context.Background(), func(int, *article.Article, Position) error { return nil }); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	// All that was ever allocated, so the peak is no higher.
	if got := after.TotalAlloc - before.TotalAlloc; got > 12<<20 {
		t.Errorf("%d MiB allocated to read %d MiB", got>>20, size>>20)
	}
	if p := c.Progress(); p.Bytes != p.Total || p.Bytes < size || p.Files != 1 || !p.Walked || p.Articles < 10000 {
		t.Errorf("progress %+v", p)
	}
}

func TestCancel(t *testing.T) {
	// Standard input that never says anything, and a file to begin with.
	silent, mouth := io.Pipe()
	defer mouth.Close()
	path := filepath.Join(write(t, map[string]string{"a.txt": "Some words."}), "a.txt")
	c, err := Open([]string{path, "-"}, Options{Workers: 2, Stdin: silent})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	err = c.Read(ctx, func(int, *article.Article, Position) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Read gives %v", err)
	}
	if err := c.Read(ctx, nil); !errors.Is(err, errReadOnce) {
		t.Errorf("a second Read gives %v", err)
	}
}

func TestErrorOfFunctionEndsRead(t *testing.T) {
	dir := write(t, map[string]string{"a.jsonl": strings.Repeat(`{"id":"x","text":"y"}`+"\n", 200000)})
	c, err := Open([]string{dir}, Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	want := errors.New("enough")
	var calls atomic.Int64
	err = c.Read(context.Background(), func(int, *article.Article, Position) error {
		if calls.Add(1) > 1000 {
			return want
		}
		return nil
	})
	if !errors.Is(err, want) || calls.Load() > 1100 {
		t.Errorf("Read gives %v after %d calls", err, calls.Load())
	}
}

// A kill leaves nothing: the spool has no name while it is used.
func TestSpoolHasNoName(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file can't be removed here")
	}
	dir, spill := write(t, map[string]string{"a.txt.gz": gz("Some words.")}), t.TempDir()
	c, err := Open([]string{dir}, Options{Keep: true, SpillDir: spill})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Read(context.Background(), func(_ int, _ *article.Article, at Position) error {
		if files, err := os.ReadDir(spill); err != nil || len(files) > 0 {
			t.Errorf("spool files %v, error %v", files, err)
		}
		_, err := c.Load(at, new(Buffer))
		return err
	}); err != nil {
		t.Error(err)
	}
}

func TestSpoolFails(t *testing.T) {
	dir := write(t, map[string]string{"a.txt.gz": gz("Some words.")})
	c, err := Open([]string{dir}, Options{Keep: true, SpillDir: filepath.Join(dir, "nowhere")})
	if err != nil {
		t.Fatal(err)
	}
	err = c.Read(context.Background(), func(int, *article.Article, Position) error { return nil })
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Read gives %v", err)
	}
}

// failing gives its text and then an error.
type failing struct{ text string }

var errFailing = errors.New("the stream broke")

func (f *failing) Read(p []byte) (int, error) {
	n := copy(p, f.text)
	f.text = f.text[n:]
	if n == 0 {
		return 0, errFailing
	}
	return n, nil
}

// Standard input is read once however often it is named, and what came before
// it broke is delivered.
func TestStdinBreaks(t *testing.T) {
	in := &failing{`{"id":1,"text":"x"}` + "\n" + `{"id":2,"text":"y"}` + "\n" + `{"id":3,"te`}
	f := read(t, Options{Workers: 2, Keep: true, Stdin: in}, "-", "-")
	if f.err != nil || !slices.Equal(f.ids(), []string{"1", "2"}) {
		t.Errorf("read %q, error %v", f.ids(), f.err)
	}
	if len(f.problems) != 2 || !errors.Is(f.problems[0], ErrEmpty) || !errors.Is(f.problems[1], errFailing) || errors.Is(f.problems[1], ErrDamaged) {
		t.Errorf("problems %v", f.problems)
	}
}

// A record that has come on standard input is handed on before the next one
// comes.
func TestStdinIsLive(t *testing.T) {
	r, w := io.Pipe()
	c, err := Open([]string{"-"}, Options{Workers: 2, Stdin: r})
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan string)
	done := make(chan error)
	go func() {
		done <- c.Read(context.Background(), func(_ int, a *article.Article, _ Position) error {
			got <- strings.Clone(a.ID)
			return nil
		})
	}()
	for i := range 5 {
		fmt.Fprintf(w, `{"id":"%d","text":"x"}`+"\n", i)
		if id := <-got; id != fmt.Sprint(i) {
			t.Errorf("record %d came as %s", i, id)
		}
	}
	w.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
