package gen

// draft is an article as tokens, before it is rendered.
type draft struct {
	lang  *language
	paras [][]token
}

func (d *draft) words() int {
	n := 0
	for _, p := range d.paras {
		n += len(p)
	}
	return n
}

// voice is what makes an article's wording its own: the names it returns to.
type voice struct {
	names [8][3]uint32
	sizes [8]int
}

func (l *language) voice(s *stream) voice {
	var v voice
	for i := range v.names {
		v.sizes[i] = s.between(1, 3)
		for j := range v.names[i] {
			v.names[i][j] = uint32(l.freq.rank(s.next()))
		}
	}
	return v
}

// size draws an article's length in words: log-normal with a mean of about
// 600, between 5 and 5,000, and one article in thirty of 5 to 40 words.
func size(s *stream) int {
	if s.permille(33) {
		return s.between(5, 40)
	}
	return min(max(s.logNormal(395, 300), 5), 5000)
}

// compose writes an article of about size words: paragraphs of one to five
// sentences, at times between its source's furniture.
func (l *language) compose(s *stream, size, source int) draft {
	d := draft{lang: l}
	v := l.voice(s)
	flat := make([]token, 0, size+80)
	if s.permille(150) && size > 60 {
		d.paras = append(d.paras, l.furniture[2*source])
	}
	for size > 0 {
		start := len(flat)
		for n := s.between(1, 5); n > 0 && size > 0; n-- {
			from := len(flat)
			flat = l.sentence(s, &v, flat, size)
			size -= len(flat) - from
		}
		d.paras = append(d.paras, flat[start:len(flat):len(flat)])
	}
	if s.permille(300) && d.words() > 60 {
		d.paras = append(d.paras, l.furniture[2*source+1])
	}
	return d
}

// Shares of 1000: sentences made from a template, and, word by word in the
// other sentences, where a stock phrase, a name or a number stands.
const (
	fromTemplate = 120
	stockShare   = 25
	nameShare    = 35
	numberShare  = 20
)

// sentence appends one sentence of at most limit words.
func (l *language) sentence(s *stream, v *voice, out []token, limit int) []token {
	start := len(out)
	if s.permille(fromTemplate) {
		t := l.templates[l.pick.rank(s.next())%len(l.templates)]
		out = l.fill(s, v, out, t)
	} else {
		out = l.free(s, v, out, s.between(6, 28))
	}
	if len(out)-start > limit {
		out = out[:start+limit]
	}
	closeSentence(out[start:])
	return out
}

// fill appends a template with its slots filled.
func (l *language) fill(s *stream, v *voice, out, template []token) []token {
	for _, t := range template {
		switch t.word {
		case slotName:
			out = v.name(s, out)
		case slotNumber:
			out = append(out, number(s))
		case slotWord:
			out = append(out, token{word: uint32(l.freq.rank(s.next()))})
		default:
			out = append(out, t)
		}
	}
	return out
}

// free appends n words or a few more of running text.
func (l *language) free(s *stream, v *voice, out []token, n int) []token {
	start := len(out)
	quoted := s.permille(80)
	var a, b uint32
	for len(out) < start+n {
		switch u := s.below(1000); {
		case u < stockShare:
			out = append(out, l.stock[l.pick.rank(s.next())]...)
		case u < stockShare+nameShare:
			out = v.name(s, out)
		case u < stockShare+nameShare+numberShare:
			out = append(out, number(s))
		default:
			out = append(out, token{word: l.after(s, a, b)})
			if u > 930 {
				out[len(out)-1].marks |= comma
			} else if u > 920 {
				out[len(out)-1].marks |= dash
			}
		}
		if last := len(out) - 1; last > start {
			a = out[last-1].word
		}
		b = out[len(out)-1].word
	}
	if quoted {
		out[start].marks |= quoteOpen
		out[len(out)-1].marks |= quoteClose
	}
	return out
}

// name appends one of the voice's names, the first ones oftener.
func (v *voice) name(s *stream, out []token) []token {
	i := min(s.below(len(v.names)), s.below(len(v.names)))
	for _, w := range v.names[i][:v.sizes[i]] {
		out = append(out, token{word: w, marks: capital})
	}
	return out
}

// number draws a number, small ones and years oftener.
func number(s *stream) token {
	n := s.below(100)
	switch s.below(4) {
	case 0:
		n = 1980 + s.below(46)
	case 1:
		n = s.below(10_000_000) >> s.below(16)
	}
	return token{word: uint32(numberBase + n)}
}
