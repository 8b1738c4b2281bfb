package report

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"

	"chaff/article"
)

// TextOptions is how a [Text] looks. The zero value writes plain text for 80 columns.
type TextOptions struct {
	// Width is how many columns the reader has; 0 means 80, less than 40 is taken as 40.
	Width int
	// Color permits ANSI colour sequences. Without it no escape sequence is written.
	Color bool
}

// Text writes findings for a person to read: article by article, what was
// found, where, the first words of it, why, and at the end a summary. Lines
// and paragraphs are counted from 1. Nothing of an article's text, its id
// or a reason reaches the reader but through [Printable].
type Text struct {
	w       *bufio.Writer
	width   int
	color   bool
	begun   bool   // something is written
	article string // of the last finding
	tally   tally
}

// NewText returns a Text that writes to w through a buffer; see [Text.Close].
func NewText(w io.Writer, o TextOptions) *Text {
	if o.Width == 0 {
		o.Width = 80
	}
	return &Text{w: bufio.NewWriterSize(w, 64<<10), width: max(40, o.Width), color: o.Color}
}

// The layout: the kind stands in a column of its own, everything else beside it.
const (
	kindColumn = 2
	bodyColumn = kindColumn + len("near-duplicate") + 2
)

// evidenceWidth is how many columns of the evidence of one reason are shown.
const evidenceWidth = 100

// The looks, as ANSI attributes.
const (
	bold    = "1"
	dim     = "2"
	yellow  = "33"
	magenta = "35"
	cyan    = "36"
)

var kindLooks = map[article.Kind]string{
	article.Repeat:        yellow,
	article.NearDuplicate: cyan,
	article.OffTopic:      magenta,
}

// Write writes f, a finding or an explanation. Those of one article must come one
// after the other.
func (t *Text) Write(f article.Finding) error {
	if !t.begun || f.Article != t.article {
		if t.begun {
			t.w.WriteByte('\n') // the error stays in the buffer, for the last call to tell
		}
		t.begun, t.article = true, f.Article
		t.paint(bold, Printable(f.Article))
		t.w.WriteByte('\n')
	}
	kind, explains := Printable(string(f.Kind)), why
	if f.Kind == article.Explanation {
		kind, explains = "block", explain
	} else {
		t.tally.add(&f)
	}
	t.w.WriteString(strings.Repeat(" ", kindColumn))
	t.paint(kindLooks[f.Kind], kind)
	indent := strings.Repeat(" ", max(1, bodyColumn-kindColumn-len(kind)))
	for _, line := range wrap(what(&f), t.width-bodyColumn) {
		t.w.WriteString(indent)
		t.w.WriteString(line)
		t.w.WriteByte('\n')
		indent = strings.Repeat(" ", bodyColumn)
	}
	if f.Text != "" {
		t.line("", "“"+firstWords(f.Text, t.width-bodyColumn-2)+"”")
	}
	for _, s := range explains(&f) {
		for _, line := range wrap(s, t.width-bodyColumn) {
			t.line(dim, line)
		}
	}
	return t.err("a finding")
}

// Close writes the summary and what is left in the buffer. The writer that
// Text writes to stays open.
func (t *Text) Close(s Summary) error {
	if t.begun {
		t.w.WriteString("\n" + strings.Repeat("─", min(t.width, 60)) + "\n")
	}
	for i, line := range t.tally.lines(s) {
		look := ""
		if i == 0 {
			look = bold
		}
		t.paint(look, line)
		t.w.WriteByte('\n')
	}
	_ = t.w.Flush()
	return t.err("the summary")
}

// err returns the first error of the writer; bufio keeps it.
func (t *Text) err(what string) error {
	if _, err := t.w.Write(nil); err != nil {
		return fmt.Errorf("report: writing %s: %w", what, err)
	}
	return nil
}

func (t *Text) line(look, s string) {
	t.w.WriteString(strings.Repeat(" ", bodyColumn))
	t.paint(look, s)
	t.w.WriteByte('\n')
}

func (t *Text) paint(look, s string) {
	if !t.color || look == "" {
		t.w.WriteString(s)
		return
	}
	t.w.WriteString("\x1b[" + look + "m" + s + "\x1b[0m")
}

// what says in words what f found and where.
func what(f *article.Finding) string {
	switch f.Kind {
	case article.Repeat:
		return where(f.At, f.Text) + "; first at " + where(f.OtherAt, "")
	case article.NearDuplicate:
		s := relations[f.Relation].sentence
		if s == "" {
			s = "shares text with"
		}
		if f.Other != nil {
			s += " " + Printable(f.Other.Article)
		}
		if f.Relation == article.Template {
			s += ", filled in anew"
		}
		if f.Cluster != "" {
			s += ", representative of " + Printable(f.Cluster)
		}
		return s
	}
	s := Printable(string(f.Label))
	if s == "" {
		s = "on topic"
	}
	if f.Tier != "" {
		s += ", " + Printable(string(f.Tier))
	}
	return s + ": " + where(f.At, f.Text)
}

// where names the lines of a passage that begins at p, and its paragraph.
func where(p article.Place, text string) string {
	if p == (article.Place{}) {
		return "at a place that is not known"
	}
	lines := fmt.Sprintf("line %d", p.Line)
	if n := newlines(text); n > 0 {
		lines = fmt.Sprintf("lines %d–%d", p.Line, p.Line+n)
	}
	return fmt.Sprintf("%s (paragraph %d)", lines, p.Paragraph)
}

// newlines counts the line ends in text: LF, CRLF and CR.
func newlines(text string) int {
	return strings.Count(text, "\n") + strings.Count(text, "\r") - strings.Count(text, "\r\n")
}

// why says in words what speaks for f, and what spoke against it.
func why(f *article.Finding) []string {
	lines := facts(f)
	var pro, con []string
	for _, r := range f.Reasons {
		s := Printable(r.Signal)
		if r.Evidence != "" {
			s += " (" + firstWords(r.Evidence, evidenceWidth) + ")"
		}
		if r.Weight < 0 {
			con = append(con, s)
		} else {
			pro = append(pro, s)
		}
	}
	if len(pro) > 0 {
		lines = append(lines, "why: "+strings.Join(pro, "; "))
	}
	if len(con) > 0 {
		lines = append(lines, "against it: "+strings.Join(con, "; "))
	}
	return lines
}

// facts says in words how much two near-duplicates have in common.
func facts(f *article.Finding) []string {
	var lines []string
	if f.Jaccard != nil && f.Containment != nil {
		lines = append(lines, fmt.Sprintf("in common: %s of both (J), %s of the shorter (C)",
			percent(*f.Jaccard), percent(*f.Containment)))
	}
	if n := len(f.Shared); n > 0 {
		s := Plural(n, "shared passage", "shared passages")
		if f.At != (article.Place{}) && f.OtherAt != (article.Place{}) {
			s += fmt.Sprintf("; the first at %s, there at %s", where(f.At, ""), where(f.OtherAt, ""))
		}
		lines = append(lines, s)
	}
	return lines
}

// percent writes a share of 0 to 1. Only a whole is 100% and only nothing 0%.
func percent(x float64) string {
	n := math.Round(100 * x)
	switch {
	case x >= 1:
		n = 100
	case x > 0:
		n = min(99, max(1, n))
	}
	return fmt.Sprintf("%.0f%%", n)
}
