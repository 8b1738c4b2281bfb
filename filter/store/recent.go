package store

// recentCap is the most articles that are kept in memory, some 8 KB each, for
// submissions that have not seen them on disk: a quarter of a second's worth. A
// submission that takes longer looks there again.
const recentCap = 512

// recent are the articles committed since the oldest submission now under way
// looked for near-duplicates: what it may have missed.
type recent struct {
	from    uint64 // every article of a later commit is here
	entries []recentArticle
	waiting map[uint64]int // submissions under way, by the last commit they have seen
}

type recentArticle struct {
	commit uint64
	record record
	digest *digest
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
	oldest := now
	for w := range r.waiting {
		oldest = min(oldest, w)
	}
	n := 0
	for n < len(r.entries) && r.entries[n].commit <= oldest {
		n++
	}
	r.drop(n)
	r.from = max(r.from, oldest)
}

func (r *recent) drop(n int) {
	for _, e := range r.entries[:n] {
		r.from = max(r.from, e.commit)
	}
	kept := copy(r.entries, r.entries[n:])
	clear(r.entries[kept:])
	r.entries = r.entries[:kept]
}

func (r *recent) add(e recentArticle) {
	if len(r.waiting) == 0 {
		r.from = e.commit
		return
	}
	if len(r.entries) == recentCap {
		r.drop(recentCap / 4)
	}
	r.entries = append(r.entries, e)
}

// remove forgets the article of this number.
func (r *recent) remove(number uint32) {
	for i := range r.entries {
		if r.entries[i].record.number == number {
			r.entries[i].digest = nil
		}
	}
}

// since calls f with each article of a commit after seen that is still in the
// index. It returns false if some of them are no longer here.
func (r *recent) since(seen uint64, f func(*recentArticle)) bool {
	if seen < r.from {
		return false
	}
	for i := range r.entries {
		if e := &r.entries[i]; e.commit > seen && e.digest != nil {
			f(e)
		}
	}
	return true
}

// shareSample reports whether two texts have a sample in common, as near-duplicates
// have.
func shareSample(a, b *digest) bool {
	x, y := a.samples, b.samples
	for len(x) > 0 && len(y) > 0 {
		switch {
		case x[0] == y[0]:
			return true
		case x[0] < y[0]:
			x = x[1:]
		default:
			y = y[1:]
		}
	}
	return false
}
