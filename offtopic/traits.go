package offtopic

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"chaff/article"
	"chaff/shingle"
)

// script is a family of scripts as far as a reader tells them apart at a glance.
type script uint8

const (
	noScript script = iota
	latin
	cyrillic
	greek
	arabic
	hebrew
	eastAsian
	hangul
	indic
	thai
	otherScript
	scripts
)

func scriptOf(r rune) script {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r|0x20 && r|0x20 <= 'z' {
			return latin
		}
		return noScript
	case r >= 0x3040 && r <= 0x30FF || r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF:
		return eastAsian
	case !unicode.IsLetter(r):
		return noScript
	case r < 0x0250 || r >= 0x1E00 && r <= 0x1EFF:
		return latin
	case r >= 0x0370 && r <= 0x03FF || r >= 0x1F00 && r <= 0x1FFF:
		return greek
	case r >= 0x0400 && r <= 0x052F:
		return cyrillic
	case r >= 0x0590 && r <= 0x05FF:
		return hebrew
	case r >= 0x0600 && r <= 0x077F || r >= 0xFB50 && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFF:
		return arabic
	case r >= 0x0900 && r <= 0x0DFF:
		return indic
	case r >= 0x0E00 && r <= 0x0E7F:
		return thai
	case r >= 0xAC00 && r <= 0xD7A3 || r >= 0x1100 && r <= 0x11FF:
		return hangul
	}
	return otherScript
}

// traits are the outward signs of a block.
type traits struct {
	letters   [scripts]int32
	signs     byteSigns
	digits    int32  // of ASCII
	script    script // of most letters
	lang      int    // by its commonest words, -1 if not told
	quoted    bool   // begins with a quotation mark
	period    bool   // ends with a full stop, which titles do not
	stops     bool   // ends as a sentence does
	colon     bool   // ends with a colon: announces what follows
	listed    bool   // begins with a bullet or a number
	titled    bool   // most of its longer words are capitalised
	named     bool   // two to five words, all capitalised: as a name stands alone
	furniture group  // whose phrase begins the block or makes it up
	copied    bool   // repeats an earlier block
	accused   bool   // something besides its topic speaks against it
	follows   bool   // stands behind a block that announces related posts
	alien     bool   // in another language than the article
	guarded   bool   // part of an article by its form: a note, a source, a byline
}

func lookAt(text string, s article.Span, w *shingle.Words, lo, hi int) traits {
	t := traits{lang: -1}
	body := s.In(text)
	t.countLetters(body)
	for k := noScript + 1; k < scripts; k++ {
		if t.letters[k] > 0 && (t.script == noScript || t.letters[k] > t.letters[t.script]) {
			t.script = k
		}
	}
	first, _ := utf8.DecodeRuneInString(body)
	t.quoted = strings.ContainsRune("\"“„«»「『‘'", first)
	t.stops, t.period, t.colon = ending(body)
	t.listed = strings.ContainsRune("•·-–—*▪■●◦‣・★☆►▶✓✔", first) || listNumber(body)
	if hi-lo > 40 {
		return t
	}
	capitals, long, all := 0, 0, 0
	for i := lo; i < hi; i++ {
		word := text[w.Start[i]:w.End[i]]
		r, _ := utf8.DecodeRuneInString(word)
		upper := unicode.IsUpper(r)
		if upper {
			all++
		}
		if len(word) >= 4 || upper {
			long++
			if upper {
				capitals++
			}
		}
	}
	t.titled = hi-lo >= 3 && !t.stops && capitals >= 2 && capitals*4 >= long*3
	t.named = hi-lo >= 2 && hi-lo <= 5 && all == hi-lo && !t.stops && !t.colon && !strings.ContainsAny(body, "|/•·&,")
	return t
}

// countLetters counts the letters and digits of s and notes its bytes.
func (t *traits) countLetters(s string) {
	small := int32(0) // letters of ASCII
	for i := 0; i < len(s); {
		sign := signOf[s[i]]
		t.signs |= sign
		if sign&signWide != 0 {
			r, size := utf8.DecodeRuneInString(s[i:])
			t.letters[scriptOf(r)]++
			i += size
			continue
		}
		if sign&signLetter != 0 {
			small++
		}
		if sign&signDigit != 0 {
			t.digits++
		}
		i++
	}
	t.letters[latin] += small
}

// ending reports whether s ends as a sentence does, closing marks aside, whether
// it does with a full stop, and whether it ends with a colon.
func ending(s string) (stops, period, colon bool) {
	s = strings.TrimRight(s, "\"'”’»)]）」』】 ")
	r, _ := utf8.DecodeLastRuneInString(s)
	period = strings.ContainsRune(".。۔।", r)
	return period || strings.ContainsRune("!?…！？؟;", r), period, r == ':' || r == '：'
}

// listNumber reports whether s begins with a number set as those of lists and
// notes are: "3.", "3)", "[3]".
func listNumber(s string) bool {
	s = strings.TrimLeft(s, "[(")
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n > 0 && n <= 3 && n < len(s) && strings.ContainsRune(".)]", rune(s[n]))
}

// isShort reports whether b is a short line that does not end as a sentence.
func (b *block) isShort() bool { return b.size() <= shortLine && !b.stops }

// size returns the length of b in words, three letters to a word in scripts
// without spaces.
func (b *block) size() int {
	solo := int(b.letters[eastAsian] + b.letters[thai])
	return max(0, b.hi-b.lo-solo) + (solo+2)/3
}

// tellLanguages finds the languages of the article and of its longer blocks by
// their commonest words.
func (r *reading) tellLanguages() {
	var all [64]int
	var letters [scripts]int32
	for i := range r.blocks {
		b := &r.blocks[i]
		for s := latin; s < scripts; s++ {
			letters[s] += b.letters[s]
		}
		var in [64]int
		for w := b.lo; w < b.hi; w++ {
			if r.words.End[w]-r.words.Start[w] < 2 {
				continue // initials
			}
			for set := r.known[w].common; set != 0; set &= set - 1 {
				in[trailing(set)]++
			}
		}
		best, hits := most(in[:len(r.lex.names)])
		// Eight common words, a fifth of all: fewer are met by chance in names
		// and loanwords.
		if hits >= 8 && hits*5 >= b.hi-b.lo {
			b.lang = best
		}
		for l, n := range in {
			all[l] += n
		}
	}
	r.lang = -1
	if best, hits := most(all[:len(r.lex.names)]); hits*12 >= r.words.Len() && hits > 0 {
		r.lang = best
	}
	// A letter of an East Asian script says as much as three of an alphabet. An
	// article in more than one script has none of its own.
	letters[eastAsian] *= 3
	r.script = noScript
	sum := int32(0)
	for s := latin; s < scripts; s++ {
		sum += letters[s]
		if letters[s] > 0 && (r.script == noScript || letters[s] > letters[r.script]) {
			r.script = s
		}
	}
	if letters[r.script]*10 < sum*7 {
		r.script = noScript
	}
	if name := onlyIn[r.script]; r.lang < 0 && name != "" {
		r.lang = r.lex.byName[name]
	}
}

// onlyIn names the language of scripts that have only one.
var onlyIn = [scripts]string{greek: "el", hebrew: "he", hangul: "ko"}

func most(counts []int) (best, n int) {
	best = -1
	for i, c := range counts {
		if c > n {
			best, n = i, c
		}
	}
	return best, n
}
