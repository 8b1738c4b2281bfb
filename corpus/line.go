package corpus

import (
	"fmt"

	"chaff/article"
)

// LineDecoder makes articles of single lines of JSON Lines, as Read does, for a
// caller that has lines from elsewhere and writes them again. It belongs to one
// goroutine.
type LineDecoder struct {
	record record
	limits Corpus
}

// NewLineDecoder returns a decoder. Of opts it looks at IDField, TextField and
// MaxArticle alone.
func NewLineDecoder(opts Options) (*LineDecoder, error) {
	if err := opts.settleRecords(); err != nil {
		return nil, err
	}
	return &LineDecoder{limits: Corpus{opts: opts}}, nil
}

// MaxLine is the length of the longest line that may hold an article, in bytes,
// without its end.
func (d *LineDecoder) MaxLine() int64 { return d.limits.maxLine() }

// Decode reads line, which may end with CR but not with LF, into a. The strings of a
// point into line or into memory of d: they are good until line changes or the next
// call. The error wraps [ErrTooLarge], [ErrNotUTF8], [ErrNotJSON], [ErrNotObject],
// [ErrNoID] or [ErrNoText]; with ErrNoID, ErrNoText, and ErrTooLarge for a text in a
// line of at most MaxLine bytes, line is a JSON object all the same.
func (d *LineDecoder) Decode(line []byte, a *article.Article) error {
	return d.limits.decodeLine(&d.record, line, a)
}

// AppendWithField appends line, which must hold a JSON object, to dst, with a field
// more: the last one, called name, its value as given. Fields of that name that the
// object has are left out. Everything else stays as it is, byte for byte, also what
// stands behind the object. The name is one that JSON writes without escapes.
func AppendWithField(dst, line []byte, name string, value []byte) ([]byte, error) {
	r := record{line: line, out: make([]byte, 0, len(line))}
	r.space()
	if !r.take('{') {
		return dst, fmt.Errorf("%w: no field can be added", ErrNotObject)
	}
	dst = append(dst, line[:r.pos]...)
	left := r.pos // what follows is not appended yet
	comma := false
	for more := true; more; {
		from := r.pos
		r.space()
		if from == left && r.peek() == '}' {
			break // no fields
		}
		field, err := r.string()
		if err == nil {
			r.space()
			r.take(':')
			r.space()
			err = r.skip(0)
		}
		if err != nil {
			return dst, fmt.Errorf("%w: no field can be added", ErrNotJSON)
		}
		left = r.pos
		if field != name {
			if comma {
				dst = append(dst, ',')
			}
			comma = true
			dst = append(dst, line[from:left]...)
		}
		r.space()
		more = r.take(',')
	}
	if comma {
		dst = append(dst, ',')
	}
	dst = append(append(append(dst, '"'), name...), '"', ':')
	dst = append(dst, value...)
	return append(dst, line[left:]...), nil
}
