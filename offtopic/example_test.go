package offtopic_test

import (
	"fmt"

	"chaff/article"
	"chaff/offtopic"
)

func Example() {
	d := offtopic.NewDetector(offtopic.Options{})
	a := &article.Article{ID: "bridge.txt", Text: `The council voted to rebuild the old bridge over the river.

Engineers told the council that the piers of the bridge had rotted.

Looking for garden furniture you will love? Order now at www.example.com and get 20% off!

The bridge will stay closed until the council has found the money.

Share this article`}
	for _, f := range d.Find(a) {
		fmt.Printf("%s, %s, line %d: %s\n", f.Label, f.Tier, f.At.Line, f.Text)
	}
	// Output:
	// advertisement, certain, line 5: Looking for garden furniture you will love? Order now at www.example.com and get 20% off!
	// boilerplate, certain, line 9: Share this article
}
