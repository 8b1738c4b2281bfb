package store

import (
	"encoding/binary"
	"slices"
)

// inverted are lists of articles by sample, in memory: what the table of samples
// holds on disk, at five bytes an entry. A sample's first 16 bits tell its shard, a
// sorted run of entries; an entry is the sample's next 16 bits and the number of an
// article. With 100 million entries one look-up in 40 meets a stranger by chance,
// which costs no more than a hit that is none.
type inverted struct {
	shards  [][]byte
	present []uint64 // bits of the samples that have a list, by their first bits; nil: it tells nothing
	bytes   int64    // allocated for entries
}

const (
	shardCount = 1 << 16
	entryBytes = 5
	entryBits  = 16 + heldBits
	// heldBits is the length of an article's number in an entry.
	heldBits = 24
)

func newInverted() inverted { return inverted{shards: make([][]byte, shardCount)} }

// presentBits is the length of a sample in present, which takes 8 MB. With the samples
// of a million articles, a seventh of them short, it is full to an eighth.
const presentBits = 26

// filtered makes most look-ups of samples that have no list a matter of one bit.
func (v inverted) filtered() inverted {
	v.present = make([]uint64, 1<<presentBits/64)
	v.bytes += 1 << presentBits / 8
	return v
}

func (v *inverted) bit(sample uint64) (word *uint64, bit uint64) {
	at := sample >> (sampleBits - presentBits)
	return &v.present[at/64], 1 << (at % 64)
}

func (v *inverted) mark(sample uint64) {
	if v.present != nil {
		word, bit := v.bit(sample)
		*word |= bit
	}
}

// absent reports whether the sample has no list for certain.
func (v *inverted) absent(sample uint64) bool {
	if v.present == nil {
		return false
	}
	word, bit := v.bit(sample)
	return *word&bit == 0
}

// shardOf returns the shard of a sample and the sample's part of its entries.
func shardOf(sample uint64) (shard int, entry uint64) {
	return int(sample >> (sampleBits - 16)), sample >> (sampleBits - 32) & 0xFFFF << heldBits
}

func appendEntry(dst []byte, entry uint64) []byte {
	return append(dst, byte(entry), byte(entry>>8), byte(entry>>16), byte(entry>>24), byte(entry>>32))
}

// run is a sorted sequence of entries.
type run []byte

func (r run) len() int { return len(r) / entryBytes }

func (r run) at(i int) uint64 {
	b := r[i*entryBytes:][:entryBytes]
	return uint64(binary.LittleEndian.Uint32(b)) | uint64(b[4])<<32
}

// number returns the article of entry i.
func (r run) number(i int) uint32 { return uint32(r.at(i)) & (1<<heldBits - 1) }

// numbers appends the articles of the entries.
func (r run) numbers(dst []uint32) []uint32 {
	for ; len(r) >= entryBytes; r = r[entryBytes:] {
		dst = append(dst, binary.LittleEndian.Uint32(r)&(1<<heldBits-1))
	}
	return dst
}

// append adds an entry that belongs at the end, or all but there: two samples may
// differ in what entries leave out.
func (r run) append(entry uint64) run {
	at := r.len()
	for at > 0 && r.at(at-1) > entry {
		at--
	}
	if at > 0 && r.at(at-1) == entry {
		return r
	}
	r = appendEntry(r, entry)
	if end := r.len() - 1; at < end {
		copy(r[(at+1)*entryBytes:], r[at*entryBytes:end*entryBytes])
		appendEntry(r[:at*entryBytes], entry)
	}
	return r
}

// search returns the place of the first entry that is no less than want, which is
// thought to be near at.
func (r run) search(want uint64, at int) int {
	lo, hi, step := 0, r.len(), 8
	if hi == 0 {
		return 0
	}
	if r.at(at) < want {
		for lo = at + 1; lo+step < hi; step *= 2 {
			if r.at(lo+step) >= want {
				hi = lo + step
				break
			}
			lo += step + 1
		}
	} else {
		for hi = at; hi-step > 0; step *= 2 {
			if r.at(hi-step) < want {
				lo = hi - step + 1
				break
			}
			hi -= step
		}
	}
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); r.at(m) < want {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// guess returns where an entry of a shard is if samples are as evenly spread as
// hashes are.
func (r run) guess(entry uint64) int { return int(entry * uint64(r.len()) >> entryBits) }

// has reports whether one of the entries, all of one sample, is of the article, where
// numbers are below limit.
func (r run) has(number, limit uint32) bool {
	want := r.at(0)&^(1<<heldBits-1) | uint64(number)
	at := r.search(want, int(uint64(r.len())*uint64(number)/uint64(limit)))
	return at < r.len() && r.at(at) == want
}

const cacheLine = 64

// touch appends the places of those samples to dst that may have a list. It reads where
// that may be, so that the memory is at hand when they are looked up: it waits for many
// places at a time, where a search waits for one.
func (v *inverted) touch(dst []int32, samples []uint64) (places []int32, sum byte) {
	for i, h := range samples {
		if v.absent(h) {
			continue
		}
		shard, entry := shardOf(h)
		if r := run(v.shards[shard]); len(r) > 0 {
			at := r.guess(entry) * entryBytes
			sum += r[max(0, at-cacheLine)] + r[at] + r[min(at+cacheLine, len(r)-1)]
			dst = append(dst, int32(i))
		}
	}
	return dst, sum
}

// list returns the entries of a sample, by number. They are good until the next
// change.
func (v *inverted) list(sample uint64) run {
	shard, first := shardOf(sample)
	r := run(v.shards[shard])
	if len(r) == 0 {
		return nil
	}
	from := r.search(first, r.guess(first))
	last, n := first|(1<<heldBits-1), r.len()
	if from == n || r.at(from) > last {
		return nil
	}
	lo, hi, step := from+1, n, 1 // where the list ends
	for ; lo+step < n; step *= 2 {
		if r.at(lo+step) > last {
			hi = lo + step
			break
		}
		lo += step + 1
	}
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); r.at(m) <= last {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return r[from*entryBytes : lo*entryBytes]
}

// add adds an article to the list of a sample.
func (v *inverted) add(sample uint64, number uint32) {
	v.mark(sample)
	shard, entry := shardOf(sample)
	entry |= uint64(number)
	b := v.shards[shard]
	at := run(b).search(entry, run(b).guess(entry))
	if at < run(b).len() && run(b).at(at) == entry {
		return
	}
	if len(b)+entryBytes > cap(b) {
		// A sixteenth to spare: entries are added often, and memory is short.
		more := slices.Grow([]byte(nil), len(b)+len(b)/16/entryBytes*entryBytes+8*entryBytes)
		more = append(more, b...)
		v.bytes += int64(cap(more) - cap(b))
		b = more
	}
	at *= entryBytes
	b = b[:len(b)+entryBytes]
	copy(b[at+entryBytes:], b[at:])
	appendEntry(b[:at], entry)
	v.shards[shard] = b
}

// remove takes an article out of the list of a sample, if it is there.
func (v *inverted) remove(sample uint64, number uint32) {
	shard, entry := shardOf(sample)
	entry |= uint64(number)
	b := v.shards[shard]
	at := run(b).search(entry, run(b).guess(entry))
	if at < run(b).len() && run(b).at(at) == entry {
		v.shards[shard] = slices.Delete(b, at*entryBytes, (at+1)*entryBytes)
	}
}

// merge adds a run of entries, in order, to a shard.
func (v *inverted) merge(shard int, r run) {
	if len(r) == 0 {
		return
	}
	old := run(v.shards[shard])
	b := slices.Grow([]byte(nil), len(old)+len(r))
	for i := range r.len() {
		v.mark(uint64(shard)<<(sampleBits-16) | r.at(i)>>heldBits<<(sampleBits-32))
	}
	for i, j := 0, 0; i < old.len() || j < r.len(); {
		if j == r.len() || i < old.len() && old.at(i) < r.at(j) {
			b = appendEntry(b, old.at(i))
			i++
		} else {
			b = appendEntry(b, r.at(j))
			j++
		}
	}
	v.bytes += int64(cap(b) - cap(old))
	v.shards[shard] = b
}
