package corpus

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http/httputil"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// message is what is known of a document that came over the network.
type message struct {
	url, lang   string
	status      int // of HTTP; 0 means that there was none
	contentType string
	encoding    string // Content-Encoding
	chunked     bool
	cut         bool // known not to be whole
}

// parse reads the header of an HTTP response and returns what follows it;
// nothing if it is none. It takes what real servers send: bare line feeds, and
// lines that are no fields.
func (m *message) parse(data []byte) []byte {
	if !bytes.HasPrefix(data, []byte("HTTP/")) {
		return nil
	}
	end, body := len(data), []byte(nil)
	for _, blank := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(data[:end], []byte(blank)); i >= 0 {
			end, body = i+1, data[i+len(blank):]
		}
	}
	status, header, _ := bytes.Cut(data[:end], newline)
	if words := bytes.Fields(status); len(words) > 1 {
		m.status, _ = strconv.Atoi(string(words[1])) // 0 if it isn't a number, as if there were none
	}
	m.contentType = field(header, "Content-Type")
	m.encoding = strings.ToLower(field(header, "Content-Encoding"))
	m.chunked = strings.Contains(strings.ToLower(field(header, "Transfer-Encoding")), "chunked")
	return body
}

// succeeded reports whether the body is what was asked for: an error page is
// no article.
func (m *message) succeeded() bool { return m.status == 0 || 200 <= m.status && m.status < 300 }

// coded reports whether the body is not the document itself.
func (m *message) coded() bool { return m.chunked || m.encoding != "" }

// charset returns the charset that the content type declares.
func (m *message) charset() string {
	_, params, err := mime.ParseMediaType(m.contentType)
	if err != nil {
		return ""
	}
	return params["charset"]
}

// mediaType returns a content type without its parameters, in small letters.
func mediaType(contentType string) string {
	t, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(t))
}

// body undoes the transfer and content encodings of data, up to a byte more
// than limit. Archives often keep the header of an encoding that they have
// undone themselves: what doesn't look encoded is taken as it is. What comes
// before damage is returned with the error, and without it if it is known that
// the body was cut off.
func (m *message) body(data []byte, limit int64) ([]byte, error) {
	if !m.coded() {
		return data, nil
	}
	var r io.Reader = bytes.NewReader(data)
	coded := false
	if m.chunked && chunkBegins(data) {
		r, coded = httputil.NewChunkedReader(r), true
	}
	names := strings.Split(m.encoding, ",")
	for i := len(names) - 1; i >= 0; i-- {
		decoder, err := decodeContent(strings.TrimSpace(names[i]), &r)
		if err != nil {
			if m.cut {
				return nil, ErrNoArticle
			}
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		if decoder != nil {
			r, coded = decoder, true
		}
	}
	if !coded {
		return data, nil
	}
	var out bytes.Buffer
	_, err := out.ReadFrom(io.LimitReader(r, limit+int64(len(byteOrderMark))+1))
	decoded := out.Bytes()
	switch {
	case err == nil:
		return decoded, nil
	case len(decoded) == 0 && utf8.Valid(data) && !m.cut:
		return data, nil
	}
	decoded = decoded[:wholeRunes(decoded)]
	if m.cut {
		return decoded, nil
	}
	return decoded, fmt.Errorf("%w: %w", ErrDamaged, err)
}

// chunkBegins reports whether data begin with the size of a chunk.
func chunkBegins(data []byte) bool {
	line, _, _ := bytes.Cut(data[:min(len(data), maxHeader)], newline)
	size, _, _ := bytes.Cut(line, []byte{';'})
	_, err := strconv.ParseUint(string(bytes.TrimSpace(size)), 16, 32)
	return err == nil
}

// decodeContent returns a decoder of the content encoding called name on *r, or
// nil if there is nothing to undo. Having looked at the data, it leaves all of
// them in *r.
func decodeContent(name string, r *io.Reader) (io.Reader, error) {
	switch name {
	case "br":
		return brotli.NewReader(*r), nil
	case "gzip", "x-gzip", "deflate", "zstd":
	default:
		return nil, nil
	}
	head := make([]byte, 4)
	n, err := io.ReadFull(*r, head)
	head = head[:n]
	*r = io.MultiReader(bytes.NewReader(head), *r)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	format := formatOf(head)
	switch {
	case format == gzipFormat:
		return gzip.NewReader(*r)
	case format == zstdFormat:
		return zstd.NewReader(*r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	case name != "deflate":
		return nil, nil
	case len(head) > 1 && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0:
		return zlib.NewReader(*r)
	}
	// Bare, as some servers send it.
	return flate.NewReader(*r), nil
}
