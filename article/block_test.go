package article

import (
	"slices"
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
		"even verse": {
			"The mill has stood beside the brook,\nthe brook has run beside the mill,\nand neither ever thought to look\nat who was climbing up the hill.",
			[]string{"1/1 The mill has stood beside the brook,", "2/2 the brook has run beside the mill,", "3/3 and neither ever thought to look", "4/4 at who was climbing up the hill."},
		},
		"hard-wrapped": {"Flood\n\n" + wrapped, []string{"1/1 Flood", "3/2 " + strings.TrimSpace(wrapped)}},
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

// Where a hard-wrapped text has no blank lines, indented lines open its paragraphs, but
// not those of a list that hang below their first, nor each line of a quotation.
func TestIndentedParagraphs(t *testing.T) {
	const (
		one   = "The river had been rising since noon and nobody in the\nlower town had thought of moving the cars from the quay\nbefore the water came over the wall and filled them up"
		two   = "At the mill the keeper opened both gates, which had not\nbeen done in his time, and rang the bell of the chapel\nuntil somebody came to ask him what the matter might be"
		three = "By seven the bridge was closed"
	)
	plain := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"indented":        {"    " + one + "\n    " + two + "\n    " + three, []string{one, two, three}},
		"first one flush": {one + "\n\t" + two + "\n\t" + three + "\n", []string{one, two, three}},
		"CRLF":            {strings.ReplaceAll("  "+one+"\n  "+two+"\n  "+three, "\n", "\r\n"), []string{one, two, three}},
		"wide spaces":     {"\u3000\u3000" + one + "\n\u3000\u3000" + two + "\n\u3000\u3000" + three, []string{one, two, three}},
		"all of it":       {"    " + strings.ReplaceAll(one+"\n"+two, "\n", "\n    "), []string{one + "\n" + two}},
		"hanging":         {strings.ReplaceAll(one, "\n", "\n    ") + "\n" + strings.ReplaceAll(two, "\n", "\n    "), []string{one + "\n" + two}},
		"quotation":       {one + "\n    " + strings.ReplaceAll(two, "\n", "\n    ") + "\n        " + three + "\n" + one, []string{one, two, three + "\n" + one}},
	} {
		var got, want []string
		for _, b := range Blocks(c.text) {
			got = append(got, plain(b.In(c.text)))
		}
		for _, w := range c.want {
			want = append(want, plain(w))
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s:\n got %q\nwant %q", name, got, want)
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

func TestAppendBlocks(t *testing.T) {
	texts := []string{"One.\n\n\u00a0Two\u00a0\nThree", "", "A\r\nB", strings.Repeat("the river had been rising since noon and nobody in the\n", 5)}
	var kept []Block
	for _, text := range texts {
		n := len(kept)
		kept = AppendBlocks(kept, text)
		if got, want := kept[n:], Blocks(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

func newlines(s string) int {
	return strings.Count(s, "\n") + strings.Count(s, "\r") - strings.Count(s, "\r\n")
}
