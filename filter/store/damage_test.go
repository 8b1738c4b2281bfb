package store

import (
	"bytes"
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

	pebblelog "github.com/cockroachdb/pebble/v2/record"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/wal"
	"github.com/prometheus/client_golang/prometheus"
)

// What torn holds: articles in its tables, and with those in its log.
const tornSorted, tornArticles = 120, 180

// torn is an index with articles in its tables and in its log, as a crash leaves
// it.
func torn(t *testing.T) (dir string, articles int) {
	t.Helper()
	live := filepath.Join(t.TempDir(), "live")
	s := openAt(t, live, Options{StoreText: true})
	p := newPress()
	fill(t, s, p, 0, tornSorted, 8)
	if err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	fill(t, s, p, tornSorted, tornArticles, 8)
	dir = filepath.Join(t.TempDir(), "torn")
	if err := os.CopyFS(dir, os.DirFS(live)); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	return dir, tornArticles
}

// splitLog gives the second half of the last log to a log of its own, as an index has it
// while the first waits to be sorted into a table.
func splitLog(t *testing.T, dir string) {
	t.Helper()
	engine := filepath.Join(dir, engineDir)
	logs, err := wal.Scan(wal.Dir{FS: vfs.Default, Dirname: engine})
	if err != nil || len(logs) == 0 {
		t.Fatal(logs, err)
	}
	var batches [][]byte
	last := logs[len(logs)-1]
	in := last.OpenForRead()
	for {
		r, _, err := in.NextRecord()
		if err != nil {
			break
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, b)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if len(batches) < 20 {
		t.Fatalf("%d commits in the log", len(batches))
	}
	first := last.Num
	half := len(batches) / 2
	for n, part := range map[wal.NumWAL][][]byte{first: batches[:half], first + 1000: batches[half:]} {
		f, err := os.Create(filepath.Join(engine, fmt.Sprintf("%s.log", n)))
		if err != nil {
			t.Fatal(err)
		}
		w := logWriter(pebblelog.NewLogWriter, f, n)
		for _, b := range part {
			if _, err := w.WriteRecord(b); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// logWriter returns a writer of a log with this number, the type of which has no name
// outside of Pebble.
func logWriter[N ~uint64](make func(io.Writer, N, pebblelog.LogWriterConfig) *pebblelog.LogWriter, f *os.File, n wal.NumWAL) *pebblelog.LogWriter {
	return make(f, N(n), pebblelog.LogWriterConfig{
		WALFsyncLatency:     prometheus.NewHistogram(prometheus.HistogramOpts{}),
		WriteWALSyncOffsets: func() bool { return true },
	})
}

// files returns the files of an index, and how many bytes of each are written: Pebble
// makes logs and manifests larger than they are.
func files(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	sizes := make(map[string]int64)
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		sizes[rel] = int64(len(bytes.TrimRight(b, "\x00")))
		return err
	})
	if err != nil || len(sizes) < 6 {
		t.Fatalf("files %v, %v", sizes, err)
	}
	return sizes
}

// TestDamageIsNamed flips bits of files, cuts them and takes them away. Then every
// question that is asked without opening fails is answered as before, or with an error
// that tells of the damage; and Verify tells of it, or else everything is there.
//
// CHAFF_STORE_DAMAGES sets how often each file is damaged; 4 times if it is not set.
func TestDamageIsNamed(t *testing.T) {
	damages := number(t, "CHAFF_STORE_DAMAGES", 4)
	if testing.Short() {
		damages = 2
	}
	dir, articles := torn(t)
	splitLog(t, dir)
	d := &damager{dir: dir, articles: articles, told: make(map[string]int), silent: make(map[string]int)}
	if d.whole = d.ask(t, dir); d.whole == nil || d.problems > 0 {
		t.Fatal("it is damaged from the start")
	}
	sizes := files(t, dir)
	rng := rand.New(rand.NewPCG(1, 2))
	for _, name := range slices.Sorted(maps.Keys(sizes)) {
		size := sizes[name]
		d.damage(t, name, "gone", 0)
		if size == 0 {
			continue
		}
		d.damage(t, name, "cut to", 0)
		for try := range damages {
			// From the first byte to the last, then anywhere.
			at := size * int64(try) / int64(damages)
			if try%2 == 1 {
				at = rng.Int64N(size)
			}
			d.damage(t, name, "bit flipped", at)
			d.damage(t, name, "cut to", at)
		}
		d.damage(t, name, "bit flipped", size-1)
		d.damage(t, name, "cut to", size-1)
	}
	t.Logf("told of: %v", d.told)
	t.Logf("without effect: %v", d.silent)
	for _, kind := range []string{
		".sst bit flipped", ".sst cut to", ".sst gone", ".log bit flipped", ".log cut to", ".log gone",
		"MANIFEST bit flipped", "MANIFEST cut to", "MANIFEST gone", "COMMITS bit flipped", "COMMITS cut to", "COMMITS gone",
	} {
		if d.told[kind] == 0 {
			t.Errorf("never told of %s", kind)
		}
	}
	for _, kind := range []string{
		".sst bit flipped", ".sst cut to", ".sst gone", "MANIFEST bit flipped", "MANIFEST gone",
		"COMMITS bit flipped", "COMMITS cut to", "COMMITS gone", "CHAFF-INDEX bit flipped", "CHAFF-INDEX cut to", "CHAFF-INDEX gone",
	} {
		if d.silent[kind] > 0 {
			t.Errorf("%d times, %s went without notice", d.silent[kind], kind)
		}
	}
}

// damager damages copies of an index.
type damager struct {
	dir          string
	articles     int
	whole        []string       // the answers of the index as it is
	problems     int            // that Verify has told the last reader of
	told, silent map[string]int // by kind of file and damage
}

// errNamed is what an answer is that tells of damage.
const errNamed = "damaged"

// ask opens the index in dir for reading, asks about every tenth article and verifies it.
// It returns nil if opening tells of damage.
func (d *damager) ask(t *testing.T, dir string) []string {
	t.Helper()
	s, err := Open(dir, Options{ReadOnly: true})
	if named(err) {
		return nil
	}
	if err != nil {
		t.Errorf("opening: %v", err)
		return nil
	}
	defer s.Close()
	answers := d.answers(t, s)
	n, err := s.Verify(t.Context(), func(Problem) {})
	if err != nil {
		n++
	}
	d.problems = n
	return answers
}

// named reports whether an error tells that a file is not what it was.
func named(err error) bool {
	return errors.Is(err, ErrDamaged) || errors.Is(err, ErrVersion) || errors.Is(err, ErrSettings) || errors.Is(err, ErrNotIndex)
}

func (d *damager) answers(t *testing.T, s *Store) []string {
	t.Helper()
	var all []string
	say := func(what any, err error) {
		if err != nil {
			what = err.Error()
		}
		if named(err) {
			what = errNamed
		}
		all = append(all, fmt.Sprint(what))
	}
	p := newPress()
	for n := 0; n < d.articles; n += 10 {
		a := p.article(n, 400)
		e, err := s.Get(a.ID)
		say(e.Bytes, err)
		a.ID = "asked"
		m, err := s.Query(t.Context(), a)
		say(m, err)
	}
	return all
}

// damage damages a file of a copy, as what says.
func (d *damager) damage(t *testing.T, name, what string, at int64) {
	t.Helper()
	victim := filepath.Join(t.TempDir(), "index")
	if err := os.CopyFS(victim, os.DirFS(d.dir)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(victim, name)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	switch what {
	case "gone":
		err = os.Remove(path)
	case "cut to":
		err = os.WriteFile(path, b[:at], 0o666)
	default:
		b[at] ^= 1 << (at % 8)
		err = os.WriteFile(path, b, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	kind := filepath.Ext(name)
	if kind == "" {
		kind, _, _ = strings.Cut(filepath.Base(name), "-")
	}
	kind += " " + what
	about := fmt.Sprintf("%s %s byte %d", name, what, at)
	read := d.ask(t, victim)
	d.compare(t, about+", reading", read)
	s, err := Open(victim, Options{})
	if err != nil {
		if !named(err) {
			t.Errorf("%s: opening: %v", about, err)
		}
		if read != nil && !errors.Is(err, ErrNotIndex) {
			t.Logf("%s: %v, but a reader was let in", about, err)
		}
		d.told[kind]++
		return
	}
	defer s.Close()
	wrote := d.answers(t, s)
	d.compare(t, about, wrote)
	n, err := s.Verify(t.Context(), func(p Problem) {
		if strings.HasSuffix(name, ".sst") && p.File != "" && p.File != name {
			t.Errorf("%s: told of %s", about, p.File)
		}
	})
	if n > 0 || err != nil || read == nil || d.problems > 0 {
		d.told[kind]++
		return
	}
	d.silent[kind]++
	found := 0
	if err := eachArticle(t.Context(), s.db, func(*record) error { found++; return nil }); err != nil {
		t.Fatal(err)
	}
	if found != d.articles || !slices.Equal(wrote, d.whole) {
		t.Errorf("%s: %d articles of %d are there, and nobody told", about, found, d.articles)
	}
}

// compare fails for each answer that is neither what it was nor damage.
func (d *damager) compare(t *testing.T, about string, answers []string) {
	t.Helper()
	for i, a := range answers {
		if a != errNamed && a != d.whole[i] {
			t.Errorf("%s: answer %d is %.200s, and was %.200s", about, i, a, d.whole[i])
			return
		}
	}
}

// TestRepair goes on with an index whose log lost its end.
func TestRepair(t *testing.T) {
	dir, articles := torn(t)
	logs, err := filepath.Glob(filepath.Join(dir, engineDir, "*.log"))
	if err != nil || len(logs) == 0 {
		t.Fatal(logs, err)
	}
	for _, name := range logs {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(name, min(info.Size(), 50_000)); err != nil {
			t.Fatal(err)
		}
	}
	for _, readOnly := range []bool{true, false} {
		if _, err := Open(dir, Options{ReadOnly: readOnly}); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "are lost") {
			t.Fatalf("opening what lost commits: %v", err)
		}
	}
	s := openAt(t, dir, Options{Repair: true})
	st, err := s.Stats()
	if err != nil {
		t.Fatal(err)
	}
	if st.Articles < tornSorted || st.Articles >= int64(articles) {
		t.Errorf("%d articles are left", st.Articles)
	}
	verified(t, s)
	closeStore(t, s)
	verified(t, openAt(t, dir, Options{}))
}

// TestVerifyNamesArticles takes entries away, and puts in some that lead nowhere.
func TestVerifyNamesArticles(t *testing.T) {
	for _, c := range []struct {
		damage func(s *Store, r *record) error
		want   string
	}{
		{func(s *Store, r *record) error { return s.db.Delete(idKey(nil, r.id), nil) }, "does not lead to it"},
		{func(s *Store, r *record) error {
			d := s.digestOf(r.codes)
			return s.db.Delete(appendSampleKey(nil, d.samples[3], r.number, d.class), nil)
		}, "1 of the entries"},
		{func(s *Store, r *record) error { return s.db.Delete(numberedKey(nil, tableArticle, r.number), nil) }, "is not there, but"},
		{func(s *Store, r *record) error {
			return s.db.Set(numberedKey(nil, tableArticle, r.number), []byte("x"), nil)
		}, "too short"},
		{func(s *Store, r *record) error {
			return s.db.Set(numberedKey(nil, tableText, r.number+99), seal(nil), nil)
		}, "its text is there"},
		{func(s *Store, r *record) error {
			c := s.counters
			c.articles++
			return s.db.Set([]byte{tableCounters}, c.append(nil), nil)
		}, ""},
	} {
		dir := t.TempDir()
		s := openAt(t, dir, Options{})
		p := newPress()
		fill(t, s, p, 0, 20, 2)
		var r record
		if err := s.lookUp(p.article(7, 1).ID, &r); err != nil {
			t.Fatal(err)
		}
		if err := c.damage(s, &r); err != nil {
			t.Fatal(err)
		}
		closeStore(t, s)
		s = openAt(t, dir, Options{})
		var told []string
		n, err := s.Verify(t.Context(), func(p Problem) { told = append(told, p.Error()) })
		if err != nil || n == 0 || n != len(told) || !strings.Contains(strings.Join(told, "\n"), c.want) {
			t.Errorf("want %q, told %q, %v", c.want, told, err)
		}
	}
}
