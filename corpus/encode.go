package corpus

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"chaff/article"
)

// An article that was made of something else than a line of JSON or a file of
// text is kept as it came out: each string with its length before it, the date
// as seconds and nanoseconds, and the layout with spans that count from the end
// of the one before.

// appendArticle appends the encoded article to b.
func appendArticle(b []byte, a *article.Article) []byte {
	for _, s := range [...]string{a.ID, a.Title, a.URL, a.Source, a.Lang, a.Text} {
		b = appendString(b, s)
	}
	if a.Date.IsZero() {
		b = append(b, 0)
	} else {
		b = append(b, 1)
		b = binary.AppendVarint(b, a.Date.Unix())
		b = binary.AppendUvarint(b, uint64(a.Date.Nanosecond()))
	}
	b = binary.AppendUvarint(b, uint64(len(a.Layout)))
	end := 0
	for _, e := range a.Layout {
		b = binary.AppendUvarint(b, uint64(e.Start-end))
		b = binary.AppendUvarint(b, uint64(e.Len()))
		end = e.End
		b = appendString(b, e.Tag)
		b = appendString(b, e.Within)
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(e.Links))
	}
	return b
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// errEncoding means that what was kept is no longer what was written.
var errEncoding = errors.New("not an encoded article")

// decodeArticle is the inverse of appendArticle. The strings of a lie in b, its
// layout in layout's memory.
func decodeArticle(b []byte, a *article.Article, layout []article.Element) error {
	d := decoder{b: b}
	*a = article.Article{ID: d.string(), Title: d.string(), URL: d.string(), Source: d.string(), Lang: d.string(), Text: d.string()}
	if d.number() == 1 {
		seconds, n := binary.Varint(d.b)
		d.skip(n)
		a.Date = time.Unix(seconds, int64(d.number())).UTC()
	}
	end := 0
	for n := d.number(); n > 0 && !d.failed; n-- {
		var e article.Element
		e.Start = end + int(d.number())
		e.End = e.Start + int(d.number())
		end = e.End
		e.Tag, e.Within = d.string(), d.string()
		if len(d.b) < 8 {
			return errEncoding
		}
		e.Links = math.Float64frombits(binary.LittleEndian.Uint64(d.b))
		d.skip(8)
		layout = append(layout, e)
		a.Layout = layout
	}
	if d.failed || len(d.b) > 0 {
		return errEncoding
	}
	return nil
}

type decoder struct {
	b      []byte
	failed bool
}

func (d *decoder) skip(n int) {
	if n <= 0 || n > len(d.b) {
		d.b, d.failed = nil, true
		return
	}
	d.b = d.b[n:]
}

func (d *decoder) number() uint64 {
	v, n := binary.Uvarint(d.b)
	d.skip(n)
	return v
}

func (d *decoder) string() string {
	n := d.number()
	if n > uint64(len(d.b)) {
		d.b, d.failed = nil, true
		return ""
	}
	s := view(d.b[:n])
	d.b = d.b[n:]
	return s
}

// rowPrefix is the length of the number that stands before an encoded article
// where several follow one another.
const rowPrefix = 4

// appendRow appends the encoded article to b, with its length before it.
func appendRow(b []byte, a *article.Article) []byte {
	start := len(b)
	b = appendArticle(append(b, 0, 0, 0, 0), a)
	binary.LittleEndian.PutUint32(b[start:], uint32(len(b)-start-rowPrefix))
	return b
}

// rowLength returns the length of the encoded article that b begins with.
func rowLength(b []byte) int { return int(binary.LittleEndian.Uint32(b)) }
