package calibrate

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"chaff/article"
)

// What is planted was written for measuring: no model learns from these texts.
// See plants/README.md.
//
//go:embed plants/*.txt
var plantFiles embed.FS

// Kind is a kind of plant.
type Kind int

// The kinds. A paragraph of another article is planted twice: once it can be found
// in the corpus, once it cannot.
const (
	Advertisement Kind = iota
	Furniture
	Leftover
	Paragraph
	Unwitnessed
	Kinds
)

func (k Kind) String() string {
	return [...]string{"advertisement", "page furniture", "leftover of writing", "paragraph of another article", "the same, unknown to the corpus"}[k]
}

// label returns the label that k is to be found with.
func (k Kind) label() article.Label {
	switch k {
	case Advertisement:
		return article.Advertisement
	case Furniture:
		return article.Boilerplate
	}
	return article.Foreign
}

// fileNames names the files with texts of a kind.
var fileNames = [...]string{Advertisement: "ads", Furniture: "furniture", Leftover: "foreign"}

// written returns the texts of a kind in a language.
var written = sync.OnceValue(func() map[string][]string {
	files, err := plantFiles.ReadDir("plants")
	if err != nil {
		panic(err) // they are part of the program
	}
	all := make(map[string][]string)
	for _, f := range files {
		data, err := plantFiles.ReadFile("plants/" + f.Name())
		if err != nil {
			panic(err)
		}
		name := strings.TrimSuffix(f.Name(), ".txt")
		for text := range strings.SplitSeq(string(data), "\n---\n") {
			all[name] = append(all[name], strings.TrimSpace(text))
		}
	}
	return all
})

// Languages returns the languages that there are written plants in.
func Languages() []string {
	var langs []string
	for name := range written() {
		if _, lang, _ := strings.Cut(name, "."); !slices.Contains(langs, lang) {
			langs = append(langs, lang)
		}
	}
	slices.Sort(langs)
	return langs
}

// textFor returns a text of a kind for an article in a language; empty if there is
// none.
func textFor(k Kind, lang string, r *rand.Rand) string {
	texts := written()[fmt.Sprintf("%s.%s", fileNames[k], lang)]
	if len(texts) == 0 {
		return ""
	}
	return texts[r.IntN(len(texts))]
}

// plant returns the text of a with a graft between two of its blocks or behind the
// last, and where it is. Furniture is planted at the end every other time, as
// pages have it there.
func plant(a *article.Article, graft string, k Kind, r *rand.Rand) (string, article.Span) {
	blocks := article.Blocks(a.Text)
	gap := "\n"
	if strings.Contains(a.Text, "\n\n") {
		gap = "\n\n"
	} else if strings.Contains(a.Text, "\r\n\r\n") {
		gap = "\r\n\r\n"
	}
	at := 1 + r.IntN(len(blocks))
	if k == Furniture && r.IntN(2) == 0 {
		at = len(blocks)
	}
	if at == len(blocks) {
		start := blocks[at-1].End
		head := a.Text[:start] + gap
		return head + graft, article.Span{Start: len(head), End: len(head) + len(graft)}
	}
	start := blocks[at].Start
	return a.Text[:start] + graft + gap + a.Text[start:], article.Span{Start: start, End: start + len(graft)}
}
