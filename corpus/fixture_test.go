package corpus

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
)

// What the tests read is made here, so that each byte of it is known.

func zst(s string) string {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return string(w.EncodeAll([]byte(s), nil))
}

func br(s string) string {
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func zlibbed(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func deflated(s string) string {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, 6)
	if err != nil {
		panic(err)
	}
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

// xzed writes s as xz does where it finds nothing to compress: one block of
// stored chunks, with a CRC32.
func xzed(s string) string {
	sum := func(b []byte) []byte { return binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(b)) }
	pad := func(b []byte) []byte {
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
		return b
	}
	flags := []byte{0, 1} // CRC32
	out := append([]byte("\xfd7zXZ\x00"), flags...)
	out = append(out, sum(flags)...)
	header := []byte{2, 0, 0x21, 1, 8, 0, 0, 0} // 12 bytes with the sum; LZMA2 with 64 KiB
	block := append(header, sum(header)...)
	for rest := []byte(s); len(rest) > 0; {
		n := min(len(rest), 1<<16)
		control := byte(2)
		if len(rest) == len(s) {
			control = 1 // a new dictionary
		}
		block = append(block, control, byte((n-1)>>8), byte(n-1))
		block = append(block, rest[:n]...)
		rest = rest[n:]
	}
	block = append(block, 0)
	unpadded := len(block) + 4
	block = append(pad(block), sum([]byte(s))...)
	out = append(out, block...)
	index := binary.AppendUvarint(binary.AppendUvarint([]byte{0, 1}, uint64(unpadded)), uint64(len(s)))
	index = pad(index)
	index = append(index, sum(index)...)
	out = append(out, index...)
	footer := append(binary.LittleEndian.AppendUint32(nil, uint32(len(index)/4-1)), flags...)
	out = append(out, sum(footer)...)
	return string(append(append(out, footer...), "YZ"...))
}

// Go has no encoder of bzip2. These are the first two records of threeRecords
// and the last one, compressed by the command.
const (
	bzippedTwo = "QlpoOTFBWSZTWcx6gC0AADHfgAAQUAUwEAAiBAA+7dzqIABAlRNqnpqGnp6p6jCZp5UMYACYAAmOai++NZcpatcyZMwHMxRS74QhaMTdr5IKXPsb0lp3m1oaeeaipjXpliidRsiNSTOSyKGJJxD+LuSKcKEhmPUAWg=="
	bzippedOne = "QlpoOTFBWSZTWZy+M4YAABNdgAAQUAUIEAABPmGEaiAAIpkDQAeiFGjIGjTI0ZcpUwbWveZOd1RwhAY6SH4K0krlo/F3JFOFCQnL4zhg"
)

const threeRecords = `{"id":"1","text":"The bridge was closed on Monday."}
{"id":"2","text":"It opened again a week later."}
{"id":"3","text":"Nobody had noticed."}
`

func bzipped() string { return fromBase64(bzippedTwo) + bzipOne() }

func bzipOne() string { return fromBase64(bzippedOne) }

func fromBase64(s string) string {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

type member struct{ name, data string }

func tarred(members ...member) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range members {
		h := &tar.Header{Name: m.name, Mode: 0o644, Size: int64(len(m.data)), Typeflag: tar.TypeReg}
		if strings.HasSuffix(m.name, "/") {
			h.Typeflag = tar.TypeDir
		}
		if err := w.WriteHeader(h); err != nil {
			panic(err)
		}
		w.Write([]byte(m.data))
	}
	w.Close()
	return b.String()
}

func zipped(method uint16, members ...member) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		var out interface{ Write([]byte) (int, error) }
		var err error
		if method == zip.Store { // with the sizes in front
			h := &zip.FileHeader{Name: m.name, Method: method, CRC32: crc32.ChecksumIEEE([]byte(m.data))}
			h.CompressedSize64, h.UncompressedSize64 = uint64(len(m.data)), uint64(len(m.data))
			out, err = w.CreateRaw(h)
		} else {
			out, err = w.CreateHeader(&zip.FileHeader{Name: m.name, Method: method})
		}
		if err != nil {
			panic(err)
		}
		out.Write([]byte(m.data))
	}
	w.Close()
	return b.String()
}

// record returns a record of WARC; each field has its line end.
func warcRecord(kind, fields, block string) string {
	return fmt.Sprintf("WARC/1.0\r\nWARC-Type: %s\r\n%sContent-Length: %d\r\n\r\n%s\r\n\r\n", kind, fields, len(block), block)
}

// response returns the record of a page that was fetched.
func response(uri, header, body string) string {
	return warcRecord("response", "WARC-Target-URI: "+uri+"\r\nContent-Type: application/http; msgtype=response\r\n",
		"HTTP/1.1 200 OK\r\n"+header+"\r\n"+body)
}

// conversion returns a record of WET.
func conversion(uri, text string) string {
	return warcRecord("conversion", "WARC-Target-URI: "+uri+"\r\nWARC-Identified-Content-Language: eng\r\nContent-Type: text/plain\r\n", text)
}

type row struct {
	ID   *string `parquet:"id,optional"`
	Text *string `parquet:"text,optional"`
	URL  string  `parquet:"url"`
	Date string  `parquet:"date"`
	Size int64   `parquet:"size"`
}

func parqueted[T any](perGroup int64, rows ...T) string {
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, parquet.MaxRowsPerRowGroup(perGroup), parquet.Compression(&parquet.Zstd))
	if _, err := w.Write(rows); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func rowOf(id, text string) row {
	return row{ID: &id, Text: &text, URL: "https://example.org/" + id, Date: "2006-01-02"}
}

// chunkedBody encodes s for transfer in chunks of n bytes.
func chunkedBody(s string, n int) string {
	var b strings.Builder
	for len(s) > 0 {
		part := s[:min(n, len(s))]
		fmt.Fprintf(&b, "%x\r\n%s\r\n", len(part), part)
		s = s[len(part):]
	}
	return b.String() + "0\r\n\r\n"
}

// htmlPage returns a page that an article can be found in.
func htmlPage(title string, paragraphs ...string) string {
	return `<!DOCTYPE html><html lang="en-GB"><head><title>` + title + `</title>
<meta property="og:site_name" content="The Example"><meta property="article:published_time" content="2006-01-02T15:04:05Z"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav><article><h1>` + title + `</h1>
<p>` + strings.Join(paragraphs, "</p>\n<p>") + `</p></article><footer>© The Example. <a href="/imprint">Imprint</a></footer></body></html>`
}

var mill = []string{
	"The mill by the bridge was sold on Monday to a company that wants to grind mustard there again, as it was done for two hundred years.",
	"Its wheel has stood still for sixty years and has lost eleven of its paddles to the <a href='/river'>river</a> and to boys who needed rafts.",
	"The new owners say that they will begin with the roof, because the rain that comes in has already taken most of the floor above the stones.",
}

// plainMill is the text of mill.
func plainMill() string {
	return strings.NewReplacer("<a href='/river'>", "", "</a>", "").Replace(strings.Join(mill, "\n\n"))
}
