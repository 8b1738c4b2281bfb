package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Printable returns s so that it is safe to show on a terminal, in one line: a
// control character, which could move the cursor, start an escape sequence or
// end the line, becomes a picture of itself (␛ for escape), an override of the
// writing direction its number (\u202e), and a byte that is not UTF-8 the
// replacement character.
func Printable(s string) string {
	if strings.IndexFunc(s, unsafeRune) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		writePrintable(&b, r)
	}
	return b.String()
}

// unsafeRune reports whether r may not be shown as it is. A byte that is not
// UTF-8 comes as RuneError, as does U+FFFD itself, which is left as it is anyway.
func unsafeRune(r rune) bool {
	return r == utf8.RuneError || unicode.IsControl(r) || directional(r) || r == '\u2028' || r == '\u2029'
}

// directional reports whether r makes the text around it run the other way:
// the embeddings, overrides and isolates of UAX #9. Marks, which bind to their
// neighbours alone, are part of honest text.
func directional(r rune) bool {
	return '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069'
}

func writePrintable(b *strings.Builder, r rune) {
	switch {
	case !unsafeRune(r) || r == utf8.RuneError:
		b.WriteRune(r)
	case r < ' ':
		b.WriteRune('␀' + r)
	case r == 0x7f:
		b.WriteRune('␡')
	default:
		fmt.Fprintf(b, `\u%04x`, r)
	}
}

// firstWords returns the beginning of text, printable, its white space folded
// to single spaces, in at most width columns. What was cut off shows as an
// ellipsis; the cut is made between characters as a reader sees them, and at
// a space where one is near.
func firstWords(text string, width int) string {
	// No character takes more than 64 bytes of honest text a column, so a long
	// passage is not read to its end for its first words.
	line, whole := folded(text, 64*(width+1))
	if whole && uniseg.StringWidth(line) <= width {
		return line
	}
	end, used, state := 0, 0, -1 // of the part that is kept
	for rest := line; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if used+w > width-1 {
			break
		}
		used += w
		end += len(cluster)
	}
	kept := line[:end]
	if i := strings.LastIndexByte(kept, ' '); i >= 0 && end < len(line) && line[end] != ' ' && end-i <= width/4 {
		kept = kept[:i]
	}
	return strings.TrimRight(kept, " ") + "…"
}

// folded returns the first characters of text, in some limit bytes, and
// whether they are all of it.
func folded(text string, limit int) (string, bool) {
	var b strings.Builder
	space := false
	for _, r := range text {
		if unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if b.Len() >= limit {
			return b.String(), false
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		writePrintable(&b, r)
	}
	return b.String(), true
}

// wrap breaks s, which has no newline, into lines of at most width columns. A
// word wider than that has a line of its own.
func wrap(s string, width int) []string {
	var lines []string
	var line strings.Builder
	used := 0
	for word := range strings.FieldsSeq(s) {
		w := uniseg.StringWidth(word)
		if used > 0 && used+1+w > width {
			lines = append(lines, line.String())
			line.Reset()
			used = 0
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		line.WriteString(word)
		used += w
	}
	if used > 0 {
		lines = append(lines, line.String())
	}
	return lines
}
