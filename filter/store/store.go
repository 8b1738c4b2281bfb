package store

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"chaff/dedupe"
	"chaff/shingle"
)

// The errors that callers tell apart with [errors.Is].
var (
	// ErrLocked: another writer has the index open.
	ErrLocked = errors.New("index is open for writing elsewhere")
	// ErrVersion: the index is of a format that this program does not read.
	ErrVersion = errors.New("index of another format version")
	// ErrSettings: the index was made with another shingle size or segmenter.
	ErrSettings = errors.New("index made with other settings")
	// ErrNotIndex: the directory is not an index and, where one could be made, not
	// empty either.
	ErrNotIndex = errors.New("not an index")
	// ErrDamaged: a file of the index is not what was written.
	ErrDamaged = errors.New("index is damaged")
	// ErrReadOnly: the index is open for reading only.
	ErrReadOnly = errors.New("index is open for reading only")
	// ErrClosed: the index has been closed.
	ErrClosed = errors.New("index is closed")
	// ErrFailed: a write failed, and whether it is on disk is not known. Every
	// later write fails, and queries that find something; open the index again to
	// go on.
	ErrFailed = errors.New("index failed to write")
	// ErrFull: the disk has less room than [Options.Reserve]. Nothing was
	// written; once there is room, writes succeed again.
	ErrFull = errors.New("disk is full")
	// ErrNotFound: no article has this ID.
	ErrNotFound = errors.New("no such article in the index")
	// ErrID: an ID is empty or longer than [MaxID].
	ErrID = errors.New("ID of an article is empty or too long")
)

func damage(what string, err error) error {
	return fmt.Errorf("%w: %s: %w", ErrDamaged, what, err)
}

// MaxID is the length of the longest ID, in bytes.
const MaxID = 4096

// The defaults of [Options].
const (
	DefaultCache   = 256 << 20
	DefaultReserve = 128 << 20
)

// Options say how an index is opened. The zero value opens it for reading and
// writing and makes one where there is none.
type Options struct {
	// ReadOnly opens the index as it is at this moment, without a lock: it may be
	// open for writing elsewhere. What is written later is not seen.
	ReadOnly bool
	// Existing fails with [ErrNotIndex] where there is no index, instead of making
	// one.
	Existing bool
	// Cache is the memory for samples, blocks of the index and their filters, in
	// bytes; 0 means [DefaultCache]. Besides it an index takes some 64 MB, and the
	// samples, which are in Go's heap, what garbage the collector allows for them.
	// Queries are fast while samples fit into three quarters of it, 0.9 bytes a word
	// of all articles.
	Cache int64
	// StoreText keeps the texts, titles, URLs and languages of articles added.
	StoreText bool
	// Jaccard and Containment are the thresholds of a near-duplicate as in
	// [dedupe.Options]; they may differ from one opening to the next.
	Jaccard, Containment float64
	// ShingleSize and Tokenizer say what a shingle is. An index keeps those it
	// was made with; opening it with others fails with [ErrSettings]. Zero values
	// mean those of the index, and for a new one [shingle.DefaultSize] and
	// [shingle.Chars].
	ShingleSize int
	Tokenizer   shingle.Tokenizer
	// Reserve is how much room on the disk is left alone, in bytes: a write that
	// finds less fails with [ErrFull], so that what sorts the files in the
	// background still can. 0 means [DefaultReserve].
	Reserve int64
	// Repair opens an index that has lost acknowledged commits, as a log that was
	// cut loses them, and goes on with what is left.
	Repair bool
}

func (o Options) withDefaults() (Options, error) {
	o.Jaccard = cmp.Or(o.Jaccard, dedupe.DefaultJaccard)
	o.Containment = cmp.Or(o.Containment, dedupe.DefaultContainment)
	o.Cache = cmp.Or(o.Cache, DefaultCache)
	o.Reserve = cmp.Or(o.Reserve, DefaultReserve)
	if o.ShingleSize < 0 {
		return o, fmt.Errorf("shingles of %d words", o.ShingleSize)
	}
	if !(o.Jaccard > 0 && o.Jaccard <= 1) {
		return o, fmt.Errorf("the Jaccard threshold %v is not in (0,1]", o.Jaccard)
	}
	if o.Containment != dedupe.NoContainment && !(o.Containment > 0 && o.Containment <= 1) {
		return o, fmt.Errorf("the containment threshold %v is not in (0,1]", o.Containment)
	}
	if o.Tokenizer.Segmenter == "" {
		return o, nil
	}
	_, err := shingle.ParseSegmenter(string(o.Tokenizer.Segmenter))
	return o, err
}

// A Store is an open index. It may be used by any number of goroutines.
type Store struct {
	dir       string
	opts      Options
	size      int
	tokenizer shingle.Tokenizer
	db        *pebble.DB
	files     vfs.FS      // that db is on
	closers   []io.Closer // in the order of opening

	use    sync.RWMutex // held for reading by every method, so that Close waits
	closed bool

	failed atomic.Pointer[error]

	mu       sync.Mutex // orders commits
	counters counters
	recent   recent

	memory memory

	durable durable
	syncer  *syncer

	askers sync.Pool // of *asker
}

// Open opens the index in dir. A directory that is missing or empty becomes an
// index, and one that was left half-made is completed; with ReadOnly an index
// must be there.
func Open(dir string, o Options) (*Store, error) {
	s, err := open(dir, o)
	if err != nil {
		return nil, fmt.Errorf("opening index %s: %w", dir, err)
	}
	return s, nil
}

func open(dir string, o Options) (s *Store, err error) {
	o, err = o.withDefaults()
	if err != nil {
		return nil, err
	}
	s = &Store{dir: dir, opts: o, size: o.ShingleSize, tokenizer: o.Tokenizer}
	s.durable.changed.L = &s.durable.mu
	defer func() {
		if err != nil {
			if e := s.release(); e != nil {
				err = errors.Join(err, e)
			}
		}
	}()
	if o.ReadOnly {
		return s, s.openReader()
	}
	return s, s.openWriter()
}

// release closes everything that was opened, last things first.
func (s *Store) release() error {
	var err error
	for i := len(s.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, s.closers[i].Close())
	}
	s.closers = nil
	return err
}

func (s *Store) openWriter() error {
	if s.opts.Existing {
		if _, err := os.Lstat(filepath.Join(s.dir, headerFile)); errors.Is(err, fs.ErrNotExist) {
			return ErrNotIndex
		}
	}
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		return err
	}
	lock, err := vfs.Default.Lock(filepath.Join(s.dir, lockFile))
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			return err // it can't even be opened
		}
		return ErrLocked
	}
	s.closers = append(s.closers, lock)

	found, err := readHeader(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := checkFree(s.dir); err != nil {
			return err
		}
		found = settings{cmp.Or(s.size, shingle.DefaultSize), cmp.Or(s.tokenizer.Segmenter, shingle.Chars)}
		if err := writeHeader(s.dir, found); err != nil {
			return fmt.Errorf("making %s: %w", headerFile, err)
		}
		err = nil
	}
	if err != nil {
		return err
	}
	acknowledged, err := s.settle(found)
	if err != nil {
		return err
	}
	m, err := openMark(s.dir)
	if err != nil {
		return fmt.Errorf("making %s: %w", markFile, err)
	}
	s.closers = append(s.closers, m.f)
	dir := filepath.Join(s.dir, engineDir)
	if err := s.checkEngine(dir, acknowledged); err != nil {
		return err
	}
	if err := s.openEngine(dir, &disk{FS: vfs.Default, fail: s.fail}, acknowledged > 0 && !s.opts.Repair); err != nil {
		return err
	}
	if err := s.takeCounters(acknowledged); err != nil {
		return err
	}
	if err := m.set(s.counters.commits); err != nil {
		return err
	}
	s.durable.mark = m
	s.durable.commits = s.counters.commits
	s.syncer = startSyncer(s)
	s.closers = append(s.closers, s.syncer)
	return nil
}

// settle takes on the settings of the index, if they are those asked for, and returns how
// many commits were acknowledged.
func (s *Store) settle(found settings) (acknowledged uint64, err error) {
	wanted := settings{cmp.Or(s.size, found.size), cmp.Or(s.tokenizer.Segmenter, found.segmenter)}
	if wanted != found {
		return 0, fmt.Errorf("%w: it has shingles of %d words by segmenter %s, not of %d by %s",
			ErrSettings, found.size, found.segmenter, wanted.size, wanted.segmenter)
	}
	s.size, s.tokenizer.Segmenter = found.size, found.segmenter
	acknowledged, err = readMark(s.dir)
	if s.opts.Repair {
		err = nil
	}
	return acknowledged, err
}

// openEngine opens Pebble in dir. With exists it does not make a new one.
func (s *Store) openEngine(dir string, files vfs.FS, exists bool) error {
	events := &engineEvents{fail: func(err error) { s.fail(err) }}
	cache := pebble.NewCache(s.opts.Cache)
	defer cache.Unref() // the database has a share of its own
	s.memory.cache, s.memory.limit = cache, s.opts.Cache/8*memoryShare
	o := engineOptions(cache, files, events)
	o.ReadOnly = s.opts.ReadOnly
	o.ErrorIfNotExists = exists
	db, err := pebble.Open(dir, o)
	if err != nil {
		return damageOf(dir, err)
	}
	s.db, s.files = db, files
	s.closers = append(s.closers, db)
	if p := s.failed.Load(); p != nil {
		return *p
	}
	return nil
}

// damageOf says which errors of Pebble are damage: those that are no matter of
// the system, such as rights and room.
func damageOf(what string, err error) error {
	var sys *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pebble.ErrDBDoesNotExist), errors.Is(err, fs.ErrNotExist), pebble.IsCorruptionError(err):
		return damage(what, err)
	case errors.As(err, &sys), errors.Is(err, syscall.ENOSPC):
		return err
	}
	return damage(what, err)
}

func readCounters(db *pebble.DB) (counters, error) {
	var c counters
	b, closer, err := db.Get([]byte{tableCounters})
	if errors.Is(err, pebble.ErrNotFound) {
		return c, nil
	}
	if err == nil {
		err = c.decode(b)
		err = errors.Join(err, closer.Close())
	}
	return c, damageOf(engineDir, err)
}

// takeCounters reads the counters, which must count the commits acknowledged.
func (s *Store) takeCounters(acknowledged uint64) error {
	var err error
	if s.counters, err = readCounters(s.db); err != nil {
		return err
	}
	if n := s.counters.commits; n < acknowledged && !s.opts.Repair {
		return damage(engineDir, lost(acknowledged, n))
	}
	return nil
}

// lost tells that of the commits acknowledged some are not among the first there.
func lost(acknowledged, there uint64) error {
	return fmt.Errorf("%d commits were acknowledged and the last %d of them are lost", acknowledged, acknowledged-there)
}

// fail notes the first error after which nothing more may be written.
func (s *Store) fail(err error) {
	err = fmt.Errorf("%w: %w", ErrFailed, err)
	s.failed.CompareAndSwap(nil, &err)
	s.durable.fail(err)
}

// begin is called first by every method, end last if it returns no error.
func (s *Store) begin() error {
	s.use.RLock()
	if s.closed {
		s.use.RUnlock()
		return ErrClosed
	}
	return nil
}

func (s *Store) end() { s.use.RUnlock() }

// beginWrite is begin for methods that change the index.
func (s *Store) beginWrite() error {
	if s.opts.ReadOnly {
		return ErrReadOnly
	}
	if err := s.begin(); err != nil {
		return err
	}
	if err := s.writable(); err != nil {
		s.end()
		return err
	}
	return nil
}

func (s *Store) writable() error {
	if p := s.failed.Load(); p != nil {
		return *p
	}
	usage, err := vfs.Default.GetDiskUsage(s.dir)
	if err == nil && usage.AvailBytes < uint64(s.opts.Reserve) {
		return fmt.Errorf("%w: %d MB are left of which %d are kept in reserve", ErrFull, usage.AvailBytes>>20, s.opts.Reserve>>20)
	}
	return nil
}

// Close waits for the methods that are at work and closes the index. Everything
// acknowledged is on disk already; Close sorts the log into files, so that the
// next opening has none to read.
func (s *Store) Close() error {
	s.use.Lock()
	defer s.use.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.closed = true
	var err error
	if !s.opts.ReadOnly && s.failed.Load() == nil {
		err = s.db.Flush()
	}
	s.memory.close()
	return errors.Join(err, s.release())
}
