package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

func TestPercentFor(t *testing.T) {
	for live, want := range map[uint64]int{0: mostGarbage, 1 << 20: mostGarbage, room: 100, 4 * room: 25, 10 * room: garbage, 1 << 40: garbage} {
		if got := percentFor(live); got != want {
			t.Errorf("%d bytes in use give %d percent, want %d", live, got, want)
		}
	}
}

// Garbage is collected the later, the less is in use, and as before at the end.
func TestCollector(t *testing.T) {
	before := debug.SetGCPercent(77)
	defer debug.SetGCPercent(before)
	undo := startCollector()
	percent := func() int {
		sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
		metrics.Read(sample)
		return int(sample[0].Value.Uint64())
	}
	reaches := func(what string, holds func(int) bool) {
		t.Helper()
		for deadline := time.Now().Add(patience); !holds(percent()); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: %d percent", what, percent())
			}
			runtime.GC()
		}
	}
	held := make([]byte, 12*room)
	reaches("much in use", func(p int) bool { return p == garbage })
	runtime.KeepAlive(held)
	reaches("little in use", func(p int) bool { return p > 2*garbage })
	undo()
	if got := percent(); got != 77 {
		t.Errorf("%d percent at the end", got)
	}
	runtime.GC()
	runtime.GC()
	if got := percent(); got != 77 {
		t.Errorf("%d percent after the end", got)
	}
}
