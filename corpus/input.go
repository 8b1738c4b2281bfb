package corpus

import (
	"context"
	"io"
	"sync/atomic"
)

// counted counts the bytes read of a source, and of all.
type counted struct {
	io.Reader
	*origin
	all *atomic.Int64
}

func (r counted) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.read += int64(n)
	r.all.Add(int64(n))
	return n, err
}

// live reads from a stream that may never end, and stops with errStopped when
// ctx is done. A read that is under way then is left to itself: it ends when
// the stream brings something or is closed, and changes nothing.
type live struct {
	ctx  context.Context
	from io.Reader

	asked chan struct{}
	got   chan piece
	rest  []byte // read but not handed on
	err   error
}

type piece struct {
	data []byte
	err  error
}

func (r *live) Read(p []byte) (int, error) {
	if r.asked == nil {
		r.asked, r.got = make(chan struct{}), make(chan piece, 1)
		go r.pump()
	}
	for len(r.rest) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		select {
		case <-r.ctx.Done():
			return 0, errStopped
		case r.asked <- struct{}{}:
		}
		select {
		case <-r.ctx.Done():
			return 0, errStopped
		case got := <-r.got:
			r.rest, r.err = got.data, got.err
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// pump reads a piece whenever it is asked to, until an error or ctx's end.
func (r *live) pump() {
	buf := make([]byte, 64<<10)
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-r.asked:
		}
		n, err := r.from.Read(buf)
		r.got <- piece{buf[:n], err}
		if err != nil {
			return
		}
	}
}
