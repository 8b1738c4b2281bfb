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
	for kind := range f.heads {
		f.nominate(d, kind)
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

// nominate adds the articles, short or long, that were met often enough and may have as
// many samples as they need.
func (f *finder) nominate(d *digest, kind int) {
	least := f.leastSeen(d, kind == 1)
	if least == 0 {
		return
	}
	f.count(f.heads[kind], least)
	for _, met := range f.met.articles {
		if int(met.hits) < least {
			continue
		}
		c := candidate{number: met.number, class: f.memory.classes[met.number], hits: int(met.hits)}
		need := f.need(d, c.class)
		if need.hits > 0 && c.hits >= need.seen && c.hits+f.signs[kind].most(&f.memory.signs[c.number]) >= need.hits {
			c.likely = float64(c.hits) / need.mean
			f.nominated = append(f.nominated, c)
		}
	}
}

// count counts how often articles are met in lists, of those that are met least times or
// more.
func (f *finder) count(lists []run, least int) {
	f.numbers = f.numbers[:0]
	for _, r := range lists {
		f.numbers = r.numbers(f.numbers)
	}
	if least > 1 {
		f.numbers = f.met.often(f.numbers, min(least, 255))
	}
	f.met.reset(len(f.numbers))
	for _, n := range f.numbers {
		f.met.add(n, 0)
	}
}

// cutList is a list in memory of which no more than the head was read.
type cutList struct {
	run
	bit  uint8  // of its sample in a sign
	read uint32 // the last article that was read
}

// draw looks samples up, whose whole hashes l has, in lists.
func (f *finder) draw(l *looked, lists *inverted, kind int, limit uint32) {
	f.cuts[kind], f.heads[kind], f.signs[kind] = f.cuts[kind][:0], f.heads[kind][:0], f.signs[kind][:0]
	for i, h := range l.samples {
		l.samples[i] = h >> (64 - sampleBits)
	}
	l.samples = slices.Compact(l.samples)
	l.lists = slices.Grow(l.lists[:0], len(l.samples))[:len(l.samples)]
	clear(l.lists)
	var touched byte
	f.places, touched = lists.touch(f.places[:0], l.samples)
	f.touched += touched
	for _, i := range f.places {
		h := l.samples[i]
		r := lists.list(h)
		for len(r) > 0 && r.number(r.len()-1) >= limit {
			r = r[:len(r)-entryBytes]
		}
		if len(r) == 0 {
			continue
		}
		head := r
		if r.len() > listCap {
			l.cuts++
			head = r[:headCap*entryBytes]
			f.cuts[kind] = append(f.cuts[kind], cutList{run: r, bit: signBit(h), read: r.number(headCap - 1)})
			f.signs[kind] = f.signs[kind].add(signBit(h))
		}
		f.heads[kind] = append(f.heads[kind], head)
		l.lists[i] = list{articles: min(r.len(), listCap), cut: len(head) < len(r)}
	}
	slices.SortFunc(f.cuts[kind], func(a, b cutList) int { return cmp.Compare(len(a.run), len(b.run)) })
}

// complete adds to the hits of c those in lists that were cut before they could have
// named it. It returns false once there can't be enough.
func (f *finder) complete(d *digest, c *candidate, limit uint32) bool {
	kind := 0
	if isLong(c.class) {
		kind = 1
	}
	need, sign := f.need(d, c.class).hits, &f.memory.signs[c.number]
	left := f.signs[kind].most(sign)
	for i := range f.cuts[kind] {
		l := &f.cuts[kind][i]
		if c.hits+left < need {
			return false
		}
		if !sign.has(l.bit) {
			continue
		}
		left--
		if l.read < c.number && l.has(c.number, limit) {
			c.hits++
		}
	}
	return true
}
