package corpus

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	icu "github.com/gogs/chardet"
	mozilla "github.com/wlynxg/chardet"
	"golang.org/x/net/html/charset"
)

// Two detectors share the work, because each fails where the other is right:
// Mozilla's tells Cyrillic, Greek, Hebrew and Thai but takes every Latin script
// for Western European; ICU's tells those and Chinese, Japanese and Korean
// apart but knows neither Thai nor DOS and Mac Cyrillic.
const (
	// sampledCharset is how many bytes the detectors look at: they take 1.5 ms
	// for 3,000 characters.
	sampledCharset = 8 << 10
	// leading is how much of the ASCII before the first other byte they see.
	leading = 512
	// otherScript is the share of bytes beyond ASCII, 1 in so many, from which
	// a text is not in a Latin script. Hungarian, Czech and Turkish have 1 in 8;
	// Chinese in Big5, whose second bytes may be ASCII, has 2 in 3.
	otherScript = 4
	// sureMozilla is above its highest confidence in a wrong script with one
	// byte a character (0.4, of 252 texts in Big5); 1 and 0.8 are usual.
	sureMozilla = 0.8
	// sureBytes is what ICU must reach, of 100, for charsets of several bytes a
	// character: 30 characters of Chinese reach 47 or more.
	sureBytes = 45
	// sureLatin is the same for Latin scripts. Of 1,492 pieces of web pages in
	// English, French, German, Spanish and Polish, from 30 to 3,000 characters,
	// 1,473 come out right with it, 12 wrong (all short Polish ones) and 7 are
	// refused.
	sureLatin = 20
	// sureArabic is the same for Arabic, where a sentence reaches 75.
	sureArabic = 45
)

// decodeCharset decodes data, which are not UTF-8, from the charset that they
// are most likely in. It fails with ErrNotUTF8 unless a detector is sure and
// the text that results holds nothing that no text holds.
func decodeCharset(data []byte) (string, error) {
	first := max(0, bytes.IndexFunc(data, func(r rune) bool { return r >= utf8.RuneSelf })-leading)
	sample := data[first:min(len(data), first+sampledCharset)]
	beyond := 0
	for _, c := range sample {
		if c >= utf8.RuneSelf {
			beyond++
		}
	}
	if beyond*otherScript >= len(sample) {
		// Latin confidences of Mozilla's never reach sureMozilla.
		if found := mozilla.Detect(sample); found.Confidence >= sureMozilla && !manyBytes(found.Encoding) {
			if s, ok := decodeFrom(found.Encoding, data); ok {
				return s, nil
			}
		}
	}
	found, err := icu.NewTextDetector().DetectAll(sample) // surest first
	if err != nil {
		return "", ErrNotUTF8
	}
	for _, f := range found {
		sure := sureLatin
		switch {
		case (beyond*otherScript >= len(sample)) == latin(f.Charset):
			continue
		case manyBytes(f.Charset):
			sure = sureBytes
		case !latin(f.Charset):
			sure = sureArabic
		}
		if f.Confidence < sure {
			continue
		}
		if s, ok := decodeFrom(f.Charset, data); ok {
			return s, nil
		}
	}
	return "", ErrNotUTF8
}

func latin(name string) bool {
	switch strings.ToLower(name) {
	case "iso-8859-1", "iso-8859-2", "iso-8859-9", "windows-1250", "windows-1252", "windows-1254":
		return true
	}
	return false
}

func manyBytes(name string) bool {
	name = strings.ToLower(name)
	for _, prefix := range []string{"gb", "big5", "euc", "shift", "iso-2022", "hz", "utf", "cp949", "johab"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// decodeFrom decodes data from the charset called name, as browsers do.
func decodeFrom(name string, data []byte) (string, bool) {
	switch name = strings.ToLower(name); name {
	case "gb2312", "gb-18030":
		name = "gb18030" // which holds GB 2312; pages say the one and use the other
	case "maccyrillic":
		return decodeCyrillic(data)
	}
	encoding, _ := charset.Lookup(name)
	if encoding == nil {
		return "", false
	}
	decoded, err := encoding.NewDecoder().String(string(data))
	if err != nil || !utf8.ValidString(decoded) || garbled(decoded) {
		return "", false
	}
	return decoded, true
}

// decodeCyrillic decodes what is taken for Mac Cyrillic. All its small letters
// but one stand where Windows has them, so the words decide, not the detector.
func decodeCyrillic(data []byte) (string, bool) {
	windows, ok := decodeFrom("windows-1251", data)
	mac, okMac := decodeFrom("x-mac-cyrillic", data)
	if !ok || okMac && humps(mac) < humps(windows) {
		return mac, okMac
	}
	return windows, true
}

// humps counts the places where what follows a small letter belongs to no word:
// a capital or a sign of money.
func humps(text string) (n int) {
	small := false
	for _, r := range text {
		if small && (unicode.IsUpper(r) || unicode.Is(unicode.Sc, r)) {
			n++
		}
		small = unicode.IsLower(r)
	}
	return n
}

// garbled reports whether text holds what a wrong charset gives: replacement
// characters, control characters, code points without a character, or signs
// of Western charsets inside a word, where the Polish or Czech have letters.
func garbled(text string) bool {
	before, sign := ' ', false // the rune before, and whether it is a sign after a letter
	for _, r := range text {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == '\f':
		case r == utf8.RuneError || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Co, r):
			return true
		}
		letter := unicode.IsLetter(r)
		if sign && letter {
			return true
		}
		sign = strings.ContainsRune("¹²³¼½¾¿¡¶±¦¬¤", r) && unicode.IsLetter(before)
		before = r
	}
	return false
}

// shiftsToJapanese reports whether b, which is ASCII, is ISO-2022-JP: it shifts
// to another set of characters.
func shiftsToJapanese(b []byte) bool {
	return bytes.Contains(b, []byte("\x1b$B")) || bytes.Contains(b, []byte("\x1b$@"))
}
