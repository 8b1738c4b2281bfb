package store

import (
	"context"
	"errors"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// standing is what a submission knows of the index at one commit: all that a query of it
// at that moment looks at, so that later commits can be added as if the query had
// been made after them.
type standing struct {
	compared    []compared // by how likely they are, as the finder has them
	same        int        // how many of compared have the same words
	held        bool       // samples were looked up in memory
	short, long looked     // see finder
}

// compared is a candidate, with what a comparison has told of it.
type compared struct {
	candidate
	match Match
	near  bool // it is a near-duplicate, and no earlier edition of the article
}

// matches returns the near-duplicates, sorted.
func (v *standing) matches() []Match {
	var matches []Match
	for i := range v.compared[:min(len(v.compared), v.same+readCap)] {
		if c := &v.compared[i]; c.near {
			matches = append(matches, c.match)
		}
	}
	sortMatches(matches)
	return matches
}

// ask looks for near-duplicates on disk, in the index as it is now.
func (w *Submission) ask(ctx context.Context) error {
	s := w.store
	s.mu.Lock()
	now := s.counters.commits
	s.recent.join(now)
	if w.joined {
		s.recent.leave(w.seen, now)
	}
	w.seen, w.joined = now, true
	at, limit := s.db.NewSnapshot(), s.counters.next
	s.mu.Unlock()
	k := s.asker()
	defer s.askers.Put(k)
	w.standing = standing{}
	err := s.candidates(ctx, at, limit, k, w.article.ID, w.digest, func(c compared) {
		w.compared = append(w.compared, c)
		if c.likely == sameWords {
			w.same++
		}
	})
	w.held, w.short, w.long = k.held, k.short.clone(), k.long.clone()
	if e := at.Close(); err == nil {
		err = e
	}
	if err != nil {
		w.Discard()
	}
	return err
}

// candidates compares the text of d with every article that is likely to be a
// near-duplicate and has a number below limit, and calls found with each, the likeliest
// first.
func (s *Store) candidates(ctx context.Context, at pebble.Reader, limit uint32, k *asker, id string, d *digest, found func(compared)) error {
	s.wantMemory()
	likely, err := k.find(at, d, limit)
	if err != nil || len(likely) == 0 {
		return damageOf(engineDir, err)
	}
	k.fill(d.set)
	for i, c := range likely {
		if i%16 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		err := k.read(at, c.number)
		if errors.Is(err, pebble.ErrNotFound) {
			continue // removed meanwhile
		}
		if err != nil {
			return err
		}
		found(s.compare(k, c, id, d, &k.record))
	}
	return nil
}

// compare compares the text of d, which k's overlap holds, with that of r.
func (s *Store) compare(k *asker, c candidate, id string, d *digest, r *record) compared {
	m, near := k.compare(d, r, s.opts.Jaccard, s.opts.Containment)
	return compared{c, m, near && m.ID != id}
}

// catchUp brings the submission up to the last commit.
func (w *Submission) catchUp(ctx context.Context) error {
	s := w.store
	s.mu.Lock()
	_, complete := w.follow()
	s.mu.Unlock()
	if complete {
		return nil
	}
	return w.ask(ctx)
}

// unchanged reports whether nothing that matters has been committed since the
// submission was last compared. The caller holds s.mu.
func (w *Submission) unchanged() bool {
	news, complete := w.follow()
	return complete && !news
}

// follow compares the article with those committed since it was last compared. It
// reports whether any of them is a candidate, and whether that was possible: if not,
// the index must be asked. The caller holds s.mu.
func (w *Submission) follow() (news, complete bool) {
	s := w.store
	now := s.counters.commits
	if now == w.seen {
		return false, true
	}
	k := s.asker()
	defer s.askers.Put(k)
	own := k.resume(&w.standing)
	defer func() { k.short, k.long = own[0], own[1] }()
	f := follower{w: w, k: k}
	if !s.recent.since(w.seen, f.change) {
		return true, false
	}
	if f.news {
		rest := w.compared[w.same:]
		slices.SortStableFunc(rest, func(a, b compared) int { return a.compare(b.candidate) })
		w.compared = w.compared[:w.same+min(len(rest), readCap)]
	}
	s.recent.join(now)
	s.recent.leave(w.seen, now)
	w.seen = now
	return f.news, true
}

// follower adds changes to the view of a submission.
type follower struct {
	w            *Submission
	k            *asker
	filled, news bool
}

// change adds c to what the submission knows. It returns false if the index must be
// asked instead: an article was removed that may have stood in the way of others, or
// a list has become too long to be read to its end.
func (f *follower) change(c *change) bool {
	w, d := f.w, f.w.digest
	if len(d.codes) == 0 {
		return true
	}
	n := candidate{number: c.record.number, class: c.digest.class}
	fits, seen := true, 0
	l := f.k.looked(n.class)
	commonSamples(l.samples, c.digest.samples, func(i int) {
		switch l := &l.lists[i]; {
		case l.articles < listCap:
			l.articles++
			seen++
		case !l.cut:
			fits = false
		case f.k.held:
			n.hits++
		}
	})
	n.hits += seen
	same := c.digest.sequence == d.sequence
	switch {
	case c.removed:
		return n.hits == 0 && !same && fits
	case !fits:
		return false
	case same && w.same < sameCap:
		n.likely = sameWords
	case n.hits == 0 || f.k.held && seen < f.k.need(d, n.class).seen || !f.k.weigh(d, &n, f.k.unheard(l)):
		return true
	}
	if !f.filled {
		f.k.fill(d.set)
		f.filled = true
	}
	met := w.store.compare(f.k, n, w.article.ID, d, &c.record)
	f.news = true
	if n.likely == sameWords {
		w.compared = slices.Insert(w.compared, w.same, met)
		w.same++
	} else {
		w.compared = append(w.compared, met)
	}
	return true
}

// resume takes on what a submission was looked up by and returns what was there before,
// which must be back before f is used again: changes are the submission's.
func (f *finder) resume(v *standing) (own [2]looked) {
	own = [2]looked{f.short, f.long}
	f.held, f.short, f.long = v.held, v.short, v.long
	clear(f.known[:])
	return own
}

// unheard returns the number of lists that may have an article that none has named.
func (f *finder) unheard(l *looked) int {
	if f.held {
		return 0 // hits are complete
	}
	return l.cuts
}
