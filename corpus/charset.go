package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/net/html/charset"
)

// minConfidence is how sure the detector must be, in [0,1].
const minConfidence = 0.6

// decodeCharset decodes data, which are not UTF-8, from the charset that they
// are most likely in. It fails with ErrNotUTF8 unless the detector is sure and
// the text that results holds nothing that no text holds.
func decodeCharset(data []byte) (string, error) {
	found := chardet.Detect(data[:min(len(data), sampled)])
	if found.Confidence < minConfidence {
		return "", ErrNotUTF8
	}
	name := strings.ToLower(found.Encoding)
	if name == "gb2312" {
		name = "gb18030" // which holds GB 2312; pages say the one and use the other
	}
	encoding, _ := charset.Lookup(name)
	if encoding == nil {
		return "", ErrNotUTF8
	}
	decoded, err := encoding.NewDecoder().Bytes(data)
	if err != nil || !utf8.Valid(decoded) || garbled(decoded) {
		return "", ErrNotUTF8
	}
	return string(decoded), nil
}

// garbled reports whether text holds what a wrong charset gives: replacement
// characters, control characters, or code points without a character.
func garbled(text []byte) bool {
	for _, r := range string(text) {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == '\f':
		case r == utf8.RuneError, unicode.Is(unicode.Cc, r), unicode.Is(unicode.Co, r):
			return true
		}
	}
	return false
}
