package corpus

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// A WARC file (ISO 28500) is a list of records, each a version line, fields, a
// blank line, a block as long as a field says, and two line ends. The records
// are usually compressed with gzip one by one, which is one stream all the same.
//
// An article is made of a response that succeeded, of a resource and of a
// conversion (Common Crawl's WET), if it is HTML or plain text. Requests,
// metadata, revisits (whose content stands elsewhere) and other types of content
// are passed over. The id of an article is the number of its record, counted
// from 1 over records of every kind, because an address may come twice.

var warcMagic = []byte("WARC/")

// maxHeader is the length of the longest header read, of a record or of a
// message of HTTP, in bytes; servers refuse more than 8 KiB to 64 KiB.
const maxHeader = 64 << 10

// warc reads a stream of records, which is buffered by in.
func (f *feeder) warc(s *stream, in *bufio.Reader) error {
	s.file, s.packed = nil, true
	given := false
	for number := 1; ; number++ {
		header, err := readHeader(in, f.header[:0])
		f.header = header
		switch {
		case errors.Is(err, io.EOF) && !given:
			return ErrNoArticle
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return s.damage(err)
		}
		length, err := strconv.ParseInt(field(header, "Content-Length"), 10, 64)
		if !bytes.HasPrefix(header, warcMagic) || err != nil || length < 0 {
			return fmt.Errorf("%w: no record %d where it should begin", ErrDamaged, number)
		}
		block := &io.LimitedReader{R: in, N: length}
		if wantedRecord(header) {
			record := s.part("#"+strconv.Itoa(number), block, length)
			sent, err := f.record(record, header)
			if err = f.told(record.path, err); err != nil {
				return err
			}
			given = given || sent
		}
		if _, err := io.Copy(io.Discard, block); err != nil {
			return s.damage(err)
		}
		if block.N > 0 {
			return s.damage(io.ErrUnexpectedEOF)
		}
	}
}

// wantedRecord reports whether a record with this header may hold an article.
func wantedRecord(header []byte) bool {
	switch strings.ToLower(field(header, "WARC-Type")) {
	case "response", "resource", "conversion", "continuation":
		return true
	}
	return false
}

// record sends the article in the block that s holds, if there is one. What is
// cut off is sent as far as it goes: reading on tells that it was cut off.
func (f *feeder) record(s *stream, header []byte) (sent bool, err error) {
	c := f.corpus
	if strings.EqualFold(field(header, "WARC-Type"), "continuation") {
		return true, ErrSegment
	}
	limit := c.opts.MaxArticle + maxHeader
	buf := c.buffer(0)
	n, err := s.fill(buf, 0)
	if s.size <= limit {
		buf, n, _ = f.whole(s, buf, n, err, limit)
	}
	m := &message{
		url:         strings.Trim(field(header, "WARC-Target-URI"), "<>"),
		contentType: field(header, "Content-Type"),
		cut:         field(header, "WARC-Truncated") != "" || int64(n) < s.size,
		lang:        onlyLanguage(field(header, "WARC-Identified-Content-Language")),
	}
	data := buf[:n]
	if mediaType(m.contentType) == "application/http" {
		data = m.parse(data)
	}
	if m.contentType == "" {
		m.contentType = field(header, "WARC-Identified-Payload-Type")
	}
	kind, wanted := kindOfType(m.contentType)
	switch {
	case !wanted || !m.succeeded():
		c.recycle(buf)
		return false, nil
	case s.size > limit:
		c.recycle(buf)
		return true, fmt.Errorf("%w: a record of %d bytes", ErrTooLarge, s.size)
	case len(data) == 0:
		c.recycle(buf)
		return false, nil
	}
	if m.cut && !m.coded() {
		data = data[:wholeRunes(data)]
	}
	return true, f.sendDocument(s, chunk{kind: kind, buf: buf, data: data, message: m, ragged: int64(n) < s.size})
}

// kindOfType tells how a payload is read by its content type, and whether it is.
func kindOfType(contentType string) (kind, bool) {
	switch mediaType(contentType) {
	case "text/html", "application/xhtml+xml":
		return page, true
	case "text/plain":
		return text, true
	case "":
		return unknown, true
	}
	return unknown, false
}

// readHeader reads lines up to a blank one and appends them to header. It fails
// with io.EOF if there is nothing but blank lines.
func readHeader(in *bufio.Reader, header []byte) ([]byte, error) {
	for {
		line, err := in.ReadSlice('\n')
		if len(bytes.TrimRight(line, "\r\n")) == 0 && (err == nil || len(header) == 0) {
			if len(header) > 0 || err != nil {
				return header, err
			}
			continue // the end of the record before
		}
		header = append(header, line...)
		switch {
		case errors.Is(err, io.EOF):
			return header, io.ErrUnexpectedEOF
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return header, err
		case len(header) > maxHeader:
			return header, fmt.Errorf("a header of more than %d bytes", maxHeader)
		}
	}
}

// field returns the value of the first field called name; "" if there is none.
// Lines that are no fields are passed over.
func field(header []byte, name string) string {
	for line := range bytes.Lines(header) {
		if len(line) > len(name) && line[len(name)] == ':' && strings.EqualFold(view(line[:len(name)]), name) {
			return string(bytes.TrimSpace(line[len(name)+1:]))
		}
	}
	return ""
}

// onlyLanguage returns a language that a crawler gave by its code of three
// letters, if it gave one only.
func onlyLanguage(code string) string {
	if len(code) != 3 {
		return ""
	}
	base, err := language.ParseBase(code)
	if err != nil {
		return ""
	}
	return base.String()
}
