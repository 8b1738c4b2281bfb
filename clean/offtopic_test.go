package clean

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"chaff/article"
	"chaff/corpus"
	"chaff/scan"
)

// Articles and what is planted in them.
var (
	honest = []string{
		`The town council of Harlow Vale voted on Tuesday to rebuild the old timber bridge over the river Ash.
Engineers told the council that the timber piers of the bridge had rotted below the waterline and that the deck could no longer carry lorries.
"We have patched this bridge for thirty years," said Maud Ellery, who chairs the council. "The river always wins."
The rebuilt bridge will stand on concrete piers faced with timber, and the council hopes to open the deck to lorries by spring.
Residents on the far bank of the river will be served by a ferry while the engineers take the old bridge apart.`,
		`Black storks have returned to the wet woods above Lindmoor for the first time since 1961, the wardens of the woods report.
A pair began to build a nest in an oak in March, and by May the wardens counted three young storks in it from a hide across the valley.
The storks feed on frogs and small fish in the ponds that foresters dug a decade ago to keep the woods from drying out.
Wardens ask walkers to stay away from the oak until August, when the young storks will leave the nest and fly south with their parents.`,
		`A report on the school kitchens of the county finds that most of the children eat a warm meal at noon, but few of them eat the vegetables.
The authors of the report sat in forty kitchens and weighed what came back on the plates: of the potatoes a tenth, of the cabbage more than half.
Where the children had helped to plant the cabbage in the school garden, the report says, only a fifth of it came back to the kitchens.
The county will now pay for gardens at twelve more schools, and the authors will weigh the plates again in two years.`,
	}
	grafts = []string{
		"Are you looking for a sofa you will love? Order now at www.example.com and get 20% off, for a limited time only!",
		"Sign up for our newsletter and get the best of the week in your inbox.",
		"Share this article on Facebook\nShare on Twitter",
		"Book now and save 30% on your next holiday! Call 0800 555 0142 today. Offer ends Sunday.",
		"As an AI language model, I cannot browse the internet, but here is the text you asked for.",
		"Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.",
		"© 2026 Harlow Courier. All rights reserved. Cookie settings | Privacy policy",
	}
)

// grafted returns an article with grafts, one of them perhaps twice, and perhaps a
// paragraph of its own twice.
func grafted(r *rand.Rand) string {
	end := []string{"\n\n", "\r\n\r\n"}[r.IntN(2)]
	blocks := strings.Split(honest[r.IntN(len(honest))], "\n")
	own := blocks[r.IntN(len(blocks))]
	put := func(s string) {
		at := r.IntN(len(blocks) + 1)
		blocks = append(blocks[:at:at], append([]string{s}, blocks[at:]...)...)
	}
	for range r.IntN(3) {
		g := grafts[r.IntN(len(grafts))]
		put(g)
		if r.IntN(3) == 0 {
			put(g)
		}
	}
	switch r.IntN(4) {
	case 0:
		put(own)
	case 1:
		return grafts[r.IntN(len(grafts))] // no article at all
	}
	return strings.Join(blocks, end) + []string{"", "\n"}[r.IntN(2)]
}

// graftedFiles returns text files and JSON Lines of such articles.
func graftedFiles(r *rand.Rand) map[string]string {
	files := make(map[string]string)
	for i := range 1 + r.IntN(6) {
		switch r.IntN(4) {
		case 0:
			files[fmt.Sprintf("%d.txt", i)] = utf16LE(grafted(r))
		case 1:
			var b strings.Builder
			for n := range 1 + r.IntN(3) {
				text, _ := json.Marshal(grafted(r)) // escapes & and line ends
				fmt.Fprintf(&b, `{"id": "%d-%d", "text" : %s, "more": [1,  2]}`+"\n", i, n, strings.ReplaceAll(string(text), "e", `\u0065`))
			}
			files[fmt.Sprintf("%d.jsonl", i)] = b.String()
		default:
			files[fmt.Sprintf("%d.txt", i)] = grafted(r)
		}
	}
	return files
}

// cleanOffTopic cleans in into dir of all but near-duplicates.
func cleanOffTopic(t testing.TB, in, dir string, tier article.Tier) Summary {
	t.Helper()
	plan := NewPlan()
	c, err := corpus.Open([]string{in}, corpus.Options{Keep: true, SpillDir: t.TempDir(), Problem: plan.Unread})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	out, err := Create(dir, []string{in})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Discard()
	o := scan.Options{Kinds: []article.Kind{article.Repeat, article.OffTopic}}
	_, err = scan.Run(context.Background(), c, o, func(f article.Finding, at corpus.Position) error {
		if !f.Tier.AtLeast(tier) {
			return nil
		}
		return plan.Add(f, at)
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Write(context.Background(), c, plan, out, Options{Paths: []string{in}})
	if err == nil {
		err = out.Commit(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Originals come back byte for byte, no article is lost, what is written is what
// the manifest says, and hardly ever is anything off-topic left for a second run: what
// stood beside a graft may read differently without it.
func TestCleanOffTopic(t *testing.T) {
	var all Summary
	off, more := 0, 0
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 2))
		in, base := t.TempDir(), t.TempDir()
		files := graftedFiles(r)
		put(t, in, files)
		out, back, again := filepath.Join(base, "out"), filepath.Join(base, "back"), filepath.Join(base, "again")
		tier := article.Tiers[r.IntN(2)]
		s := cleanOffTopic(t, in, out, tier)
		restored, problems, err := restore(out, back)
		if err != nil || len(problems) > 0 || restored != len(files) || !maps.Equal(tree(t, back), files) {
			t.Fatalf("restored %d: %v %v %s", restored, err, problems, differ(tree(t, back), files))
		}
		got := tree(t, out)
		checkCleaned(t, got, files)
		if len(got) != len(files)+1 || s.Dropped > 0 {
			t.Fatalf("%d files of %d, %d articles dropped", len(got)-1, len(files), s.Dropped)
		}
		for name, data := range got {
			if strings.HasSuffix(name, ".txt") && strings.TrimSpace(data) == "" {
				t.Errorf("%s is left empty, was %q", name, files[name])
			}
		}
		off += strings.Count(got[corpus.ManifestName], `"kind":"off-topic"`)
		all.Cut += s.Cut
		all.Spared += s.Spared
		// A repeat may show only when what stood between its places is gone.
		cleanOffTopic(t, out, again, tier)
		if m := tree(t, again)[corpus.ManifestName]; strings.Contains(m, `"kind":"off-topic"`) {
			more++
			t.Logf("seed %d: cleaned again, there is more off-topic: %s", seed, m)
		}
	}
	if more > 3 {
		t.Errorf("in %d of 30 folders there is more off-topic when they are cleaned again", more)
	}
	if off == 0 || all.Cut == 0 || all.Spared == 0 {
		t.Errorf("%d off-topic reasons, %d articles cut, %d spared", off, all.Cut, all.Spared)
	}
}

// A repeat and an off-topic block may cover one another in any way.
func TestCutsOfTwoKinds(t *testing.T) {
	const text = "One two.\n\nBuy it.\n\nThree four.\n\nBuy it.\n\nFive six."
	off := func(p *Plan, start, end int) {
		_ = p.Add(article.Finding{Kind: article.OffTopic, Label: article.Advertisement, Tier: article.Certain, Span: &article.Span{Start: start, End: end}}, corpus.Position{})
	}
	again := func(p *Plan, start, end, first int) {
		_ = p.Add(article.Finding{
			Kind: article.Repeat, Span: &article.Span{Start: start, End: end},
			Other: &article.Ref{Span: &article.Span{Start: first, End: first + end - start}},
		}, corpus.Position{})
	}
	for _, c := range []struct {
		name   string
		plan   func(*Plan)
		want   string
		spared bool
	}{
		{"both places off-topic, the later a repeat as well", func(p *Plan) { off(p, 10, 17); again(p, 32, 39, 10); off(p, 32, 39) }, "One two.\n\nThree four.\n\nFive six.", false},
		{"the first place alone off-topic", func(p *Plan) { off(p, 10, 17); again(p, 32, 39, 10) }, "One two.\n\nThree four.\n\nBuy it.\n\nFive six.", false},
		{"an off-topic block in a repeat", func(p *Plan) { again(p, 19, 39, 0); off(p, 32, 39) }, "One two.\n\nBuy it.\n\nFive six.", false},
		{"all off-topic", func(p *Plan) { off(p, 0, len(text)) }, text, true},
		{"all off-topic, one a repeat as well", func(p *Plan) { off(p, 0, len(text)); again(p, 32, 39, 10) }, "One two.\n\nBuy it.\n\nThree four.\n\nFive six.", true},
		{"all but a word", func(p *Plan) { off(p, 4, len(text)) }, "One", false},
	} {
		p := NewPlan()
		c.plan(p)
		p.sort()
		cuts, _ := p.of(corpus.Position{})
		removals, spared := settle(text, cuts)
		if got := apply(text, removals); got != c.want || spared != c.spared {
			t.Errorf("%s: %q, spared %v", c.name, got, spared)
		}
	}
}
