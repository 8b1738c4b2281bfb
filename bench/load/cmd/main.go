// Command cmd loads a running chaff serve with generated articles and prints how long the
// answers took.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"chaff/bench/load"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var o load.Options
	flags.StringVar(&o.URL, "url", "http://127.0.0.1:8080", "the server, http")
	flags.StringVar(&o.Path, "path", "/v1/check", "what is asked")
	flags.IntVar(&o.Clients, "clients", 1, "requests under way at a time")
	flags.Float64Var(&o.Rate, "rate", 0, "requests due in a second; 0: each client asks again when it has its answer")
	flags.DurationVar(&o.Time, "time", 20*time.Second, "how long")
	seed := flags.Uint64("seed", 1, "of the corpus")
	from := flags.Int("from", 0, "first article of the corpus that is asked about")
	count := flags.Int("count", 5000, "articles that are asked about")
	prefix := flags.String("prefix", "load-", "before each id")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 || *count < 1 || o.Clients < 1 || o.Rate < 0 {
		return 2
	}
	var err error
	if o.Bodies, err = load.Bodies(*seed, *from, *count, *prefix); err == nil {
		var r *load.Result
		if r, err = load.Run(context.Background(), o); r != nil {
			_, _ = fmt.Fprintln(stdout, r)
		}
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}
