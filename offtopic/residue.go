package offtopic

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"chaff/article"
)

// Leftovers of code and templates, in log-odds.
const (
	templateField = 8.5 // {{name}}, [INSERT NAME]
	bracketed     = 3.5 // a line in square brackets, which may be a heading or an editor's own
	codeLine      = 7.0 // JSON, a tag, a statement
	residueUsual  = 4   // places apart with code or fields from which an article is about them
	toolsUsual    = 2   // blocks that speak of writing tools from which an article is about them
	toolsLeft     = 0.2 // of what a leftover says then
)

// weighResidue looks for what writing tools leave behind: remarks of chatbots,
// filler text, template fields, code.
func weighResidue(r *reading) {
	before := len(r.evidence)
	tools := r.countTools()
	places, last := 0, -2
	for i := range r.blocks {
		b := &r.blocks[i]
		for _, h := range r.blockHits(b) {
			at := r.seen(h)
			if !h.group.residue() || h.mode == begin && b.quoted || r.inQuotes(at) {
				continue
			}
			r.add(evidence{unit: r.unitOf(b, h.lo), state: leftover, kind: kind(h.group), at: at, weight: h.weight() * r.unquoted(b, tools)})
		}
		u := b.first
		at, w := residueIn(r.text, b.Span, b.signs)
		for ; b.last-b.first > 1 && u < b.last && w == 0; u++ { // a sentence that is one by itself
			at, w = residueIn(r.text, r.units[u].Span, b.signs)
		}
		if w > 0 && !r.inQuotes(at) {
			if i > last+1 {
				places++
			}
			last = i
			found := kindField
			if w == codeLine {
				found = kindCode
			}
			for u = b.first; u < b.last-1 && r.units[u].End <= at.Start; {
				u++
			}
			r.add(evidence{unit: u, state: leftover, kind: found, at: at, weight: w * r.unquoted(b, tools)})
		}
	}
	if places >= residueUsual {
		kept := r.evidence[:before]
		for _, e := range r.evidence[before:] {
			if e.kind != kindCode && e.kind != kindField {
				kept = append(kept, e)
			}
		}
		r.evidence = kept
	}
}

// countTools counts the blocks that speak of writing tools: chatbots, programs,
// templates. What these leave behind is then likely quoted.
func (r *reading) countTools() int {
	n := 0
	for i := range r.blocks {
		if r.speaksOfTools(&r.blocks[i]) {
			n++
		}
	}
	return n
}

// speaksOfTools reports whether b has a word for a writing tool in its own language.
func (r *reading) speaksOfTools(b *block) bool {
	for _, h := range r.blockHits(b) {
		if h.group == gTools && (h.hi-h.lo > 1 || r.spoken(b, h.langs)) {
			return true
		}
	}
	return false
}

// unquoted is how much of what a leftover in b says counts, if as many blocks as tools
// speak of writing tools.
func (r *reading) unquoted(b *block, tools int) float64 {
	if r.speaksOfTools(b) {
		tools-- // others
	}
	if tools >= toolsUsual {
		return toolsLeft
	}
	return 1
}

// residueIn returns the first piece of a template or of code in s and its weight.
// No other bytes than signs tells stand in s.
func residueIn(text string, s article.Span, signs byteSigns) (article.Span, float64) {
	body := s.In(text)
	if signs&signField != 0 {
		if at, n := templateIn(body); n > 0 {
			return article.Span{Start: s.Start + at, End: s.Start + at + n}, templateField
		}
		if body[0] == '[' && body[len(body)-1] == ']' && aside(body[1:len(body)-1]) {
			return s, bracketed
		}
	}
	if isCode(body, signs) {
		return s, codeLine
	}
	return article.Span{}, 0
}

// templateIn returns where in s a field of a template begins and its length:
// {{name}}, {%name%}, ${name}, <%name%>, [INSERT NAME HERE], [Your Name].
func templateIn(s string) (at, n int) {
	for _, pair := range [...][2]string{{"{{", "}}"}, {"{%", "%}"}, {"${", "}"}, {"<%", "%>"}, {"[[", "]]"}} {
		if i := strings.Index(s, pair[0]); i >= 0 {
			if k := strings.Index(s[i:], pair[1]); k > 2 && k < 200 && !allDigits(s[i+2:i+k]) {
				return i, k + len(pair[1])
			}
		}
	}
	if at, n := marked(s); n > 0 {
		return at, n
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
		for _, word := range [...]string{"INSERT", "Insert ", "insert ", "YOUR ", "Your ", "your ", "TODO", "TBD", "PLACEHOLDER", "Placeholder", "embed", "EMBED", "caption", "gallery", "/caption", "object Object"} {
			if strings.HasPrefix(inside, word) {
				return i, k + 1
			}
		}
		from = i + k
	}
}

// marked finds a field between doubled percent signs, %%FIRST_NAME%%, or one in
// braces that is a name as programs have them: {first_name}.
func marked(s string) (at, n int) {
	if i := strings.Index(s, "%%"); i >= 0 {
		if k := strings.Index(s[i+2:], "%%"); k > 1 && k < 40 && !strings.Contains(s[i+2:i+2+k], " ") {
			return i, k + 4
		}
	}
	if i := strings.IndexByte(s, '{'); i >= 0 {
		if k := strings.IndexByte(s[i:], '}'); k > 2 && k < 40 && isFieldName(s[i+1:i+k]) {
			return i, k + 1
		}
	}
	return 0, 0
}

// isFieldName reports whether s is one word, or several in capitals.
func isFieldName(s string) bool {
	small, spaces, letters := false, false, false
	for _, c := range s {
		switch {
		case unicode.IsLetter(c):
			letters = true
			small = small || unicode.IsLower(c)
		case c == ' ':
			spaces = true
		case c != '_' && c != '.' && !unicode.IsDigit(c):
			return false
		}
	}
	return letters && (!small || !spaces)
}

// aside reports whether what stands alone between square brackets is a note to
// whoever finishes the text: two words or more, none of them a date, and no
// sentence that an editor puts in ("[Laughter.]").
func aside(s string) bool {
	if strings.ContainsAny(s, "[]") || len(s) < 6 || len(s) > 120 {
		return false
	}
	if last := s[len(s)-1]; last == '.' || last == '!' || last == '?' {
		return false
	}
	return strings.ContainsAny(s, " _") || s[0] >= utf8.RuneSelf
}

// isCode reports whether s as a whole is a line of JSON, markup or a program.
// No other bytes than signs tells stand in it.
func isCode(s string, signs byteSigns) bool {
	switch s[0] {
	case '{', '}':
		if len(s) <= 3 || strings.Contains(s, "\":") || strings.HasSuffix(s, ";") || strings.HasSuffix(s, "{") {
			return true
		}
	case '<':
		if strings.HasPrefix(s, "<!--") || strings.HasPrefix(s, "<|") || strings.HasPrefix(s, "<?") {
			return true
		}
		end := strings.IndexByte(s, '>')
		return end > 1 && (isAlpha(s[1]) || s[1] == '/' || s[1] == '!') && (end == len(s)-1 || strings.Contains(s, "</") || strings.Contains(s[:end], "=\""))
	case '"':
		if k := strings.Index(s, "\":"); k > 1 && k < 40 && !strings.Contains(s[:k], " ") {
			return true
		}
	}
	switch s {
	case "null", "undefined", "NaN", "NaN NaN NaN", "None", "nil", "true", "false":
		return true
	}
	if bits.OnesCount32(uint32(signs&signMarks)) >= denseKinds && dense(s) {
		return true
	}
	if signs&signCode == 0 {
		return false
	}
	for _, sign := range [...]string{"function(", "function (", "document.get", "window.", "var ", "const ", "$(", "@media", "@import", "googletag.", "&nbsp;"} {
		if strings.HasPrefix(s, sign) && strings.ContainsAny(s, "(){};=") {
			return true
		}
	}
	return false
}

// Marks of programs in a line, from which it is taken for code: one in
// denseShare bytes, of denseKinds.
const (
	denseShare = 9
	denseKinds = 3
)

// dense reports whether s is as full of the marks that programs, markup and data
// are written in as these are.
func dense(s string) bool {
	if len(s) < 8 || len(s) > 2000 {
		return false
	}
	n := 0
	var kinds uint64
	for i := range len(s) {
		if c := s[i]; c < 64+64 {
			if k := codeMark[c]; k != 0 {
				n++
				kinds |= 1 << k
			}
		}
	}
	return n*denseShare >= len(s) && bits.OnesCount64(kinds) >= denseKinds
}

// codeMark numbers the marks.
var codeMark = [128]uint8{
	'{': 1, '}': 1, '<': 2, '>': 2, '=': 3, ';': 4, '_': 5, '\\': 6, '$': 7, '#': 8, '&': 9, '"': 10, '[': 11, ']': 11, '|': 12, '`': 13, '~': 14, '^': 15,
}
