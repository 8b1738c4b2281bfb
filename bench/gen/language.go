package gen

// language is an invented tongue: words by rank, how one follows another, and
// the wording that many articles share.
type language struct {
	words     []string
	freq      *zipf
	han       bool      // written without spaces
	stock     [][]token // recurring phrases
	templates [][]token // sentences with slots
	pick      *zipf     // frequency of phrases and templates
	furniture [][]token // by source: the line above (even) and below (odd) its articles
}

// token is one word, number or slot and the marks written around it.
type token struct {
	word  uint32
	marks marks
}

// Words below numberBase are ranks in the language's list.
const (
	numberBase = 1 << 30 // numberBase+n is the number n
	slotBase   = 1 << 31 // what a template leaves open
	slotName   = slotBase
	slotNumber = slotBase + 1
	slotWord   = slotBase + 2
)

type marks uint8

const (
	capital marks = 1 << iota
	comma
	stop
	quoteOpen
	quoteClose
	dash
)

// The phrase model. Shares are in permille of the words or sentences drawn.
// With them, the share of 3- and 5-word shingles that stand in two or more
// articles is that of newswire of the same size: see the package comment.
const (
	sources       = 400  // sites, each with its own furniture
	stockPhrases  = 6000 // 3 to 9 words
	templateCount = 3000 // 6 to 20 words
)

func newLatin() *language {
	l := &language{words: latinWords(), freq: newZipf(vocabulary, 2)}
	l.invent(3)
	return l
}

func newHan() *language {
	l := &language{words: hanWords(), freq: newZipf(3500, 25), han: true}
	l.invent(4)
	return l
}

// invent fills in the shared wording from a stream of its own.
func (l *language) invent(key uint64) {
	s := streamOf(0, key, 0)
	l.pick = newZipf(stockPhrases, 20)
	for range stockPhrases {
		l.stock = append(l.stock, l.chain(&s, s.between(3, 9)))
	}
	for range templateCount {
		l.templates = append(l.templates, l.template(&s))
	}
	for range sources {
		above := l.chain(&s, s.between(6, 16))
		below := l.chain(&s, s.between(12, 40))
		closeSentence(above)
		closeSentence(below)
		l.furniture = append(l.furniture, above, below)
	}
}

// chain returns n words that follow one another.
func (l *language) chain(s *stream, n int) []token {
	out := make([]token, 0, n)
	var a, b uint32
	for range n {
		w := l.after(s, a, b)
		out = append(out, token{word: w})
		a, b = b, w
	}
	return out
}

// template returns a sentence of fixed runs of two to five words with slots between.
func (l *language) template(s *stream) []token {
	var out []token
	for size := s.between(6, 20); len(out) < size; {
		out = append(out, l.chain(s, s.between(2, 5))...)
		out = append(out, token{word: slotBase + uint32(s.below(3))})
	}
	return out
}

// after draws the word that follows a and b. Half of the draws take one of a
// handful of words tied to the pair, some one of a few tied to b alone, the
// rest any word by its frequency.
func (l *language) after(s *stream, a, b uint32) uint32 {
	u := s.next()
	kind := u & 1023
	choice := u >> 10 & 15
	choice = choice * choice >> 4 // the first choices are the frequent ones
	switch {
	case kind < afterPair:
		u = mix(uint64(a)<<40 ^ uint64(b)<<8 ^ choice)
	case kind < afterPair+afterWord:
		u = mix(uint64(b)<<8 ^ choice ^ 1<<63)
	}
	return uint32(l.freq.rank(u))
}

const (
	afterPair = 520 // of 1024
	afterWord = 260 // of 1024
)

func closeSentence(t []token) {
	t[0].marks |= capital
	t[len(t)-1].marks |= stop
}
