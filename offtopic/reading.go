package offtopic

import (
	"sort"
	"strings"
	"unicode/utf8"

	"chaff/article"
	"chaff/offtopic/model"
	"chaff/offtopic/topics"
	"chaff/shingle"
)

// reading is one article made ready for the signals. It is reused from article
// to article.
type reading struct {
	*Profile
	model  *model.Model
	lex    *lexicon
	art    *article.Article
	text   string
	words  shingle.Words
	keys   []uint64    // of the words, for the lexicon
	known  []wordEntry // what the lexicon has of the words
	hits   []hit       // phrases of the lexicon, by where they begin
	blocks []block
	units  []unit
	terms  termTable
	title  *reading
	rarity *topics.Rarity // of words in the article's language, nil if not known
	lang   int            // the article's language by its commonest words, -1 if not told
	script script         // the one most of its letters are in
	hosts  bool           // a web address may stand in the text without a slash
	near   int            // words within which two places count as neighbours

	quotes []article.Span
	copies []blockHash
	kin    []kinship
	about  []subjects // by block

	strangest, rival int // blocks, -1 if there is none; see findStrangest

	mentions []topics.Mention // by block, each word of a table once in a block
	folded   []byte
	foldedAt []uint32

	found []article.Block
	cues  []evidence // that are not yet weighed
	sums  []cueCounts

	evidence []evidence
	steps    []step
	segments []segment
	decoder  decoder
	spans    []article.Span
	features model.Features
	// What the model says, by unit and by block.
	odds, blockOdds [][model.Labels]float64
}

// block is a block of the article with what signals ask of it.
type block struct {
	article.Block
	lo, hi       int // words
	first, last  int // units, last excluded
	hits, hitEnd int // hits[hits:hitEnd] are the block's
	traits
}

// unit is a sentence, or a block that has only one: what is judged.
type unit struct {
	article.Span
	block  int
	lo, hi int // words
	// Content words, each once in a block: found again far off in the article;
	// found nowhere else in it. Those found again nearby only are neither.
	far, alone int
	// The same by the rarity of the words.
	farBy, aloneBy [topics.Rarities]uint16
}

// evidence is what a signal says of a unit: weight in log-odds against the unit
// being on topic, as its signal says until it is heard.
type evidence struct {
	unit   int
	state  state // onTopic, for add, stands for every other state alike
	kind   kind
	at     article.Span // what was seen, in the text; empty if note or n tells
	note   string
	n, of  int // n of a block's content words come again
	weight float64
}

// add notes e, for each label if it is of none.
func (r *reading) add(e evidence) {
	if e.state != onTopic {
		r.evidence = append(r.evidence, e)
		return
	}
	for e.state = advert; e.state < states; e.state++ {
		r.evidence = append(r.evidence, e)
	}
}

// read makes r ready for a.
func (r *reading) read(a *article.Article, lex *lexicon) {
	r.lex, r.art, r.text = lex, a, a.Text
	r.readWords()
	r.hits, r.blocks, r.units = r.hits[:0], r.blocks[:0], r.units[:0]
	r.evidence = r.evidence[:0]
	word := 0
	r.found = article.AppendBlocks(r.found[:0], a.Text)
	for _, b := range r.found {
		nb := block{Block: b, lo: word, first: len(r.units), hits: len(r.hits)}
		r.spans = model.Sentences(r.spans[:0], a.Text, b.Span)
		for _, s := range r.spans {
			u := unit{Span: s, block: len(r.blocks), lo: word}
			for word < r.words.Len() && int(r.words.Start[word]) < s.End {
				word++
			}
			u.hi = word
			r.units = append(r.units, u)
		}
		nb.hi, nb.last = word, len(r.units)
		r.hits = lex.find(r.hits, r.keys, r.known, nb.lo, nb.hi)
		nb.hitEnd = len(r.hits)
		nb.traits = lookAt(a.Text, nb.Span, &r.words, nb.lo, nb.hi)
		r.blocks = append(r.blocks, nb)
	}
	r.hosts = strings.Contains(r.text, "www.")
	r.near = min(max(r.words.Len()/6, 20), 120)
	r.findQuotes()
	r.tellLanguages()
	r.rarity = nil
	if r.lang >= 0 {
		r.rarity = topics.RarityIn(r.lex.names[r.lang])
	}
	r.findTerms()
	r.measureKinship()
	r.findSubjects()
	r.guard()
}

// readWords finds the words of the text.
func (r *reading) readWords() {
	r.words.Reset()
	shingle.Tokenizer{}.Words(&r.words, r.text)
	r.keys = model.Keys(r.keys[:0], &r.words, r.text)
	r.known = r.lex.table.append(r.known[:0], r.keys)
}

// word returns word i as it is written.
func (r *reading) word(i int) string { return r.text[r.words.Start[i]:r.words.End[i]] }

// seen returns the text that h covers.
func (r *reading) seen(h hit) article.Span {
	return article.Span{Start: int(r.words.Start[h.lo]), End: int(r.words.End[h.hi-1])}
}

// blockHits returns the hits in block b.
func (r *reading) blockHits(b *block) []hit { return r.hits[b.hits:b.hitEnd] }

// unitOf returns the unit of block b that word w stands in.
func (r *reading) unitOf(b *block, w int) int {
	k := sort.Search(b.last-b.first, func(k int) bool { return w < r.units[b.first+k].hi })
	return min(b.first+k, b.last-1)
}

// findQuotes finds what stands in quotation marks. A straight mark opens after
// white space or a bracket and closes elsewhere; no quotation goes on beyond its
// block, and one whose end alone is in the block began with it.
func (r *reading) findQuotes() {
	r.quotes = r.quotes[:0]
	for i := range r.blocks {
		if r.blocks[i].signs&signQuote == 0 {
			continue
		}
		s := r.blocks[i].Span
		open, seen := -1, false
		for at := s.Start; at < s.End; at++ {
			if signOf[r.text[at]]&signQuote == 0 {
				continue
			}
			switch quoteAt(r.text, at, s.Start) {
			case opens:
				if open < 0 {
					open = at
				}
			case closes:
				if open < 0 && !seen {
					open = s.Start
				}
				if open >= 0 {
					r.quotes = append(r.quotes, article.Span{Start: open, End: at})
				}
				open = -1
			default:
				continue
			}
			seen = true
		}
		if open >= 0 {
			r.quotes = append(r.quotes, article.Span{Start: open, End: s.End})
		}
	}
}

const (
	opens  = 1
	closes = 2
)

// quoteAt tells whether a quotation mark that opens or closes begins at byte i of
// text, in a block that begins at start; 0 if none does.
func quoteAt(text string, i, start int) int {
	switch text[i] {
	case '"':
		if i == start || text[i-1] == ' ' || text[i-1] == '(' || text[i-1] == '[' {
			return opens
		}
		return closes
	case 0xC2, 0xE2, 0xE3:
		switch r, _ := utf8.DecodeRuneInString(text[i:]); r {
		case '“', '„', '«', '「', '『', '‹':
			return opens
		case '”', '»', '」', '』', '›':
			return closes
		}
	}
	return 0
}

// inQuotes reports whether s stands in quotation marks.
func (r *reading) inQuotes(s article.Span) bool {
	k := sort.Search(len(r.quotes), func(k int) bool { return r.quotes[k].End >= s.Start })
	return k < len(r.quotes) && r.quotes[k].Start < s.Start
}
