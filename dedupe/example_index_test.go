package dedupe_test

import (
	"context"
	"fmt"

	"chaff/article"
	"chaff/dedupe"
)

func ExampleIndex() {
	x, _ := dedupe.NewIndex(dedupe.Options{})
	x.Add(article.Article{ID: "wire", Text: "The harbour of Ystad was closed on Monday after a crane fell across the quay."})
	x.Add(article.Article{ID: "paper", Text: "YSTAD — The harbour of Ystad was closed on Monday after a crane fell across the quay, officials said."})
	x.Add(article.Article{ID: "other", Text: "Apples are dearer this autumn; growers blame a late frost."})

	pairs, _ := x.Pairs(context.Background())
	for p := range pairs {
		fmt.Printf("%s %s J=%.2f C=%.2f\n", x.ID(p.A), x.ID(p.B), p.Jaccard, p.Containment)
	}
	clusters, _ := x.Clusters(context.Background())
	for _, m := range clusters[0].Members {
		fmt.Println(x.ID(clusters[0].Representative), m.Relation, x.ID(m.Article))
	}
	near, _ := x.Query(article.Article{Text: "The harbour of Ystad was closed on Monday."})
	fmt.Println(len(near), "near the query")
	// Output:
	// paper wire J=0.81 C=1.00
	// paper contained wire
	// 0 near the query
}
