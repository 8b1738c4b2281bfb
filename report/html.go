package report

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"

	"chaff/article"
)

//go:embed page.css
var style string

//go:embed html.tmpl
var markup string

var templates = template.Must(template.New("").Parse(markup))

// policy is what a document of ours may do: show itself by our style, and nothing else.
var policy = fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'", base64.StdEncoding.EncodeToString(hash(style)))

func hash(s string) []byte {
	h := sha256.Sum256([]byte(s))
	return h[:]
}

// head is what a document begins with.
type head struct {
	Title  string
	Policy string
	Style  template.CSS
}

func newHead(title, policy string) head {
	return head{Title: title, Policy: policy, Style: template.CSS(style)}
}

// HTML writes findings as one HTML document that needs nothing else: no script, no file,
// no network. It tells what [Text] tells, with the whole passages. All that comes from an
// article is escaped; characters that could not be seen, or make text run the other
// way, show as [Printable] shows them.
type HTML struct {
	w       *bufio.Writer
	begun   bool
	article string // of the last finding
	tally   tally
	failed  error
}

// NewHTML returns an HTML that writes to w through a buffer; see [HTML.Close].
func NewHTML(w io.Writer) *HTML { return &HTML{w: bufio.NewWriterSize(w, 64<<10)} }

// Write writes f. Findings of one article must come one after the other.
func (h *HTML) Write(f article.Finding) error {
	h.begin()
	if h.tally.findings == 0 || f.Article != h.article {
		h.end()
		h.article = f.Article
		h.part("article", Printable(f.Article))
	}
	h.tally.add(&f)
	h.part("finding", newShown(h.tally.findings, &f))
	return h.err("a finding")
}

// Close writes the summary, the end of the document, and what is left in the buffer. The
// writer that HTML writes to stays open.
func (h *HTML) Close(s Summary) error {
	h.begin()
	h.end()
	lines := h.tally.lines(s)
	h.part("summary", struct {
		First string
		Rest  []string
	}{lines[0], lines[1:]})
	if h.failed == nil {
		_, h.failed = h.w.WriteString("</main>\n")
	}
	h.part("foot", nil)
	if h.failed == nil {
		h.failed = h.w.Flush()
	}
	return h.err("the summary")
}

// begin writes the head of the document, once.
func (h *HTML) begin() {
	if h.begun {
		return
	}
	h.begun = true
	h.part("head", newHead("What chaff found", policy))
	if h.failed == nil {
		_, h.failed = h.w.WriteString("<header>\n<h1>What chaff found</h1>\n</header>\n<main>\n")
	}
}

// end ends the findings of an article, if there are any.
func (h *HTML) end() {
	if h.tally.findings > 0 {
		h.part("articleEnd", nil)
	}
}

func (h *HTML) part(name string, data any) {
	if h.failed == nil {
		h.failed = templates.ExecuteTemplate(h.w, name, data)
	}
}

func (h *HTML) err(what string) error {
	if h.failed != nil {
		return fmt.Errorf("report: writing %s: %w", what, h.failed)
	}
	return nil
}

// shown is a finding as a document shows it.
type shown struct {
	Number       int
	Kind         string
	Class        string
	What         string
	Passage      string
	Facts        []string // likeness, shared passages
	For, Against []string // reasons
	Place        bool     // its place in the text is shown as well
}

func newShown(number int, f *article.Finding) shown {
	s := shown{Number: number, Kind: Printable(string(f.Kind)), Class: class(f.Kind), What: what(f), Passage: printableLines(f.Text), Facts: facts(f)}
	for _, r := range f.Reasons {
		line := Printable(r.Signal)
		if r.Evidence != "" {
			line += " (" + firstWords(r.Evidence, evidenceWidth) + ")"
		}
		if r.Weight != 0 {
			line += fmt.Sprintf(", weight %+.1f", r.Weight)
		}
		if r.Weight < 0 {
			s.Against = append(s.Against, line)
		} else {
			s.For = append(s.For, line)
		}
	}
	return s
}

// class returns the style of a kind; an unknown one has none.
func class(k article.Kind) string {
	if slices.Contains(article.Kinds, k) {
		return string(k)
	}
	return ""
}
