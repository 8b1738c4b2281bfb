package corpus

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/markusmobius/go-trafilatura"
	"github.com/parquet-go/parquet-go"
	"github.com/therootcompany/xz"
	"golang.org/x/net/html"
)

const measuredPages = "../../shared/data/html/wcxb-dev-300.warc.gz"

// newsTexts returns the texts of the news measured with.
func newsTexts(b *testing.B) (texts []string) {
	for line := range bytes.Lines(measured(b, "en-reuters")) {
		var r struct{ Text string }
		if err := json.Unmarshal(line, &r); err != nil {
			b.Fatal(err)
		}
		texts = append(texts, r.Text)
	}
	return texts
}

func toFile(b *testing.B, name, data string) string {
	path := filepath.Join(b.TempDir(), name)
	if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
		b.Fatal(err)
	}
	return path
}

// bareWARC reads the records of a file of WARC with what Go has for it, and
// does nothing with them. The size is that of the records.
func bareWARC(b *testing.B, path string) (size int64) {
	f, err := os.Open(path)
	if err != nil {
		b.Skip("no data to measure with: ", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	in := bufio.NewReaderSize(z, 64<<10)
	text := textproto.NewReader(in)
	for {
		version, err := text.ReadLine()
		if errors.Is(err, io.EOF) {
			return size
		}
		if version == "" {
			continue
		}
		header, err := text.ReadMIMEHeader()
		if err != nil {
			b.Fatal(err)
		}
		n, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		block := io.LimitReader(in, n)
		if strings.HasPrefix(header.Get("Content-Type"), "application/http") {
			r, err := http.ReadResponse(bufio.NewReader(block), nil)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.ReadAll(r.Body); err != nil {
				b.Fatal(err)
			}
		} else if _, err := io.ReadAll(block); err != nil {
			b.Fatal(err)
		}
		size += n
	}
}

func BenchmarkWARC(b *testing.B) {
	// Pages that are read as plain text, so that no extraction is measured.
	f, err := os.Open(measuredPages)
	if err != nil {
		b.Skip("no data to measure with: ", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	var all bytes.Buffer
	for _, record := range bytes.SplitAfter(data, []byte("\r\n\r\nWARC/1.0\r\n")) {
		record = bytes.TrimSuffix(record, []byte("WARC/1.0\r\n"))
		if len(record) == 0 {
			continue
		}
		if !bytes.HasPrefix(record, warcMagic) {
			record = append([]byte("WARC/1.0\r\n"), record...)
		}
		w := gzip.NewWriter(&all)
		w.Write(bytes.Replace(record, []byte("Type: text/html\r\n"), []byte("Type:text/plain\r\n"), 1)) // of the same length
		w.Close()
	}
	compareWARC(b, toFile(b, "a.warc.gz", all.String()))
}

func BenchmarkWET(b *testing.B) {
	var all strings.Builder
	for i, text := range newsTexts(b) {
		all.WriteString(gz(conversion(fmt.Sprint("http://a/", i), text)))
	}
	compareWARC(b, toFile(b, "a.wet.gz", all.String()))
}

func compareWARC(b *testing.B, path string) {
	size := bareWARC(b, path)
	b.Run("bare", func(b *testing.B) {
		defer inBytes(b, size)()
		for b.Loop() {
			bareWARC(b, path)
		}
	})
	b.Run("read", func(b *testing.B) { readAll(b, 1, path, size) })
}

func BenchmarkParquet(b *testing.B) {
	var rows []row
	size := 0
	for i, text := range newsTexts(b) {
		rows = append(rows, rowOf(fmt.Sprint(i), text))
		size += len(text)
	}
	path := toFile(b, "a.parquet", parqueted(5000, rows...))
	b.Run("bare", func(b *testing.B) {
		defer inBytes(b, int64(size))()
		for b.Loop() {
			bareParquet(b, path, "id", "text", "url", "date")
		}
	})
	b.Run("read", func(b *testing.B) { readAll(b, 1, path, int64(size)) })
}

// bareParquet reads the values of some columns and does nothing with them.
func bareParquet(b *testing.B, path string, names ...string) {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	file, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		b.Fatal(err)
	}
	values := make([]parquet.Value, 128)
	for _, group := range file.RowGroups() {
		for _, name := range names {
			pages := group.ColumnChunks()[file.Root().Column(name).Index()].Pages()
			for {
				page, err := pages.ReadPage()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					b.Fatal(err)
				}
				for r := page.Values(); ; {
					if _, err := r.ReadValues(values); err != nil {
						break
					}
				}
				parquet.Release(page)
			}
			pages.Close()
		}
	}
}

// BenchmarkHTML reads pages from WARC, and compares with the extractor alone.
func BenchmarkHTML(b *testing.B) {
	f, err := os.Open(measuredPages)
	if err != nil {
		b.Skip("no data to measure with: ", err)
	}
	defer f.Close()
	var pages []string
	size := 0
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	for _, record := range bytes.Split(data, []byte("WARC/1.0\r\n"))[1:] {
		_, block, _ := bytes.Cut(record, []byte("\r\n\r\n"))
		_, page, _ := bytes.Cut(block, []byte("\r\n\r\n"))
		pages = append(pages, string(page))
		size += len(page)
	}
	b.Run("bare", func(b *testing.B) {
		defer inBytes(b, int64(size))()
		for b.Loop() {
			for _, page := range pages {
				doc, err := html.Parse(strings.NewReader(page))
				if err != nil {
					b.Fatal(err)
				}
				_, _ = trafilatura.ExtractDocument(doc, trafilatura.Options{EnableFallback: true, HtmlDateMode: trafilatura.Fast, ExcludeComments: true})
			}
		}
	})
	b.Run("read", func(b *testing.B) { readAll(b, 1, measuredPages, int64(size)) })
}

// BenchmarkCompressed reads JSON Lines in each compression, and compares with
// the decompressor alone.
func BenchmarkCompressed(b *testing.B) {
	data := string(measured(b, "en-reuters"))
	bare := map[string]func(io.Reader) (io.Reader, error){
		"gz":  func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"zst": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r, zstd.WithDecoderConcurrency(1)) },
		"xz":  func(r io.Reader) (io.Reader, error) { return xz.NewReader(r, 0) },
	}
	for name, packed := range map[string]string{"gz": gz(data), "zst": zst(data), "xz": xzed(data)} {
		path := toFile(b, "a."+name, packed)
		b.Run(name+"/bare", func(b *testing.B) {
			defer inBytes(b, int64(len(data)))()
			for b.Loop() {
				r, err := bare[name](strings.NewReader(packed))
				if err == nil {
					_, err = io.Copy(io.Discard, r)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/read", func(b *testing.B) { readAll(b, 1, path, int64(len(data))) })
	}
}

// BenchmarkArchives reads small texts from archives.
func BenchmarkArchives(b *testing.B) {
	var members []member
	size := 0
	for i, text := range newsTexts(b)[:4000] {
		if strings.TrimSpace(text) != "" {
			members = append(members, member{fmt.Sprintf("%d.txt", i), text})
			size += len(text)
		}
	}
	for name, data := range map[string]string{"tar": tarred(members...), "zip": zipped(zip.Deflate, members...)} {
		path := toFile(b, "a."+name, data)
		b.Run(name, func(b *testing.B) { readAll(b, 1, path, int64(size)) })
	}
}
