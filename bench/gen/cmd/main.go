// Command cmd writes a generated corpus as JSON Lines to standard output and,
// with -truth, its planted copies to a file: copy, original, kind, parameter,
// tab-separated.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"chaff/bench/gen"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("gen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var opt gen.Options
	flags.Uint64Var(&opt.Seed, "seed", 1, "seed; the same seed and number give the same corpus")
	flags.IntVar(&opt.Articles, "n", 5000, "number of articles")
	flags.IntVar(&opt.Copies, "copies", 100, "planted copies, permille; negative for none")
	flags.IntVar(&opt.Han, "han", 30, "articles in Han characters, permille; negative for none")
	flags.IntVar(&opt.Forms, "forms", 5, "filled-in forms, permille; negative for none")
	truth := flags.String("truth", "", "write the planted copies to `FILE`")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return 2
	}
	if err := write(opt, stdout, *truth); err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		return 2
	}
	return 0
}

func write(opt gen.Options, stdout io.Writer, truth string) error {
	c, err := gen.New(opt)
	if err != nil {
		return err
	}
	if truth == "" {
		return c.Write(stdout, nil)
	}
	f, err := os.Create(truth)
	if err != nil {
		return err
	}
	if err := c.Write(stdout, f); err != nil {
		_ = f.Close() // the write's error says more
		return err
	}
	return f.Close()
}
