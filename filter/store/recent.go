package store

// What is kept in memory for submissions that have not seen it on disk: a quarter of
// a second's worth. A submission that takes longer looks there again.
const (
	recentCap   = 512
	recentBytes = 64 << 20
)

// recent are the changes committed since the oldest submission now under way
// looked for near-duplicates: what it may have missed.
type recent struct {
	from    uint64 // every later commit is here
	changes []change
	bytes   int
	waiting map[uint64]int // submissions under way, by the last commit they have seen
}

// change is what a commit did to one article.
type change struct {
	commit  uint64
	record  record // with its number alone where the article was removed
	digest  *digest
	removed bool
}

// join notes that a submission has seen all commits to seen.
func (r *recent) join(seen uint64) {
	if r.waiting == nil {
		r.waiting = make(map[uint64]int)
	}
	r.waiting[seen]++
}

// leave ends what join began, with now as the last commit.
func (r *recent) leave(seen, now uint64) {
	if r.waiting[seen]--; r.waiting[seen] > 0 {
		return
	}
	delete(r.waiting, seen)
	if seen > r.from {
		return // an older one needs all there is
	}
	oldest := now
	for w := range r.waiting {
		oldest = min(oldest, w)
	}
	n := 0
	for n < len(r.changes) && r.changes[n].commit <= oldest {
		n++
	}
	r.drop(n)
	r.from = max(r.from, oldest)
}

// drop forgets the first n changes.
func (r *recent) drop(n int) {
	for _, c := range r.changes[:n] {
		r.from = max(r.from, c.commit)
		r.bytes -= c.digest.size()
	}
	kept := copy(r.changes, r.changes[n:])
	clear(r.changes[kept:])
	r.changes = r.changes[:kept]
}

func (r *recent) add(c change) {
	if len(r.waiting) == 0 {
		r.from = c.commit
		return
	}
	r.changes = append(r.changes, c)
	r.bytes += c.digest.size()
	for len(r.changes) > recentCap || r.bytes > recentBytes {
		r.drop(max(1, len(r.changes)/4))
	}
}

// since calls f with each change after commit seen, in order, until f returns
// false. It returns false if f did, or if some changes are no longer here.
func (r *recent) since(seen uint64, f func(*change) bool) bool {
	if seen < r.from {
		return false
	}
	for i := range r.changes {
		if c := &r.changes[i]; c.commit > seen && !f(c) {
			return false
		}
	}
	return true
}

// commonSamples calls f with the place in x of each sample that y has as well.
func commonSamples(x, y []uint64, f func(i int)) {
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] == y[j]:
			f(i)
			i++
			j++
		case x[i] < y[j]:
			i++
		default:
			j++
		}
	}
}
