package main

import (
	"io"
	"sync"

	"golang.org/x/term"

	"chaff/report"
)

// console writes whole lines to standard error. On a terminal it also keeps a
// status below them, which every line written takes the place of. Several
// goroutines may use it.
type console struct {
	w        io.Writer
	terminal bool

	mu     sync.Mutex
	status bool // a status is shown
}

func newConsole(w io.Writer) *console {
	_, terminal := terminalWidth(w)
	return &console{w: w, terminal: terminal}
}

// tell writes s in a line of chaff's, made safe to show. What can't be written to
// standard error can be told nowhere.
func (c *console) tell(s string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wipe()
	_, _ = io.WriteString(c.w, "chaff: "+report.Printable(s)+"\n")
}

// show puts s, which must fit one line, in the place of the status before it;
// an empty s only takes that away.
func (c *console) show(s string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wipe()
	if s != "" {
		_, _ = io.WriteString(c.w, s)
		c.status = true
	}
}

func (c *console) wipe() {
	if c.status {
		_, _ = io.WriteString(c.w, "\r\x1b[K")
		c.status = false
	}
}

// terminalWidth returns the number of columns if w is a terminal.
func terminalWidth(w any) (columns int, terminal bool) {
	f, ok := w.(interface{ Fd() uintptr })
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		columns = 0
	}
	return columns, true
}
