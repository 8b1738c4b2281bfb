package corpus

import (
	"bufio"
	"compress/bzip2"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/therootcompany/xz"
)

const (
	// maxNesting is how many containers may lie in one another. A compressed
	// archive of compressed archives has four; an archive that holds itself has
	// no end.
	maxNesting = 8
	// freeInflate is what a file may always inflate to, in bytes, and
	// freeRatio how many times its size it may inflate to beyond that, unless
	// Options.MaxInflate says otherwise. Text is compressed to a third or a
	// tenth, JSON Lines with much in common to a thirtieth; a bomb of gzip to a
	// thousandth.
	freeInflate = 1 << 30
	freeRatio   = 100
	// maxWindow is the largest window of zstd and the largest dictionary of xz,
	// in bytes: what the zstd command takes unless asked for more, and more
	// than xz -9 needs.
	maxWindow = 128 << 20
)

// level is what reading a stream at one depth needs; it is used again for the
// next stream.
type level struct {
	in     *bufio.Reader
	gunzip *gzip.Reader
	unzstd *zstd.Decoder
	unxz   *xz.Reader
}

// level returns the memory for depth.
func (f *feeder) level(depth int) *level {
	for len(f.levels) <= depth {
		f.levels = append(f.levels, &level{in: bufio.NewReaderSize(nil, 64<<10)})
	}
	return f.levels[depth]
}

// buffered puts a buffer on s.
func (f *feeder) buffered(s *stream) *bufio.Reader {
	in := f.level(s.depth).in
	in.Reset(s.Reader)
	s.Reader = in
	return in
}

// inflate puts a decompressor on s, which is buffered. Members and frames that
// follow one another are one stream.
func (f *feeder) inflate(s *stream, format format) error {
	l := f.level(s.depth)
	var r io.Reader
	var err error
	switch format {
	case gzipFormat:
		if l.gunzip == nil {
			l.gunzip, err = gzip.NewReader(l.in)
		} else {
			err = l.gunzip.Reset(l.in)
		}
		r = l.gunzip
	case zstdFormat:
		if l.unzstd == nil {
			// One goroutine, ours, so that there is nothing to end.
			l.unzstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		}
		if err == nil {
			err = l.unzstd.Reset(l.in)
		}
		r = l.unzstd
	case bzip2Format:
		r = bzip2.NewReader(l.in)
	case xzFormat:
		if l.unxz == nil {
			l.unxz, err = xz.NewReader(l.in, maxWindow)
		} else {
			err = l.unxz.Reset(l.in)
		}
		r = l.unxz
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	s.Reader, s.file, s.size, s.packed = f.inflating(s, r), nil, -1, true
	s.sole = s.sole && format == gzipFormat && s.depth == 0
	s.depth++
	return nil
}

// inflating counts what comes out of a decompressor and ends it with
// ErrInflates when that is too much.
type inflating struct {
	io.Reader
	*origin
	limit int64 // Options.MaxInflate
}

func (f *feeder) inflating(s *stream, r io.Reader) io.Reader {
	return &inflating{r, s.origin, f.corpus.opts.MaxInflate}
}

func (r *inflating) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if refused := r.inflate(int64(n), r.limit); refused != nil {
		return max(0, n-int(r.inflated-r.allowed(r.limit))), refused
	}
	return n, err
}

// inflate counts n bytes that came out of decompression; limit is
// Options.MaxInflate.
func (o *origin) inflate(n, limit int64) error {
	o.inflated += n
	if limit = o.allowed(limit); o.inflated > limit {
		return fmt.Errorf("%w: more than %d bytes of %d", ErrInflates, limit, o.read)
	}
	return nil
}

// allowed is how many bytes may come out of decompression.
func (o *origin) allowed(limit int64) int64 {
	if limit > 0 {
		return limit
	}
	return max(freeInflate, freeRatio*o.read)
}
