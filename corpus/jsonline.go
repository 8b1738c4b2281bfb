package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unsafe"

	"chaff/article"
)

// record decodes one line of JSON Lines after the other into an article.
//
// It is chaff's own because no library is right, quick and frugal at once.
// Measured on three files (English news, English technical text, Chinese news;
// MB/s on one core of a shared machine, the best of several runs; the others
// find the text, or fill a struct where they can do nothing else):
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

	idField, textField string // names; Options says more

	controls     bool // line may have bytes under 0x20
	quote, slash int  // the next ones from some byte up to pos on; passed if less than pos

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
	valid, controls := checkUTF8(bytes.TrimSuffix(line, []byte{'\r'}))
	if !valid {
		return ErrNotUTF8
	}
	r.line, r.pos = line, 0
	r.controls, r.quote, r.slash = controls, -1, -1
	if cap(r.out) < len(line) {
		r.out = make([]byte, 0, len(line)+len(line)/4)
	}
	r.out = r.out[:0]
	hasText, err := r.object(a)
	switch {
	case err != nil:
		return explain(line)
	case a.ID == "":
		return fmt.Errorf("%w: a record needs a string or number named %s", ErrNoID, r.idField)
	case !hasText:
		return fmt.Errorf("%w: a record needs a string named %s", ErrNoText, r.textField)
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
	case r.textField:
		into = &a.Text
		*hasText = false
	case r.idField:
		into = &a.ID
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
	if number && name == r.idField {
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
	r := record{line: line, out: make([]byte, 0, len(line)), controls: true} // whatever its fields are
	_, err := r.object(new(article.Article))
	return err == nil && validUTF8(line)
}
