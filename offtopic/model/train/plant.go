package main

import (
	"math/rand"
	"strings"

	"chaff/article"
	"chaff/offtopic/model"
)

// plant is an article with a graft in it, or none.
type plant struct {
	kind, lang, place string
	text              string
	label             article.Label // empty for an honest article
	span              article.Span
	long              bool // in the body of a web page
	stranger          bool // a piece of another text
}

// host is an honest article, and the pieces it is put together from.
type host struct {
	lang   string
	blocks []string
	gap    string
	long   bool
}

const (
	hostBlocks = 14 // of a long article that are used
	hostLeast  = 3
)

// hostsOf returns the articles among items of one fold, with as many of the blocks of
// each as most says.
func hostsOf(items []item, fold, most int) []host {
	var hosts []host
	for _, it := range items {
		if !it.whole || int(it.group%folds) != fold {
			continue
		}
		h := host{lang: it.lang, gap: "\n\n", long: it.weight != 1}
		for line := range strings.Lines(it.text) {
			if line = strings.TrimSpace(line); line != "" && len(h.blocks) < most {
				h.blocks = append(h.blocks, line)
			}
		}
		if len(h.blocks) >= hostLeast {
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// plantsOf plants every item of a fold in an article of its language, each in
// turn at the top, in the middle, at the end, and within a paragraph; a paragraph
// of another article likewise; and every honest item, which nothing is to be said of.
func plantsOf(items []item, fold int) []plant {
	rng := rand.New(rand.NewSource(int64(fold)))
	hosts := hostsOf(items, fold, hostBlocks)
	byLang := make(map[string][]host)
	for _, h := range hosts {
		byLang[h.lang] = append(byLang[h.lang], h)
	}
	labels := [classes]article.Label{"", article.Advertisement, article.Boilerplate, article.Foreign}
	var plants []plant
	n := 0
	for _, it := range items {
		if int(it.group%folds) != fold || it.whole || it.weight != 1 || len(byLang[it.lang]) == 0 {
			continue
		}
		h := byLang[it.lang][rng.Intn(len(byLang[it.lang]))]
		for try := 0; h.long && n%4 > 0 && try < 40; try++ { // three of four in short articles
			h = byLang[it.lang][rng.Intn(len(byLang[it.lang]))]
		}
		n++
		place := [...]string{"end", "middle", "top", "inside"}[n%4]
		if place == "inside" && (strings.Contains(it.text, "\n") || it.class == honest || it.class == furniture) {
			place = "middle"
		}
		p := h.with(it.text, place, rng)
		p.kind, p.label, p.stranger = classNames[it.class], labels[it.class], it.stranger
		plants = append(plants, p)
	}
	for i, h := range hosts {
		p := plant{kind: "article", lang: h.lang, text: h.text(), long: h.long}
		plants = append(plants, p)
		tries := strangers
		if h.long {
			tries = 1
		}
		for k := range hosts {
			if tries == 0 {
				break
			}
			o := &hosts[(i+k+1)%len(hosts)]
			if o.lang != h.lang {
				continue
			}
			kind, text := "stranger", o.blocks[1+rng.Intn(len(o.blocks)-1)]
			if tries == 1 && len(o.blocks[0]) < longSpan && !h.long {
				kind, text = "headline", o.blocks[0]
			}
			if kind == "stranger" && len(text) < 120 {
				continue
			}
			p := h.with(text, [...]string{"end", "middle", "middle"}[tries%3], rng)
			p.kind, p.label, p.stranger = kind, article.Foreign, true
			plants = append(plants, p)
			tries--
		}
	}
	return plants
}

// strangers is how many pieces of other articles are planted in each.
const strangers = 4

// text returns the article.
func (h *host) text() string { return strings.Join(h.blocks, h.gap) }

// with returns h with text planted in it.
func (h *host) with(text, place string, rng *rand.Rand) plant {
	at := 1 + rng.Intn(len(h.blocks)-1)
	switch place {
	case "top":
		at = rng.Intn(2)
	case "end":
		at = len(h.blocks)
	case "inside":
		if p, ok := h.inside(text, rng); ok {
			return p
		}
		place = "middle"
	}
	var b strings.Builder
	p := plant{lang: h.lang, place: place, long: h.long}
	for i := range len(h.blocks) + 1 {
		if i == at {
			p.span.Start = b.Len()
			b.WriteString(text)
			p.span.End = b.Len()
			b.WriteString(h.gap)
		}
		if i < len(h.blocks) {
			b.WriteString(h.blocks[i])
			b.WriteString(h.gap)
		}
	}
	p.text = b.String()
	return p
}

// inside plants text between two sentences of a paragraph.
func (h *host) inside(text string, rng *rand.Rand) (plant, bool) {
	for _, i := range rng.Perm(len(h.blocks)) {
		block := h.blocks[i]
		spans := model.Sentences(nil, block, article.Span{End: len(block)})
		if len(spans) < 2 {
			continue
		}
		s := spans[rng.Intn(len(spans))]
		p := plant{lang: h.lang, place: "inside", long: h.long}
		p.span.Start = len(strings.Join(h.blocks[:i], h.gap)) + s.End + 1
		if i > 0 {
			p.span.Start += len(h.gap)
		}
		blocks := append([]string(nil), h.blocks...)
		blocks[i] = strings.TrimRight(block[:s.End]+" "+text+block[s.End:], " ")
		p.span.End = p.span.Start + len(text)
		p.text = strings.Join(blocks, h.gap)
		return p, p.text[p.span.Start:p.span.End] == text
	}
	return plant{}, false
}
