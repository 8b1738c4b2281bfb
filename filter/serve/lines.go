package serve

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// errLong tells of a line that is longer than the limit; the next one can be read.
var errLong = errors.New("the line is too long")

// lineReader reads a stream line by line.
type lineReader struct {
	in    *bufio.Reader
	limit int64
	await func() error // called before a line is waited for
	stop  atomic.Bool  // no line is to be read any more
}

// next returns the next line, which stays as it is, without its end.
func (l *lineReader) next() ([]byte, error) {
	if err := l.await(); err != nil {
		return nil, err
	}
	if l.stop.Load() {
		return nil, os.ErrDeadlineExceeded
	}
	var line []byte
	long := false
	for {
		part, err := l.in.ReadSlice('\n')
		if int64(len(line)+len(bytes.TrimSuffix(part, []byte("\n")))) > l.limit {
			long, line = true, nil
		}
		if !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && (long || len(line) > 0): // a last line without an end
		case err != nil:
			return nil, err
		}
		if long {
			return nil, errLong
		}
		return bytes.TrimSuffix(line, []byte("\n")), nil
	}
}

// end lets no more lines be read, and wakes the reader that waits for one.
func (l *lineReader) end(control *http.ResponseController) {
	l.stop.Store(true)
	_ = control.SetReadDeadline(time.Unix(1, 0)) // it fails on a connection that has gone
}

// why says what err, with which reading ended, means to the client.
func (l *lineReader) why(err error) error {
	if l.stop.Load() {
		return problem(http.StatusServiceUnavailable, "the server is shutting down; this line and those after it were not read")
	}
	return err
}
