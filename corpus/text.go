package corpus

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// byteOrderMark is UTF-8's.
var byteOrderMark = []byte("\ufeff")

// sampled is how many bytes of a text are looked at to tell what it is.
const sampled = 64 << 10

// decodeText returns the text that a document's bytes stand for; charset is
// what was declared for it. The text shares memory with data if data is UTF-8.
func decodeText(data []byte, charset string, limit int64) (string, error) {
	data = bytes.TrimPrefix(data, byteOrderMark)
	if len(bytes.TrimSpace(data)) == 0 {
		return "", ErrEmpty
	}
	if bytes.IndexByte(data, 0) >= 0 || mostlyControl(data) {
		return "", ErrBinary
	}
	s := view(data)
	if shiftsToJapanese(data) {
		var ok bool
		if s, ok = decodeFrom("iso-2022-jp", data); !ok {
			return "", ErrNotUTF8
		}
	} else if !validUTF8(data) {
		var err error
		ok := false
		if charset != "" {
			s, ok = decodeFrom(charset, data)
		}
		if ok {
			return within(s, limit)
		}
		if s, err = decodeCharset(data); err != nil {
			return "", err
		}
	}
	return within(s, limit)
}

// within returns s if it is no longer than limit bytes.
func within(s string, limit int64) (string, error) {
	if int64(len(s)) > limit {
		return "", fmt.Errorf("%w: a text of %d bytes", ErrTooLarge, len(s))
	}
	return s, nil
}

// isControl is 1 for control characters that are neither white space nor what
// terminals begin a colour with.
var isControl = func() (table [256]uint8) {
	for c := range 0x20 {
		table[c] = 1
	}
	for _, c := range []byte("\t\n\f\r\x1b") {
		table[c] = 0
	}
	table[0x7f] = 1
	return table
}()

// mostlyControl reports whether more than a quarter of data are control
// characters.
func mostlyControl(data []byte) bool {
	data = data[:min(len(data), sampled)]
	controls := 0
	for _, c := range data {
		controls += int(isControl[c])
	}
	return controls > len(data)/4
}

// wholeRunes returns the length of b without a rune that is cut off at its end.
func wholeRunes(b []byte) int {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return i
			}
			break
		}
	}
	return len(b)
}

// utf16Mark reports whether b begins with UTF-16's byte order mark.
func utf16Mark(b []byte) bool {
	return len(b) >= 2 && (b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff)
}
