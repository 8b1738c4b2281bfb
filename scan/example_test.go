package scan_test

import (
	"context"
	"fmt"
	"strings"

	"chaff/article"
	"chaff/corpus"
	"chaff/scan"
)

func ExampleRun() {
	const ferry = "The ferry to Ormsay will run twice a day from May, the harbour board decided on Monday, after islanders had asked for it for years."
	records := `{"id":"daily","text":"` + ferry + `"}
{"id":"echo","text":"` + ferry + ` Tickets stay as they are."}`
	c, err := corpus.Open([]string{"-"}, corpus.Options{Stdin: strings.NewReader(records), Keep: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	o := scan.Options{Kinds: []article.Kind{article.NearDuplicate}}
	_, err = scan.Run(context.Background(), c, o, func(f article.Finding, _ corpus.Position) error {
		fmt.Printf("%s is near %s: %s, C %.2f\n", f.Article, f.Other.Article, f.Relation, *f.Containment)
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output: daily is near echo: contained, C 1.00
}
