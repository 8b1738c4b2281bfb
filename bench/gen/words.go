package gen

// vocabulary is the number of invented word forms.
const vocabulary = 60_000

var (
	onsets = []string{
		"b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w",
		"b", "d", "k", "l", "m", "n", "r", "s", "t", "v", "st", "tr", "pr", "sh", "th", "gr", "ch", "", "",
	}
	nuclei  = []string{"a", "e", "i", "o", "u", "e", "a", "i", "e", "a", "ai", "ea", "ou", "o"}
	accents = []string{"é", "è", "ü", "ö", "ä", "ñ", "í", "ó", "ã", "ç"}
	codas   = []string{"", "", "", "", "n", "r", "s", "t", "l", "d", "m", "ng", "st"}
)

// latinWords invents distinct word forms, frequent ones first and shorter: one
// syllable for the first few hundred ranks, up to four in the tail. One form in
// twenty past the first 300 carries a diacritic.
func latinWords() []string {
	s := streamOf(0, 1, 0)
	words := make([]string, 0, vocabulary)
	seen := make(map[string]bool, vocabulary)
	var form []byte
	for len(words) < vocabulary {
		rank := len(words)
		form = form[:0]
		syllables := 1
		switch {
		case rank >= 10_000:
			syllables = s.between(2, 4)
		case rank >= 300:
			syllables = s.between(2, 3)
		case rank >= 120:
			syllables = s.between(1, 2)
		}
		for range syllables {
			form = append(form, onsets[s.below(len(onsets))]...)
			form = append(form, nuclei[s.below(len(nuclei))]...)
		}
		form = append(form, codas[s.below(len(codas))]...)
		if rank > 300 && s.permille(50) {
			form = append(form, accents[s.below(len(accents))]...)
		}
		if !seen[string(form)] {
			seen[string(form)] = true
			words = append(words, string(form))
		}
	}
	return words
}

// hanWords returns the "words" of the invented CJK language: 3,500 Han
// characters in a random order of frequency, one character a word.
func hanWords() []string {
	s := streamOf(0, 2, 0)
	words := make([]string, 0, 3500)
	seen := make(map[rune]bool, 3500)
	for len(words) < 3500 {
		r := rune(0x4E00 + s.below(0x9FA5-0x4E00))
		if !seen[r] {
			seen[r] = true
			words = append(words, string(r))
		}
	}
	return words
}
