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

// Outcome tells what [Store.Submit] did.
type Outcome struct {
	Status Status
	// Matches are the near-duplicates that decide was last asked about; nil where
	// it was not asked.
	Matches []Match
}

// Submit looks for near-duplicates of a, asks decide whether a is to be added
// despite them (nil or not), and adds it if so. When Submit returns, what it tells
// is on disk: a itself, and each article that it is a near-duplicate of.
//
// Check and addition are one: of two near-duplicates submitted at one moment, one
// is added first, and decide is asked about the other with the first among its
// matches. It may therefore be asked more than once, each time with more matches;
// it is called without a lock held.
//
// An article whose ID and text are those of one in the index is that article
// again, and decide is not asked. One whose ID is there with another text replaces
// it, if decide agrees; it is not compared with the text it replaces.
func (s *Store) Submit(ctx context.Context, a *article.Article, decide func([]Match) bool) (Outcome, error) {
	o, err := s.submit(ctx, a, decide)
	if err != nil {
		return Outcome{}, fmt.Errorf("submitting article %q: %w", a.ID, err)
	}
	return o, nil
}

// Add adds a, or replaces the article of its ID, whatever the index holds. When
// it returns, a is on disk. Many goroutines that add at a time share the cost of
// that.
func (s *Store) Add(ctx context.Context, a *article.Article) (Status, error) {
	o, err := s.submit(ctx, a, nil)
	if err != nil {
		return "", fmt.Errorf("adding article %q: %w", a.ID, err)
	}
	return o.Status, nil
}

func (s *Store) submit(ctx context.Context, a *article.Article, decide func([]Match) bool) (Outcome, error) {
	if len(a.ID) == 0 || len(a.ID) > MaxID {
		return Outcome{}, ErrID
	}
	if err := ctx.Err(); err != nil {
		return Outcome{}, err
	}
	if err := s.beginWrite(); err != nil {
		return Outcome{}, err
	}
	defer s.end()
	w := &submission{store: s, article: a, digest: s.digest(a)}
	if decide == nil {
		return w.commit(false)
	}
	known, err := s.known(a.ID, w.digest)
	if err != nil {
		return Outcome{}, err
	}
	if known {
		return Outcome{Status: Known}, s.settled()
	}
	return w.decide(ctx, decide)
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
		closer.Close()
		return damage(engineDir, fmt.Errorf("entry of ID %q has %d bytes", id, len(b)))
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

// submission is one article on its way into the index.
type submission struct {
	store   *Store
	article *article.Article
	digest  *digest
	seen    uint64 // the commit up to which near-duplicates have been looked for
	matches []Match
}

// decide asks until an answer holds: yes, and nothing new came meanwhile, or no.
func (w *submission) decide(ctx context.Context, decide func([]Match) bool) (Outcome, error) {
	s := w.store
	s.mu.Lock()
	w.seen = s.counters.commits
	s.recent.join(w.seen)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.recent.leave(w.seen, s.counters.commits)
		s.mu.Unlock()
	}()
	if err := w.ask(ctx); err != nil {
		return Outcome{}, err
	}
	for {
		if len(w.matches) > 0 {
			if err := s.settled(); err != nil {
				return Outcome{}, err
			}
		}
		if !decide(w.matches) {
			return Outcome{Status: Refused, Matches: w.matches}, nil
		}
		if err := ctx.Err(); err != nil {
			return Outcome{}, err
		}
		o, err := w.commit(true)
		switch {
		case errors.Is(err, errStale):
			if err := w.ask(ctx); err != nil {
				return Outcome{}, err
			}
		case !errors.Is(err, errMore):
			return o, err
		}
	}
}

// ask looks for near-duplicates on disk.
func (w *submission) ask(ctx context.Context) (err error) {
	w.matches, err = w.store.query(ctx, w.article.ID, w.digest)
	return err
}

var (
	// errMore tells that near-duplicates were added since decide was asked.
	errMore = errors.New("more near-duplicates")
	// errStale tells that so much was added since that it must be looked up again.
	errStale = errors.New("too much was added")
)

// commit writes the article, unless, with check, near-duplicates were added since
// it was compared: then it returns errMore or errStale.
func (w *submission) commit(check bool) (Outcome, error) {
	s := w.store
	r, err := w.record()
	if err != nil {
		return Outcome{}, err
	}
	batch := s.db.NewBatch()
	defer batch.Close()
	if err := w.fill(batch, &r); err != nil {
		return Outcome{}, err
	}
	status, commit, err := w.commitLocked(batch, &r, check)
	if err != nil {
		return Outcome{}, err
	}
	if status == Known {
		return Outcome{Status: Known}, s.durable.wait(commit)
	}
	return Outcome{Status: status, Matches: w.matches}, s.sync(batch, commit)
}

func (w *submission) commitLocked(batch *pebble.Batch, r *record, check bool) (Status, uint64, error) {
	s := w.store
	s.mu.Lock()
	defer s.mu.Unlock()
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
	if check {
		if err := w.more(); err != nil {
			return "", 0, err
		}
	}
	after := s.counters
	if status == Updated {
		if err := s.erase(batch, &old); err != nil {
			return "", 0, err
		}
		after.remove(&old)
	}
	after.add(r)
	after.next = max(after.next, r.number+1)
	commit, err := s.apply(batch, after)
	if err != nil {
		return "", 0, err
	}
	if status == Updated {
		s.recent.remove(old.number)
	}
	s.recent.add(recentArticle{commit: commit, record: *r, digest: w.digest})
	return status, commit, nil
}

// more compares the article with those committed since it was last compared.
func (w *submission) more() error {
	s := w.store
	k := s.asker()
	defer s.askers.Put(k)
	filled := false
	found := len(w.matches)
	complete := s.recent.since(w.seen, func(e *recentArticle) {
		if e.record.id == w.article.ID || !shareSample(w.digest, e.digest) {
			return
		}
		if !filled {
			k.fill(w.digest.set)
			filled = true
		}
		if m, ok := k.compare(w.digest, &e.record, s.opts.Jaccard, s.opts.Containment); ok {
			w.matches = append(w.matches, m)
		}
	})
	if complete && len(w.matches) == found {
		return nil
	}
	now := s.counters.commits
	s.recent.join(now)
	s.recent.leave(w.seen, now)
	w.seen = now
	sortMatches(w.matches)
	if !complete {
		return errStale
	}
	return errMore
}

// lastNumber is the highest number that an article may have. Numbers of articles
// removed or refused are not used again.
const lastNumber = math.MaxUint32 - 1<<20

func (w *submission) record() (record, error) {
	a := w.article
	n := w.store.next.Add(1) - 1
	if n > lastNumber {
		w.store.next.Store(lastNumber)
		return record{}, errors.New("an index numbers four thousand million articles, and these have been used")
	}
	return record{
		number: n, id: a.ID, source: a.Source, date: a.Date,
		bytes: len(a.Text), shingles: len(w.digest.set), text: w.digest.text, codes: w.digest.codes,
	}, nil
}
