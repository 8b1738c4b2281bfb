package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"path/filepath"
	"slices"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/sstable"
)

// Problem is damage that [Store.Verify] has found.
type Problem struct {
	// File is the file that is damaged, within the index; empty where it is not a
	// matter of one file.
	File string
	// Article is the ID of the article concerned, or its number where the ID
	// can't be read; empty where it is not a matter of one article.
	Article string
	Err     error
}

func (p Problem) Error() string {
	switch {
	case p.File != "":
		return fmt.Sprintf("%s: %v", p.File, p.Err)
	case p.Article != "":
		return fmt.Sprintf("article %q: %v", p.Article, p.Err)
	}
	return p.Err.Error()
}

// Verify reads every file of the index as it is at this moment and reports what is
// damaged: blocks whose checksum does not match, articles that can't be found by
// all they should be found by, entries that lead to no article, and counters that
// don't count. It returns the number of problems; the error is that of ctx, or
// tells why nothing could be read. Report is called by one goroutine.
func (s *Store) Verify(ctx context.Context, report func(Problem)) (int, error) {
	if err := s.begin(); err != nil {
		return 0, err
	}
	defer s.end()
	v := &verifier{store: s, report: report, seed: maphash.MakeSeed()}
	if err := v.files(ctx); err != nil {
		return v.problems, fmt.Errorf("verifying index: %w", err)
	}
	s.mu.Lock()
	v.at, v.expect = s.db.NewSnapshot(), s.counters
	s.mu.Unlock()
	err := v.tables(ctx)
	if e := v.at.Close(); err == nil {
		err = e
	}
	if err != nil {
		return v.problems, fmt.Errorf("verifying index: %w", err)
	}
	return v.problems, nil
}

type verifier struct {
	store    *Store
	report   func(Problem)
	problems int
	at       *pebble.Snapshot
	expect   counters
	seed     maphash.Seed

	count     counters // of the articles read
	ids, keys tally    // what the articles want to be in the tables
}

// tally is a count and a sum of hashes, the same for equal sets of entries in any
// order.
type tally struct{ n, sum uint64 }

func (t *tally) add(hash uint64) { t.n++; t.sum += hash }

func (v *verifier) problem(p Problem) {
	v.problems++
	v.report(p)
}

// hash tells one entry, a key and what it holds, from another.
func (v *verifier) hash(key, value []byte) uint64 {
	return maphash.Bytes(v.seed, key)*0x9FB21C651E98DF25 ^ maphash.Bytes(v.seed, value)
}

// files checks every block of every table file and what stands beside them.
func (v *verifier) files(ctx context.Context) error {
	s := v.store
	if _, err := readHeader(s.dir); err != nil {
		v.problem(Problem{File: headerFile, Err: err})
	}
	if _, err := readMark(s.dir); err != nil {
		v.problem(Problem{File: markFile, Err: err})
	}
	if s.opts.ReadOnly { // a writer has written a new manifest when it opened the index
		desc, err := pebble.Peek(filepath.Join(s.dir, engineDir), s.files)
		if err != nil {
			return damageOf(engineDir, err)
		}
		if err := checkManifest(desc.ManifestFilename, s.files); err != nil {
			v.problem(Problem{File: filepath.Join(engineDir, filepath.Base(desc.ManifestFilename)), Err: err})
		}
	}
	levels, err := s.db.SSTables()
	if err != nil {
		return damageOf(engineDir, err)
	}
	for _, level := range levels {
		for i := range level {
			if err := ctx.Err(); err != nil {
				return err
			}
			name := tableFile(level[i])
			err := s.checkBlocks(ctx, filepath.Join(s.dir, engineDir, name))
			if err != nil && !s.gone(name) {
				v.problem(Problem{File: filepath.Join(engineDir, name), Err: err})
			}
		}
	}
	return nil
}

// gone reports whether a table file is no longer part of the index: the files are
// merged in the background.
func (s *Store) gone(name string) bool {
	levels, err := s.db.SSTables()
	if err != nil {
		return false
	}
	for _, level := range levels {
		for i := range level {
			if name == tableFile(level[i]) {
				return false
			}
		}
	}
	return true
}

func tableFile(t pebble.SSTableInfo) string { return fmt.Sprintf("%06d.sst", uint64(t.BackingSSTNum)) }

func (s *Store) checkBlocks(ctx context.Context, path string) error {
	f, err := s.files.Open(path)
	if err != nil {
		return err
	}
	readable, err := sstable.NewSimpleReadable(f)
	if err != nil {
		return errors.Join(err, f.Close())
	}
	o := engineOptions(nil, s.files, &engineEvents{fail: func(error) {}})
	o.EnsureDefaults()
	r, err := sstable.NewReader(ctx, readable, o.MakeReaderOptions())
	if err != nil {
		return errors.Join(err, readable.Close())
	}
	return errors.Join(r.ValidateBlockChecksums(), r.Close())
}

// tables reads every entry and compares what is there with what should be.
func (v *verifier) tables(ctx context.Context) error {
	if err := v.articles(ctx); err != nil {
		return err
	}
	var ids, keys tally
	for _, t := range []struct {
		table byte
		sum   *tally
	}{{tableID, &ids}, {tableSequence, &keys}, {tableSample, &keys}} {
		err := eachKey(ctx, v.at, t.table, func(k, value []byte) error {
			t.sum.add(v.hash(k, value))
			return nil
		})
		if err := v.tolerate(ctx, err); err != nil {
			return err
		}
	}
	err := eachKey(ctx, v.at, tableText, func(k, value []byte) error {
		v.text(k, value)
		return nil
	})
	if err := v.tolerate(ctx, err); err != nil {
		return err
	}
	if ids != v.ids || keys != v.keys {
		if err := v.nameMissing(ctx); err != nil {
			return err
		}
	}
	v.count.commits, v.count.next = v.expect.commits, v.expect.next
	if v.count != v.expect {
		v.problem(Problem{Err: fmt.Errorf("counters tell of %d articles with %d words and %d bytes, there are %d with %d and %d",
			v.expect.articles, v.expect.words, v.expect.bytes, v.count.articles, v.count.words, v.count.bytes)})
	}
	return nil
}

// tolerate reports damage and lets the verification go on.
func (v *verifier) tolerate(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	v.problem(Problem{Err: err})
	return nil
}

// articles reads every article and sums up what it should be found by.
func (v *verifier) articles(ctx context.Context) error {
	var r record
	err := eachKey(ctx, v.at, tableArticle, func(k, value []byte) error {
		if len(k) != 1+numberBytes {
			v.problem(Problem{Err: fmt.Errorf("key %x of an article", k)})
			return nil
		}
		n := binary.BigEndian.Uint32(k[1:])
		if err := r.decode(value, n); err != nil {
			v.problem(Problem{Article: fmt.Sprint(n), Err: err})
			return nil
		}
		d := v.store.digestOf(r.codes)
		if r.shingles != len(d.set) {
			v.problem(Problem{Article: r.id, Err: fmt.Errorf("has %d shingles, not %d", len(d.set), r.shingles)})
		}
		v.count.add(&r)
		v.ids.add(v.hash(idKey(nil, r.id), k[1:]))
		for key := range postings(n, d) {
			v.keys.add(v.hash(key, nil))
		}
		return nil
	})
	return v.tolerate(ctx, err)
}

// text checks an entry of the table of texts.
func (v *verifier) text(k, value []byte) {
	if len(k) != 1+numberBytes {
		v.problem(Problem{Err: fmt.Errorf("key %x of a text", k)})
		return
	}
	number := fmt.Sprint(binary.BigEndian.Uint32(k[1:]))
	if _, err := unseal(value); err != nil {
		v.problem(Problem{Article: number, Err: fmt.Errorf("text: %w", err)})
	}
	_, closer, err := v.at.Get(append([]byte{tableArticle}, k[1:]...))
	if err == nil {
		err = closer.Close()
	}
	if err != nil {
		v.problem(Problem{Article: number, Err: fmt.Errorf("its text is there, and it is not: %w", err)})
	}
}

// nameMissing finds out which articles lack an entry, and which entries lead to no
// article.
func (v *verifier) nameMissing(ctx context.Context) error {
	var r record
	known := make(map[uint32]bool)
	err := eachKey(ctx, v.at, tableArticle, func(k, value []byte) error {
		n := binary.BigEndian.Uint32(append(k[:len(k):len(k)], 0, 0, 0, 0)[1:])
		known[n] = true
		if len(k) != 1+numberBytes || r.decode(value, n) != nil {
			return nil // reported before
		}
		missing := 0
		if !v.holds(idKey(nil, r.id), k[1:]) {
			v.problem(Problem{Article: r.id, Err: errors.New("its ID does not lead to it")})
		}
		for key := range postings(n, v.store.digestOf(r.codes)) {
			if !v.holds(key, nil) {
				missing++
			}
		}
		if missing > 0 {
			v.problem(Problem{Article: r.id, Err: fmt.Errorf("%d of the entries that it is found by are missing", missing)})
		}
		return nil
	})
	if err := v.tolerate(ctx, err); err != nil {
		return err
	}
	stray := make(map[uint32]int)
	for _, t := range []struct {
		table byte
		at    int // where the number stands; -1: in the value
	}{{tableID, -1}, {tableSequence, sequencePrefix}, {tableSample, samplePrefix}} {
		err := eachKey(ctx, v.at, t.table, func(k, value []byte) error {
			if t.at >= 0 {
				value = k[min(t.at, len(k)):]
			}
			if len(value) < numberBytes {
				v.problem(Problem{Err: fmt.Errorf("entry %x tells no article", k)})
				return nil
			}
			if n := binary.BigEndian.Uint32(value); !known[n] {
				stray[n]++
			}
			return nil
		})
		if err := v.tolerate(ctx, err); err != nil {
			return err
		}
	}
	for _, n := range slices.Sorted(maps.Keys(stray)) {
		v.problem(Problem{Article: fmt.Sprint(n), Err: fmt.Errorf("is not there, but %d entries lead to it", stray[n])})
	}
	return nil
}

// holds reports whether the index has this entry.
func (v *verifier) holds(key, value []byte) bool {
	b, closer, err := v.at.Get(key)
	if err != nil {
		return false
	}
	same := bytes.Equal(b, value)
	return closer.Close() == nil && same
}
