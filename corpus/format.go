package corpus

import (
	"bufio"
	"bytes"
	"path"
	"strconv"
	"strings"
)

// format is what the first bytes of a stream say it is.
type format uint8

const (
	plainFormat format = iota // no container: text, HTML or JSON Lines
	gzipFormat
	zstdFormat
	bzip2Format
	xzFormat
	tarFormat
	zipFormat
	warcFormat
	parquetFormat
)

// sniffed is how many bytes tell a format: a header of tar.
const sniffed = 512

// formats are told by how they begin.
var formats = []struct {
	begin string
	format
}{
	{"\x1f\x8b", gzipFormat},
	{"\x28\xb5\x2f\xfd", zstdFormat},
	{"\xfd7zXZ\x00", xzFormat},
	{"PK\x03\x04", zipFormat},
	{"PK\x05\x06", zipFormat}, // without a member
	{"PAR1", parquetFormat},
}

// formatOf tells the format of a stream from its head.
func formatOf(head []byte) format {
	for _, f := range formats {
		if bytes.HasPrefix(head, []byte(f.begin)) {
			return f.format
		}
	}
	switch {
	case len(head) > 10 && string(head[:3]) == "BZh" && '1' <= head[3] && head[3] <= '9' &&
		(string(head[4:10]) == "1AY&SY" || string(head[4:10]) == "\x17rE8P\x90"): // a block, or the end
		return bzip2Format
	case len(head) >= 4 && head[0]&0xf0 == 0x50 && string(head[1:4]) == "\x2a\x4d\x18": // a frame to skip
		return zstdFormat
	case warcBegin(head):
		return warcFormat
	case tarHeader(head):
		return tarFormat
	}
	return plainFormat
}

// warcBegin reports whether head is a WARC version followed by a field.
func warcBegin(head []byte) bool {
	version, rest, found := bytes.Cut(head, newline)
	if !found || !bytes.HasPrefix(version, warcMagic) {
		return false
	}
	field, _, _ := bytes.Cut(rest, newline)
	name, _, found := bytes.Cut(field, []byte{':'})
	return found && (len(name) > 5 && strings.EqualFold(string(name[:5]), "WARC-") || strings.EqualFold(string(name), "Content-Length") || strings.EqualFold(string(name), "Content-Type"))
}

// tarHeader reports whether head is a block whose checksum is right, which
// holds for every kind of tar.
func tarHeader(head []byte) bool {
	const from, to = 148, 156 // where the checksum stands, as octal digits
	if len(head) < sniffed {
		return false
	}
	field := strings.Trim(string(head[from:to]), " \x00")
	want, err := strconv.ParseInt(field, 8, 32)
	if err != nil {
		return false
	}
	sum := int64(' ' * (to - from))
	for i, c := range head[:sniffed] {
		if i < from || i >= to {
			sum += int64(c)
		}
	}
	return sum == want
}

// peek returns the head of in without consuming it. A live stream is waited
// for only if it can't be JSON Lines, which are handed on record by record.
func peek(in *bufio.Reader, live bool) []byte {
	head, _ := in.Peek(1)
	if live && (len(head) == 0 || isSpace(head[0]) || head[0] == '{' || head[0] == byteOrderMark[0]) {
		return head
	}
	head, _ = in.Peek(sniffed)
	return head
}

// kindOf tells what a stream that is no container holds from its name and its
// head, which is UTF-8 or in a charset that ASCII is a part of.
func kindOf(s *stream, head []byte, whole bool) kind {
	ext := extension(s.path)
	switch {
	case ext == ".jsonl" || ext == ".ndjson", looksLikeLines(head, whole), s.live && (hasRecord(head) || blank(head)):
		return lines
	case looksLikeHTML(head), htmlNames[ext] && hasTag(head):
		return page
	}
	return text
}

var htmlNames = map[string]bool{".html": true, ".htm": true, ".xhtml": true, ".shtml": true}

// extension returns the last extension of a name that doesn't stand for a
// compression, in small letters.
func extension(name string) string {
	name = strings.ToLower(name)
	ext := path.Ext(name)
	switch ext {
	case ".gz", ".zst", ".bz2", ".xz":
		return path.Ext(strings.TrimSuffix(name, ext))
	}
	return ext
}

// looksLikeLines reports whether the first line that isn't blank is a JSON
// object, or begins like one if it isn't wholly in head.
func looksLikeLines(head []byte, whole bool) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, byteOrderMark), " \t\r\n")
	if len(head) == 0 || head[0] != '{' {
		return false
	}
	line, _, ended := bytes.Cut(head, newline)
	if ended || whole {
		return isObject(line)
	}
	name := bytes.TrimLeft(line[1:], " \t")
	if len(name) == 0 || name[0] != '"' {
		return false
	}
	_, after, found := bytes.Cut(name[1:], []byte{'"'})
	return found && bytes.HasPrefix(bytes.TrimLeft(after, " \t"), []byte{':'})
}

// hasRecord reports whether a line in head begins like a JSON object.
func hasRecord(head []byte) bool {
	for line := range bytes.Lines(bytes.TrimPrefix(head, byteOrderMark)) {
		if line = bytes.TrimLeft(line, " \t"); len(line) > 0 && line[0] == '{' {
			return true
		}
	}
	return false
}

// looksLikeHTML reports whether the first thing in head, but for white space,
// comments and an XML declaration, is a document type or tag that pages of HTML
// begin with.
func looksLikeHTML(head []byte) bool {
	head = head[:min(len(head), sampled)]
	head = bytes.TrimPrefix(head, byteOrderMark)
	for {
		head = bytes.TrimLeft(head, " \t\r\n\f")
		end := ""
		switch {
		case bytes.HasPrefix(head, []byte("<!--")):
			end = "-->"
		case bytes.HasPrefix(head, []byte("<?")):
			end = ">"
		}
		if end == "" {
			break
		}
		_, rest, found := bytes.Cut(head, []byte(end))
		if !found {
			return false
		}
		head = rest
	}
	for _, begin := range []string{"<!doctype html", "<html", "<head", "<body"} {
		if len(head) > len(begin) && strings.EqualFold(string(head[:len(begin)]), begin) {
			switch head[len(begin)] {
			case '>', ' ', '\t', '\r', '\n', '\f', '/':
				return true
			}
		}
	}
	return false
}

// hasTag reports whether a tag begins in head.
func hasTag(head []byte) bool {
	for {
		i := bytes.IndexByte(head, '<')
		if i < 0 || i+1 == len(head) {
			return false
		}
		head = head[i+1:]
		if c := head[0] | 0x20; 'a' <= c && c <= 'z' || head[0] == '!' {
			return true
		}
	}
}
