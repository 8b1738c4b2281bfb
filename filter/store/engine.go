package store

import (
	"fmt"
	"runtime"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/sstable"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// comparer orders keys by their bytes and tells which part of a posting's key
// filters are made of.
var comparer = func() *pebble.Comparer {
	c := *pebble.DefaultComparer
	c.Split = splitKey
	c.Name = "chaff.filter.store"
	return &c
}()

const (
	// memTable is how much is written before it is sorted into a file. Two such
	// tables may be in memory at a time, three for a moment.
	memTable = 16 << 20
	// filterBits a key make look-ups of what is not there read no file in 99 of
	// 100 cases.
	filterBits = 10
)

// engineOptions returns how the index drives Pebble.
//
// Blocks are of 4 KB: a look-up in what is not in the cache reads and checks one
// block, and most of what it reads is not what it looks for. The words of articles
// and their texts are compressed with Zstandard. Entries that articles are found by
// are as good as random, so Zstandard would save a tenth of their room and take a
// fifth of the time of a query.
func engineOptions(cache *pebble.Cache, fs vfs.FS, e *engineEvents) *pebble.Options {
	o := &pebble.Options{
		FS:                          fs,
		Comparer:                    comparer,
		FormatMajorVersion:          pebble.FormatValueSeparation,
		Cache:                       cache,
		MemTableSize:                memTable,
		MemTableStopWritesThreshold: 3,
		L0CompactionThreshold:       4,
		L0StopWritesThreshold:       24,
		LBaseMaxBytes:               64 << 20,
		MaxOpenFiles:                1000,
		Logger:                      e,
		EventListener:               e.listener(),
	}
	o.CompactionConcurrencyRange = func() (int, int) { return 1, max(1, min(3, runtime.GOMAXPROCS(0)-1)) }
	o.Experimental.SpanPolicyFunc = func(start []byte) (pebble.SpanPolicy, []byte, error) {
		switch {
		case len(start) == 0 || start[0] < tableSequence:
			return pebble.SpanPolicy{}, []byte{tableSequence}, nil
		case start[0] < tableText:
			return pebble.SpanPolicy{PreferFastCompression: true}, []byte{tableText}, nil
		}
		return pebble.SpanPolicy{}, nil, nil
	}
	o.TargetFileSizes[0] = 8 << 20
	for i := range o.Levels {
		l := &o.Levels[i]
		l.BlockSize = 4 << 10
		l.IndexBlockSize = 32 << 10
		l.FilterPolicy = bloom.FilterPolicy(filterBits)
		l.Compression = func() *sstable.CompressionProfile { return sstable.ZstdCompression }
	}
	return o
}

// engineEvents hears what Pebble reports. It logs nothing: what matters becomes
// the error of the next write.
type engineEvents struct {
	fail func(error)
}

func (e *engineEvents) Infof(string, ...any)  {}
func (e *engineEvents) Errorf(string, ...any) {}

// Fatalf is called where Pebble can't go on: it failed to write its manifest. No
// article is acknowledged any more; the goroutine ends here, since Pebble expects
// that nothing follows.
func (e *engineEvents) Fatalf(format string, args ...any) {
	e.fail(fmt.Errorf(format, args...))
	runtime.Goexit()
}

func (e *engineEvents) listener() *pebble.EventListener {
	return &pebble.EventListener{
		// The read that met it returns the error.
		DataCorruption: func(pebble.DataCorruptionInfo) {},
		// Compactions and flushes are tried again.
		BackgroundError: func(error) {},
	}
}
