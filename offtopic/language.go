package offtopic

// A block in another script or language than its article's.
const (
	otherScriptWeight = 7.0
	otherLangWeight   = 7.5
	quotedWeight      = -4.0 // off, for a quotation
	shortForeign      = 12   // letters below which a script says nothing: names
)

// weighLanguage weighs blocks written in another script, or, where they are long
// enough to tell, in another language of the same script. Latin letters in other
// scripts are names and terms unless they are sentences.
func weighLanguage(r *reading) {
	for i := range r.blocks {
		b := &r.blocks[i]
		if b.guarded {
			continue
		}
		w, note := r.otherTongue(b)
		if w <= 0 {
			continue
		}
		b.alien = true
		if b.quoted {
			w += quotedWeight
		}
		n := float64(b.last - b.first)
		for u := b.first; u < b.last; u++ {
			r.add(evidence{unit: u, state: leftover, kind: kindLanguage, note: note, weight: w / n})
		}
	}
}

func (r *reading) otherTongue(b *block) (float64, string) {
	if b.script != r.script && b.script != noScript && r.script != noScript {
		own := b.letters[r.script]
		n := b.letters[b.script]
		if b.script == latin {
			if b.lang < 0 || own > 0 {
				return 0, ""
			}
			return otherLangWeight, r.lex.names[b.lang]
		}
		if n >= shortForeign && n > 4*own {
			return otherScriptWeight, scriptNames[b.script]
		}
		return 0, ""
	}
	if b.lang >= 0 && r.lang >= 0 && b.lang != r.lang && r.commonIn(b, b.lang) >= 2*r.commonIn(b, r.lang) {
		return otherLangWeight, r.lex.names[b.lang]
	}
	return 0, ""
}

// commonIn returns how many words of b are common in a language.
func (r *reading) commonIn(b *block, lang int) int {
	n := 0
	for w := b.lo; w < b.hi; w++ {
		if r.known[w].common&(1<<lang) != 0 {
			n++
		}
	}
	return n
}

var scriptNames = [scripts]string{
	latin: "Latin letters", cyrillic: "Cyrillic letters", greek: "Greek letters", arabic: "Arabic letters",
	hebrew: "Hebrew letters", eastAsian: "Chinese or Japanese letters", hangul: "Korean letters",
	indic: "Indic letters", thai: "Thai letters", otherScript: "other letters",
}
