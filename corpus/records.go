package corpus

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"chaff/article"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Holding says how the articles lie in a source.
type Holding uint8

// The ways articles lie in a source. The zero value is that of a source which
// could not be read.
const (
	Nothing Holding = iota
	Text            // the source is one article
	Lines           // JSON Lines
	Page            // one article in HTML
	Other           // anything else: WARC, Parquet, archives, what isn't compressed with gzip
)

// Source is a file of a corpus, or its standard input.
type Source struct {
	// Number counts from 0 in reading order; see [Position.Source].
	Number int
	// Path is how the file system knows it; "-" is standard input.
	Path string
	// Root is the PATH by which it was reached, as it was given to Open.
	Root string
	// Name is the path below Root, with slashes, where Root is a folder; else
	// it is empty. It is as the file system has it, which need not be UTF-8.
	Name string
	// Holds says how the articles lie in it.
	Holds Holding
	// Articles is how many were found in it.
	Articles int
	// ID is that of its article, where it holds a Text or a Page.
	ID string
}

// Sources yields every source that Read went through, in reading order. It is
// for use after Read.
func (c *Corpus) Sources() iter.Seq[Source] {
	return func(yield func(Source) bool) {
		for n := 0; ; n++ {
			e, ok := c.sources.get(uint32(n))
			if !ok || !yield(c.source(n, e)) {
				return
			}
		}
	}
}

func (c *Corpus) source(n int, e entry) Source {
	f, name := c.sources.place(uint32(n))
	r := c.roots[f.root]
	s := Source{Number: n, Path: c.sources.path(uint32(n)), Root: r.path, Articles: int(e.articles)}
	if r.folder {
		s.Name = (f.id + name)[len(c.prefix(r)):]
	}
	switch e.kind {
	case text:
		s.Holds, s.ID = Text, c.sources.id(uint32(n))
	case page:
		s.Holds, s.ID = Page, c.sources.id(uint32(n))
	case lines:
		s.Holds = Lines
	case rows, kept:
		s.Holds = Other
	case unknown:
	}
	return s
}

// Reopen opens the file of source n once more, to read it as it lies on the
// disk. It fails with [ErrChanged] if the file is no longer the one that was
// read, and with [ErrNotKept] for standard input.
func (c *Corpus) Reopen(n int) (*os.File, error) {
	path := c.sources.path(uint32(n))
	e, ok := c.sources.get(uint32(n))
	if folder, _ := c.sources.place(uint32(n)); !ok || path == stdinPath && folder.path == "" {
		return nil, fmt.Errorf("reading %s again: %w", path, ErrNotKept)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s again: %w", path, cause(err))
	}
	info, err := file.Stat()
	if err == nil && stampOf(info) != e.stamp {
		err = ErrChanged
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("reading %s again: %w", path, cause(err))
	}
	return file, nil
}

// Records reads a source once more, record by record, with every byte that
// stands between them.
type Records struct {
	// Packed says that the source is compressed with gzip.
	Packed bool
	// Recoded says that the source is UTF-16, which the records are not.
	Recoded bool

	corpus *Corpus
	source uint32
	kind   kind
	in     *bufio.Reader
	offset int64 // of what is read next
	line   int   // its number
	within bool  // what is read next belongs to a line that is too long
	ended  error
	buf    []byte
	out    []byte
	record record
}

// Record is a line of JSON Lines, a text, or a piece of a source that holds no
// article: a byte order mark, a blank line, a part of a line that is too long.
type Record struct {
	// Raw is the record with its line end, after decompression and, for UTF-16,
	// in UTF-8. It is good until the next call of a method of Records.
	Raw []byte
	// At is the position that Read gave for an article that stands here.
	At Position
	// Line is the number of the line in which the record begins, from 1.
	Line int
}

// Records returns a reader for what raw holds, which must be source n as it
// lies on the disk. It fails with [ErrNoRecords] where a source holds what can't
// be written without an article or a part of one.
func (c *Corpus) Records(n int, raw io.Reader) (*Records, error) {
	e, ok := c.sources.get(uint32(n))
	if !ok || e.kind == unknown {
		return nil, errors.New("corpus: a source of another corpus, or one that could not be read")
	}
	if e.kind != text && e.kind != lines {
		return nil, ErrNoRecords
	}
	r := &Records{corpus: c, source: uint32(n), kind: e.kind, in: bufio.NewReaderSize(raw, 64<<10), line: 1}
	if magic, _ := r.in.Peek(2); formatOf(magic) == gzipFormat {
		unpacked, err := gzip.NewReader(r.in)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		r.Packed, r.in = true, bufio.NewReaderSize(unpacked, 64<<10)
	}
	if mark, _ := r.in.Peek(2); utf16Mark(mark) {
		decoder := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
		r.Recoded, r.in = true, bufio.NewReaderSize(transform.NewReader(r.in, decoder), 64<<10)
	}
	return r, nil
}

// Next returns the next record, or [io.EOF] after the last. Damage of
// compressed data is an error after all that stands before it.
func (r *Records) Next() (Record, error) {
	if r.ended != nil {
		return Record{}, r.ended
	}
	if r.kind == text {
		return r.text()
	}
	if r.offset == 0 {
		if mark, _ := r.in.Peek(len(byteOrderMark)); bytes.Equal(mark, byteOrderMark) {
			r.offset = int64(len(byteOrderMark))
			_, err := r.in.Discard(len(byteOrderMark))
			return Record{Raw: byteOrderMark, Line: 1}, err
		}
	}
	return r.piece()
}

// piece returns the next line, or a part of a line that is too long.
func (r *Records) piece() (Record, error) {
	r.buf = r.buf[:0]
	var err error
	for {
		var part []byte
		part, err = r.in.ReadSlice('\n')
		r.buf = append(r.buf, part...)
		if !errors.Is(err, bufio.ErrBufferFull) || r.within || int64(len(r.buf)) > r.corpus.maxLine() {
			break
		}
	}
	full := errors.Is(err, bufio.ErrBufferFull)
	if err != nil && !full {
		r.ended = r.damage(err)
		if len(r.buf) == 0 {
			return Record{}, r.ended
		}
	}
	rec := Record{Raw: r.buf, Line: r.line}
	if !full && !r.within {
		rec.At = Position{source: r.source, length: uint32(len(bytes.TrimSuffix(r.buf, newline))), offset: r.offset}
	}
	r.offset += int64(len(r.buf))
	r.within = full
	if err == nil {
		r.line++
	}
	return rec, nil
}

// text returns the whole source. What Read took for an article is within its
// bounds.
func (r *Records) text() (Record, error) {
	limit := r.corpus.opts.MaxArticle + int64(len(byteOrderMark))
	data, err := io.ReadAll(io.LimitReader(r.in, limit+1))
	switch {
	case int64(len(data)) > limit:
		return Record{}, ErrChanged
	case err != nil:
		data = data[:wholeRunes(data)]
		r.ended = r.damage(err)
	default:
		r.ended = io.EOF
	}
	return Record{
		Raw: data, Line: 1,
		At: Position{source: r.source, length: uint32(len(data))},
	}, nil
}

func (r *Records) damage(err error) error {
	if r.Packed && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

// Article decodes the article in rec, as Read did. It is good until the next
// call of a method of r.
func (r *Records) Article(rec Record) (*article.Article, error) {
	if r.kind == text {
		s, err := decodeText(rec.Raw, "", r.corpus.opts.MaxArticle)
		return &article.Article{ID: r.corpus.sources.id(r.source), Text: s}, err
	}
	a := new(article.Article)
	err := r.corpus.decodeLine(&r.record, bytes.TrimSuffix(rec.Raw, newline), a)
	return a, err
}

// Without returns rec, which holds an article, without parts of its text: spans
// in text order that don't overlap. In JSON Lines nothing else is changed, not
// even how the rest of the text is escaped. A text that is not UTF-8 becomes
// UTF-8; one that is keeps its byte order mark. The result is good until the
// next call.
func (r *Records) Without(rec Record, cuts []article.Span) ([]byte, error) {
	if r.kind == lines {
		return r.lineWithout(rec.Raw, cuts), nil
	}
	s, err := decodeText(rec.Raw, "", r.corpus.opts.MaxArticle)
	if err != nil {
		return nil, err
	}
	r.out = r.out[:0]
	if body := bytes.TrimPrefix(rec.Raw, byteOrderMark); string(body) == s {
		r.out = append(r.out, rec.Raw[:len(rec.Raw)-len(body)]...)
	}
	kept := 0
	for _, cut := range cuts {
		r.out = append(r.out, s[kept:cut.Start]...)
		kept = cut.End
	}
	r.out = append(r.out, s[kept:]...)
	return r.out, nil
}

func (r *Records) lineWithout(line []byte, cuts []article.Span) []byte {
	start, end := textValue(line, r.corpus.opts.TextField)
	r.out = append(r.out[:0], line[:start]...)
	value := valueReader{record: record{line: line[start:end], pos: 1}}
	kept := 0
	for _, cut := range cuts {
		r.out = append(r.out, line[start+kept:start+value.seek(cut.Start)]...)
		kept = value.seek(cut.End)
	}
	return append(r.out, line[start+kept:]...)
}
