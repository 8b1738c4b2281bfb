package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
)

func TestGate(t *testing.T) {
	var b bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	g := gate{ctx, &b}
	if n, err := g.Write([]byte("open ")); n != 5 || err != nil {
		t.Errorf("open: %d, %v", n, err)
	}
	cancel()
	if n, err := g.Write([]byte("shut")); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("shut: %d, %v", n, err)
	}
	if b.String() != "open " {
		t.Errorf("%q came through", b.String())
	}
}

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
