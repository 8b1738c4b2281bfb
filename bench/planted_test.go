package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
	"chaff/internal/cases"
	"chaff/shingle"
)

// plantTexts is how many texts of a corpus copies are planted in.
const plantTexts = 150

// plantFloors are the least numbers of words that repeats are looked for with.
var plantFloors = []int{4, dedupe.DefaultRepeatWords, 12, 16, 24}

// plantedRepeats plants copies of a sentence and of a paragraph, exact and with every
// tenth or fifth word changed, and measures for each floor how many are found and how
// many findings there are besides.
func plantedRepeats(t *testing.T) map[string]string {
	t.Helper()
	own, err := cases.Load("../testdata/repeats")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string][]string{"own": nil}
	for _, c := range own {
		if len(c.Want) > 0 {
			// Without the copies, what is left is prose with nothing twice.
			for i := len(c.Want) - 1; i >= 0; i-- {
				s := c.Want[i].Span
				c.Text = c.Text[:s.Start] + c.Text[s.End:]
			}
		}
		texts["own"] = append(texts["own"], c.Text)
	}
	for _, name := range []string{"clean/en-bbc", "neardup/zh-chinanews"} {
		if _, err := os.Stat(shared + name + ".jsonl.gz"); err == nil && !testing.Short() {
			texts[filepath.Base(name)] = firstTexts(t, shared+name+".jsonl.gz")
		}
	}
	measured := make(map[string]string)
	for name, all := range texts {
		for _, floor := range plantFloors {
			measured[fmt.Sprintf("planted/%s/floor-%02d", name, floor)] = plantAll(t, all, floor)
		}
	}
	return measured
}

// firstTexts returns the first texts of a file.
func firstTexts(t *testing.T, file string) []string {
	t.Helper()
	c, err := corpus.Open([]string{file}, corpus.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var texts []string
	err = c.Read(context.Background(), func(_ int, a *article.Article, _ corpus.Position) error {
		if len(texts) < 2*plantTexts {
			texts = append(texts, strings.Clone(a.Text))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// plantAll plants every kind of copy in the texts that have paragraphs enough.
func plantAll(t *testing.T, texts []string, floor int) string {
	t.Helper()
	kinds := [...]string{"sentence", "paragraph"}
	rates := [...]int{0, 10, 20}
	var found, planted [len(kinds)][len(rates)]int
	besides, n := 0, 0
	text := dedupe.NewText(new(article.Article), shingle.Tokenizer{}, 0)
	rng := rand.New(rand.NewPCG(11, 12))
	for _, s := range texts {
		paragraphs := proseOf(s)
		if len(paragraphs) < 4 || n == plantTexts {
			continue
		}
		n++
		for k := range kinds {
			for r, rate := range rates {
				a, first, later, ok := plant(rng, paragraphs, k == 0, rate)
				if !ok {
					continue
				}
				planted[k][r]++
				text.Reset(&article.Article{Text: a})
				hit := false
				for _, f := range dedupe.Repeats(text, dedupe.RepeatOptions{MinWords: floor}) {
					switch {
					case alike(*f.Span, later) && alike(*f.Other.Span, first):
						hit = true
					case !f.Span.Overlaps(later):
						besides++
					}
				}
				if hit {
					found[k][r]++
				}
			}
		}
	}
	if n == 0 {
		t.Fatal("no text to plant in")
	}
	var b strings.Builder
	for k, kind := range kinds {
		fmt.Fprintf(&b, "%s", kind)
		for r, rate := range rates {
			fmt.Fprintf(&b, " %d %%: %d/%d,", rate, found[k][r], planted[k][r])
		}
		b.WriteByte(' ')
	}
	fmt.Fprintf(&b, "besides %d", besides)
	return b.String()
}

// proseOf returns the paragraphs of a text, without its short lines.
func proseOf(text string) []string {
	var paragraphs []string
	for _, b := range article.Blocks(text) {
		if p := strings.Join(strings.Fields(b.In(text)), " "); words(p) >= 20 {
			paragraphs = append(paragraphs, p)
		}
	}
	return paragraphs
}

// plant copies a paragraph, or a sentence of one, to a place at least a paragraph
// further on, with rate words of a hundred changed.
func plant(rng *rand.Rand, paragraphs []string, sentence bool, rate int) (text string, first, later article.Span, ok bool) {
	from := rng.IntN(len(paragraphs) - 2)
	to := from + 2 + rng.IntN(len(paragraphs)-from-2)
	original := paragraphs[from]
	if sentence {
		if original, ok = anySentence(rng, original); !ok {
			return "", first, later, false
		}
	}
	changed := changeWords(rng, original, rate, paragraphs)
	var b strings.Builder
	for i, p := range paragraphs {
		if i > 0 {
			b.WriteString("\n\n")
		}
		if i == from {
			first.Start = b.Len() + strings.Index(p, original)
			first.End = first.Start + len(original)
		}
		if i == to {
			later = article.Span{Start: b.Len(), End: b.Len() + len(changed)}
			b.WriteString(changed)
			if sentence {
				b.WriteByte(' ')
			} else {
				b.WriteString("\n\n")
			}
		}
		b.WriteString(p)
	}
	return b.String(), first, later, true
}

// anySentence returns a sentence of p with ten words or more.
func anySentence(rng *rand.Rand, p string) (string, bool) {
	var sentences []string
	start := 0
	for at, r := range p {
		end := at + utf8.RuneLen(r)
		full := strings.ContainsRune("。！？", r)
		if !full && (!strings.ContainsRune(".!?", r) || end < len(p) && p[end] != ' ') {
			continue
		}
		if s := strings.TrimSpace(p[start:end]); words(s) >= 10 {
			sentences = append(sentences, s)
		}
		start = end
	}
	if len(sentences) == 0 {
		return "", false
	}
	return sentences[rng.IntN(len(sentences))], true
}

// changeWords puts words of other paragraphs in the place of rate words of a hundred, but
// not of the first and the last.
func changeWords(rng *rand.Rand, s string, rate int, others []string) string {
	spans := wordSpans(s)
	other := others[rng.IntN(len(others))]
	from := wordSpans(other)
	for _, k := range rng.Perm(max(0, len(spans)-2))[:len(spans)*rate/100] {
		w := &spans[k+1]
		*w = strings.Repeat(" ", len(*w)-len(strings.TrimLeft(*w, " "))) + strings.TrimSpace(from[rng.IntN(len(from))])
	}
	return strings.Join(spans, "")
}

// wordSpans cuts s before each word; a letter of Han is one.
func wordSpans(s string) []string {
	var parts []string
	start := 0
	for at, r := range s {
		if at > start && (r == ' ' || unicode.Is(unicode.Han, r)) {
			parts = append(parts, s[start:at])
			start = at
		}
	}
	return append(parts, s[start:])
}

// words is the number of words of prose in s; two letters of Han are worth one.
func words(s string) int {
	han := 0
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			han++
		}
	}
	return han/2 + len(strings.Fields(s))
}
