package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/batchrepr"
	pebblelog "github.com/cockroachdb/pebble/v2/record"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/wal"
)

// checkEngine fails where the files of Pebble in dir don't hold all commits, before
// Pebble changes any of them.
func (s *Store) checkEngine(dir string, acknowledged uint64) (err error) {
	if s.opts.Repair {
		return nil
	}
	v, err := takeView(dir)
	if errors.Is(err, errEmpty) && acknowledged == 0 {
		return nil // it is new
	}
	if err != nil {
		return damageOf(dir, err)
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	return damageOf(dir, v.checkContinuity(acknowledged))
}

// checkContinuity fails where commits are missing. Pebble takes a manifest for shorter
// than it is where an entry is damaged, since a crash may have torn it, and does not miss
// a log that is empty or gone; it then shows an index with a hole, and removes the files
// it does not know of. Every commit has its number with it, so that this can be told
// before: the tables hold those up to some number, and the logs must hold each one from
// there to the last that is in them, and to the last acknowledged.
//
// Where the index was closed in an orderly manner its logs are empty, and this takes some
// milliseconds; else as long as reading them.
func (v *view) checkContinuity(acknowledged uint64) error {
	sorted, err := v.sortedCommits()
	if err != nil {
		return fmt.Errorf("without its logs: %w", err)
	}
	logged, err := v.loggedCommits()
	if err != nil {
		return err
	}
	last := sorted
	for _, n := range logged {
		if n > last+1 {
			return fmt.Errorf("commits %d to %d are lost", last+1, n-1)
		}
		last = max(last, n)
	}
	if last < acknowledged {
		return lost(acknowledged, last)
	}
	return nil
}

// sortedCommits returns the last commit that is in the tables.
func (v *view) sortedCommits() (uint64, error) {
	cache := pebble.NewCache(1 << 20)
	defer cache.Unref()
	o := engineOptions(cache, withoutLogs{v}, &engineEvents{fail: func(error) {}})
	o.ReadOnly, o.ErrorIfNotExists = true, true
	db, err := pebble.Open(v.dir, o)
	if err != nil {
		return 0, err
	}
	c, err := readCounters(db)
	return c.commits, errors.Join(err, db.Close())
}

// loggedCommits returns the commits in the logs, in their order.
func (v *view) loggedCommits() ([]uint64, error) {
	logs, err := wal.Scan(wal.Dir{FS: v, Dirname: v.dir})
	if err != nil {
		return nil, err
	}
	var commits []uint64
	for _, l := range logs {
		if commits, err = appendLogged(commits, l); err != nil {
			return nil, fmt.Errorf("log %s: %w", l.Num, err)
		}
	}
	return commits, nil
}

// appendLogged appends the commits in a log to dst. A log may have an end that was never
// written whole.
func appendLogged(dst []uint64, l wal.LogicalLog) (commits []uint64, err error) {
	r := l.OpenForRead()
	defer func() { err = errors.Join(err, r.Close()) }()
	var batch bytes.Buffer
	for {
		in, _, err := r.NextRecord()
		if err == nil {
			batch.Reset()
			_, err = io.Copy(&batch, in)
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, pebblelog.ErrUnexpectedEOF):
			return dst, nil
		case err != nil:
			return dst, err
		}
		if dst, err = appendCommit(dst, batch.Bytes()); err != nil {
			return dst, err
		}
	}
}

// appendCommit appends the number of the commit that a batch is.
func appendCommit(dst []uint64, batch []byte) ([]uint64, error) {
	if len(batch) < batchrepr.HeaderLen {
		return dst, errors.New("a commit is too short")
	}
	entries := batchrepr.Read(batch)
	for {
		_, key, value, ok, err := entries.Next()
		if !ok || err != nil {
			return dst, err
		}
		if len(key) != 1 || key[0] != tableCounters {
			continue
		}
		var c counters
		if err := c.decode(value); err != nil {
			return dst, err
		}
		dst = append(dst, c.commits)
	}
}

// withoutLogs is a view of the tables alone.
type withoutLogs struct{ *view }

// List leaves logs out.
func (w withoutLogs) List(dir string) ([]string, error) {
	names, err := w.view.List(dir)
	kept := names[:0]
	for _, n := range names {
		if !strings.HasSuffix(n, ".log") {
			kept = append(kept, n)
		}
	}
	return kept, err
}

// checkManifest fails where the manifest with this path ends in what is no entry. Pebble
// passes over that: a crash may leave it so, and damage.
func checkManifest(path string, files vfs.FS) (err error) {
	f, err := files.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	written := int64(len(bytes.TrimRight(b, "\x00")))
	entries := pebblelog.NewReader(bytes.NewReader(b), 0)
	for {
		at := entries.Offset()
		entry, err := entries.Next()
		if err == nil {
			_, err = io.Copy(io.Discard, entry)
		}
		if err == nil {
			continue
		}
		if at >= written {
			return nil
		}
		return fmt.Errorf("%d bytes at its end are no entry: %w", written-at, err)
	}
}
