package corpus

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"

	"chaff/article"
)

// record decodes one line of JSON Lines after the other into an article.
//
// It is chaff's own because no library is right, quick and frugal at once.
// Measured on three files (English news, English technical text, Chinese news;
// MB/s on one core, the best of three runs; all fields below read or found):
//
//	encoding/json               124   139   112
//	tidwall/gjson               162   153   182
//	go-json-experiment/jsontext 416   513   230
//	buger/jsonparser            342   317   437   doesn't validate
//	minio/simdjson-go           535   816   817   amd64 with AVX2 only; refuses half pairs
//	bytedance/sonic             644  1122   941   compiles at run time, for two processors
//	goccy/go-json               853  1301   409   without the check of UTF-8; all strings copied
//	valyala/fastjson           1524  2075   733   takes damaged lines, half pairs wrong
//	this                        968  1653   682   UTF-8 checked, dates parsed, nothing copied
//
// What it takes and yields is held equal to encoding/json by a fuzz test. Of
// two fields with one name the last counts, and half a surrogate pair becomes
// U+FFFD, as there.
type record struct {
	line []byte
	pos  int
	out  []byte // unescaped strings; has room for the line, so it never moves

	dates dates
}

// maxDepth is how deep values may lie in one another, as in encoding/json.
const maxDepth = 10000

// errSyntax stands for any breach of JSON's grammar; explain finds the words.
var errSyntax = errors.New("syntax")

// decode reads line into a. The strings of a point into line or into memory of
// r: they are good until either changes.
func (r *record) decode(line []byte, a *article.Article) error {
	*a = article.Article{}
	if !validUTF8(line) {
		return ErrNotUTF8
	}
	r.line, r.pos = line, 0
	if cap(r.out) < len(line) {
		r.out = make([]byte, 0, len(line)+len(line)/4)
	}
	r.out = r.out[:0]
	hasText, err := r.object(a)
	switch {
	case err != nil:
		return explain(line)
	case a.ID == "":
		return ErrNoID
	case !hasText:
		return ErrNoText
	}
	return nil
}

// explain says why line is not a JSON object.
func explain(line []byte) error {
	var raw json.RawMessage
	err := json.Unmarshal(line, &raw)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%w: %w at byte %d of the line", ErrNotJSON, syntax, syntax.Offset)
	case err != nil:
		return fmt.Errorf("%w: %w", ErrNotJSON, err)
	}
	return ErrNotObject
}

// object reads the whole line, which must be one object.
func (r *record) object(a *article.Article) (hasText bool, err error) {
	r.space()
	if !r.take('{') {
		return false, errSyntax
	}
	r.space()
	if !r.take('}') {
		for {
			r.space()
			name, err := r.string()
			if err != nil {
				return false, err
			}
			r.space()
			if !r.take(':') {
				return false, errSyntax
			}
			r.space()
			if err := r.field(name, a, &hasText); err != nil {
				return false, err
			}
			r.space()
			if r.take('}') {
				break
			}
			if !r.take(',') {
				return false, errSyntax
			}
		}
	}
	r.space()
	if r.pos != len(r.line) {
		return false, errSyntax
	}
	return hasText, nil
}

// field reads the value of the field called name.
func (r *record) field(name string, a *article.Article, hasText *bool) error {
	var into *string
	switch name {
	case "id":
		into = &a.ID
	case "text":
		into = &a.Text
		*hasText = false
	case "title":
		into = &a.Title
	case "url":
		into = &a.URL
	case "source":
		into = &a.Source
	case "lang":
		into = &a.Lang
	case "date":
		var date string
		into = &date
		defer func() { a.Date = r.dates.parse(date) }()
	default:
		return r.skip(0)
	}
	*into = ""
	if r.peek() == '"' {
		s, err := r.string()
		*into = s
		*hasText = *hasText || into == &a.Text
		return err
	}
	start := r.pos
	number := r.peek() == '-' || isDigit(r.peek())
	if err := r.skip(0); err != nil {
		return err
	}
	if number && into == &a.ID {
		a.ID = view(r.line[start:r.pos])
	}
	return nil
}

// skip reads a value of any kind that lies depth levels deep.
func (r *record) skip(depth int) error {
	switch c := r.peek(); {
	case c == '"':
		return r.skipString()
	case c == '{' || c == '[':
		return r.skipNested(c, depth+1)
	case c == '-' || isDigit(c):
		return r.skipNumber()
	case c == 't':
		return r.literal("true")
	case c == 'f':
		return r.literal("false")
	case c == 'n':
		return r.literal("null")
	}
	return errSyntax
}

// skipNested reads an object or an array.
func (r *record) skipNested(open byte, depth int) error {
	if depth >= maxDepth {
		return errSyntax
	}
	r.pos++
	end := open + 2 // '}' and ']' stand two after their opening in ASCII
	r.space()
	if r.take(end) {
		return nil
	}
	for {
		r.space()
		if open == '{' {
			if r.peek() != '"' {
				return errSyntax
			}
			if err := r.skipString(); err != nil {
				return err
			}
			r.space()
			if !r.take(':') {
				return errSyntax
			}
			r.space()
		}
		if err := r.skip(depth); err != nil {
			return err
		}
		r.space()
		if r.take(end) {
			return nil
		}
		if !r.take(',') {
			return errSyntax
		}
	}
}

func (r *record) literal(word string) error {
	if len(r.line)-r.pos < len(word) || string(r.line[r.pos:r.pos+len(word)]) != word {
		return errSyntax
	}
	r.pos += len(word)
	return nil
}

func (r *record) skipNumber() error {
	r.take('-')
	if !r.take('0') && !r.digits() {
		return errSyntax
	}
	if r.take('.') && !r.digits() {
		return errSyntax
	}
	if r.take('e') || r.take('E') {
		if !r.take('+') {
			r.take('-')
		}
		if !r.digits() {
			return errSyntax
		}
	}
	return nil
}

// digits reads one digit or more.
func (r *record) digits() bool {
	start := r.pos
	for isDigit(r.peek()) {
		r.pos++
	}
	return r.pos > start
}

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
// end of the line; eight bytes at a time.
func (r *record) plain() {
	const (
		ones   = 0x0101010101010101
		tops   = 0x80 * ones
		spaces = 0x20 * ones
		quotes = '"' * ones
		slants = '\\' * ones
	)
	b, i := r.line, r.pos
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		// (v - ones) &^ v has the top bit of the lowest zero byte of v; bits
		// above that one may be wrong and are not looked at.
		q, s := w^quotes, w^slants
		if hit := ((w-spaces)&^w | (q-ones)&^q | (s-ones)&^s) & tops; hit != 0 {
			r.pos = i + bits.TrailingZeros64(hit)/8
			return
		}
	}
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

// peek returns the next byte, or 0 at the end of the line; 0 stands nowhere
// in JSON.
func (r *record) peek() byte {
	if r.pos < len(r.line) {
		return r.line[r.pos]
	}
	return 0
}

func (r *record) take(c byte) bool {
	if r.pos < len(r.line) && r.line[r.pos] == c {
		r.pos++
		return true
	}
	return false
}

func (r *record) space() {
	for r.pos < len(r.line) && isSpace(r.line[r.pos]) {
		r.pos++
	}
}

// isSpace reports whether c is white space in JSON.
func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// view returns b as a string without copying it.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// isObject reports whether line is one JSON object.
func isObject(line []byte) bool {
	r := record{line: line, out: make([]byte, 0, len(line))}
	_, err := r.object(new(article.Article))
	return err == nil && validUTF8(line)
}
