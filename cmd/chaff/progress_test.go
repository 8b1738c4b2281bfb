package main

import (
	"bytes"
	"strings"
	"testing"
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
		{scan.Reading, 0, 0, corpus.Progress{}, 0, "reading 0.0 MB, 0 articles"},
		{scan.Reading, 0, 0, corpus.Progress{Bytes: 5e6, Total: 6e6, Articles: 1}, 2 * time.Second, "reading 5.0 MB, 1 article, 2.5 MB/s"},
		{scan.Reading, 0, 0, corpus.Progress{Bytes: 5e6, Total: 20e6, Articles: 900, Walked: true}, 2 * time.Second, "reading 25%, 5.0 MB of 20.0 MB, 900 articles, 2.5 MB/s"},
		{scan.Comparing, 0, 0, corpus.Progress{}, time.Second, "comparing near-duplicates"},
		{scan.Comparing, 30, 40, corpus.Progress{}, time.Second, "comparing near-duplicates 75%, 30 of 40"},
		{scan.Judging, 1, 3, corpus.Progress{}, time.Second, "looking for off-topic content 33%, 1 of 3"},
	} {
		if got := progressLine(c.stage, c.done, c.total, c.p, c.elapsed); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
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

func TestColor(t *testing.T) {
	for env, want := range map[string]bool{"": true, "NO_COLOR=1": false, "TERM=dumb": false, "TERM=xterm": true, "NO_COLOR=": true} {
		name, value, _ := strings.Cut(env, "=")
		got := wantsColor(func(n string) string {
			if n == name {
				return value
			}
			return ""
		})
		if got != want {
			t.Errorf("with %q: %v", env, got)
		}
	}
}
