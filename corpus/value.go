package corpus

import "unicode/utf8"

// textValue returns where the value of the field called field stands in line, a
// record that was read: of several fields with that name the last.
func textValue(line []byte, field string) (start, end int) {
	r := record{line: line, out: make([]byte, 0, len(line))}
	r.space()
	r.take('{')
	for {
		r.space()
		name, err := r.string()
		if err != nil {
			return start, end
		}
		r.space()
		r.take(':')
		r.space()
		from := r.pos
		if r.skip(0) != nil {
			return start, end
		}
		if name == field {
			start, end = from, r.pos
		}
		r.space()
		if !r.take(',') {
			return start, end
		}
	}
}

// valueReader finds places of a string's content in how it is written in JSON.
type valueReader struct {
	record     // the string with its quotes, read up to pos
	at     int // the place in the content that stands at pos
}

// seek returns where byte at of the content stands in the string. Places are
// asked for in order and lie on rune boundaries.
func (v *valueReader) seek(at int) int {
	for v.at < at && v.peek() != '"' && v.pos < len(v.line) {
		if v.peek() == '\\' {
			c, err := v.escape()
			if err != nil {
				break
			}
			v.at += utf8.RuneLen(c)
			continue
		}
		start := v.pos
		v.plain()
		n := min(v.pos-start, at-v.at)
		if n == 0 {
			break // a control character, which no string holds
		}
		v.pos, v.at = start+n, v.at+n
	}
	return v.pos
}
