package main

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"chaff/corpus"
	"chaff/report"
	"chaff/scan"
)

// How often the progress is told: ten times a second would be the most an eye
// can use on a terminal; a log wants to stay short.
const (
	statusEvery = 200 * time.Millisecond
	lineEvery   = 5 * time.Second
)

// meter tells on the console how far a scan is, until it is stopped.
type meter struct {
	console *console
	state   *state
	started time.Time

	stop func() // may be called again
}

// startMeter tells the progress as when says: a status on a terminal, or
// lines where it is always wanted.
func startMeter(c *console, s *state, when string) *meter {
	m := &meter{console: c, state: s, started: time.Now(), stop: func() {}}
	if when == progressNever || when == progressAuto && !c.terminal {
		return m
	}
	every := lineEvery
	if c.terminal {
		every = statusEvery
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-quit:
				c.show("")
				return
			case <-ticker.C:
				m.tell()
			}
		}
	}()
	m.stop = sync.OnceFunc(func() {
		close(quit)
		<-done
	})
	return m
}

func (m *meter) tell() {
	if m.state.writing.Load() {
		m.console.show("") // the findings may go to the same terminal
		return
	}
	s := m.line()
	if !m.console.terminal {
		m.console.tell(s)
		return
	}
	if columns, _ := terminalWidth(m.console.w); columns > 0 && len(s) >= columns {
		s = s[:columns-1] // it is ASCII
	}
	m.console.show(s)
}

func (m *meter) line() string {
	if files := m.state.files.Load(); files != nil {
		return filesLine(files.Files())
	}
	stage, done, total := m.state.scan.State()
	return progressLine(stage, done, total, m.state.corpus.Progress(), time.Since(m.started))
}

// filesLine says how many files are written, in ASCII.
func filesLine(done, total int) string {
	s := "writing " + report.Plural(done, "file", "files")
	if total > 0 {
		s += fmt.Sprintf(" of %d", total)
	}
	return s
}

// doings says what is done in each stage of a scan.
var doings = map[scan.Stage]string{
	scan.Reading:   "reading",
	scan.Comparing: "comparing near-duplicates",
	scan.Judging:   "looking for repeats and off-topic content",
}

// progressLine says what goes on, in ASCII.
func progressLine(stage scan.Stage, done, total int, p corpus.Progress, elapsed time.Duration) string {
	var b strings.Builder
	b.WriteString(doings[stage])
	if stage != scan.Reading {
		if total > 0 {
			fmt.Fprintf(&b, " %d%%, %d of %d", 100*done/total, done, total)
		}
		return b.String()
	}
	if p.Walked && p.Total > p.Bytes {
		fmt.Fprintf(&b, " %d%%, %s of %s", 100*p.Bytes/p.Total, report.Size(p.Bytes), report.Size(p.Total))
	} else {
		b.WriteString(" " + report.Size(p.Bytes))
	}
	fmt.Fprintf(&b, ", %s", report.Plural(int(p.Articles), "article", "articles"))
	if s := elapsed.Seconds(); s >= 1 {
		fmt.Fprintf(&b, ", %s/s", report.Size(int64(float64(p.Bytes)/s)))
	}
	return b.String()
}
