package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync/atomic"
)

// origin is a source that is being read: what the streams in it share.
type origin struct {
	number   uint32
	named    bool  // given as a PATH, so that no glob has chosen it
	kept     int64 // where the next piece stands among all that were not read in place
	read     int64 // bytes, as they lie in the file
	inflated int64 // bytes that came out of decompression
}

// stream is an open source, or a part of one.
type stream struct {
	io.Reader
	*origin
	file   *os.File // while the stream is nothing but a file
	path   string   // as problems name it
	id     string   // as ids name it; "" if it is the source
	size   int64    // bytes to come; -1 where that isn't known
	stamp  uint64
	sole   bool // is all that the source holds, as it lies or in gzip
	live   bool // comes bit by bit: pass on what there is
	packed bool // is compressed, or a part of an archive
	depth  int  // how many containers it lies in
}

// part returns a stream for something that lies in s.
func (s *stream) part(name string, r io.Reader, size int64) *stream {
	return &stream{
		Reader: r, origin: s.origin, path: s.path + name, id: s.id + name,
		size: size, packed: s.packed, depth: s.depth + 1,
	}
}

// fill reads into buf from n on until it is full, or until something has come
// if s is live. It returns how much of buf is filled.
func (s *stream) fill(buf []byte, n int) (int, error) {
	for n < len(buf) {
		m, err := s.Read(buf[n:])
		n += m
		if err != nil {
			return n, err
		}
		if s.live && m > 0 {
			break
		}
	}
	return n, nil
}

// skipLine reads on to the end of a line, using buf. It returns how many bytes
// that took, and how many of the following ones are in buf.
func (s *stream) skipLine(buf []byte) (skipped int64, n int, err error) {
	for err == nil {
		n, err = s.fill(buf, 0)
		if i := bytes.IndexByte(buf[:n], '\n'); i >= 0 {
			return skipped + int64(i) + 1, copy(buf, buf[i+1:n]), err
		}
		skipped += int64(n)
	}
	return skipped, 0, err
}

// damage is the error of a stream that could not be read to its end.
func (s *stream) damage(err error) error {
	var pe *fs.PathError
	switch {
	case errors.Is(err, errStopped):
		return errStopped
	case errors.Is(err, ErrInflates), errors.Is(err, ErrDamaged):
		return err
	case errors.As(err, &pe):
		return pe.Err
	case s.packed:
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

// readerAt counts what is read of a file at any place.
type readerAt struct {
	file *os.File
	*origin
	all *atomic.Int64
}

func (r readerAt) ReadAt(p []byte, offset int64) (int, error) {
	n, err := r.file.ReadAt(p, offset)
	r.read += int64(n)
	r.all.Add(int64(n))
	return n, err
}

// section returns the bytes of s for reading at any place, and how many there
// are: the file itself, or a copy in the spill folder, which lasts until done is
// called. If s can't be read to its end, broken says why, and what came before
// is there; err is an error of the copy.
func (f *feeder) section(s *stream) (at io.ReaderAt, size int64, done func(), broken, err error) {
	if s.file != nil {
		return readerAt{s.file, s.origin, &f.corpus.bytes}, s.size, func() {}, nil, nil
	}
	file, unnamed, err := createTemp(f.corpus.opts.SpillDir)
	if err != nil {
		return nil, 0, nil, nil, &spoolError{fmt.Errorf("making a copy: %w", err)}
	}
	done = func() {
		file.Close()
		if !unnamed {
			_ = os.Remove(file.Name()) // a temporary file, which nothing can be done about
		}
	}
	from := &remembering{Reader: s.Reader}
	size, err = io.Copy(file, from)
	if err != nil && from.err == nil {
		done()
		return nil, 0, nil, nil, &spoolError{fmt.Errorf("making a copy: %w", err)}
	}
	return file, size, done, from.err, nil
}

// remembering keeps the error that ended the reading, unless it is the end.
type remembering struct {
	io.Reader
	err error
}

func (r *remembering) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}
