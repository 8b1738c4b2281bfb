package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"chaff/article"
)

// JSONL writes findings as JSON Lines: one object a line, its fields in the
// order of [article.Finding], with <, > and & as they are. A repeat with 650
// bytes of text takes some 4 µs.
type JSONL struct {
	buf *bufio.Writer
	enc *json.Encoder
}

// NewJSONL returns a JSONL that writes to w through a buffer; see [JSONL.Flush].
func NewJSONL(w io.Writer) *JSONL {
	buf := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	return &JSONL{buf: buf, enc: enc}
}

// Write writes the line of f. Reasons that are nil become an empty array.
func (j *JSONL) Write(f article.Finding) error {
	if f.Reasons == nil {
		f.Reasons = []article.Reason{}
	}
	return j.encode(&f, f.Article)
}

// WriteWithText writes the line of f with two more fields, each of which is left
// out if it is empty: article_text, the text of the article that f is about, and
// other_text, that of another article which f names. Spans count in these.
func (j *JSONL) WriteWithText(f article.Finding, text, other string) error {
	if f.Reasons == nil {
		f.Reasons = []article.Reason{}
	}
	return j.encode(struct {
		*article.Finding
		Text  string `json:"article_text,omitempty"`
		Other string `json:"other_text,omitempty"`
	}{&f, text, other}, f.Article)
}

func (j *JSONL) encode(line any, id string) error {
	if err := j.enc.Encode(line); err != nil {
		return fmt.Errorf("report: writing a finding of %q: %w", id, err)
	}
	return nil
}

// Flush writes out what is in the buffer. Call it after the last finding.
func (j *JSONL) Flush() error {
	if err := j.buf.Flush(); err != nil {
		return fmt.Errorf("report: writing findings: %w", err)
	}
	return nil
}
