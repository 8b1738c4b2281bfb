package corpus

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// feeder reads one source after the other and sends it on in chunks.
type feeder struct {
	corpus *Corpus
	ctx    context.Context
	chunks chan<- chunk
	in     *bufio.Reader
	gunzip *gzip.Reader
}

// stream is an open source.
type stream struct {
	io.Reader
	number uint32
	path   string
	size   int64 // bytes in the file; -1 where that says nothing about the text
	live   bool  // comes bit by bit: pass on what there is
	again  bool  // can be read again at an offset
	packed bool  // is compressed
	spool  bool  // is to be spooled
	stamp  uint64
}

// errStopped ends a feeder quietly: the context says why.
var errStopped = errors.New("stopped")

// feed reads sources until none is left. Only an error of the spool is fatal.
func (c *Corpus) feed(ctx context.Context, chunks chan<- chunk) error {
	f := &feeder{corpus: c, ctx: ctx, chunks: chunks, in: bufio.NewReaderSize(nil, 64<<10)}
	for {
		n, ok := c.sources.take(ctx)
		if !ok {
			return nil
		}
		err := f.source(n)
		var fatal *spoolError
		switch {
		case err == nil:
		case errors.Is(err, errStopped):
			return nil
		case errors.As(err, &fatal):
			return err
		default:
			c.tell(Problem{Path: c.sources.path(n), Err: err, Harmless: errors.Is(err, ErrEmpty)})
		}
		c.files.Add(1)
	}
}

// source reads source n. An error concerns the source as a whole.
func (f *feeder) source(n uint32) error {
	c := f.corpus
	s := &stream{number: n, path: c.sources.path(n), size: -1}
	folder, _ := c.sources.place(n)
	if s.path == stdinPath && folder.path == "" {
		if c.opts.Stdin == nil {
			return ErrEmpty
		}
		s.live = true
		s.Reader = &live{ctx: f.ctx, from: c.opts.Stdin, count: &c.bytes}
	} else {
		file, err := os.Open(s.path)
		if err != nil {
			return cause(err)
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return cause(err)
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s: %w", info.Mode().Type(), ErrSpecial)
		}
		s.size, s.stamp, s.again = info.Size(), stampOf(info), true
		s.Reader = counted{file, &c.bytes}
	}
	if err := f.unwrap(s); err != nil {
		return err
	}

	buf := c.buffer(0)
	filled, err := s.fill(buf, 0)
	if utf16Mark(buf[:filled]) {
		// Decoded on the way, so that what follows sees nothing but UTF-8.
		head := bytes.NewReader(bytes.Clone(buf[:filled]))
		decoder := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
		s.Reader = transform.NewReader(io.MultiReader(head, s.Reader), decoder)
		s.again, s.size = false, -1
		filled, err = s.fill(buf, 0)
	}
	s.spool = !s.again && c.opts.Keep
	kind := text
	if s.live || linesByName(s.path) || looksLikeLines(buf[:filled], err != nil) {
		kind = lines
	}
	c.sources.set(n, kind, s.stamp, s.again)
	if kind == lines {
		return f.lines(s, buf, filled, err)
	}
	return f.text(s, buf, filled, err)
}

// unwrap puts a decompressor on s if what it holds is compressed.
func (f *feeder) unwrap(s *stream) error {
	f.in.Reset(s.Reader)
	s.Reader = f.in
	magic, _ := f.in.Peek(len(byteOrderMark)) // so many bytes of a live stream decide
	if !bytes.HasPrefix(magic, gzipMagic) {
		return nil
	}
	var err error
	if f.gunzip == nil {
		f.gunzip, err = gzip.NewReader(f.in)
	} else {
		err = f.gunzip.Reset(f.in)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	s.Reader = f.gunzip
	s.packed, s.again, s.size = true, false, -1
	return nil
}

// text reads a source that is one article; buf holds its beginning.
func (f *feeder) text(s *stream, buf []byte, n int, err error) error {
	c := f.corpus
	limit := c.opts.MaxArticle + int64(len(byteOrderMark))
	if bytes.IndexByte(buf[:n], 0) >= 0 {
		c.recycle(buf)
		return ErrBinary
	}
	if s.size > limit {
		c.recycle(buf)
		return fmt.Errorf("%w: a text of %d bytes", ErrTooLarge, s.size)
	}
	for err == nil && int64(n) <= limit {
		if n == len(buf) {
			grown := c.buffer(int(min(max(2*int64(n), s.size+1), limit+1)))
			copy(grown, buf)
			c.recycle(buf)
			buf = grown
		}
		n, err = s.fill(buf, n)
	}
	if int64(n) > limit {
		c.recycle(buf)
		return fmt.Errorf("%w: a text of more than %d bytes", ErrTooLarge, c.opts.MaxArticle)
	}
	whole := errors.Is(err, io.EOF)
	if !whole {
		n = wholeRunes(buf[:n])
		if n == 0 {
			c.recycle(buf)
			return s.damage(err)
		}
	}
	if failed := f.send(s, chunk{buf: buf, data: buf[:n], kind: text}); failed != nil {
		return failed
	}
	if !whole {
		return s.damage(err)
	}
	return nil
}

// lines reads JSON Lines; buf holds the beginning.
func (f *feeder) lines(s *stream, buf []byte, n int, err error) error {
	c := f.corpus
	limit := max(c.opts.chunk, int(c.maxLine())+1)
	offset, line := int64(0), 1
	if bytes.HasPrefix(buf[:n], byteOrderMark) {
		offset = int64(len(byteOrderMark))
		n = copy(buf, buf[offset:n])
	}
	empty := true
	for searched := 0; ; {
		// Up to where are the lines whole?
		end := searched + bytes.LastIndexByte(buf[searched:n], '\n') + 1
		if end == searched {
			end = 0
		}
		if err != nil {
			end = n
		}
		if end > 0 {
			empty = empty && blank(buf[:end])
			next := c.buffer(n - end)
			rest := copy(next, buf[end:n])
			count := bytes.Count(buf[:end], newline)
			k := chunk{buf: buf, data: buf[:end], kind: lines, offset: offset, line: line}
			k.ragged = err != nil && !errors.Is(err, io.EOF)
			if failed := f.send(s, k); failed != nil {
				return failed
			}
			offset, line = offset+int64(end), line+count
			buf, n = next, rest
		}
		switch {
		case errors.Is(err, io.EOF) && empty:
			c.recycle(buf)
			return ErrEmpty
		case errors.Is(err, io.EOF):
			c.recycle(buf)
			return nil
		case err != nil:
			c.recycle(buf)
			return s.damage(err)
		case n == limit:
			c.tell(Problem{
				Path: s.path, Line: line,
				Err: fmt.Errorf("%w: a line of more than %d bytes", ErrTooLarge, c.maxLine()),
			})
			empty = false
			var skipped int64
			skipped, n, err = s.skipLine(buf)
			offset, line = offset+int64(limit)+skipped, line+1
			searched = 0
			continue
		case n == len(buf):
			grown := make([]byte, min(2*n, limit))
			copy(grown, buf)
			c.recycle(buf)
			buf = grown
		}
		searched = n
		n, err = s.fill(buf, n)
	}
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

// send hands k to a worker, and to the spool before that.
func (f *feeder) send(s *stream, k chunk) error {
	k.source = s.number
	if s.spool {
		if err := f.corpus.spool.write(k.source, k.offset, k.data); err != nil {
			return &spoolError{err}
		}
	}
	select {
	case f.chunks <- k:
		return nil
	case <-f.ctx.Done():
		return errStopped
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

// damage is the error of a source that could not be read to its end.
func (s *stream) damage(err error) error {
	var pe *fs.PathError
	switch {
	case errors.Is(err, errStopped):
		return errStopped
	case errors.As(err, &pe):
		return pe.Err
	case s.packed:
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

// spoolError marks an error that ends Read: what follows could not be loaded.
type spoolError struct{ error }

func (e *spoolError) Unwrap() error { return e.error }

var (
	newline   = []byte{'\n'}
	gzipMagic = []byte{0x1f, 0x8b}
)

// linesByName reports whether a file's name says that it is JSON Lines.
func linesByName(path string) bool {
	name := strings.TrimSuffix(strings.ToLower(path), ".gz")
	ext := filepath.Ext(name)
	return ext == ".jsonl" || ext == ".ndjson"
}

// looksLikeLines reports whether the first line that isn't blank is a JSON
// object, or begins like one if it isn't wholly in head.
func looksLikeLines(head []byte, whole bool) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, byteOrderMark), " \t\r\n")
	if len(head) == 0 || head[0] != '{' {
		return false
	}
	line, _, ended := bytes.Cut(head, newline)
	if ended || whole {
		return isObject(line)
	}
	name := bytes.TrimLeft(line[1:], " \t")
	if len(name) == 0 || name[0] != '"' {
		return false
	}
	_, after, found := bytes.Cut(name[1:], []byte{'"'})
	return found && bytes.HasPrefix(bytes.TrimLeft(after, " \t"), []byte{':'})
}
