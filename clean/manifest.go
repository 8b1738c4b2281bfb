package clean

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"chaff/article"
)

// Version is the version of the manifest's format.
const Version = 1

// magic is the first field of a manifest; see [corpus.ManifestStart].
const magic = "clean manifest"

// The types of the lines after the first.
const (
	fileType   = "file"
	changeType = "record"
	pieceType  = "bytes"
	endType    = "end"
)

// Header is the first line of a manifest.
type Header struct {
	Chaff    string   `json:"chaff"` // "clean manifest"
	Version  int      `json:"version"`
	Paths    []string `json:"paths"` // as they were given
	Settings Settings `json:"options"`
}

// Settings are what decided on what was taken away.
type Settings struct {
	KeepDuplicates bool    `json:"keep_duplicates"`
	Jaccard        float64 `json:"jaccard"`
	Containment    float64 `json:"containment"` // 0 if it was not asked for
	ShingleSize    int     `json:"shingle_size"`
	Engine         string  `json:"engine"`
	Segmenter      string  `json:"segmenter"`
	// Tier is the least sure one of the off-topic findings that were taken away;
	// empty if none was.
	Tier article.Tier `json:"tier,omitempty"`
	// Profile is the file of the profile; empty for the built-in one.
	Profile string `json:"profile,omitempty"`
}

func newHeader(o Options) Header {
	return Header{Chaff: magic, Version: Version, Paths: o.Paths, Settings: o.Settings}
}

// File is a source. Strings that are not UTF-8 stand in the field for Base64.
type File struct {
	Type string `json:"type"` // "file"
	// Path is where the source stands below the PATHs, with slashes, and where
	// it is restored to.
	Path       string `json:"path,omitempty"`
	PathBase64 string `json:"path_base64,omitempty"`
	// Source is the path by which it was read.
	Source       string `json:"source,omitempty"`
	SourceBase64 string `json:"source_base64,omitempty"`
	// Output is where it stands in the cleaned folder; empty if it doesn't.
	Output       string `json:"output,omitempty"`
	OutputBase64 string `json:"output_base64,omitempty"`
	// Skipped says why it could not be read; then there is nothing else.
	Skipped string `json:"skipped,omitempty"`
	// Holds is "text" for one article, "page" for one in HTML, "lines" for JSON Lines, and "other" for all
	// that is copied as it is.
	Holds string `json:"holds,omitempty"`
	// SHA256, hexadecimal, and Bytes are of the original file.
	SHA256 string `json:"sha256,omitempty"`
	Bytes  int64  `json:"bytes"`
	// Articles is how many it holds, Changed how many lines of changes follow.
	Articles int `json:"articles"`
	Changed  int `json:"changed"`
	// Kept says that the whole original follows after the changes, in pieces.
	Kept bool `json:"kept,omitempty"`
}

func (f *File) output() string {
	b, _ := bytesOf(f.Output, f.OutputBase64)
	return string(b)
}

// Action is what was done to a record.
type Action string

// The actions.
const (
	Cut  Action = "cut"  // parts of its text were taken away
	Drop Action = "drop" // all of it was
)

// Change is a record that isn't written as it was.
type Change struct {
	Type       string `json:"type"` // "record"
	Path       string `json:"path,omitempty"`
	PathBase64 string `json:"path_base64,omitempty"`
	// Line is where the record begins in the source, from 1.
	Line   int    `json:"line"`
	ID     string `json:"id"`
	Action Action `json:"action"`
	// Cuts are what was cut out of the text.
	Cuts []CutSpan `json:"cuts,omitempty"`
	// Of an article that was dropped: the id of the one that stands for it, and
	// how the two are related, as in a finding.
	Representative string           `json:"representative,omitempty"`
	Relation       article.Relation `json:"relation,omitempty"`
	Jaccard        float64          `json:"jaccard,omitempty"`
	Containment    float64          `json:"containment,omitempty"`
	// Original is the record as it was, with its line end.
	Original       string `json:"original,omitempty"`
	OriginalBase64 string `json:"original_base64,omitempty"`
}

// CutSpan is a part that was cut out of a text.
type CutSpan struct {
	// Span is where it stood in the text as it was read, in bytes, with the
	// white space that went with it.
	Span    article.Span `json:"span"`
	Text    string       `json:"text"`
	Reasons []CutReason  `json:"reasons"`
}

// CutReason is a finding that asked for a cut.
type CutReason struct {
	Kind  article.Kind  `json:"kind"`
	Label article.Label `json:"label,omitempty"`
	Tier  article.Tier  `json:"tier,omitempty"`
	Span  article.Span  `json:"span"`
	// First is where the first copy of a repeat stands in the text as it was read.
	First   *article.Span `json:"first,omitempty"`
	Signals []string      `json:"signals,omitempty"`
}

// Piece is a part of an original, in order.
type Piece struct {
	Type   string `json:"type"` // "bytes"
	Base64 string `json:"base64"`
}

// End is the last line.
type End struct {
	Type     string `json:"type"` // "end"
	Files    int    `json:"files"`
	Skipped  int    `json:"skipped"`
	Articles int    `json:"articles"`
	Cut      int    `json:"cut"`
	Dropped  int    `json:"dropped"`
	Saved    int64  `json:"saved"`
}

func newEnd(s Summary) End {
	return End{endType, s.Files, s.Skipped, s.Articles, s.Cut, s.Dropped, s.Saved}
}

// manifest writes lines.
type manifest struct {
	buf *bufio.Writer
	enc *json.Encoder
}

func newManifest(w io.Writer) *manifest {
	m := &manifest{buf: bufio.NewWriterSize(w, 64<<10)}
	m.enc = json.NewEncoder(m.buf)
	m.enc.SetEscapeHTML(false)
	return m
}

func (m *manifest) write(line any) error { return m.enc.Encode(line) }

// scratchSize is how many bytes of lines are kept in memory before they go to the
// scratch file. Most sources have fewer: 3,000 small files, half of them changed,
// cost 1.2 s of system time, and 2.3 s where each change goes through the file.
const scratchSize = 1 << 20

// scratch keeps lines until they may go into the manifest.
type scratch struct {
	file *os.File
	size int64 // written to file
	rest bytes.Buffer
	enc  *json.Encoder
}

func newScratch(file *os.File) *scratch {
	s := &scratch{file: file}
	s.enc = json.NewEncoder(&s.rest)
	s.enc.SetEscapeHTML(false)
	return s
}

func (s *scratch) write(line any) error {
	if err := s.enc.Encode(line); err != nil || s.rest.Len() < scratchSize {
		return err
	}
	n, err := s.file.WriteAt(s.rest.Bytes(), s.size)
	s.size += int64(n)
	s.rest.Reset()
	return err
}

// reset forgets what was written.
func (s *scratch) reset() {
	s.size = 0
	s.rest.Reset()
}

// moveTo appends what was written to m.
func (s *scratch) moveTo(m *manifest) error {
	if _, err := io.Copy(m.buf, io.NewSectionReader(s.file, 0, s.size)); err != nil {
		return err
	}
	_, err := m.buf.Write(s.rest.Bytes())
	return err
}

// pieces writes what is written to it into the manifest, a line each time.
type pieces struct{ manifest *manifest }

func (p *pieces) Write(b []byte) (int, error) {
	return len(b), p.manifest.write(Piece{pieceType, base64.StdEncoding.EncodeToString(b)})
}

// ErrManifest is wrapped by what is wrong with a manifest.
var ErrManifest = errors.New("not a whole manifest of a cleaned folder")

// lineReader reads the lines of a manifest.
type lineReader struct {
	from *bufio.Reader
	line int
}

// header reads the first line.
func (r *lineReader) header() (h Header, err error) {
	b, err := r.next()
	if err != nil {
		return h, err
	}
	if json.Unmarshal(b, &h) != nil || h.Chaff != magic {
		return h, r.wrong("no header")
	}
	if h.Version != Version {
		return h, r.wrong(fmt.Sprintf("version %d, not %d", h.Version, Version))
	}
	return h, nil
}

// next returns the next line.
func (r *lineReader) next() ([]byte, error) {
	b, err := r.from.ReadBytes('\n')
	r.line++
	if errors.Is(err, io.EOF) {
		return nil, r.wrong("it ends too early")
	}
	return b, err
}

// read returns the next line: a *File, *Change, *Piece or *End.
func (r *lineReader) read() (any, error) {
	b, err := r.next()
	if err != nil {
		return nil, err
	}
	var kind struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(b, &kind); err != nil {
		return nil, r.wrong(err.Error())
	}
	var line any
	switch kind.Type {
	case fileType:
		line = new(File)
	case changeType:
		line = new(Change)
	case pieceType:
		line = new(Piece)
	case endType:
		line = new(End)
	default:
		return nil, r.wrong(fmt.Sprintf("a line of type %q", kind.Type))
	}
	if err := json.Unmarshal(b, line); err != nil {
		return nil, r.wrong(err.Error())
	}
	return line, nil
}

func (r *lineReader) wrong(what string) error {
	return fmt.Errorf("%w: line %d: %s", ErrManifest, r.line, what)
}
