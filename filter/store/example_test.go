package store_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"chaff/article"
	"chaff/filter/store"
)

func Example() {
	dir, err := os.MkdirTemp("", "index")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	unlessSeen := func(matches []store.Match) bool { return len(matches) == 0 }
	for _, a := range []article.Article{
		{ID: "monday", Text: "The ferry to the island sails twice a day until the end of October."},
		{ID: "tuesday", Text: "The council has voted to close the old bridge for repairs."},
		{ID: "wednesday", Text: "The ferry to the island sails twice a day until the end of November."},
		{ID: "monday", Text: "The ferry to the island sails twice a day until the end of October."},
	} {
		o, err := s.Submit(context.Background(), &a, unlessSeen)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(a.ID, o.Status)
		for _, m := range o.Matches {
			fmt.Printf("  %s of %s, J %.2f\n", m.Relation, m.ID, m.Jaccard)
		}
	}
	// Output:
	// monday added
	// tuesday added
	// wednesday refused
	//   version of monday, J 0.85
	// monday known
}
