// Package gen invents a corpus of articles in which the near-duplicates are
// known by construction.
//
// Articles are drawn from an invented language whose shingles behave like those
// of real news: 60,000 word forms by Zipf's law, each word tied to the two
// before it, stock phrases, sentence templates, and furniture that all articles
// of one site share. Share of distinct word shingles that stand in at least two
// articles, and of all (article, shingle) pairs whose shingle does, at 2.7
// million words:
//
//	                       3-shingles     5-shingles
//	Reuters 1987           .20   .53      .09   .21
//	RFC paragraphs         .20   .49      .11   .25
//	this package           .15   .47      .08   .21
//
// One article in ten is an edited copy of an earlier one; see the kinds. A few
// in a thousand fill in a form of which there are other fillings.
//
// An article is a function of the seed and its number alone, so that a copy
// invents its original a second time instead of keeping it, and a corpus of any
// size takes constant memory. All draws are integer arithmetic: a corpus is the
// same on every platform.
package gen

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Options say what to generate. The zero value of a field means its default.
type Options struct {
	Seed     uint64
	Articles int // number of articles; default 5000
	Copies   int // planted copies, permille of the articles; default 100, negative for none
	Han      int // articles in the invented CJK language, permille; default 30, negative for none
	Forms    int // filled-in forms, permille; default 5, negative for none
}

// ErrRange is returned by New for options out of their range.
var ErrRange = errors.New("gen: option out of range")

// Article is one generated article.
type Article struct {
	ID     string // "a" and its number, at least seven digits
	Text   string
	Source string // one of 400 sites
	Date   string // 2006-01-02
}

// Plant says what a planted copy was made from.
type Plant struct {
	Copy, Original string // ids; the original is the earlier article
	Kind, Param    string // see the constants
}

// Corpus invents articles. It may not be used by several goroutines at once.
type Corpus struct {
	opt   Options
	latin *language
	han   *language
	text  []byte // reused
}

// New prepares a corpus.
func New(opt Options) (*Corpus, error) {
	for _, o := range []struct{ value, standard *int }{
		{&opt.Articles, ptr(5000)}, {&opt.Copies, ptr(100)}, {&opt.Han, ptr(30)}, {&opt.Forms, ptr(5)},
	} {
		if *o.value == 0 {
			*o.value = *o.standard
		}
	}
	if opt.Articles < 1 || opt.Copies > 500 || opt.Han > 1000 || opt.Forms > 1000 {
		return nil, fmt.Errorf("%w: %+v", ErrRange, opt)
	}
	return &Corpus{opt: opt, latin: newLatin(), han: newHan()}, nil
}

func ptr(n int) *int { return &n }

// Len returns the number of articles.
func (c *Corpus) Len() int { return c.opt.Articles }

// Purposes of the streams that belong to an article.
const (
	forRole = iota // is it a copy, a form, Han
	forText
	forEdit
	forForm
	forMeta
)

// role is what an article is, told without composing it.
type role struct{ copy, form, han bool }

// warmUp articles at the start are neither copies nor forms.
const warmUp = 20

func (c *Corpus) role(i int) role {
	s := streamOf(c.opt.Seed, uint64(i), forRole)
	var r role
	r.han = s.permille(c.opt.Han)
	if i >= warmUp {
		r.copy = s.permille(c.opt.Copies)
		r.form = !r.copy && s.permille(c.opt.Forms)
	}
	return r
}

// Article returns article i, from 0, and how it was planted; Plant.Kind is ""
// for an article on its own.
func (c *Corpus) Article(i int) (Article, Plant) {
	meta := streamOf(c.opt.Seed, uint64(i), forMeta)
	source := c.source(i)
	day := i*1000/c.opt.Articles + meta.below(3)
	st := styleOf(source)
	s := streamOf(c.opt.Seed, uint64(i), forEdit)
	var d draft
	var p Plant
	switch r := c.role(i); {
	case r.copy:
		d, p = c.plant(i, source, &s, &st)
	case r.form:
		d, p = c.form(i, source)
	default:
		d = c.original(i, source)
	}
	c.text = st.render(c.text[:0], d, &s)
	return Article{
		ID:     id(i),
		Text:   string(c.text),
		Source: "site-" + strconv.Itoa(source),
		Date:   time.Date(2021, 1, 1+day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly),
	}, p
}

func id(i int) string { return fmt.Sprintf("a%07d", i) }

// source returns the site of article i; some sites have many articles.
func (c *Corpus) source(i int) int {
	s := streamOf(c.opt.Seed, uint64(i), forMeta+1)
	return s.below(sources) * s.below(sources) / sources
}

// styleOf returns how a site writes: two in five set curly quotes.
func styleOf(source int) style { return style{curly: source%5 < 2} }

// original composes article i as neither copy nor form.
func (c *Corpus) original(i, source int) draft {
	s := streamOf(c.opt.Seed, uint64(i), forText)
	if c.role(i).han {
		return c.han.compose(&s, size(&s)*2, source)
	}
	return c.latin.compose(&s, size(&s), source)
}

// plant makes article i an edited copy of an earlier original. A third of the
// copies share their originals with others, so that there are groups of more
// than two.
func (c *Corpus) plant(i, source int, s *stream, st *style) (draft, Plant) {
	for { // some kind suits every original, and the warm-up holds originals
		k := drawKind(s)
		param := k.params[s.below(len(k.params))]
		j := s.below(i)
		if s.permille(333) {
			j -= j % 50
		}
		if r := c.role(j); r.copy || r.form {
			continue
		}
		if d := c.original(j, c.source(j)); k.suits(d) {
			*st = styleOf(c.source(j))
			p := Plant{Copy: id(i), Original: id(j), Kind: k.name, Param: param}
			return edit(s, d, k.name, param, source, st), p
		}
	}
}

// formEpoch is the number of consecutive articles among which filled-in forms
// share one form.
const formEpoch = 2000

// form fills in the form of article i's epoch: its numbers are its own. The
// first filling of an epoch is no plant.
func (c *Corpus) form(i, source int) (draft, Plant) {
	first := i - i%formEpoch
	s := streamOf(c.opt.Seed, uint64(first), forForm)
	d := c.latin.compose(&s, s.between(60, 300), source)
	own := streamOf(c.opt.Seed, uint64(i), forForm)
	for _, p := range d.paras {
		for at := range p {
			if p[at].word >= numberBase {
				p[at].word = number(&own).word
			}
		}
	}
	for !c.role(first).form {
		first++
	}
	if first == i {
		return d, Plant{}
	}
	return d, Plant{Copy: id(i), Original: id(first), Kind: Form, Param: strconv.Itoa(i / formEpoch)}
}
