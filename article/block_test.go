package article

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestBlocks(t *testing.T) {
	wrapped := strings.Repeat("The river had been rising since noon and nobody in the\nlower town had thought of moving the cars from the quay\nbefore the water came over the wall and filled them up\n", 3)
	for name, c := range map[string]struct {
		text string
		want []string // line, paragraph and text of each block
	}{
		"empty":       {"", nil},
		"white space": {" \n\t\n\u00a0", nil},
		"blank lines": {"One.\n\n  Two. \n\n\nThree.", []string{"1/1 One.", "3/2 Two.", "6/3 Three."}},
		"single newlines": {
			"A headline\nA paragraph of its own that is rather long.\nAnother one.",
			[]string{"1/1 A headline", "2/2 A paragraph of its own that is rather long.", "3/3 Another one."},
		},
		"CR at the end": {"One\nTwo\r", []string{"1/1 One", "2/2 Two"}},
		"CRLF and CR":   {"One\r\nTwo\rThree\r\n", []string{"1/1 One", "2/2 Two", "3/3 Three"}},
		"verse":         {"Over the hills\nand far away\nthe kettle sings\nat break of day", []string{"1/1 Over the hills", "2/2 and far away", "3/3 the kettle sings", "4/4 at break of day"}},
		"hard-wrapped":  {"Flood\n\n" + wrapped, []string{"1/1 Flood", "3/2 " + strings.TrimSpace(wrapped)}},
	} {
		var got []string
		for _, b := range Blocks(c.text) {
			got = append(got, string(rune('0'+b.Line))+"/"+string(rune('0'+b.Paragraph))+" "+b.In(c.text))
		}
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

// Blocks hold all of a text but white space, each byte once and in order, and
// say on which line they stand.
func FuzzBlocks(f *testing.F) {
	f.Add("One.\n\nTwo\r\nThree\rfour\u2028five")
	f.Add(strings.Repeat("the water came over the quay and into the town\n", 9) + "\n\n\xff\n ")
	f.Fuzz(func(t *testing.T, text string) {
		end, line := 0, 1
		for _, b := range Blocks(text) {
			between := text[end:b.Start]
			if b.Len() == 0 || strings.TrimSpace(between) != "" {
				t.Fatalf("%q: block %v after %d", text, b.Span, end)
			}
			first, _ := utf8.DecodeRuneInString(b.In(text))
			last, _ := utf8.DecodeLastRuneInString(b.In(text))
			if unicode.IsSpace(first) || unicode.IsSpace(last) {
				t.Fatalf("%q: white space at the ends of %q", text, b.In(text))
			}
			if utf8.ValidString(text) && !utf8.ValidString(b.In(text)) {
				t.Fatalf("%q: block %v cuts a rune", text, b.Span)
			}
			line += newlines(text[end:b.Start])
			if b.Line != line {
				t.Fatalf("%q: %q stands on line %d, not %d", text, b.In(text), line, b.Line)
			}
			line += newlines(b.In(text))
			end = b.End
		}
		if strings.TrimSpace(text[end:]) != "" {
			t.Fatalf("%q: %q is in no block", text, text[end:])
		}
	})
}

func newlines(s string) int {
	return strings.Count(s, "\n") + strings.Count(s, "\r") - strings.Count(s, "\r\n")
}
