package clean

import (
	"fmt"
	"io"
	"os"
)

// stdinPath is the PATH that means standard input.
const stdinPath = "-"

// Capture keeps what is read from standard input, which can't be read twice, in
// a file. It is an [io.Reader] to be handed to [corpus.Options].
type Capture struct {
	from io.Reader
	file *os.File
	name string // still to be removed; "" where an open file can be unlinked
	size int64
	err  error // of the file
}

// NewCapture returns a Capture of what from brings. Its file is made in dir; ""
// means [os.TempDir]. Close removes it.
func NewCapture(from io.Reader, dir string) (*Capture, error) {
	file, err := os.CreateTemp(dir, "chaff-stdin-*")
	if err != nil {
		return nil, fmt.Errorf("keeping standard input: %w", err)
	}
	c := &Capture{from: from, file: file}
	// Unlinked at once, so that nothing is left even when the process is killed;
	// where the system forbids that, at the end.
	if os.Remove(file.Name()) != nil {
		c.name = file.Name()
	}
	return c, nil
}

// Read reads on. It fails where what was read can't be kept.
func (c *Capture) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.from.Read(p)
	if n > 0 {
		if _, c.err = c.file.WriteAt(p[:n], c.size); c.err != nil {
			return 0, c.err
		}
		c.size += int64(n)
	}
	return n, err
}

// again returns a reader for all that was read.
func (c *Capture) again() io.Reader { return io.NewSectionReader(c.file, 0, c.size) }

// Close removes the file.
func (c *Capture) Close() error {
	err := c.file.Close()
	if c.name != "" {
		if removed := os.Remove(c.name); err == nil {
			err = removed
		}
	}
	return err
}
