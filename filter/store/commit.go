package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"chaff/article"
	"chaff/shingle"
)

// fill puts all that the index keeps of the article into batch.
func (w *submission) fill(batch *pebble.Batch, r *record) error {
	key := make([]byte, 0, 64)
	err := batch.Set(numberedKey(key, tableArticle, r.number), r.append(nil), nil)
	err = errors.Join(err, batch.Set(idKey(key, r.id), numberedKey(nil, 0, r.number)[1:], nil))
	if w.store.opts.StoreText {
		err = errors.Join(err, batch.Set(numberedKey(key, tableText, r.number), appendText(nil, w.article), nil))
	}
	for key := range postings(r.number, w.digest) {
		err = errors.Join(err, batch.Set(key, nil, nil))
	}
	return err
}

// postings yields the keys by which article n is found. A key is good until the
// next one.
func postings(n uint32, d *digest) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		if len(d.codes) == 0 {
			return
		}
		key := make([]byte, 0, sequenceKey+sampleKey)
		if !yield(appendSequenceKey(key, d.sequence(), n)) {
			return
		}
		for _, h := range d.samples {
			if !yield(appendSampleKey(key, h, n, d.class)) {
				return
			}
		}
	}
}

// digestOf returns the digest of a text by its words, without what only the text
// itself tells.
func (s *Store) digestOf(codes []code) *digest {
	d := &digest{codes: codes}
	d.set = shingle.TextSet(nil, slices.Clone(codes), s.size)
	d.class = classOf(len(d.set))
	d.samples = sampled(d.set, d.class)
	return d
}

// erase puts the removal of an article into batch; its ID stays.
func (s *Store) erase(batch *pebble.Batch, r *record) error {
	err := batch.Delete(numberedKey(nil, tableArticle, r.number), nil)
	err = errors.Join(err, batch.Delete(numberedKey(nil, tableText, r.number), nil))
	for key := range postings(r.number, s.digestOf(r.codes)) {
		err = errors.Join(err, batch.Delete(key, nil))
	}
	return err
}

// apply makes batch visible, with the counters as they are after it, and returns
// the number of the commit. The caller holds s.mu and goes on with sync.
func (s *Store) apply(batch *pebble.Batch, after counters) (uint64, error) {
	if p := s.failed.Load(); p != nil {
		return 0, *p
	}
	after.commits++
	if err := batch.Set([]byte{tableCounters}, after.append(nil), nil); err != nil {
		return 0, err
	}
	if err := s.db.ApplyNoSyncWait(batch, pebble.Sync); err != nil {
		s.fail(err)
		return 0, *s.failed.Load()
	}
	s.counters = after
	return after.commits, nil
}

// sync waits until the commit is on disk. Pebble syncs its log once for all that
// wait.
func (s *Store) sync(batch *pebble.Batch, commit uint64) error {
	if err := batch.SyncWait(); err != nil {
		s.fail(err)
		return *s.failed.Load()
	}
	if err := s.durable.reach(commit); err != nil {
		return fmt.Errorf("%s: %w", markFile, err)
	}
	return nil
}

// Remove removes the article with this ID. When it returns, that is on disk. It
// returns [ErrNotFound] if there is none.
func (s *Store) Remove(ctx context.Context, id string) error {
	if err := s.remove(ctx, id); err != nil {
		return fmt.Errorf("removing article %q: %w", id, err)
	}
	return nil
}

func (s *Store) remove(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.beginWrite(); err != nil {
		return err
	}
	defer s.end()
	batch := s.db.NewBatch()
	defer batch.Close()
	commit, err := s.removeLocked(batch, id)
	if err != nil {
		return err
	}
	return s.sync(batch, commit)
}

func (s *Store) removeLocked(batch *pebble.Batch, id string) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var r record
	if err := s.lookUp(id, &r); err != nil {
		return 0, err
	}
	err := errors.Join(s.erase(batch, &r), batch.Delete(idKey(nil, id), nil))
	if err != nil {
		return 0, err
	}
	after := s.counters
	after.remove(&r)
	commit, err := s.apply(batch, after)
	if err == nil {
		s.recent.remove(r.number)
	}
	return commit, err
}

// appendText appends what StoreText keeps of a to dst.
func appendText(dst []byte, a *article.Article) []byte {
	for _, s := range [...]string{a.Title, a.URL, a.Lang, a.Text} {
		dst = binary.AppendUvarint(dst, uint64(len(s)))
		dst = append(dst, s...)
	}
	return seal(dst)
}

// decodeText reads what appendText wrote into a.
func decodeText(a *article.Article, b []byte) error {
	b, err := unseal(b)
	if err != nil {
		return err
	}
	f := fields{b: b}
	for _, s := range [...]*string{&a.Title, &a.URL, &a.Lang, &a.Text} {
		*s = string(f.take(f.uvarint()))
	}
	if f.broken || len(f.b) > 0 {
		return errors.New("cut short")
	}
	return nil
}
