package bench

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaff/article"
	"chaff/offtopic"
)

// The paragraphs that are planted, in bytes, and the most articles of a set that they
// are planted in.
const (
	graftLeast = 120
	graftMost  = 1500
	graftHosts = 2400
	graftRun   = 10 // articles running that are in one half
)

// graftSets are the sets of articles that paragraphs of others are planted in, or were.
var graftSets = []string{"clean/en-bbc", "neardup/zh-chinanews", "offtopic/ja-livedoor", "offtopic/zh-made", "offtopic/ja-made"}

// TestQualityOfGrafts measures how many paragraphs of other articles are found, first
// without a corpus, then with the article they are from in it. Each set comes in two
// halves, so that what is set by hand can be chosen on the first and reported on the
// second. No weight is learnt from either; features and budget were chosen with both in view.
func TestQualityOfGrafts(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("the folder %s is missing", shared)
	}
	measured := make(map[string]string)
	for _, name := range graftSets {
		hosts := readHosts(t, shared+name+".jsonl.gz")
		for half, part := range [...]string{"first", "second"} {
			key := fmt.Sprintf("planted-off-topic/%s/%s", filepath.Base(name), part)
			var own []graftHost
			for i := range hosts {
				if i/graftRun%2 == half {
					own = append(own, hosts[i])
				}
			}
			measured[key] = graftsIn(own)
			if name == graftSets[0] {
				measured[key+"/witness"] = witnessed(t, own)
			}
		}
	}
	hold(t, measured)
}

// graftHost is an article, and where it has a graft already.
type graftHost struct {
	ID, Title, Text, Topic, URL string
	Spans                       []article.Span
}

// readHosts returns the first articles of a file, those of which it is told that they
// have several grafts left out.
func readHosts(t *testing.T, file string) []graftHost {
	t.Helper()
	made := strings.Contains(file, "-made")
	var hosts []graftHost
	for h := range records[graftHost](t, file) {
		if len(hosts) == graftHosts {
			break
		}
		if _, path, ok := strings.Cut(h.URL, "chinanews.com"); ok {
			h.Topic = strings.SplitN(path, "/", 3)[1]
		}
		if len(h.Spans) == 0 || made {
			hosts = append(hosts, *h)
		}
	}
	if len(hosts) == 0 {
		t.Fatalf("%s holds no article", file)
	}
	return hosts
}

// portion counts how many of some are.
type portion struct{ n, of int }

func (s *portion) count(is bool) {
	s.of++
	if is {
		s.n++
	}
}

func (s portion) String() string { return fmt.Sprintf("%d/%d", s.n, s.of) }

// graftsIn plants a paragraph on another topic in each article, then one on the same,
// and counts those of which half is told; and the articles that are accused as they are.
func graftsIn(hosts []graftHost) string {
	const other, same, made = 0, 1, 2
	var found [3][2]portion // by the article's length
	var foreign, accused, asForeign portion
	d := offtopic.NewDetector(offtopic.Options{})
	topics := paragraphsOf(hosts)
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range hosts {
		h := &hosts[i]
		a := article.Article{ID: h.ID, Title: h.Title, Text: h.Text}
		n := len(article.Blocks(h.Text))
		long := 0
		if n > 6 {
			long = 1
		}
		if len(h.Spans) > 0 { // the graft is there
			if h.Spans[0].Len() >= graftLeast {
				all, label := toldOf(d, &a, h.Spans[0])
				found[made][long].count(all)
				if all {
					foreign.count(label)
				}
			}
			continue
		}
		told, asOther := accuses(d, &a)
		accused.count(told)
		asForeign.count(asOther)
		if n < 3 || n > 20 || h.Topic == "" {
			continue
		}
		for k := range [...]int{other, same} {
			text := graftFor(topics, h, k == same, rng)
			if text == "" {
				continue
			}
			planted := a
			var at article.Span
			planted.Text, at = graft(h.Text, text, rng)
			all, label := toldOf(d, &planted, at)
			found[k][long].count(all)
			if all {
				foreign.count(label)
			}
		}
	}
	var b strings.Builder
	for k, name := range [...]string{"other topic", "same topic", "as made"} {
		if found[k][0].of+found[k][1].of > 0 {
			fmt.Fprintf(&b, "%s %s of 3-6 %s of 7-20, ", name, found[k][0], found[k][1])
		}
	}
	fmt.Fprintf(&b, "labels %s, accused %s, of grafts of this sort %s", foreign, accused, asForeign)
	return b.String()
}

// graftParagraph is a paragraph that may be planted.
type graftParagraph struct{ topic, from, text string }

// paragraphsOf returns the paragraphs of articles but their first ones, by topic, and
// all of them under "".
func paragraphsOf(hosts []graftHost) map[string][]graftParagraph {
	all := make(map[string][]graftParagraph)
	for i := range hosts {
		h := &hosts[i]
		for k, b := range article.Blocks(h.Text) {
			if k == 0 || b.Len() < graftLeast || b.Len() > graftMost {
				continue
			}
			p := graftParagraph{h.Topic, h.ID, b.In(h.Text)}
			all[""] = append(all[""], p)
			all[h.Topic] = append(all[h.Topic], p)
		}
	}
	return all
}

// graftFor draws a paragraph for h of its topic or of another one, empty if there is none.
func graftFor(topics map[string][]graftParagraph, h *graftHost, same bool, rng *rand.Rand) string {
	of := topics[""]
	if same {
		of = topics[h.Topic]
	}
	for range 100 {
		if len(of) == 0 {
			break
		}
		if p := of[rng.IntN(len(of))]; p.from != h.ID && (p.topic == h.Topic) == same {
			return p.text
		}
	}
	return ""
}

// graft returns text with a paragraph behind its first block or a later one, and where
// that is.
func graft(text, paragraph string, rng *rand.Rand) (string, article.Span) {
	blocks := article.Blocks(text)
	gap := "\n"
	if strings.Contains(text, "\n\n") {
		gap = "\n\n"
	}
	end := blocks[rng.IntN(len(blocks))].End
	head := text[:end] + gap
	return head + paragraph + text[end:], article.Span{Start: len(head), End: len(head) + len(paragraph)}
}

// toldOf reports whether half of a graft is told, and whether rightly labelled.
func toldOf(d *offtopic.Detector, a *article.Article, at article.Span) (told, label bool) {
	all, foreign := 0, 0
	for _, f := range d.Find(a) {
		if n := f.Span.Shared(at); n > 0 && f.Tier.AtLeast(article.Likely) {
			all += n
			if f.Label == article.Foreign {
				foreign += n
			}
		}
	}
	return 2*all >= at.Len(), 2*foreign >= all
}

// accuses reports whether anything is told of an article, and whether that is a piece
// of another text.
func accuses(d *offtopic.Detector, a *article.Article) (told, foreign bool) {
	for _, f := range d.Find(a) {
		if f.Tier.AtLeast(article.Likely) {
			told = true
			foreign = foreign || f.Label == article.Foreign
		}
	}
	return told, foreign
}

// witnessed plants paragraphs as graftsIn does, one in each article, and scans all
// together, so that the article that a paragraph is from is a witness.
func witnessed(t *testing.T, hosts []graftHost) string {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "grafts.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	topics := paragraphsOf(hosts)
	rng := rand.New(rand.NewPCG(7, 8))
	spans := make(map[string]article.Span)
	same := make(map[string]bool)
	out := json.NewEncoder(file)
	for i := range hosts {
		h := &hosts[i]
		text := h.Text
		if n := len(article.Blocks(text)); i%3 < 2 && n >= 3 && n <= 20 { // the others are clean
			if p := graftFor(topics, h, i%3 == 1, rng); p != "" {
				text, spans[h.ID] = graft(text, p, rng)
				same[h.ID] = i%3 == 1
			}
		}
		if err := out.Encode(map[string]string{"id": h.ID, "title": h.Title, "text": text}); err != nil {
			t.Fatal(err)
		}
	}
	told := make(map[string]int)
	clean := make(map[string]bool)
	findings(t, file.Name(), func(f article.Finding) {
		if f.Kind != article.OffTopic {
			return
		}
		if at, ok := spans[f.Article]; ok {
			told[f.Article] += f.Span.Shared(at)
		} else {
			clean[f.Article] = true
		}
	})
	var found [2]portion
	for id, at := range spans {
		k := 0
		if same[id] {
			k = 1
		}
		found[k].count(2*told[id] >= at.Len())
	}
	return fmt.Sprintf("other topic %s, same topic %s, accused %d/%d", found[0], found[1], len(clean), len(hosts)-len(spans))
}
