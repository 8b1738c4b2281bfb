package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/cockroachdb/pebble/v2"

	"chaff/article"
)

// Status is what became of an article that was to be added.
type Status string

// What becomes of an article.
const (
	Added   Status = "added"
	Updated Status = "updated" // its ID was there with another text, which it replaces
	Known   Status = "known"   // its ID was there with this text; nothing was written
	Refused Status = "refused" // decide said no; nothing was written
)

// Outcome tells what became of an article that was submitted.
type Outcome struct {
	Status Status
	// Matches are the near-duplicates that decide was last asked about; nil where
	// it was not asked.
	Matches []Match

	store  *Store
	commit uint64
}

// Wait returns when what o tells is on disk: the article itself, and each that it is
// a near-duplicate of. An error means that it may be lost. Wait may be called any
// number of times, or not at all.
func (o *Outcome) Wait() error { return o.store.durable.wait(o.commit) }

// Submit looks for near-duplicates of a, asks decide whether a is to be added
// despite them (nil or not), and adds it if so. When Submit returns, what it tells
// is on disk. It is [Store.Prepare], [Submission.Commit] and [Outcome.Wait] in one.
func (s *Store) Submit(ctx context.Context, a *article.Article, decide func([]Match) bool) (Outcome, error) {
	w, err := s.Prepare(ctx, a)
	if err != nil {
		return Outcome{}, err
	}
	o, err := w.Commit(ctx, decide)
	if err == nil {
		if err = o.Wait(); err != nil {
			err = fmt.Errorf("submitting article %q: %w", a.ID, err)
		}
	}
	if err != nil {
		return Outcome{}, err
	}
	return o, nil
}

// Add adds a, or replaces the article of its ID, whatever the index holds. When
// it returns, a is on disk. Many goroutines that add at a time share the cost of
// that.
func (s *Store) Add(ctx context.Context, a *article.Article) (Status, error) {
	status, err := s.add(ctx, a)
	if err != nil {
		return "", fmt.Errorf("adding article %q: %w", a.ID, err)
	}
	return status, nil
}

func (s *Store) add(ctx context.Context, a *article.Article) (Status, error) {
	if err := s.beginSubmit(ctx, a); err != nil {
		return "", err
	}
	defer s.end()
	w := &Submission{store: s, article: a, digest: s.digest(a)}
	o, err := w.write(false)
	if err != nil {
		return "", err
	}
	return o.Status, o.Wait()
}

func (s *Store) beginSubmit(ctx context.Context, a *article.Article) error {
	if len(a.ID) == 0 || len(a.ID) > MaxID {
		return ErrID
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.beginWrite()
}

// Submission is an article on its way into the index, compared with what the index
// held at some moment. Its methods are for one goroutine at a time.
type Submission struct {
	store    *Store
	article  *article.Article
	digest   *digest
	seen     uint64 // the commit up to which near-duplicates have been looked for
	joined   bool   // recent keeps what comes after it
	standing        // at that commit
}

// Prepare looks for near-duplicates of a in the index as it is. The submission must be
// ended with Commit or Discard; until then a must not change.
func (s *Store) Prepare(ctx context.Context, a *article.Article) (*Submission, error) {
	w := &Submission{store: s, article: a}
	if err := w.prepare(ctx); err != nil {
		return nil, fmt.Errorf("submitting article %q: %w", a.ID, err)
	}
	return w, nil
}

func (w *Submission) prepare(ctx context.Context) error {
	if err := w.store.beginSubmit(ctx, w.article); err != nil {
		return err
	}
	defer w.store.end()
	w.digest = w.store.digest(w.article)
	return w.ask(ctx)
}

// Commit asks decide whether the article is to be added despite its near-duplicates
// (nil or not), and adds it if so. When Commit returns, whoever asks sees it;
// [Outcome.Wait] tells when it is on disk. Where it fails, nothing was added. It ends
// the submission.
//
// Check and addition are one: of two near-duplicates submitted at one moment, one
// is added first, and decide is asked about the other with the first among its
// matches. It may therefore be asked more than once; it is called without a lock
// held. Where one goroutine alone calls Commit, the outcome is as if each article
// were prepared after the one before it was committed.
//
// An article whose ID and text are those of one in the index is that article
// again, and decide is not asked. One whose ID is there with another text replaces
// it, if decide agrees; it is not compared with the text it replaces.
func (w *Submission) Commit(ctx context.Context, decide func([]Match) bool) (Outcome, error) {
	defer w.Discard()
	o, err := w.commit(ctx, decide)
	if err != nil {
		return Outcome{}, fmt.Errorf("submitting article %q: %w", w.article.ID, err)
	}
	return o, nil
}

// Discard ends a submission without adding anything. It does nothing to one that has
// ended.
func (w *Submission) Discard() {
	s := w.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.joined {
		s.recent.leave(w.seen, s.counters.commits)
		w.joined = false
	}
}

func (w *Submission) commit(ctx context.Context, decide func([]Match) bool) (Outcome, error) {
	s := w.store
	if err := s.beginWrite(); err != nil {
		return Outcome{}, err
	}
	defer s.end()
	for {
		if err := ctx.Err(); err != nil {
			return Outcome{}, err
		}
		known, err := s.known(w.article.ID, w.digest)
		if err != nil {
			return Outcome{}, err
		}
		if known {
			return w.outcome(Known), nil
		}
		if err := w.catchUp(ctx); err != nil {
			return Outcome{}, err
		}
		matches := w.matches()
		if !decide(matches) {
			o := w.outcome(Refused)
			o.Matches = matches
			return o, nil
		}
		o, err := w.write(true)
		if !errors.Is(err, errChanged) {
			o.Matches = matches
			return o, err
		}
	}
}

// outcome returns the outcome of an article that is not added. What it rests on has
// been committed.
func (w *Submission) outcome(status Status) Outcome {
	s := w.store
	s.mu.Lock()
	defer s.mu.Unlock()
	return Outcome{Status: status, store: s, commit: s.counters.commits}
}

// known reports whether the article is in the index with the same text.
func (s *Store) known(id string, d *digest) (bool, error) {
	var r record
	err := s.lookUp(id, &r)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && r.text == d.text, err
}

// lookUp reads the record of the article with this ID, or returns ErrNotFound.
func (s *Store) lookUp(id string, r *record) error {
	b, closer, err := s.db.Get(idKey(nil, id))
	if errors.Is(err, pebble.ErrNotFound) {
		return ErrNotFound
	}
	if err != nil {
		return damageOf(engineDir, err)
	}
	if len(b) != numberBytes {
		err := damage(engineDir, fmt.Errorf("entry of ID %q has %d bytes", id, len(b)))
		return errors.Join(err, closer.Close())
	}
	n := binary.BigEndian.Uint32(b)
	if err := closer.Close(); err != nil {
		return err
	}
	k := s.asker()
	defer s.askers.Put(k)
	if err := k.read(s.db, n); err != nil {
		if errors.Is(err, pebble.ErrNotFound) {
			return ErrNotFound // removed or replaced between the two reads
		}
		return err
	}
	*r = k.record
	r.codes = append([]code(nil), k.record.codes...)
	return nil
}

// errChanged tells that near-duplicates were added or removed since decide was asked.
var errChanged = errors.New("the index has changed")

// write adds the article, unless, with check, what the index tells of it has changed
// since it was last compared: then it returns errChanged.
func (w *Submission) write(check bool) (o Outcome, err error) {
	s := w.store
	batch := s.db.NewBatch()
	handed := false // to the syncer, which closes it
	defer func() {
		if !handed {
			err = errors.Join(err, batch.Close())
		}
	}()
	o = Outcome{store: s}
	o.Status, o.commit, err = w.writeLocked(batch, check)
	if err != nil {
		return Outcome{}, err
	}
	handed = o.Status != Known
	return o, nil
}

func (w *Submission) writeLocked(batch *pebble.Batch, check bool) (Status, uint64, error) {
	s := w.store
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := w.record()
	if err != nil {
		return "", 0, err
	}
	var old record
	status := Added
	switch err := s.lookUp(r.id, &old); {
	case err == nil && old.text == r.text:
		return Known, s.counters.commits, nil
	case err == nil:
		status = Updated
	case !errors.Is(err, ErrNotFound):
		return "", 0, err
	}
	if check && !w.unchanged() {
		return "", 0, errChanged
	}
	if err := w.fill(batch, &r); err != nil {
		return "", 0, err
	}
	after := s.counters
	var gone *digest
	if status == Updated {
		gone = s.digestOf(old.codes)
		if err := erase(batch, &old, gone); err != nil {
			return "", 0, err
		}
		after.remove(&old)
	}
	after.add(&r)
	after.next = r.number + 1
	commit, err := s.apply(batch, after)
	if err != nil {
		return "", 0, err
	}
	if status == Updated {
		s.memory.remove(old.number, gone)
		s.recent.add(change{commit: commit, record: record{number: old.number}, digest: gone, removed: true})
	}
	s.memory.add(r.number, w.digest)
	s.recent.add(change{commit: commit, record: r, digest: w.digest})
	return status, commit, nil
}

// lastNumber is the highest number that an article may have. Numbers of articles
// removed are not used again.
const lastNumber = math.MaxUint32 - 1<<20

// record returns the record of the article under the next number, so that numbers
// are in the order of commits. The caller holds s.mu.
func (w *Submission) record() (record, error) {
	a, n := w.article, w.store.counters.next
	if n > lastNumber {
		return record{}, errors.New("an index numbers four thousand million articles, and these have been used")
	}
	return record{
		number: n, id: a.ID, source: a.Source, date: a.Date,
		bytes: len(a.Text), shingles: len(w.digest.set), text: w.digest.text, codes: w.digest.codes,
	}, nil
}
