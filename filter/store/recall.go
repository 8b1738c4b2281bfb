package store

import (
	"cmp"
	"slices"

	"chaff/shingle"
)

// recall finds in memory the articles that share enough samples. It returns false if
// memory is not ready.
//
// Lists of no more than listCap articles are read, and the beginning of the others.
// Whatever is met there often enough is looked up in the others as well, so that hits
// are counted to the last: next to nothing is then read from disk in vain. (Lists are
// merged in this way by Li, Lu and Lu, Efficient merging and filtering algorithms for
// approximate string searches, 2008.)
func (f *finder) recall(d *digest, limit uint32) bool {
	m := f.memory
	if m.state.Load() != memoryReady {
		return false
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.state.Load() != memoryReady {
		return false
	}
	f.held = true
	limit = min(limit, uint32(len(m.classes)))
	f.short.samples = append(f.short.samples, d.set...)
	f.draw(&f.short, &m.short, 0, limit)
	f.long.samples = shingle.Sample(f.long.samples, d.set, maxRate)
	f.draw(&f.long, &m.long, 1, limit)
	f.nominated = f.nominated[:0]
	for kind, heads := range f.heads {
		f.count(heads, f.leastSeen(d, kind == 1) > 1)
		for _, met := range f.met.articles {
			c := candidate{number: met.number, class: met.class, hits: int(met.hits)}
			if need := f.need(d, c.class); need.hits > 0 && c.hits >= need.seen {
				c.likely = float64(c.hits) / need.mean
				f.nominated = append(f.nominated, c)
			}
		}
	}
	if len(f.nominated) > countCap {
		slices.SortFunc(f.nominated, candidate.compare)
		f.nominated = f.nominated[:countCap]
	}
	for _, c := range f.nominated {
		if f.complete(d, &c, limit) && f.weigh(d, &c, 0) {
			f.found = append(f.found, c)
		}
	}
	return true
}

// leastSeen returns the least number of hits that an article, long or short, may have
// in what is read of lists.
func (f *finder) leastSeen(d *digest, long bool) int {
	least, rate := 0, uint64(0)
	for c := range uint8(classes) {
		// Of a rate the shortest articles need least.
		if isLong(c) != long || rateOf(c) == rate {
			continue
		}
		if n := f.need(d, c); n.hits > 0 {
			rate = rateOf(c)
			if least == 0 || n.seen < least {
				least = n.seen
			}
		}
	}
	return least
}

// count counts how often articles are met in lists; with twice those that are met once
// are left out, all but a few. They are most of all.
func (f *finder) count(lists []run, twice bool) {
	all := 0
	for _, r := range lists {
		all += r.len()
	}
	f.met.reset(all)
	if twice {
		f.met.expect(lists)
	}
	for _, r := range lists {
		for i := range r.len() {
			if n := r.number(i); !twice || f.met.again(n) {
				f.met.add(n, f.memory.classes[n])
			}
		}
	}
}

// draw looks samples up, whose whole hashes l has, in lists.
func (f *finder) draw(l *looked, lists *inverted, kind int, limit uint32) {
	f.runs[kind], f.heads[kind] = f.runs[kind][:0], f.heads[kind][:0]
	for i, h := range l.samples {
		l.samples[i] = h >> (64 - sampleBits)
	}
	l.samples = slices.Compact(l.samples)
	f.touched += lists.touch(l.samples)
	for _, h := range l.samples {
		r := lists.list(h)
		for len(r) > 0 && r.number(r.len()-1) >= limit {
			r = r[:len(r)-entryBytes]
		}
		head := r
		if r.len() > listCap {
			l.cuts++
			f.runs[kind] = append(f.runs[kind], r)
			head = r[:headCap*entryBytes]
		}
		if len(r) > 0 {
			f.heads[kind] = append(f.heads[kind], head)
		}
		l.lists = append(l.lists, list{articles: min(r.len(), listCap), cut: len(head) < len(r)})
	}
	slices.SortFunc(f.runs[kind], func(a, b run) int { return cmp.Compare(len(a), len(b)) })
}

// complete adds to the hits of c those in lists that were cut before they could have
// named it. It returns false once there can't be enough.
func (f *finder) complete(d *digest, c *candidate, limit uint32) bool {
	runs := f.runs[0]
	if isLong(c.class) {
		runs = f.runs[1]
	}
	need := f.need(d, c.class).hits
	for i, r := range runs {
		if c.hits+len(runs)-i < need {
			return false
		}
		if r.number(headCap-1) < c.number && r.has(c.number, limit) {
			c.hits++
		}
	}
	return true
}
