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
func (w *Submission) fill(batch *pebble.Batch, r *record) error {
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
		if !yield(appendSequenceKey(key, d.sequence, n)) {
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
	d := &digest{codes: codes, sequence: sequence(codes)}
	d.set = shingle.TextSet(nil, slices.Clone(codes), s.size)
	d.class = classOf(len(d.set))
	d.samples = sampled(d.set, d.class)
	return d
}

// erase puts the removal of an article, whose digest is d, into batch; its ID stays.
func erase(batch *pebble.Batch, r *record, d *digest) error {
	err := batch.Delete(numberedKey(nil, tableArticle, r.number), nil)
	err = errors.Join(err, batch.Delete(numberedKey(nil, tableText, r.number), nil))
	for key := range postings(r.number, d) {
		err = errors.Join(err, batch.Delete(key, nil))
	}
	return err
}

// apply makes batch visible, with the counters as they are after it, hands it to the
// syncer and returns the number of the commit. The caller holds s.mu.
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
	s.syncer.commits <- applied{batch, after.commits}
	return after.commits, nil
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
	commit, err := s.removeLocked(id)
	if err != nil {
		return err
	}
	return s.durable.wait(commit)
}

func (s *Store) removeLocked(id string) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var r record
	if err := s.lookUp(id, &r); err != nil {
		return 0, err
	}
	batch, gone := s.db.NewBatch(), s.digestOf(r.codes)
	err := errors.Join(erase(batch, &r, gone), batch.Delete(idKey(nil, id), nil))
	if err != nil {
		return 0, errors.Join(err, batch.Close())
	}
	after := s.counters
	after.remove(&r)
	commit, err := s.apply(batch, after)
	if err != nil {
		return 0, errors.Join(err, batch.Close())
	}
	s.memory.remove(r.number, gone)
	s.recent.add(change{commit: commit, record: record{number: r.number}, digest: gone, removed: true})
	return commit, nil
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
