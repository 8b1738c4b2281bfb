package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chaff/corpus"
	"chaff/scan"
)

func TestProgressLine(t *testing.T) {
	for _, c := range []struct {
		stage       scan.Stage
		done, total int
		p           corpus.Progress
		elapsed     time.Duration
		want        string
	}{
		{scan.Reading, 0, 0, corpus.Progress{}, 0, "reading 0 bytes, 0 articles"},
		{scan.Reading, 0, 0, corpus.Progress{Bytes: 5e6, Total: 6e6, Articles: 1}, 2 * time.Second, "reading 5.0 MB, 1 article, 2.5 MB/s"},
		{scan.Reading, 0, 0, corpus.Progress{Bytes: 5e6, Total: 20e6, Articles: 900, Walked: true}, 2 * time.Second, "reading 25%, 5.0 MB of 20 MB, 900 articles, 2.5 MB/s"},
		{scan.Comparing, 0, 0, corpus.Progress{}, time.Second, "comparing near-duplicates"},
		{scan.Comparing, 30, 40, corpus.Progress{}, time.Second, "comparing near-duplicates 75%, 30 of 40"},
		{scan.Judging, 1, 3, corpus.Progress{}, time.Second, "looking for repeats and off-topic content 33%, 1 of 3"},
	} {
		if got := progressLine(c.stage, c.done, c.total, c.p, c.elapsed); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// Where it is always wanted and there is no terminal, the progress is a line
// now and then; else there is none, and none after the meter is stopped.
func TestMeterTellsInLines(t *testing.T) {
	folder := t.TempDir()
	for when, want := range map[string]int{progressAlways: 3, progressAuto: 0, progressNever: 0} {
		synctest.Test(t, func(t *testing.T) {
			c, err := corpus.Open([]string{folder}, corpus.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			m := startMeter(newConsole(&b), &state{corpus: c}, when)
			time.Sleep(3*lineEvery + lineEvery/2)
			m.stop()
			m.stop()
			time.Sleep(2 * lineEvery)
			if got := strings.Count(b.String(), "chaff: reading 0 bytes, 0 articles"); got != want || strings.Count(b.String(), "\n") != want {
				t.Errorf("%s: %q", when, b.String())
			}
		})
	}
}

// On a terminal the status comes and goes, at most ten times a second.
func TestMeterShowsAStatus(t *testing.T) {
	if statusEvery < 100*time.Millisecond {
		t.Errorf("the status changes every %v", statusEvery)
	}
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		c, err := corpus.Open([]string{folder}, corpus.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		st := &state{corpus: c}
		m := startMeter(&console{w: &b, terminal: true}, st, progressAuto)
		time.Sleep(statusEvery + statusEvery/2)
		st.writing.Store(true)
		time.Sleep(5 * statusEvery)
		m.stop()
		if want := "reading 0 bytes, 0 articles" + wiped; b.String() != want {
			t.Errorf("got %q, want %q", b.String(), want)
		}
	})
}

// A line takes the place of the status, which is gone in the end.
func TestConsole(t *testing.T) {
	var b bytes.Buffer
	c := newConsole(&b)
	c.show("reading 1")
	c.show("reading 2")
	c.tell("a\x1b[2Jb\nc")
	c.show("reading 3")
	c.show("")
	want := "reading 1" + wiped + "reading 2" + wiped + "chaff: a␛[2Jb␊c\n" + "reading 3" + wiped
	if b.String() != want {
		t.Errorf("got  %q\nwant %q", b.String(), want)
	}
}

const wiped = "\r\x1b[K"
