package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/cockroachdb/pebble/v2"
)

// memory holds the table of samples in memory, so that a query reads from disk no
// more than the articles it compares. It is made once it pays, in the background,
// and then follows every commit. While it is not ready, or where it does not fit,
// queries look samples up on disk, with the same promises.
//
// Short articles are apart: they are sampled more densely than long ones, and a query
// looks each of its shingles up among them.
type memory struct {
	state atomic.Int32
	asked atomic.Int64 // queries that it was not ready for
	limit int64        // of what it takes, in bytes
	cache *pebble.Cache

	mu          sync.RWMutex
	short, long inverted
	classes     []uint8 // by number
	signs       []sign  // by number
	gone        map[uint32]bool
	reserved    int64
	free        func() // gives the reserved part of the cache back

	stop    context.CancelFunc
	stopped chan struct{} // closed when what makes it has ended
}

// States of memory.
const (
	memoryNone   = iota // not wanted yet
	memoryMaking        // commits are noted, the rest is being read
	memoryReady
	memoryOff // it does not fit, or could not be read
)

const (
	// memoryShare is the share of the cache that memory may take, in eighths; the
	// rest is for blocks.
	memoryShare = 6
	// memoryPays is how many articles there may be for each query before memory is
	// made. Making it takes 20 µs of processor time an article, and a query of the
	// disk 2 to 4 ms more than one of memory; at a tenth of what would pay it back
	// by then, one question asks the disk and a server is soon fast.
	memoryPays = 1000
	// memoryAtOnce is how many articles the query that asks first reads itself.
	memoryAtOnce = 1000
	// wordBytes is about what a word of an article takes: 0.9 bytes, measured at a
	// million articles of 563 words.
	wordBytes = 1
	// reserveStep is how much of the cache is taken at a time.
	reserveStep = 1 << 20
)

// isLong reports whether articles of class c are sampled at maxRate.
func isLong(c uint8) bool { return rateOf(c) == maxRate }

// wantMemory makes memory if it pays by now.
func (s *Store) wantMemory() {
	m := &s.memory
	if m.state.Load() != memoryNone {
		return
	}
	n := m.asked.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.state.Load() != memoryNone || uint64(n)*memoryPays < s.counters.articles {
		return
	}
	need := int64(s.counters.words) * wordBytes
	if need/4*3 > m.limit {
		m.state.Store(memoryOff)
		return
	}
	m.short, m.long = newInverted().filtered(), newInverted()
	m.gone = make(map[uint32]bool)
	ctx, stop := context.WithCancel(context.Background())
	m.stop, m.stopped = stop, make(chan struct{})
	m.state.Store(memoryMaking)
	// What it will need is taken from the cache first, before that is filled by what is
	// read for it.
	m.reserve(min(need, m.limit))
	at := s.db.NewSnapshot()
	if s.counters.articles <= memoryAtOnce {
		m.make(ctx, at)
	} else {
		go m.make(ctx, at)
	}
}

// make reads the table of samples. What can't be read, queries of the disk will name.
func (m *memory) make(ctx context.Context, at *pebble.Snapshot) {
	defer close(m.stopped)
	classes, signs, err := m.read(ctx, at)
	if e := at.Close(); err == nil {
		err = e
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil || m.state.Load() != memoryMaking {
		m.drop()
		return
	}
	m.know(len(classes))
	for i, c := range classes {
		m.classes[i] = max(m.classes[i], c) // one of them is zero
		for w, bits := range signs[i] {
			m.signs[i][w] |= bits
		}
	}
	m.gone = nil
	m.state.Store(memoryReady)
}

// errOff ends the reading of what does not fit.
var errOff = errors.New("the samples do not fit into memory")

// read reads the table of samples, shard by shard, and returns the classes of the
// articles and their signs, by number.
func (m *memory) read(ctx context.Context, at pebble.Reader) (classes []uint8, signs []sign, err error) {
	var short, long run // of one shard
	shard := 0
	err = eachKey(ctx, at, tableSample, func(k, _ []byte) error {
		if len(k) != sampleKey {
			return damage(engineDir, fmt.Errorf("key %x of a sample", k))
		}
		number, class := binary.BigEndian.Uint32(k[samplePrefix:]), k[sampleKey-1]
		if number >= 1<<heldBits {
			return errOff
		}
		is, entry := shardOf(keySample(k))
		if is != shard {
			signAll(signs, short, long)
			if !m.merge(shard, short, long) {
				return errOff
			}
			shard, short, long = is, short[:0], long[:0]
		}
		if entry |= uint64(number); isLong(class) {
			long = long.append(entry)
		} else {
			short = short.append(entry)
		}
		if int(number) >= len(classes) {
			classes = append(classes, make([]uint8, int(number)+1-len(classes))...)
			signs = append(signs, make([]sign, len(classes)-len(signs))...)
		}
		classes[number] = class
		return nil
	})
	signAll(signs, short, long)
	if err == nil && !m.merge(shard, short, long) {
		err = errOff
	}
	return classes, signs, err
}

// signAll adds what was read of a shard to the signs of its articles.
func signAll(signs []sign, read ...run) {
	// Apart from all else: the memory of several signs is then fetched at a time.
	for _, r := range read {
		for i := range r.len() {
			entry := r.at(i)
			signs[entry&(1<<heldBits-1)].add(entryBit(entry))
		}
	}
}

// know makes room for what is known of the articles with numbers below n.
func (m *memory) know(n int) {
	if more := n - len(m.classes); more > 0 {
		m.classes = append(m.classes, make([]uint8, more)...)
		m.signs = append(m.signs, make([]sign, more)...)
	}
}

// merge adds what was read of a shard. It returns false if that does not fit.
func (m *memory) merge(shard int, short, long run) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.state.Load() != memoryMaking {
		return false
	}
	m.short.merge(shard, m.without(short))
	m.long.merge(shard, m.without(long))
	return m.fit()
}

// without returns r without the articles that were removed while it was read.
func (m *memory) without(r run) run {
	if len(m.gone) == 0 {
		return r
	}
	kept := r[:0]
	for i := range r.len() {
		if !m.gone[r.number(i)] {
			kept = appendEntry(kept, r.at(i))
		}
	}
	return kept
}

// fit takes what memory has grown by from the cache, or gives memory up if it has
// outgrown its limit. The caller holds mu.
func (m *memory) fit() bool {
	size := m.short.bytes + m.long.bytes + int64(len(m.classes))*(1+signBits/8) + 2*shardCount*int64(unsafe.Sizeof(run{}))
	if size > m.limit {
		m.drop()
		return false
	}
	if size > m.reserved {
		m.reserve(min(size+reserveStep, m.limit))
	}
	return true
}

// reserve takes so many bytes in all from the cache.
func (m *memory) reserve(size int64) {
	if m.free != nil {
		m.free()
	}
	m.reserved, m.free = size, m.cache.Reserve(int(size))
}

// drop gives memory up. The caller holds mu.
func (m *memory) drop() {
	m.state.Store(memoryOff)
	m.short, m.long, m.classes, m.signs, m.gone = inverted{}, inverted{}, nil, nil, nil
	if m.free != nil {
		m.free()
	}
	m.free, m.reserved = nil, 0
}

// close ends the making of memory.
func (m *memory) close() {
	if m.stop != nil {
		m.stop()
		<-m.stopped
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drop()
}

// follows reports whether memory must be told of a commit.
func (m *memory) follows() bool {
	return m.state.Load() == memoryMaking || m.state.Load() == memoryReady
}

// add adds article n, whose digest is d.
func (m *memory) add(n uint32, d *digest) {
	if !m.follows() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.follows() {
		return
	}
	if n >= 1<<heldBits {
		m.drop()
		return
	}
	m.know(int(n) + 1)
	m.classes[n] = d.class
	for _, h := range d.samples {
		m.of(d.class).add(h, n)
		m.signs[n].add(signBit(h))
	}
	m.fit()
}

// remove removes article n, whose digest is d.
func (m *memory) remove(n uint32, d *digest) {
	if !m.follows() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.follows() || n >= 1<<heldBits {
		return
	}
	if m.gone != nil {
		m.gone[n] = true
	}
	for _, h := range d.samples {
		m.of(d.class).remove(h, n)
	}
}

// of returns the lists that articles of a class are in.
func (m *memory) of(class uint8) *inverted {
	if isLong(class) {
		return &m.long
	}
	return &m.short
}
