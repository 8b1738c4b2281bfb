package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// feeder reads one source after the other and sends it on in chunks.
type feeder struct {
	corpus *Corpus
	ctx    context.Context
	chunks chan<- chunk
	levels []*level      // by depth
	header []byte        // of a record
	turn   chan struct{} // of the chunk sent last, where turns are kept
}

// errStopped ends a feeder quietly: the context says why.
var errStopped = errors.New("stopped")

// feed reads sources until none is left. Only an error of the spool is fatal.
func (c *Corpus) feed(ctx context.Context, chunks chan<- chunk) error {
	f := &feeder{corpus: c, ctx: ctx, chunks: chunks}
	for {
		n, ok := c.sources.take(ctx)
		if !ok {
			return nil
		}
		path, err := f.source(n)
		if err = f.told(path, err); err != nil {
			if errors.Is(err, errStopped) {
				return nil
			}
			return err
		}
		c.files.Add(1)
	}
}

// told tells what is wrong with path and returns what ends the feeding.
func (f *feeder) told(path string, err error) error {
	var fatal *spoolError
	if err == nil || errors.Is(err, errStopped) || errors.As(err, &fatal) {
		return err
	}
	return f.tell(newProblem(path, err))
}

// tell tells p, in its turn if turns are kept.
func (f *feeder) tell(p Problem) error {
	if !f.corpus.limited() {
		f.corpus.tell(p)
		return nil
	}
	return f.pass(chunk{problem: &p})
}

// source opens source n and reads it. An error concerns the source as a whole.
func (f *feeder) source(n uint32) (path string, err error) {
	c := f.corpus
	folder, _ := c.sources.place(n)
	s := &stream{
		origin: &origin{number: n, named: folder.named}, path: c.sources.path(n), id: c.sources.id(n), size: -1, sole: true,
	}
	if s.path == stdinPath && folder.path == "" {
		if c.opts.Stdin == nil {
			return s.path, ErrEmpty
		}
		s.live = true
		c.sources.set(n, kept, 0, false)
		s.Reader = counted{&live{ctx: f.ctx, from: c.opts.Stdin}, s.origin, &c.bytes, f.ctx}
		return s.path, f.read(s)
	}
	file, err := os.Open(s.path)
	if err != nil {
		return s.path, cause(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return s.path, cause(err)
	}
	if !info.Mode().IsRegular() {
		return s.path, fmt.Errorf("%s: %w", info.Mode().Type(), ErrSpecial)
	}
	s.file, s.size, s.stamp = file, info.Size(), stampOf(info)
	c.sources.set(n, kept, s.stamp, false)
	s.Reader = counted{file, s.origin, &c.bytes, f.ctx}
	return s.path, f.read(s)
}

// read reads what s holds, whatever that is.
func (f *feeder) read(s *stream) error {
	for s.depth <= maxNesting {
		in := f.buffered(s)
		switch format := formatOf(peek(in, s.live)); format {
		case gzipFormat, zstdFormat, bzip2Format, xzFormat:
			if err := f.inflate(s, format); err != nil {
				return err
			}
		case tarFormat:
			return f.tar(s, in)
		case zipFormat:
			return f.zip(s)
		case warcFormat:
			return f.warc(s, in)
		case parquetFormat:
			return f.parquet(s)
		default:
			return f.plain(s)
		}
	}
	return ErrNested
}

// plain reads a stream that is no container.
func (f *feeder) plain(s *stream) error {
	buf := f.corpus.buffer(0)
	n, err := s.fill(buf, 0)
	for s.live && err == nil && n < len(buf) && blank(buf[:n]) {
		n, err = s.fill(buf, n)
	}
	charset := ""
	if utf16Mark(buf[:n]) {
		// Decoded on the way, so that what follows sees nothing but UTF-8.
		head := bytes.NewReader(bytes.Clone(buf[:n]))
		decoder := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
		s.Reader = transform.NewReader(io.MultiReader(head, s.Reader), decoder)
		s.file, s.size, charset = nil, -1, "utf-8"
		n, err = s.fill(buf, 0)
	}
	kind := kindOf(s, buf[:n], errors.Is(err, io.EOF))
	if kind == page { // which takes too long to do twice
		s.file = nil
	}
	if s.sole {
		f.corpus.sources.set(s.number, kind, s.stamp, s.file != nil)
	}
	if kind == lines {
		return f.lines(s, buf, n, err)
	}
	return f.document(s, chunk{kind: kind, charset: charset}, buf, n, err)
}

// pass hands k to a worker.
func (f *feeder) pass(k chunk) error {
	if f.corpus.limited() {
		k.before, k.after = f.turn, make(chan struct{})
		f.turn = k.after
	}
	select {
	case f.chunks <- k:
		return nil
	case <-f.ctx.Done():
		return errStopped
	}
}

// spoolError marks an error that ends Read: what follows could not be loaded.
type spoolError struct{ error }

func (e *spoolError) Unwrap() error { return e.error }
