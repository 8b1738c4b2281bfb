package main

import (
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path"
	"strings"

	"chaff/article"
)

//go:embed text/*.txt
var texts embed.FS

// honest is the class of text that belongs to an article; the others are the
// labels of the model, counted from one.
const (
	honest = iota
	advert
	furniture
	leftover
	classes
)

var classNames = [classes]string{"honest", "ads", "furniture", "foreign"}

// item is one piece of training text.
type item struct {
	class  int
	lang   string
	text   string
	whole  bool    // an article, not a line of one
	weight float64 // against one written for training
	group  uint32  // what is held out together
	// stranger marks a piece of another article among leftovers of writing.
	stranger bool
}

// readItems returns the texts written for training.
func readItems() ([]item, error) {
	files, err := texts.ReadDir("text")
	if err != nil {
		return nil, err
	}
	var items []item
	for _, f := range files {
		data, err := texts.ReadFile("text/" + f.Name())
		if err != nil {
			return nil, err
		}
		kind, lang, _ := strings.Cut(strings.TrimSuffix(path.Base(f.Name()), ".txt"), ".")
		class := -1
		for c, name := range classNames {
			if name == kind {
				class = c
			}
		}
		if class < 0 {
			return nil, fmt.Errorf("%s: no kind of text", f.Name())
		}
		for text := range strings.SplitSeq(string(data), "\n---\n") {
			text = strings.TrimSpace(text)
			if text == "" {
				continue
			}
			it := item{class: class, lang: lang, text: text, weight: 1, group: hash(text)}
			it.text, it.whole = strings.CutPrefix(text, "=== article\n")
			items = append(items, it)
		}
	}
	return items, nil
}

func hash(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	v := h.Sum32()
	return (v ^ v>>15) * 0x9E3779B1 >> 8
}

// page is one line of a file of labelled pages.
type page struct {
	ID, URL, Lang, Text string
	Spans               []article.Span
	Ignore              [][2]int
	Keep, Drop          []string
}

// readPages reads a gzipped file of JSON Lines.
func readPages(name string) ([]page, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	var pages []page
	for d := json.NewDecoder(z); d.More(); {
		var p page
		if err := d.Decode(&p); err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		pages = append(pages, p)
	}
	return pages, nil
}

// body returns the blocks of a page that lie in the body of its article.
func (p *page) body() string {
	var b strings.Builder
	for _, block := range article.Blocks(p.Text) {
		out := false
		for _, s := range p.Spans {
			out = out || s.Start < block.End && block.Start < s.End
		}
		for _, s := range p.Ignore {
			out = out || s[0] < block.End && block.Start < s[1]
		}
		if !out {
			b.WriteString(block.In(p.Text))
			b.WriteString("\n\n")
		}
	}
	return strings.TrimSpace(b.String())
}

// host is the part of an address that pages of one site share.
func (p *page) host() string {
	_, rest, _ := strings.Cut(p.URL, "://")
	rest, _, _ = strings.Cut(rest, "/")
	return rest
}

const (
	weightBody = 0.002 // of a sentence of a page against one written for training
	weightKept = 0.3
	longSpan   = 160 // bytes above which what stands outside a body may be anything
)

// pageItems returns what the labelled pages teach: the bodies of articles, and
// the snippets that do and do not belong to one.
func pageItems(dir string) ([]item, error) {
	var items []item
	pages, err := readPages(dir + "/en-wcxb-dev.jsonl.gz")
	if err != nil {
		return nil, err
	}
	for i := range pages {
		p := &pages[i]
		items = append(items, item{class: honest, lang: "en", text: p.body(), whole: true, weight: weightBody, group: hash(p.host())})
		for _, b := range p.Spans {
			if b.Len() >= 8 && b.Len() <= longSpan {
				items = append(items, item{class: furniture, lang: "en", text: b.In(p.Text), weight: weightBody, group: hash(p.host())})
			}
		}
	}
	pages, err = readPages(dir + "/multi-trafilatura-snippets.jsonl.gz")
	if err != nil {
		return nil, err
	}
	for i := range pages {
		p := &pages[i]
		for _, s := range p.Keep {
			if len(s) >= 30 {
				items = append(items, item{class: honest, lang: p.Lang, text: s, weight: weightKept, group: hash(p.host())})
			}
		}
		for _, s := range p.Drop {
			if len(s) >= 8 {
				items = append(items, item{class: furniture, lang: p.Lang, text: s, weight: weightKept, group: hash(p.host())})
			}
		}
	}
	return items, nil
}
