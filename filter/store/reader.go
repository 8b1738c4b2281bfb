package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// A reader does not lock the index, and a writer may replace files at any moment.
// So a reader takes a view first: it opens every table file, which keeps them
// readable even when the writer removes them, and copies the log, the manifest and
// the other small files to memory. If the manifest is the same before and after,
// no file that it needs was missed, and what it has is the index as it was while
// the log was being copied.

const (
	viewTries = 20
	// openTries is how often an index that can't be opened is tried again: a log
	// copied while it is written can look damaged.
	openTries = 5
	viewPause = 20 * time.Millisecond
)

func (s *Store) openReader() error {
	found, err := readHeader(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotIndex
	}
	if err != nil {
		return err
	}
	acknowledged, err := s.settle(found)
	if err != nil {
		return err
	}
	dir := filepath.Join(s.dir, engineDir)
	for try := 1; ; try++ {
		err := s.openView(dir, acknowledged)
		if err == nil || try == openTries || !errors.Is(err, ErrDamaged) {
			return err
		}
		if err := s.release(); err != nil {
			return err
		}
		time.Sleep(viewPause)
	}
}

func (s *Store) openView(dir string, acknowledged uint64) error {
	v, err := takeView(dir)
	if errors.Is(err, errEmpty) && acknowledged == 0 {
		return fmt.Errorf("%w yet: it is half-made; open it for writing once", ErrNotIndex)
	}
	if err != nil {
		return damageOf(dir, err)
	}
	s.closers = append(s.closers, v)
	if !s.opts.Repair {
		if err := v.checkContinuity(acknowledged); err != nil {
			return damageOf(dir, err)
		}
	}
	if err := s.openEngine(dir, v, true); err != nil {
		return err
	}
	v.dropLogs()
	return s.takeCounters(acknowledged)
}

// view is a file system that holds one state of a Pebble folder.
type view struct {
	vfs.FS // in memory
	dir    string
	logs   []string
	tables map[string]vfs.File // by name in dir
}

// errEmpty tells that the folder holds no database.
var errEmpty = errors.New("no manifest")

func takeView(dir string) (*view, error) {
	for try := 1; ; try++ {
		v, err := tryView(dir)
		if err == nil || try == viewTries || !errors.Is(err, errMoving) {
			return v, err
		}
		time.Sleep(viewPause)
	}
}

var errMoving = errors.New("files change faster than they can be opened")

func tryView(dir string) (v *view, err error) {
	name, manifest, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	names, err := vfs.Default.List(dir)
	if err != nil {
		return nil, err
	}
	v = &view{FS: vfs.NewMem(), dir: dir, tables: make(map[string]vfs.File)}
	defer func() {
		if err != nil {
			err = errors.Join(err, v.Close())
			v = nil
		}
	}()
	if err := v.MkdirAll(dir, 0o777); err != nil {
		return v, err
	}
	for _, n := range names {
		if err := v.take(n, name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return v, err
		}
	}
	again, after, err := readManifest(dir)
	if err != nil {
		return v, err
	}
	if again != name || !bytes.Equal(manifest, after) {
		return v, errMoving
	}
	return v, v.put(name, manifest)
}

// readManifest returns the name and the content of the current manifest.
func readManifest(dir string) (string, []byte, error) {
	desc, err := pebble.Peek(dir, vfs.Default)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, errEmpty
	}
	if err != nil {
		return "", nil, err
	}
	if !desc.Exists {
		return "", nil, errEmpty
	}
	b, err := os.ReadFile(desc.ManifestFilename)
	if errors.Is(err, fs.ErrNotExist) {
		err = errMoving
	}
	return filepath.Base(desc.ManifestFilename), b, err
}

// take takes one file of the folder.
func (v *view) take(name, manifest string) error {
	path := filepath.Join(v.dir, name)
	switch {
	case strings.HasSuffix(name, ".sst"):
		f, err := vfs.Default.Open(path, vfs.RandomReadsOption)
		if err != nil {
			return err
		}
		v.tables[name] = f
		return v.put(name, nil)
	case name == manifest, name == lockFile:
		return nil
	case strings.HasPrefix(name, "MANIFEST-"):
		return nil // an old one
	case strings.HasSuffix(name, ".log"):
		v.logs = append(v.logs, name)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return v.put(name, b)
}

// put writes a file of the view.
func (v *view) put(name string, b []byte) error {
	f, err := v.Create(v.PathJoin(v.dir, name), vfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	_, err = f.Write(bytes.Clone(b)) // Write may change what it is given
	return errors.Join(err, f.Close())
}

// dropLogs frees the memory of the logs, which are read once.
func (v *view) dropLogs() {
	for _, name := range v.logs {
		// A log that is not there takes no memory either.
		_ = v.Remove(v.PathJoin(v.dir, name))
	}
}

// Open opens a file of the view.
func (v *view) Open(name string, opts ...vfs.OpenOption) (vfs.File, error) {
	if f, ok := v.tables[v.PathBase(name)]; ok {
		return sharedFile{f}, nil
	}
	return v.FS.Open(name, opts...)
}

// Stat tells of a file of the view.
func (v *view) Stat(name string) (vfs.FileInfo, error) {
	if f, ok := v.tables[v.PathBase(name)]; ok {
		return f.Stat()
	}
	return v.FS.Stat(name)
}

// Close closes the table files.
func (v *view) Close() error {
	var err error
	for _, f := range v.tables {
		err = errors.Join(err, f.Close())
	}
	v.tables = nil
	return err
}

// sharedFile is a table file, opened once and read by offset any number of times.
type sharedFile struct{ vfs.File }

// Close does nothing: the view closes the file.
func (sharedFile) Close() error { return nil }

// Read is not for shared files.
func (sharedFile) Read([]byte) (int, error) {
	return 0, errors.New("a table file is read by offset")
}
