package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"chaff/article"
	"chaff/dedupe"
	"chaff/shingle"
)

// Match is an article of the index that is a near-duplicate of the one asked
// about.
type Match struct {
	ID     string
	Source string
	Date   time.Time // the zero time means not known
	shingle.Likeness
	// Shared is the number of shingles that both have.
	Shared int
	// Relation tells how the article asked about stands to this one.
	Relation article.Relation

	number uint32
}

// asker compares one text with what the index holds. It keeps buffers and belongs
// to one goroutine.
type asker struct {
	finder
	overlap
	relater dedupe.Relater
	record  record
	key     []byte
}

func (s *Store) asker() *asker {
	if a, ok := s.askers.Get().(*asker); ok {
		return a
	}
	return &asker{
		finder:  finder{memory: &s.memory, jaccard: s.opts.Jaccard, contain: s.opts.Containment},
		overlap: overlap{size: s.size},
		relater: dedupe.Relater{Jaccard: s.opts.Jaccard},
	}
}

// Query returns the near-duplicates of a in the index, most alike first: by the
// larger of J and C, then by ID. An article of a's own ID is left out. J and C
// are exact but for one pair in a million, see the package comment; of 1,000
// near-duplicates at the thresholds one or two are not found. Where there are
// more than some dozens, the likeliest are returned.
func (s *Store) Query(ctx context.Context, a *article.Article) ([]Match, error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.end()
	matches, err := s.query(ctx, a.ID, s.digest(a))
	if err == nil && len(matches) > 0 {
		// What is not on disk yet may be lost, and then nobody has published it.
		err = s.settled()
	}
	if err != nil {
		return nil, fmt.Errorf("querying article %q: %w", a.ID, err)
	}
	return matches, nil
}

// settled waits until all that can be seen now is on disk.
func (s *Store) settled() error {
	if s.opts.ReadOnly {
		return nil
	}
	s.mu.Lock()
	commits := s.counters.commits
	s.mu.Unlock()
	return s.durable.wait(commits)
}

func (s *Store) query(ctx context.Context, id string, d *digest) ([]Match, error) {
	k := s.asker()
	defer s.askers.Put(k)
	var matches []Match
	err := s.candidates(ctx, s.db, math.MaxUint32, k, id, d, func(c compared) {
		if c.near {
			matches = append(matches, c.match)
		}
	})
	if err != nil {
		return nil, err
	}
	sortMatches(matches)
	return matches, nil
}

// read reads the record of article n.
func (k *asker) read(r pebble.Reader, n uint32) error {
	k.key = numberedKey(k.key[:0], tableArticle, n)
	b, closer, err := r.Get(k.key)
	if err != nil {
		if errors.Is(err, pebble.ErrNotFound) {
			return err
		}
		return damageOf(engineDir, err)
	}
	err = k.record.decode(b, n)
	if e := closer.Close(); err == nil {
		err = e
	}
	return damageOf(engineDir, err)
}

// compare compares the text of d, which the overlap holds, with r.
func (k *asker) compare(d *digest, r *record, jaccard, containment float64) (Match, bool) {
	m := Match{ID: r.id, Source: r.source, Date: r.date, number: r.number}
	if slices.Equal(d.codes, r.codes) {
		m.Likeness, m.Shared = shingle.Likeness{Jaccard: 1, Containment: 1}, len(d.set)
		m.Relation = article.Same
		return m, len(d.codes) > 0
	}
	m.Shared = k.shared(r.codes)
	m.Likeness = shingle.NewLikeness(m.Shared, len(d.set), r.shingles)
	if m.Jaccard < jaccard &&
		(containment == dedupe.NoContainment || m.Containment < containment || m.Shared < dedupe.MinShared) {
		return m, false
	}
	m.Relation = k.relater.Relation(
		dedupe.Pairing{A: r.shingles, B: len(d.set), Shared: m.Shared, DateA: r.date, DateB: d.date},
		wording(r.codes), wording(d.codes))
	return m, true
}

// wording is a text by the codes of its words.
func wording(codes []code) dedupe.Wording {
	return dedupe.Wording{Hash: codes, Figure: func(i int) bool { return codes[i]&1 == 1 }}
}

func sortMatches(matches []Match) {
	slices.SortFunc(matches, func(m, n Match) int {
		return cmp.Or(
			cmp.Compare(max(n.Jaccard, n.Containment), max(m.Jaccard, m.Containment)),
			cmp.Compare(n.Jaccard, m.Jaccard),
			strings.Compare(m.ID, n.ID),
		)
	})
}
