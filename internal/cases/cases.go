// Package cases reads case files: an article with the findings that are
// expected in it, in one file that a person can read and write.
//
//	# a comment
//	repeat "Later words"#2 … "end of them." of "First words" … "end of them."
//	repeat "A short passage"#2 of "A short passage" reason "pull quote"
//	off-topic advertisement "Book now" … "or call us!"
//
//	The article, from after the first blank line to the end of the file.
//
// A line names a kind (and the label of off-topic content), then a passage by
// its first and last words, quoted as in Go. The passage begins at the k-th
// place where its first words stand (#k, counted from 1; without it the first,
// or the last for the later passage of a repeat) and ends with the next place
// where its last words stand. One quotation alone is the whole passage. The
// line "none" says that nothing is to be found.
package cases

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"chaff/article"
)

// Case is one article and what is expected in it.
type Case struct {
	Name string // the file's, without folder and ending
	Text string
	Want []Want // in the order of the file
}

// Want is one expected finding.
type Want struct {
	Kind   article.Kind
	Label  article.Label // of off-topic content
	Span   article.Span
	Other  article.Span // of a repeat: the first occurrence
	Reason string       // a signal that must be among the reasons; empty for any
}

// Load reads every case of a folder, in the order of their names. A folder
// without cases is an error.
func Load(dir string) ([]Case, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("looking for cases in %s: %w", dir, err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no case in %s", dir)
	}
	cases := make([]Case, 0, len(files))
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("reading a case: %w", err)
		}
		c, err := Parse(string(data))
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		c.Name = strings.TrimSuffix(filepath.Base(file), ".txt")
		cases = append(cases, c)
	}
	return cases, nil
}

// Parse reads one case.
func Parse(file string) (Case, error) {
	head, text, found := strings.Cut(file, "\n\n")
	if !found {
		return Case{}, errors.New("no blank line before the article")
	}
	c := Case{Text: text}
	none := false
	for n, line := range strings.Split(head, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if line == "none" {
			none = true
			continue
		}
		w, err := parseWant(line, text)
		if err != nil {
			return Case{}, fmt.Errorf("line %d: %w", n+1, err)
		}
		c.Want = append(c.Want, w)
	}
	if none != (len(c.Want) == 0) {
		return Case{}, errors.New("findings are expected by a line each, or denied by none")
	}
	return c, nil
}

func parseWant(line, text string) (Want, error) {
	kind, rest, _ := strings.Cut(line, " ")
	w := Want{Kind: article.Kind(kind)}
	var err error
	switch w.Kind {
	case article.Repeat:
		if w.Span, rest, err = passage(rest, text, true); err != nil {
			return w, err
		}
		rest, ok := strings.CutPrefix(rest, "of ")
		if !ok {
			return w, fmt.Errorf("no first occurrence in %q", line)
		}
		if w.Other, rest, err = passage(rest, text, false); err != nil {
			return w, err
		}
		if reason, ok := strings.CutPrefix(rest, "reason "); ok {
			if w.Reason, err = strconv.Unquote(reason); err != nil {
				return w, fmt.Errorf("reason %s: %w", reason, err)
			}
			rest = ""
		}
		return w, leftOver(rest)
	case article.OffTopic:
		label, rest, _ := strings.Cut(rest, " ")
		w.Label = article.Label(label)
		if w.Span, rest, err = passage(rest, text, false); err != nil {
			return w, err
		}
		return w, leftOver(rest)
	}
	return w, fmt.Errorf("no case can expect %q", kind)
}

func leftOver(rest string) error {
	if rest != "" {
		return fmt.Errorf("%q is left over", rest)
	}
	return nil
}

// passage reads a passage from the front of s and finds it in text.
func passage(s, text string, last bool) (article.Span, string, error) {
	first, s, err := quotation(s)
	if err != nil {
		return article.Span{}, s, err
	}
	var start int
	if number, ok := strings.CutPrefix(s, "#"); ok {
		number, rest, _ := strings.Cut(number, " ")
		k, err := strconv.Atoi(number)
		if err != nil || k < 1 {
			return article.Span{}, s, fmt.Errorf("#%s is no place", number)
		}
		start, s = nth(text, first, k), rest
	} else if last {
		start = strings.LastIndex(text, first)
	} else {
		start = strings.Index(text, first)
	}
	if start < 0 {
		return article.Span{}, s, fmt.Errorf("%q is not in the article", first)
	}
	s = strings.TrimSpace(s)
	rest, more := strings.CutPrefix(s, "…")
	if !more {
		return article.Span{Start: start, End: start + len(first)}, s, nil
	}
	words, s, err := quotation(strings.TrimSpace(rest))
	if err != nil {
		return article.Span{}, s, err
	}
	n := strings.Index(text[start:], words)
	if n < 0 {
		return article.Span{}, s, fmt.Errorf("%q is not in the article after %q", words, first)
	}
	return article.Span{Start: start, End: start + n + len(words)}, strings.TrimSpace(s), nil
}

func quotation(s string) (words, rest string, err error) {
	quoted, err := strconv.QuotedPrefix(s)
	if err != nil {
		return "", s, fmt.Errorf("no quotation at %q", s)
	}
	words, err = strconv.Unquote(quoted)
	return words, s[len(quoted):], err
}

// nth returns where words stand in text for the k-th time, counted from 1 and
// at every offset, or -1.
func nth(text, words string, k int) int {
	at := -1
	for range k {
		n := strings.Index(text[at+1:], words)
		if n < 0 {
			return -1
		}
		at += 1 + n
	}
	return at
}
