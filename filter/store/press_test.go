package store

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"chaff/article"
)

// press writes articles that share with one another what those of the press do:
// words by Zipf's law, a twentieth of them in phrases that thousands of articles
// have. An article is made from its number alone.
type press struct {
	words   []string
	phrases [][]string
}

var newPress = sync.OnceValue(func() *press {
	rng := rand.New(rand.NewPCG(1, 2))
	p := &press{words: make([]string, 50_000), phrases: make([][]string, 100_000)}
	for i := range p.words {
		var b strings.Builder
		for range 1 + rng.IntN(4) {
			b.WriteByte("bcdfghjklmnprstvwz"[rng.IntN(18)])
			b.WriteByte("aeiou"[rng.IntN(5)])
		}
		if p.words[i] = b.String(); i%50 == 49 {
			p.words[i] = strconv.Itoa(rng.IntN(2000))
		}
	}
	zipf := rand.NewZipf(rng, 1.07, 8, uint64(len(p.words)-1))
	for i := range p.phrases {
		for range 3 + rng.IntN(5) {
			p.phrases[i] = append(p.phrases[i], p.words[zipf.Uint64()])
		}
	}
	return p
})

// article returns article n of so many words.
func (p *press) article(n, words int) *article.Article {
	rng := rand.New(rand.NewPCG(uint64(n), 3))
	word := rand.NewZipf(rng, 1.07, 8, uint64(len(p.words)-1))
	phrase := rand.NewZipf(rng, 1.2, 8, uint64(len(p.phrases)-1))
	text := make([]string, 0, words+8)
	for len(text) < words {
		if rng.IntN(20) == 0 {
			text = append(text, p.phrases[phrase.Uint64()]...)
		} else {
			text = append(text, p.words[word.Uint64()])
		}
	}
	return &article.Article{
		ID: fmt.Sprintf("press/%08d", n), Source: "press.example", Text: strings.Join(text[:words], " "),
		Date: time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC),
	}
}

// edited returns a version of a: each word is replaced with probability change, and
// of what results the share from from to to is kept.
func (p *press) edited(rng *rand.Rand, a *article.Article, id string, change, from, to float64) *article.Article {
	words := strings.Fields(a.Text)
	for i := range words {
		if rng.Float64() < change {
			words[i] = p.words[rng.IntN(len(p.words))]
		}
	}
	n := float64(len(words))
	b := *a
	b.ID, b.Text = id, strings.Join(words[int(n*from):int(n*to)], " ")
	return &b
}
