package clean_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"chaff/article"
	"chaff/clean"
	"chaff/corpus"
	"chaff/scan"
)

// An article that says one thing twice is cleaned and restored.
func Example() {
	base, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(base)
	in, dir, back := filepath.Join(base, "a.txt"), filepath.Join(base, "cleaned"), filepath.Join(base, "back")
	text := `The ferry to Penhallow sails twice a day from Monday on, the harbour office has announced.

Tickets are sold on board.

The ferry to Penhallow sails twice a day from Monday on, the harbour office has announced.
`
	if err := os.WriteFile(in, []byte(text), 0o666); err != nil {
		log.Fatal(err)
	}

	ctx, paths, plan := context.Background(), []string{in}, clean.NewPlan()
	c, err := corpus.Open(paths, corpus.Options{Problem: plan.Unread})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	out, err := clean.Create(dir, paths)
	if err != nil {
		log.Fatal(err)
	}
	defer out.Discard()
	if _, err := scan.Run(ctx, c, scan.Options{Kinds: []article.Kind{article.Repeat}}, plan.Add); err != nil {
		log.Fatal(err)
	}
	s, err := clean.Write(ctx, c, plan, out, clean.Options{Paths: paths})
	if err != nil {
		log.Fatal(err)
	}
	if err := out.Commit(ctx); err != nil {
		log.Fatal(err)
	}
	cleaned, err := os.ReadFile(filepath.Join(dir, "a.txt"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d cut:\n%s", s.Cut, cleaned)

	again, err := clean.Create(back, []string{dir})
	if err != nil {
		log.Fatal(err)
	}
	defer again.Discard()
	n, err := clean.Restore(ctx, dir, again, clean.RestoreOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if err := again.Commit(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(n, "restored")
	// Output:
	// 1 cut:
	// The ferry to Penhallow sails twice a day from Monday on, the harbour office has announced.
	//
	// Tickets are sold on board.
	// 1 restored
}
