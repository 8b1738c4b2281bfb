package corpus_test

import (
	"context"
	"fmt"
	"log"
	"slices"
	"strings"

	"chaff/article"
	"chaff/corpus"
)

// Articles come in no particular order; their positions bring them back into
// the order of reading, and load them again.
func Example() {
	stdin := strings.NewReader(`{"id":"b","text":"Two words"}
{"id":"a","text":"One more"}
{"id":"c"}
`)
	c, err := corpus.Open([]string{"-"}, corpus.Options{
		Workers: 1, // so that append below needs no lock
		Keep:    true,
		Stdin:   stdin,
		Problem: func(p corpus.Problem) { fmt.Println(p) },
	})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	var at []corpus.Position
	err = c.Read(context.Background(), func(_ int, a *article.Article, p corpus.Position) error {
		at = append(at, p)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	slices.SortFunc(at, corpus.Position.Compare)
	var buf corpus.Buffer
	for _, p := range at {
		a, err := c.Load(p, &buf)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %s\n", a.ID, a.Text)
	}
	// Output:
	// reading -:3: no text: a record needs a string named text
	// b: Two words
	// a: One more
}
