package clean

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"chaff/corpus"
)

// RestoreOptions say how to restore. The zero value is ready for use.
type RestoreOptions struct {
	// Problem, if not nil, is told of every original that can't be restored
	// exactly. It is missing in the restored folder.
	Problem func(error)
	// Progress, if not nil, is kept up to date.
	Progress *Progress
}

// What can be wrong with an original that is restored.
var (
	ErrSum     = errors.New("the restored file is not the original: its SHA-256 is another")
	ErrSkipped = errors.New("it could not be read when the folder was cleaned, and is not here")
)

// Restore writes every original of the cleaned folder into out, and returns how
// many. A file that isn't the original by its SHA-256 is told as a problem and
// not written. It fails with [ErrManifest] if there is no whole manifest.
func Restore(ctx context.Context, folder string, out *Output, o RestoreOptions) (restored int, err error) {
	from, err := os.OpenRoot(folder)
	if err != nil {
		return 0, err
	}
	defer func() { _ = from.Close() }()
	lines, err := from.Open(corpus.ManifestName)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", filepath.Join(folder, corpus.ManifestName), pathless(err))
	}
	defer lines.Close()
	if o.Progress == nil {
		o.Progress = new(Progress)
	}
	r := &restorer{
		RestoreOptions: o, from: from, out: out,
		lines: &lineReader{from: bufio.NewReaderSize(until{ctx, lines}, 64<<10)}, ctx: ctx,
	}
	if err := r.all(); err != nil {
		return r.restored, fmt.Errorf("%s: %w", filepath.Join(folder, corpus.ManifestName), err)
	}
	return r.restored, nil
}

// restorer restores one source after the other.
type restorer struct {
	RestoreOptions
	ctx      context.Context
	from     *os.Root
	out      *Output
	lines    *lineReader
	restored int
}

func (r *restorer) all() error {
	if _, err := r.lines.header(); err != nil {
		return err
	}
	var now *original
	for {
		line, err := r.lines.read()
		if err != nil {
			return err
		}
		switch line := line.(type) {
		case *Change:
			if now == nil {
				return r.lines.wrong("a record without its file")
			}
			now.change(line)
		case *Piece:
			if now == nil {
				return r.lines.wrong("bytes without their file")
			}
			now.piece(line)
		case *File:
			if err := r.end(now); err != nil {
				return err
			}
			if now, err = r.begin(line); err != nil {
				return err
			}
		case *End:
			return r.end(now)
		}
	}
}

// original is a source that is being restored.
type original struct {
	File
	path  string // below the restored folder
	out   *file
	hash  hash.Hash
	err   error // of this file alone; nothing else is written to it
	fatal error

	// Where the original is made of the cleaned file.
	cleaned *os.File
	lines   *bufio.Reader
	line    int // the number of the next line in the original
}

// begin opens what is needed for the source of f.
func (r *restorer) begin(f *File) (*original, error) {
	if err := context.Cause(r.ctx); err != nil {
		return nil, err
	}
	name, err := bytesOf(f.Path, f.PathBase64)
	path := filepath.FromSlash(string(name))
	if err != nil || !filepath.IsLocal(path) {
		return nil, r.lines.wrong(fmt.Sprintf("%q is no path in the folder", name))
	}
	o := &original{File: *f, path: string(name), hash: sha256.New(), line: 1}
	if f.Skipped != "" {
		o.err = fmt.Errorf("%w (%s)", ErrSkipped, f.Skipped)
		return o, nil
	}
	if o.out, err = r.out.create(o.path); err != nil {
		return nil, err
	}
	if cleaned := f.output(); cleaned != "" && !f.Kept && (f.Changed == 0 || f.Holds == holds[corpus.Lines]) {
		if o.cleaned, err = r.from.Open(filepath.FromSlash(cleaned)); err != nil {
			o.err = pathless(err)
			return o, nil
		}
		o.lines = bufio.NewReaderSize(until{r.ctx, o.cleaned}, 64<<10)
		o.mark()
	}
	return o, nil
}

// mark copies a byte order mark, which belongs to no record.
func (o *original) mark() {
	const mark = "\ufeff"
	if head, _ := o.lines.Peek(len(mark)); string(head) == mark {
		o.copyBytes(len(mark))
	}
}

func (o *original) copyBytes(n int) {
	_, err := io.CopyN(writerOf{o}, o.lines, int64(n))
	o.failed(err)
}

// failed notes an error of reading the cleaned file.
func (o *original) failed(err error) {
	if err != nil && o.err == nil && o.fatal == nil {
		o.err = pathless(err)
	}
}

// writerOf writes to the restored file. An error of that is fatal.
type writerOf struct{ o *original }

func (w writerOf) Write(b []byte) (int, error) {
	w.o.hash.Write(b)
	n, err := w.o.out.Write(b)
	if err != nil && w.o.fatal == nil {
		w.o.fatal = err
	}
	return n, err
}

// change writes up to a changed record, and that as it was.
func (o *original) change(c *Change) {
	if o.err != nil || o.fatal != nil || o.Kept {
		return
	}
	if o.lines != nil {
		for o.line < c.Line && o.err == nil && o.fatal == nil {
			o.failed(o.copyLine(writerOf{o}))
		}
		if c.Action == Cut {
			o.failed(o.copyLine(io.Discard))
		} else {
			o.line++
		}
	}
	raw, err := bytesOf(c.Original, c.OriginalBase64)
	if err != nil {
		o.failed(err)
		return
	}
	if o.err == nil && o.fatal == nil {
		_, _ = writerOf{o}.Write(raw)
	}
}

// copyLine copies a line of the cleaned file.
func (o *original) copyLine(to io.Writer) error {
	o.line++
	some := false
	for {
		part, err := o.lines.ReadSlice('\n')
		if _, failed := to.Write(part); failed != nil {
			return failed
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			some = true
		case errors.Is(err, io.EOF) && (some || len(part) > 0):
			return nil // the last line has no end
		default:
			return err
		}
	}
}

// piece writes a piece of the whole original.
func (o *original) piece(p *Piece) {
	if o.err != nil || o.fatal != nil || !o.Kept {
		return
	}
	raw, err := base64.StdEncoding.DecodeString(p.Base64)
	if err != nil {
		o.failed(err)
		return
	}
	_, _ = writerOf{o}.Write(raw)
}

// end writes what is left of o and looks whether it is the original.
func (r *restorer) end(o *original) error {
	if o == nil {
		return nil
	}
	if o.lines != nil && o.err == nil && o.fatal == nil {
		_, err := io.Copy(writerOf{o}, o.lines)
		o.failed(err)
	}
	if o.cleaned != nil {
		o.cleaned.Close()
	}
	if err := context.Cause(r.ctx); err != nil {
		return err
	}
	if o.fatal != nil {
		return o.fatal
	}
	if o.err == nil && hex.EncodeToString(o.hash.Sum(nil)) != o.SHA256 {
		o.err = ErrSum
	}
	r.Progress.files.Add(1)
	if o.err == nil {
		r.restored++
		r.out.keep(o.out)
		return nil
	}
	if o.out != nil {
		r.out.remove(o.out)
	}
	if r.Problem != nil {
		r.Problem(fmt.Errorf("restoring %s: %w", o.path, o.err))
	}
	return nil
}

// pathless returns what is wrong without the path, which stands in the message
// already.
func pathless(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("the cleaned file is too short: %w", err)
	}
	return err
}
