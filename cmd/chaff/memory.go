package main

import (
	"os"
	"runtime/debug"
)

const (
	// defaultMemory has room for a million articles of 3.5 kB.
	defaultMemory = "1GB"
	// leastMemory is what a scan needs that holds next to nothing.
	leastMemory = 32 << 20
)

// indexMemory returns how much of all memory the index of near-duplicates may
// take. The rest is for what grows with the number of articles whatever the
// limit, some 200 bytes each, for texts read again, and for the collector.
func indexMemory(all int64) int64 { return all * 5 / 8 }

// limitMemory holds the Go runtime to about so many bytes, unless the environment
// says otherwise, and returns what undoes it.
func limitMemory(all int64) (undo func()) {
	limit := int64(-1)
	if os.Getenv("GOMEMLIMIT") == "" {
		limit = debug.SetMemoryLimit(all)
	}
	undoCollector := limitGarbage()
	return func() {
		if limit >= 0 {
			debug.SetMemoryLimit(limit)
		}
		undoCollector()
	}
}

// limitGarbage lets little garbage gather where much is in use, as by an index that holds
// its samples in memory, unless the environment says otherwise, and returns what undoes
// it.
func limitGarbage() (undo func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	return startCollector()
}
