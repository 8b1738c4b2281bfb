package clean

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"chaff/corpus"
)

// input is a source as it lies on the disk, which is read once, from its
// beginning to its end, and summed up on the way.
type input struct {
	w     *writer
	s     corpus.Source
	file  *os.File // nil for standard input
	from  *bufio.Reader
	head  []byte // its first two bytes
	hash  hash.Hash
	bytes int64
}

// open opens s. All errors of reading are inputErrors.
func (w *writer) open(s corpus.Source) (*input, error) {
	in := &input{w: w, s: s, hash: sha256.New()}
	var from io.Reader
	if s.Path == stdinPath && w.Stdin != nil {
		from = w.Stdin.again()
	} else {
		file, err := w.corpus.Reopen(s.Number)
		if err != nil {
			return nil, &inputError{err}
		}
		in.file, from = file, file
	}
	in.from = bufio.NewReaderSize(until{w.ctx, from}, 64<<10)
	head, err := in.from.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		in.close()
		return nil, in.failed(err)
	}
	in.head = append(in.head, head...)
	return in, nil
}

func (in *input) close() {
	if in.file != nil {
		in.file.Close()
	}
}

// Read reads the source.
func (in *input) Read(p []byte) (int, error) {
	n, err := in.from.Read(p)
	in.hash.Write(p[:n])
	in.bytes += int64(n)
	return n, err
}

// finish reads on to the end and looks whether the file is still the same.
func (in *input) finish() error { return in.copyTo(io.Discard) }

// copyTo copies what is left to out, and looks whether the file is still the
// same. Errors of out are returned as they are.
func (in *input) copyTo(out io.Writer) error {
	buf := make([]byte, 256<<10)
	for {
		n, err := in.Read(buf)
		if n > 0 {
			if _, err := out.Write(buf[:n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return in.failed(err)
		}
	}
	if in.file == nil {
		return nil
	}
	again, err := in.w.corpus.Reopen(in.s.Number)
	if err != nil {
		return &inputError{err}
	}
	return again.Close()
}

// failed returns err as an error of the input, unless it is the end of ctx.
func (in *input) failed(err error) error {
	if cause := context.Cause(in.w.ctx); cause != nil {
		return cause
	}
	return &inputError{readingAgain(in.s, err)}
}

func readingAgain(s corpus.Source, err error) error {
	return fmt.Errorf("reading %s again: %w", s.Path, err)
}

func (in *input) sum() string { return hex.EncodeToString(in.hash.Sum(nil)) }

// until reads while ctx lasts.
type until struct {
	ctx  context.Context
	from io.Reader
}

func (u until) Read(p []byte) (int, error) {
	if err := context.Cause(u.ctx); err != nil {
		return 0, err
	}
	return u.from.Read(p)
}
