package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"chaff/article"
)

// piece is a part of an article's text in which the same findings hold, with the numbers
// of those that begin before it and end after it.
type piece struct {
	Text  string
	Class string // the styles of the findings that hold
	Begin []int
	First []int // repeats whose first place begins here
	End   []int
}

// The style of the first place of a repeat; the others are those of the kinds.
const firstClass = "first"

// mark is a place in the text that a finding names.
type mark struct {
	article.Span
	number int // of the finding, from 1
	class  string
}

// marks returns the places in text that findings name, those that do not lie in it
// left out.
func marks(text string, findings []article.Finding) []mark {
	var all []mark
	add := func(s *article.Span, number int, class string) {
		if s != nil && 0 <= s.Start && s.Start < s.End && s.End <= len(text) && utf8.RuneStart(text[s.Start]) && (s.End == len(text) || utf8.RuneStart(text[s.End])) {
			all = append(all, mark{*s, number, class})
		}
	}
	for i := range findings {
		f := &findings[i]
		add(f.Span, i+1, class(f.Kind))
		if f.Kind == article.Repeat && f.Other != nil && f.Other.Article == f.Article {
			add(f.Other.Span, i+1, firstClass)
		}
	}
	return all
}

// pieces cuts text where marks begin and end. The pieces are all of the text, in order.
func pieces(text string, all []mark) []piece {
	type edge struct {
		at   int
		ends bool
		mark *mark
	}
	edges := make([]edge, 0, 2*len(all))
	for i := range all {
		edges = append(edges, edge{all[i].Start, false, &all[i]}, edge{all[i].End, true, &all[i]})
	}
	slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	holding := make(map[string]int) // marks by style
	var out []piece
	at := 0
	for i := 0; i <= len(edges); {
		end := len(text)
		if i < len(edges) {
			end = edges[i].at
		}
		if end > at || i == len(edges) {
			out = appendPiece(out, text[at:end], holding)
			at = end
		}
		begins := piece{}
		for ; i < len(edges) && edges[i].at == at; i++ {
			e := edges[i]
			switch {
			case e.ends:
				holding[e.mark.class]--
				if last := len(out) - 1; e.mark.class != firstClass {
					out[last].End = append(out[last].End, e.mark.number)
				}
			case e.mark.class == firstClass:
				holding[firstClass]++
				begins.First = append(begins.First, e.mark.number)
			default:
				holding[e.mark.class]++
				begins.Begin = append(begins.Begin, e.mark.number)
			}
		}
		if i == len(edges) && at == len(text) {
			break
		}
		if begins.Begin != nil || begins.First != nil {
			out = append(out, begins)
		}
	}
	return out
}

// appendPiece appends a piece of text, or completes the last one, which has none yet.
func appendPiece(out []piece, text string, holding map[string]int) []piece {
	if last := len(out) - 1; last < 0 || out[last].Text != "" {
		out = append(out, piece{})
	}
	p := &out[len(out)-1]
	p.Text = printableLines(text)
	var classes []string
	for _, class := range []string{string(article.Repeat), string(article.NearDuplicate), string(article.OffTopic), firstClass} {
		if holding[class] > 0 {
			classes = append(classes, class)
		}
	}
	p.Class = strings.Join(classes, " ")
	return out
}

// printableLines is [Printable] for text of several lines: it keeps tabs and line ends,
// each as a line feed.
func printableLines(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r != '\n' && unsafeRune(r) }) < 0 {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '\r':
			b.WriteByte('\n')
		case '\n', '\t':
			b.WriteRune(r)
		default:
			writePrintable(&b, r)
		}
	}
	return b.String()
}
