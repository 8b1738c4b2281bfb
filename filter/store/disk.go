package store

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// disk is the file system that an index is written to. Pebble ends the process where it
// can't make, write or close a log, with its locks in a state that nothing recovers from. So
// it is not told: the index is failed first, after which nothing is acknowledged and
// nothing more is written, and then the log goes on in memory. Other errors reach Pebble,
// which returns them or tries again.
type disk struct {
	vfs.FS
	fail   func(error)
	failed atomic.Bool
}

// note fails the index. Whoever sees that it has failed sees that nothing more is
// acknowledged.
func (d *disk) note(err error) {
	d.fail(err)
	d.failed.Store(true)
}

// Create makes a file.
func (d *disk) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return d.made(name, func() (vfs.File, error) { return d.FS.Create(name, c) })
}

// ReuseForWrite makes a log from an old one.
func (d *disk) ReuseForWrite(from, to string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return d.made(to, func() (vfs.File, error) { return d.FS.ReuseForWrite(from, to, c) })
}

func (d *disk) made(name string, by func() (vfs.File, error)) (vfs.File, error) {
	isLog := strings.HasSuffix(name, ".log")
	if isLog && d.failed.Load() {
		return vfs.NewMem().Create("log", vfs.WriteCategoryUnspecified)
	}
	f, err := by()
	switch {
	case err == nil && isLog:
		return &logFile{f, d}, nil
	case err == nil:
		return f, nil
	case isLog:
		d.note(err)
		return vfs.NewMem().Create("log", vfs.WriteCategoryUnspecified)
	}
	return nil, gone(err)
}

// OpenDir opens a folder, to sync it when a log has been made.
func (d *disk) OpenDir(name string) (vfs.File, error) {
	f, err := d.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return &logFile{f, d}, nil
}

// Open opens a file for reading.
func (d *disk) Open(name string, o ...vfs.OpenOption) (vfs.File, error) {
	f, err := d.FS.Open(name, o...)
	if err != nil && strings.HasSuffix(name, ".sst") {
		err = gone(err)
	}
	return f, err
}

// gone makes an error of one that tells that a file does not exist: Pebble ends the
// process where a file that it knows of is not there.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("it was taken away: %v", err) //nolint:errorlint // it must not be fs.ErrNotExist
	}
	return err
}

// logFile is a log, or the folder it is in, the errors of which fail the index.
type logFile struct {
	vfs.File
	disk *disk
}

func (f *logFile) try(work func() error) {
	if f.disk.failed.Load() {
		return
	}
	if err := work(); err != nil {
		f.disk.note(err)
	}
}

// Write writes p, all of it as far as Pebble is told.
func (f *logFile) Write(p []byte) (int, error) {
	f.try(func() error {
		_, err := f.File.Write(p)
		return err
	})
	return len(p), nil
}

// Preallocate makes room on the disk.
func (f *logFile) Preallocate(at, length int64) error {
	f.try(func() error { return f.File.Preallocate(at, length) })
	return nil
}

// Sync waits until what was written is on disk.
func (f *logFile) Sync() error {
	f.try(f.File.Sync)
	return nil
}

// SyncData does as Sync does.
func (f *logFile) SyncData() error {
	f.try(f.File.SyncData)
	return nil
}

// SyncTo begins to bring what was written to the disk.
func (f *logFile) SyncTo(length int64) (full bool, err error) {
	f.try(func() error {
		full, err = f.File.SyncTo(length)
		return err
	})
	return full, nil
}

// Close closes the file, in any case.
func (f *logFile) Close() error {
	if err := f.File.Close(); err != nil {
		f.disk.note(err)
	}
	return nil
}
