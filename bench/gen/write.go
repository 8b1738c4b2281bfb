package gen

import (
	"bufio"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Write writes the articles as JSON Lines (id, text, source, date) and the
// truth as lines of copy, original, kind and parameter, tab-separated, without
// a header. Either writer may be nil. One site in eight writes its non-ASCII
// text as \u escapes.
func (c *Corpus) Write(articles, truth io.Writer) error {
	lines, rows := buffered(articles), buffered(truth)
	var line []byte
	for i := range c.Len() {
		a, p := c.Article(i)
		line = appendJSON(line[:0], a, c.source(i)%8 == 0)
		if _, err := lines.Write(line); err != nil {
			return fmt.Errorf("gen: writing article %s: %w", a.ID, err)
		}
		if p.Kind == "" {
			continue
		}
		if _, err := fmt.Fprintf(rows, "%s\t%s\t%s\t%s\n", p.Copy, p.Original, p.Kind, p.Param); err != nil {
			return fmt.Errorf("gen: writing the truth of %s: %w", a.ID, err)
		}
	}
	if err := lines.Flush(); err != nil {
		return fmt.Errorf("gen: writing articles: %w", err)
	}
	if err := rows.Flush(); err != nil {
		return fmt.Errorf("gen: writing the truth: %w", err)
	}
	return nil
}

func buffered(w io.Writer) *bufio.Writer {
	if w == nil {
		w = io.Discard
	}
	return bufio.NewWriterSize(w, 1<<18)
}

func appendJSON(line []byte, a Article, escape bool) []byte {
	line = append(append(line, `{"id":"`...), a.ID...)
	line = append(line, `","text":"`...)
	line = appendText(line, a.Text, escape)
	line = append(append(line, `","source":"`...), a.Source...)
	line = append(append(line, `","date":"`...), a.Date...)
	return append(line, "\"}\n"...)
}

// appendText appends the inside of a JSON string. The only ASCII to escape that
// a text can have is the quote and the line feed.
func appendText(line []byte, text string, escape bool) []byte {
	plain := 0 // start of what is copied as it is
	for i := 0; i < len(text); {
		c := text[i]
		if c != '"' && c != '\n' && (c < utf8.RuneSelf || !escape) {
			i++
			continue
		}
		line = append(line, text[plain:i]...)
		r, size := utf8.DecodeRuneInString(text[i:])
		switch r {
		case '"':
			line = append(line, '\\', '"')
		case '\n':
			line = append(line, '\\', 'n')
		default:
			line = appendEscape(line, r)
		}
		i += size
		plain = i
	}
	return append(line, text[plain:]...)
}

func appendEscape(line []byte, r rune) []byte {
	if hi, lo := utf16.EncodeRune(r); hi != utf8.RuneError {
		return appendEscape(appendEscape(line, hi), lo)
	}
	return fmt.Appendf(line, `\u%04x`, r)
}
