package corpus

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// decodePage returns a page as UTF-8. Bytes that are UTF-8 are taken as such
// whatever is declared, since the declaration is wrong then; else the charset is
// what was declared, outside the page or within it, or what can be told; and
// what isn't in the charset becomes U+FFFD, as in browsers.
func decodePage(data []byte, declared string) (string, error) {
	data = bytes.TrimPrefix(data, byteOrderMark)
	from, name := charset.Lookup(declared)
	if from == nil {
		from, name = metaCharset(data)
	}
	if name == "gbk" { // which gb18030 holds; pages say the one and use the other
		from, name = charset.Lookup("gb18030")
	}
	if name == "" && shiftsToJapanese(data) {
		from, name = charset.Lookup("iso-2022-jp")
	}
	if validUTF8(data) && name != "iso-2022-jp" {
		return view(data), nil
	}
	if name != "" && name != "utf-8" {
		s, err := from.NewDecoder().String(view(data))
		if err == nil && fewWrong(s) {
			return strings.ToValidUTF8(s, "\uFFFD"), nil
		}
	}
	if s := strings.ToValidUTF8(view(data), "\uFFFD"); name == "utf-8" && fewWrong(s) {
		return s, nil
	}
	if s, err := decodeCharset(data); err == nil {
		return s, nil
	}
	if s := strings.ToValidUTF8(view(data), "\uFFFD"); fewWrong(s) {
		return s, nil
	}
	return "", ErrNotUTF8
}

// fewWrong reports whether no more than one byte in a hundred of a decoded page
// was in none of its charset's characters: pages have wrong bytes in names and
// advertisements, but a wrong charset shows everywhere.
func fewWrong(s string) bool { return strings.Count(s, "\uFFFD") <= len(s)/100 }

// metaBytes is how much of a page is searched for what it says of its charset.
// Browsers take it from the first 1,024 bytes or a little more; scripts and
// comments stand before it at times.
const metaBytes = 16 << 10

// metaCharset returns the encoding that a page declares in its head and its name
// in the Encoding Standard, or nil and "".
func metaCharset(page []byte) (declared encoding.Encoding, name string) {
	for z := html.NewTokenizer(bytes.NewReader(page[:min(len(page), metaBytes)])); ; {
		switch z.Next() {
		case html.ErrorToken:
			return nil, ""
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			switch token.DataAtom {
			case atom.Body:
				return nil, ""
			case atom.Meta:
				if declared, name = charset.Lookup(charsetOf(token.Attr)); declared != nil {
					if strings.HasPrefix(name, "utf-16") { // then the tag could not have been read
						return charset.Lookup("utf-8")
					}
					return declared, name
				}
			}
		}
	}
}

// charsetOf returns the charset that a meta element with these attributes
// declares; "" if it declares none.
func charsetOf(attributes []html.Attribute) string {
	content, isType := "", false
	for _, a := range attributes {
		switch a.Key {
		case "charset":
			return a.Val
		case "http-equiv":
			isType = strings.EqualFold(a.Val, "Content-Type")
		case "content":
			content = a.Val
		}
	}
	if !isType {
		return ""
	}
	return charsetParameter(content)
}

// charsetParameter returns the charset in a content type as browsers find it,
// who read what no standard allows; "" if there is none.
func charsetParameter(contentType string) string {
	const name = "charset"
	for rest := contentType; len(rest) > len(name); rest = rest[1:] {
		if !strings.EqualFold(rest[:len(name)], name) {
			continue
		}
		value, found := strings.CutPrefix(strings.TrimLeft(rest[len(name):], " \t"), "=")
		if !found {
			continue
		}
		value = strings.TrimLeft(value, " \t\"'")
		if end := strings.IndexAny(value, " \t;,\"'"); end >= 0 {
			value = value[:end]
		}
		return value
	}
	return ""
}
