package offtopic

import (
	"strings"

	"chaff/article"
)

// Leftovers of code and templates, in log-odds.
const (
	templateField = 8.5 // {{name}}, [INSERT NAME]
	codeLine      = 7.0 // JSON, a tag, a statement
	codeUsual     = 0.1 // share of blocks with code from which an article is about it
)

// weighResidue looks for what writing tools leave behind: remarks of chatbots,
// filler text, template fields, code.
func weighResidue(r *reading) {
	found := len(r.evidence)
	code := 0
	for i := range r.blocks {
		b := &r.blocks[i]
		for _, h := range r.blockHits(b) {
			at := r.seen(h)
			if !h.group.residue() || h.mode == begin && b.quoted || r.inQuotes(at) {
				continue
			}
			r.add(evidence{unit: r.unitOf(b, h.lo), state: foreign, signal: groups[h.group].signal, at: at, weight: h.weight()})
		}
		if at, w := leftover(r.text, b.Span); w > 0 {
			code++
			signal := "code"
			if w == templateField {
				signal = "template field"
			}
			u := b.first
			for u < b.last-1 && r.units[u].End <= at.Start {
				u++
			}
			r.add(evidence{unit: u, state: foreign, signal: signal, at: at, weight: w})
		}
	}
	if float64(code) > codeUsual*float64(len(r.blocks))+2 {
		kept := r.evidence[:found]
		for _, e := range r.evidence[found:] {
			if e.signal != "code" {
				kept = append(kept, e)
			}
		}
		r.evidence = kept
	}
}

// leftover returns the first piece of a template or of code in s and its weight.
func leftover(text string, s article.Span) (article.Span, float64) {
	body := s.In(text)
	if at, n := templateIn(body); n > 0 {
		return article.Span{Start: s.Start + at, End: s.Start + at + n}, templateField
	}
	if isCode(body) {
		return s, codeLine
	}
	return article.Span{}, 0
}

// templateIn returns where in s a field of a template begins and its length:
// {{name}}, {%name%}, ${name}, <%name%>, [INSERT NAME HERE], [Your Name].
func templateIn(s string) (at, n int) {
	for _, pair := range [...][2]string{{"{{", "}}"}, {"{%", "%}"}, {"${", "}"}, {"<%", "%>"}, {"[[", "]]"}} {
		if i := strings.Index(s, pair[0]); i >= 0 {
			if k := strings.Index(s[i:], pair[1]); k > 2 && k < 200 {
				return i, k + len(pair[1])
			}
		}
	}
	for from := 0; ; {
		i := strings.IndexByte(s[from:], '[')
		if i < 0 {
			return 0, 0
		}
		i += from
		k := strings.IndexByte(s[i:], ']')
		if k < 0 {
			return 0, 0
		}
		inside := s[i+1 : i+k]
		for _, word := range [...]string{"INSERT", "Insert ", "insert ", "YOUR ", "Your ", "your ", "TODO", "TBD", "PLACEHOLDER", "Placeholder", "embed", "caption", "gallery", "/caption"} {
			if strings.HasPrefix(inside, word) {
				return i, k + 1
			}
		}
		from = i + k
	}
}

// isCode reports whether s as a whole is a line of JSON, markup or a program.
func isCode(s string) bool {
	switch s[0] {
	case '{', '}':
		return len(s) <= 3 || strings.Contains(s, "\":") || strings.HasSuffix(s, ";") || strings.HasSuffix(s, "{")
	case '<':
		end := strings.IndexByte(s, '>')
		return end > 1 && (isAlpha(s[1]) || s[1] == '/' || s[1] == '!') && (end == len(s)-1 || strings.Contains(s, "</") || strings.Contains(s[:end], "=\""))
	case '"':
		k := strings.Index(s, "\":")
		return k > 1 && k < 40 && !strings.Contains(s[:k], " ")
	}
	for _, sign := range [...]string{"function(", "function (", "document.get", "window.", "var ", "const ", "$(", "@media", "@import", "googletag.", "&nbsp;"} {
		if strings.HasPrefix(s, sign) && strings.ContainsAny(s, "(){};=") {
			return true
		}
	}
	return false
}
