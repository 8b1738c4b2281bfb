package bench

import (
	"bufio"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"chaff/article"
	"chaff/corpus"
	"chaff/internal/cases"
	"chaff/scan"
)

var update = flag.Bool("update", false, "write the figures of quality down as they are now")

// golden holds one line a measurement: its name, a tab, its figures.
const golden = "quality.golden"

// shared is where texts of others stand beside the project. Measurements on
// them are left as they were written down where it is missing.
const shared = "../../shared/data/"

// TestQuality measures what is found and what is missed, and compares that with
// what was written down. Any change, also for the better, must be written down
// with -update, so that it shows in the diff.
func TestQuality(t *testing.T) {
	measured := make(map[string]string)
	for _, dir := range []string{"repeats", "offtopic", "blind/repeats", "blind/offtopic"} {
		all, err := cases.Load(filepath.Join("../testdata", dir))
		if err != nil {
			t.Fatal(err)
		}
		var wrong []string
		if strings.HasSuffix(dir, "repeats") {
			s := ScoreRepeats(all)
			measured["cases/"+dir], wrong = s.String(), s.Wrong
		} else {
			s := ScoreOffTopic(all)
			measured["cases/"+dir], wrong = s.String(), s.Wrong
		}
		if strings.HasPrefix(dir, "blind/") {
			continue // a failure prints what was logged, and these are not to be read
		}
		for _, w := range wrong {
			t.Log(w)
		}
	}
	file, plants := generated(t)
	for _, goal := range nearGoals {
		measured["generated-5k/"+goal.name] = nearPairs(t, file, goal.options, plants)
	}
	maps.Copy(measured, plantedRepeats(t))
	if testing.Short() {
		t.Log("what is measured on the texts of others is skipped: it takes a minute")
	} else if _, err := os.Stat(shared); err != nil {
		t.Logf("what is measured on %s is skipped: the folder is missing", shared)
	} else {
		measured["rfc-5k/planted"] = planted(t)
		for _, name := range []string{"neardup/en-rfc-5k", "neardup/en-reuters", "neardup/zh-events"} {
			for _, goal := range nearGoals {
				measured[name+"/"+goal.name] = nearPairs(t, shared+name+".jsonl.gz", goal.options, nil)
			}
		}
		for _, name := range []string{"clean/en-bbc", "neardup/en-reuters", "neardup/zh-events", "offtopic/en-wcxb-dev"} {
			measured[name] = counted(t, name)
		}
		for _, name := range labelledSets {
			measured[name+"/marked"] = labelled(t, name)
		}
		measured[snippetSet+"/marked"] = snippets(t)
	}
	hold(t, measured)
}

// hold compares what was measured with what was written down, which it puts down anew
// with -update.
func hold(t *testing.T, measured map[string]string) {
	t.Helper()
	figures, err := readGolden()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sorted(measured) {
		t.Logf("%s: %s", name, measured[name])
		if *update {
			figures[name] = measured[name]
		} else if figures[name] != measured[name] {
			t.Errorf("%s\n is %s\nwas %s\nIf that is right: go test ./bench -run %s -update", name, measured[name], figures[name], t.Name()[len("Test"):])
		}
	}
	if *update {
		if err := writeGolden(figures); err != nil {
			t.Fatal(err)
		}
	}
}

// counted scans a file and counts the findings, and the articles that have one.
func counted(t *testing.T, name string) string {
	found := make(map[string]int)
	with := make(map[article.Kind]map[string]bool)
	n := findings(t, shared+name+".jsonl.gz", func(f article.Finding) {
		key := string(f.Kind)
		switch f.Kind {
		case article.NearDuplicate:
			key = string(f.Relation)
		case article.OffTopic:
			key = string(f.Label)
		}
		found[key]++
		if with[f.Kind] == nil {
			with[f.Kind] = make(map[string]bool)
		}
		with[f.Kind][f.Article] = true
	})
	var b strings.Builder
	fmt.Fprintf(&b, "of %d articles", n)
	for _, k := range article.Kinds {
		fmt.Fprintf(&b, ", %s %d", k, len(with[k]))
	}
	b.WriteString("; findings")
	for _, key := range sorted(found) {
		fmt.Fprintf(&b, " %s %d", key, found[key])
	}
	return b.String()
}

// findings scans one file and calls tell with what is printed by default, one
// at a time. It returns the number of articles.
func findings(t *testing.T, file string, tell func(article.Finding)) int {
	t.Helper()
	c, err := corpus.Open([]string{file}, corpus.Options{Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	told := make(chan article.Finding)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for f := range told {
			tell(f)
		}
	}()
	s, err := scan.Run(context.Background(), c, scan.Options{}, func(f article.Finding, _ corpus.Position) error {
		if f.Tier.AtLeast(article.Likely) {
			told <- f
		}
		return nil
	})
	close(told)
	<-done
	if err != nil {
		t.Fatal(err)
	}
	return s.Articles
}

// planted counts how many of the copies planted in rfc-5k are told to be near
// their original, directly or through a common representative.
func planted(t *testing.T) string {
	clusters := make(map[string][]string) // a representative of versions may be in a template's as well
	findings(t, shared+"neardup/en-rfc-5k.jsonl.gz", func(f article.Finding) {
		if f.Kind == article.NearDuplicate && f.Cluster != "" {
			clusters[f.Article] = append(clusters[f.Article], f.Cluster)
			clusters[f.Other.Article] = append(clusters[f.Other.Article], f.Cluster)
		}
	})
	file, err := os.Open(shared + "neardup/en-rfc-5k.copies.tsv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	want, found := make(map[string]int), make(map[string]int)
	for lines := bufio.NewScanner(z); lines.Scan(); {
		f := strings.Split(lines.Text(), "\t") // original, copy, kind of edit, parameter, Jaccard
		want[f[2]]++
		if slices.ContainsFunc(clusters[f[0]], func(c string) bool { return slices.Contains(clusters[f[1]], c) }) {
			found[f[2]]++
		}
	}
	var b strings.Builder
	for _, kind := range sorted(want) {
		fmt.Fprintf(&b, "%s %d/%d ", kind, found[kind], want[kind])
	}
	return strings.TrimSpace(b.String())
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func readGolden() (map[string]string, error) {
	data, err := os.ReadFile(golden)
	if err != nil {
		return nil, err
	}
	figures := make(map[string]string)
	for line := range strings.Lines(string(data)) {
		name, f, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			return nil, fmt.Errorf("%s: %q has no tab", golden, line)
		}
		figures[name] = f
	}
	return figures, nil
}

func writeGolden(figures map[string]string) error {
	var b strings.Builder
	for _, name := range sorted(figures) {
		fmt.Fprintf(&b, "%s\t%s\n", name, figures[name])
	}
	return os.WriteFile(golden, []byte(b.String()), 0o644)
}
