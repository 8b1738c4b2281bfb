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
	// garbage is how much more than what is in use may be taken before it is
	// collected, in percent. Nearly all of it is arrays without pointers, which
	// cost the collector nothing: 10 instead of Go's 100 takes 50 MB off a scan
	// of 50,000 articles and no time that can be measured.
	garbage = 10
)

// indexMemory returns how much of all memory the index of near-duplicates may
// take. The rest is for what grows with the number of articles whatever the
// limit, some 200 bytes each, for texts read again, and for the collector.
func indexMemory(all int64) int64 { return all * 5 / 8 }

// limitMemory holds the Go runtime to about so many bytes, unless the environment
// says otherwise, and returns what undoes it.
func limitMemory(all int64) (undo func()) {
	limit, percent := int64(-1), -1
	if os.Getenv("GOMEMLIMIT") == "" {
		limit = debug.SetMemoryLimit(all)
	}
	if os.Getenv("GOGC") == "" {
		percent = debug.SetGCPercent(garbage)
	}
	return func() {
		if limit >= 0 {
			debug.SetMemoryLimit(limit)
		}
		if percent >= 0 {
			debug.SetGCPercent(percent)
		}
	}
}
