package corpus

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string and returns what it stands for.
func (r *record) string() (string, error) {
	if !r.take('"') {
		return "", errSyntax
	}
	start := r.pos
	r.plain()
	if r.take('"') {
		return view(r.line[start : r.pos-1]), nil
	}
	from := len(r.out)
	for {
		r.out = append(r.out, r.line[start:r.pos]...)
		if r.take('"') {
			return view(r.out[from:]), nil
		}
		c, err := r.escape()
		if err != nil {
			return "", err
		}
		if c < utf8.RuneSelf {
			r.out = append(r.out, byte(c))
		} else {
			r.out = utf8.AppendRune(r.out, c)
		}
		start = r.pos
		r.plain()
	}
}

// skipString reads a string that nobody wants.
func (r *record) skipString() error {
	r.pos++
	for {
		r.plain()
		if r.take('"') {
			return nil
		}
		if _, err := r.escape(); err != nil {
			return err
		}
	}
}

// plain goes on to the next quote, backslash or control character, or to the
// end of the line.
func (r *record) plain() {
	if r.controls {
		r.plainBytes()
		return
	}
	if r.quote < r.pos {
		r.quote = nextByte(r.line, r.pos, '"')
	}
	if r.slash < r.pos {
		r.slash = nextByte(r.line, r.pos, '\\')
	}
	r.pos = min(r.quote, r.slash)
}

// nextByte returns the index of the next c in b from i on, or the length of b.
func nextByte(b []byte, i int, c byte) int {
	if n := bytes.IndexByte(b[i:], c); n >= 0 {
		return i + n
	}
	return len(b)
}

// plainBytes is plain for a line with control characters.
func (r *record) plainBytes() {
	b, i := r.line, r.pos
	for i < len(b) && b[i] >= 0x20 && b[i] != '"' && b[i] != '\\' {
		i++
	}
	r.pos = i
}

// escape reads a backslash and what belongs to it.
func (r *record) escape() (rune, error) {
	if !r.take('\\') {
		return 0, errSyntax // a control character, or the end of the line
	}
	c := r.peek()
	r.pos++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		return r.unicode()
	}
	return 0, errSyntax
}

// unicode reads the four digits after \u, and the second half of a pair.
func (r *record) unicode() (rune, error) {
	c, ok := r.hex()
	if !ok {
		return 0, errSyntax
	}
	if !utf16.IsSurrogate(c) {
		return c, nil
	}
	after := r.pos
	if r.take('\\') && r.take('u') {
		if low, ok := r.hex(); ok {
			if pair := utf16.DecodeRune(c, low); pair != utf8.RuneError {
				return pair, nil
			}
		}
	}
	r.pos = after // what follows speaks for itself
	return utf8.RuneError, nil
}

func (r *record) hex() (rune, bool) {
	if len(r.line)-r.pos < 4 {
		return 0, false
	}
	var v rune
	for _, c := range r.line[r.pos : r.pos+4] {
		switch {
		case isDigit(c):
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		v = v<<4 | rune(c)
	}
	r.pos += 4
	return v, true
}
