package corpus

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
	"unsafe"

	"chaff/article"

	"github.com/parquet-go/parquet-go"
	parquetformat "github.com/parquet-go/parquet-go/format"
)

// parquet reads the rows of a file, page by page, of the columns that make an
// article. The columns have the names that the fields of JSON Lines have. The
// id of a row without one is its number, counted from 1.
//
// The directory of such a file stands at its end: of a file that is cut off
// nothing can be read.
func (f *feeder) parquet(s *stream) error {
	at, size, done, broken, err := f.section(s)
	if err != nil {
		return err
	}
	defer done()
	s.packed = true
	t, err := openTable(at, size, &f.corpus.opts)
	if err != nil && broken != nil {
		return s.damage(broken)
	}
	if err != nil {
		return err
	}
	s.file = nil
	defer t.close()
	if t.rows == 0 {
		return ErrEmpty
	}
	for {
		buf := f.corpus.buffer(0)
		data, n, read, err := t.next(f, s, buf)
		if n > 0 {
			if failed := f.send(s, chunk{kind: rows, buf: buf, data: data, line: n, offset: s.kept}); failed != nil {
				return failed
			}
		} else {
			f.corpus.recycle(buf)
		}
		if failed := s.inflate(read, f.corpus.opts.MaxInflate); failed != nil {
			return failed
		}
		var bad *rowError
		switch {
		case errors.As(err, &bad):
			row := s.path + "#" + strconv.FormatInt(bad.row, 10)
			if failed := f.tell(newProblem(row, bad.error)); failed != nil {
				return failed
			}
		case errors.Is(err, io.EOF) && broken != nil: // behind the file
			return s.damage(broken)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return s.damage(err)
		}
	}
}

// rowCost is what a row counts towards Options.MaxInflate beside its text, in
// bytes: a page of a few bytes may hold a billion rows of nothing.
const rowCost = 16

// rowError is what is wrong with one row.
type rowError struct {
	row int64
	error
}

func (e *rowError) Unwrap() error { return e.error }

// table reads the rows of a Parquet file in order.
type table struct {
	file   *parquet.File
	rows   int64
	groups []parquet.RowGroup // still to be read
	left   int64              // rows of the group that is being read
	row    int64              // number of the last row that was read
	fields []*column
	limit  int64 // Options.MaxArticle

	id, text, title, url, source, lang string // of one row
	hasText                            bool
	date                               time.Time
	dates                              dates
}

// column reads the values of one column.
type column struct {
	index  int
	set    func(parquet.Value)
	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader
	batch  []parquet.Value // read and not used yet
	buf    [128]parquet.Value
}

// guard makes an error of a panic: damaged files bring the parser to some.
func guard(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: %v", ErrDamaged, p)
	}
}

// openTable opens a file and finds the columns.
func openTable(at io.ReaderAt, size int64, opts *Options) (t *table, err error) {
	defer guard(&err)
	var tail [8]byte
	if size < 12 {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, io.ErrUnexpectedEOF)
	}
	if _, err := at.ReadAt(tail[:], size-8); err != nil {
		return nil, cause(err)
	}
	// The library makes room for what the file says, which may be a lie.
	if footer := int64(binary.LittleEndian.Uint32(tail[:])); string(tail[4:]) == "PAR1" && footer > size-12 {
		return nil, fmt.Errorf("%w: a directory of %d bytes in a file of %d", ErrDamaged, footer, size)
	}
	file, err := parquet.OpenFile(at, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(64<<10))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	t = &table{file: file, rows: file.NumRows(), groups: file.RowGroups(), limit: opts.MaxArticle}
	into := func(s *string) func(parquet.Value) {
		return func(v parquet.Value) { *s = stringOf(v) }
	}
	t.find(into(&t.id), opts.IDField)
	hasText := t.find(func(v parquet.Value) {
		if t.hasText = v.Kind() == parquet.ByteArray && !v.IsNull(); t.hasText {
			t.text = stringOf(v)
		}
	}, opts.TextField)
	if !hasText {
		return nil, fmt.Errorf("%w: the file has no column %q of plain strings", ErrNoText, opts.TextField)
	}
	t.find(into(&t.title), "title")
	t.find(into(&t.url), "url")
	t.find(into(&t.source), "source")
	t.find(into(&t.lang), "lang", "language")
	if c := t.leaf("date"); c != nil {
		logical := c.Type().LogicalType()
		t.add(c, func(v parquet.Value) { t.date = t.dateOf(v, logical) })
	}
	return t, nil
}

// find looks for a column by its names, and reports whether there is one.
func (t *table) find(set func(parquet.Value), names ...string) bool {
	for _, name := range names {
		if c := t.leaf(name); c != nil {
			t.add(c, set)
			return true
		}
	}
	return false
}

// leaf returns a column with one value in each row, or nil.
func (t *table) leaf(name string) *parquet.Column {
	if c := t.file.Root().Column(name); c != nil && c.Leaf() && !c.Repeated() {
		return c
	}
	return nil
}

func (t *table) add(c *parquet.Column, set func(parquet.Value)) {
	t.fields = append(t.fields, &column{index: c.Index(), set: set})
}

// next appends encoded articles to buf[:0] until the next might not fit. It
// returns them, how many they are, and how many bytes were read for them.
func (t *table) next(f *feeder, s *stream, buf []byte) (data []byte, n int, read int64, err error) {
	data = buf[:0]
	defer guard(&err)
	for {
		for t.left == 0 {
			if err := t.nextGroup(); err != nil {
				return data, n, read, err
			}
		}
		t.id, t.text, t.title, t.url, t.source, t.lang, t.date, t.hasText = "", "", "", "", "", "", time.Time{}, false
		for _, c := range t.fields {
			v, err := c.next()
			if err != nil {
				return data, n, read, err
			}
			c.set(v)
		}
		t.left--
		t.row++
		read += int64(len(t.text)) + rowCost
		if err := t.check(); err != nil {
			return data, n, read, &rowError{t.row, err}
		}
		if t.id == "" {
			t.id = s.id + "#" + strconv.FormatInt(t.row, 10)
		}
		data = appendRow(data, &article.Article{
			ID: t.id, Text: t.text, Title: t.title, URL: t.url, Source: t.source, Lang: t.lang, Date: t.date,
		})
		n++
		if len(data) >= f.corpus.opts.chunk*3/4 {
			return data, n, read, nil
		}
	}
}

// check reports what is wrong with a row.
func (t *table) check() error {
	switch {
	case !t.hasText:
		return ErrNoText
	case int64(len(t.text)) > t.limit:
		return fmt.Errorf("%w: a text of %d bytes", ErrTooLarge, len(t.text))
	}
	for _, s := range []*string{&t.text, &t.id, &t.title, &t.url, &t.source, &t.lang} {
		if len(*s) > 0 && !validUTF8(unsafe.Slice(unsafe.StringData(*s), len(*s))) {
			return ErrNotUTF8
		}
	}
	return nil
}

// nextGroup goes on to the next group of rows; at the end it fails with io.EOF.
func (t *table) nextGroup() error {
	if len(t.groups) == 0 {
		return io.EOF
	}
	group := t.groups[0]
	t.groups = t.groups[1:]
	t.left = group.NumRows()
	chunks := group.ColumnChunks()
	for _, c := range t.fields {
		if err := c.close(); err != nil {
			return err
		}
		c.pages = chunks[c.index].Pages()
	}
	return nil
}

func (t *table) close() {
	for _, c := range t.fields {
		_ = c.close() // nothing was written
	}
}

// next returns the value of the next row, which is good until it is called again.
func (c *column) next() (parquet.Value, error) {
	for len(c.batch) == 0 {
		if c.values == nil {
			if c.page != nil {
				parquet.Release(c.page)
				c.page = nil
			}
			page, err := c.pages.ReadPage()
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF // there is a row for it
			}
			if err != nil {
				return parquet.Value{}, err
			}
			c.page, c.values = page, page.Values()
		}
		n, err := c.values.ReadValues(c.buf[:])
		c.batch = c.buf[:n]
		if errors.Is(err, io.EOF) {
			c.values = nil
		} else if err != nil {
			return parquet.Value{}, err
		}
	}
	v := c.batch[0]
	c.batch = c.batch[1:]
	return v, nil
}

func (c *column) close() error {
	if c.page != nil {
		parquet.Release(c.page)
	}
	pages := c.pages
	c.page, c.values, c.batch, c.pages = nil, nil, nil, nil
	if pages == nil {
		return nil
	}
	return pages.Close()
}

// stringOf returns a value as a string, without copying if it is one.
func stringOf(v parquet.Value) string {
	switch {
	case v.IsNull():
		return ""
	case v.Kind() == parquet.ByteArray || v.Kind() == parquet.FixedLenByteArray:
		return view(v.ByteArray())
	}
	return v.String()
}

// dateOf returns the date that a value of a type stands for.
func (t *table) dateOf(v parquet.Value, logical *parquetformat.LogicalType) time.Time {
	var value parquetformat.LogicalTypeValue
	if logical != nil {
		value = logical.Value
	}
	switch {
	case v.IsNull():
	case v.Kind() == parquet.ByteArray:
		return day(t.dates.parse(view(v.ByteArray())))
	case v.Kind() == parquet.Int32:
		if _, ok := value.(*parquetformat.DateType); ok {
			return day(time.Unix(int64(v.Int32())*24*60*60, 0))
		}
	case v.Kind() == parquet.Int64:
		if stamp, ok := value.(*parquetformat.TimestampType); ok && stamp.Unit.Value != nil {
			unit := stamp.Unit.Value.Duration()
			inSecond := int64(time.Second / unit)
			return day(time.Unix(v.Int64()/inSecond, v.Int64()%inSecond*int64(unit)))
		}
	}
	return time.Time{}
}
