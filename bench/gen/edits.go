package gen

import "strconv"

// The kinds of planted copies, as they stand in the truth file, each with what
// its parameter counts.
const (
	Exact       = "exact"       // the text unchanged; no parameter
	Substitute  = "substitute"  // percent of words replaced
	Insert      = "insert"      // words added, percent of the original's
	Delete      = "delete"      // percent of words left out
	Added       = "added"       // new paragraphs
	Dropped     = "dropped"     // paragraphs left out
	Shuffled    = "shuffled"    // paragraphs in another order; no parameter
	Furniture   = "furniture"   // lines of another site around it; how many
	Truncated   = "truncated"   // percent of words kept
	Letters     = "case"        // "upper", "lower" or "title"
	Punctuation = "punctuation" // quotes and dashes exchanged; no parameter
	Diacritics  = "diacritics"  // "strip" or "add"
	Prepended   = "prepended"   // one word put before the text
	Embedded    = "embedded"    // stands in a new article this many times as long
	OCR         = "ocr"         // permille of letters misread
	Form        = "form"        // not a copy: the same form filled in for another day
)

// kind is a way to plant a copy.
type kind struct {
	name   string
	params []string
	weight int  // how often it is drawn
	paras  int  // paragraphs the original must have
	latin  bool // means nothing without letter case or diacritics
}

var percents = []string{"1", "2", "3", "5", "10", "20"}

var kinds = []kind{
	{name: Exact, weight: 1, params: []string{""}},
	{name: Substitute, weight: 3, params: percents},
	{name: Insert, weight: 2, params: percents},
	{name: Delete, weight: 2, params: percents},
	{name: Added, weight: 1, params: []string{"1", "2", "3"}, paras: 2},
	{name: Dropped, weight: 1, params: []string{"1", "2", "3"}, paras: 5},
	{name: Shuffled, weight: 1, params: []string{""}, paras: 3},
	{name: Furniture, weight: 1, params: []string{"1", "2"}},
	{name: Truncated, weight: 1, params: []string{"50", "70", "80", "90", "95"}, paras: 2},
	{name: Letters, weight: 1, params: []string{"upper", "lower", "title"}, latin: true},
	{name: Punctuation, weight: 1, params: []string{""}},
	{name: Diacritics, weight: 1, params: []string{"strip", "add"}, latin: true},
	{name: Prepended, weight: 1, params: []string{"1"}},
	{name: Embedded, weight: 1, params: []string{"2", "4", "8"}, paras: 2},
	{name: OCR, weight: 2, params: []string{"2", "5", "10", "20"}},
}

// drawKind draws a kind by weight.
func drawKind(s *stream) *kind {
	total := 0
	for i := range kinds {
		total += kinds[i].weight
	}
	at := 0
	for left := s.below(total) - kinds[0].weight; left >= 0; left -= kinds[at].weight {
		at++
	}
	return &kinds[at]
}

func (k *kind) suits(d draft) bool {
	return len(d.paras) >= k.paras && (!k.latin || !d.lang.han)
}

// edit returns d changed as the kind says; d's tokens are left alone. Kinds
// that change letters, not words, set the style instead.
func edit(s *stream, d draft, name, param string, source int, st *style) draft {
	n, _ := strconv.Atoi(param) // 0 for the kinds whose parameter is no number
	switch name {
	case Substitute, Insert, Delete:
		return d.eachWord(s, name, n)
	case Added:
		for range n {
			extra := d.lang.compose(s, s.between(20, 80), source)
			d = d.splice(s.between(1, len(d.paras)), extra.paras[:1])
		}
	case Dropped:
		for range n {
			at := s.below(len(d.paras))
			paras := append([][]token(nil), d.paras[:at]...)
			d.paras = append(paras, d.paras[at+1:]...)
		}
	case Shuffled:
		d = d.shuffle(s)
	case Furniture:
		d = d.splice(0, d.lang.furniture[2*source:2*source+1])
		if n == 2 {
			d = d.splice(len(d.paras), d.lang.furniture[2*source+1:2*source+2])
		}
	case Truncated:
		d = d.truncate(max(d.words()*n/100, 5))
	case Prepended:
		word := token{word: uint32(d.lang.freq.rank(s.next())), marks: capital}
		first := append([]token{word}, d.paras[0]...)
		rest := d.paras[1:]
		d.paras = append([][]token{first}, rest...)
	case Embedded:
		host := d.lang.compose(s, d.words()*(n-1), source)
		d = host.splice(s.below(len(host.paras)+1), d.paras)
	case Letters:
		st.letters = param
	case Punctuation:
		st.curly = !st.curly
	case Diacritics:
		st.diacritics = param
	case OCR:
		st.misread = n
	}
	return d
}

// eachWord substitutes, inserts before or deletes every word with a chance of
// percent in 100, and one word at least.
func (d draft) eachWord(s *stream, name string, percent int) draft {
	must := s.below(d.words())
	out := draft{lang: d.lang, paras: make([][]token, 0, len(d.paras))}
	flat := make([]token, 0, d.words()*5/4+8)
	at := 0
	for _, p := range d.paras {
		start := len(flat)
		for _, t := range p {
			hit := s.permille(10*percent) || at == must
			at++
			switch {
			case !hit:
				flat = append(flat, t)
			case name == Substitute:
				flat = append(flat, token{word: d.otherWord(s, t.word), marks: t.marks})
			case name == Insert:
				flat = append(flat, token{word: d.otherWord(s, t.word)}, t)
			}
		}
		if len(flat) > start {
			out.paras = append(out.paras, flat[start:len(flat):len(flat)])
		}
	}
	return out
}

// otherWord draws a word that isn't w.
func (d draft) otherWord(s *stream, w uint32) uint32 {
	for {
		if x := uint32(d.lang.freq.rank(s.next())); x != w {
			return x
		}
	}
}

func (d draft) splice(at int, paras [][]token) draft {
	out := make([][]token, 0, len(d.paras)+len(paras))
	out = append(append(append(out, d.paras[:at]...), paras...), d.paras[at:]...)
	return draft{lang: d.lang, paras: out}
}

// shuffle reorders the paragraphs; the last one never stays the last.
func (d draft) shuffle(s *stream) draft {
	paras := append([][]token(nil), d.paras...)
	for i := len(paras) - 1; i > 0; i-- {
		j := s.below(i)
		paras[i], paras[j] = paras[j], paras[i]
	}
	return draft{lang: d.lang, paras: paras}
}

// truncate keeps the first n words.
func (d draft) truncate(n int) draft {
	var paras [][]token
	for _, p := range d.paras {
		paras = append(paras, p[:min(n, len(p))])
		if n -= len(p); n <= 0 {
			break
		}
	}
	return draft{lang: d.lang, paras: paras}
}
