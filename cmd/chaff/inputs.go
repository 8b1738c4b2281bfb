package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"chaff/corpus"
)

// inputFlags are the flags that say what is read and how, as they were given.
type inputFlags struct {
	html             string
	idField          string
	textField        string
	maxArticle       string
	maxInflate       string
	include, exclude []string
	followLinks      bool
}

var htmls = []corpus.HTML{corpus.Main, corpus.Raw}

func (f *inputFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVar(&f.html, "html", string(corpus.Main), "what a page's article is: main (its main content) or raw (every visible block)")
	fs.StringVar(&f.idField, "id-field", "id", "field of JSON Lines, or column of Parquet, with the `name` of an article")
	fs.StringVar(&f.textField, "text-field", "text", "field or column with its `text`")
	fs.StringVar(&f.maxArticle, "max-article", humanize.IBytes(corpus.DefaultMaxArticle), "largest article, or page, that is read (`size`, as 4MiB)")
	fs.StringVar(&f.maxInflate, "max-inflate", "", "how much may come out of one compressed file (`size`; default 1GiB, or 100 times the file)")
	fs.StringArrayVar(&f.include, "include", nil, "of files in folders, read those alone that match this `glob`; may be repeated")
	fs.StringArrayVar(&f.exclude, "exclude", nil, "pass over files and folders that match this `glob`; may be repeated")
	fs.BoolVar(&f.followLinks, "follow-symlinks", false, "read what symbolic links in folders lead to")
	complete(cmd, map[string][]string{"html": strs(htmls)})
}

// resolve checks the flags. Globs are left to [corpus.Open].
func (f *inputFlags) resolve() (corpus.Options, error) {
	o := corpus.Options{
		HTML: corpus.HTML(f.html), IDField: f.idField, TextField: f.textField,
		Include: f.include, Exclude: f.exclude, FollowLinks: f.followLinks,
	}
	if !slices.Contains(htmls, o.HTML) {
		return o, fmt.Errorf("--html: %w", noneOf(f.html, strs(htmls)))
	}
	switch {
	case f.idField == "":
		return o, fmt.Errorf("--id-field: no field is named")
	case f.textField == "":
		return o, fmt.Errorf("--text-field: no field is named")
	case f.idField == f.textField:
		return o, fmt.Errorf("--text-field: %s is the field of --id-field", f.textField)
	}
	var err error
	if o.MaxArticle, err = parseSize(f.maxArticle, 1, corpus.LargestArticle); err != nil {
		return o, fmt.Errorf("--max-article: %w", err)
	}
	if f.maxInflate != "" {
		if o.MaxInflate, err = parseSize(f.maxInflate, 1, math.MaxInt64); err != nil {
			return o, fmt.Errorf("--max-inflate: %w", err)
		}
	}
	return o, nil
}

// parseSize reads a size in bytes from least to most.
func parseSize(s string, least, most int64) (int64, error) {
	n, err := humanize.ParseBytes(s)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is no size such as 500MB or 2GiB", s)
	case n < uint64(least):
		return 0, fmt.Errorf("%s is less than %s", s, humanize.IBytes(uint64(least)))
	case n > uint64(most):
		return 0, fmt.Errorf("%s is more than %s", s, humanize.IBytes(uint64(most)))
	}
	return int64(n), nil
}
