package bench

import (
	"context"
	"os"
	"testing"

	"chaff/corpus"
	"chaff/offtopic"
	"chaff/offtopic/calibrate"
	"chaff/scan"
)

// TestQualityOfTiers measures how often off-topic findings of each tier are right,
// and of each range of probabilities, on plants that no model learnt from in articles
// of others: half of the articles are as they are, half have one graft. What is
// found in an article as it is counts as wrong, also where it is a graft of its own.
func TestQualityOfTiers(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a minute")
	}
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("the folder %s is missing", shared)
	}
	p := offtopic.Builtin()
	measured := make(map[string]string)
	for _, name := range []string{"clean/en-bbc", "neardup/zh-chinanews"} {
		measured["tiers/"+name] = trialsOf(t, shared+name+".jsonl.gz").Reliability(&p).String()
	}
	hold(t, measured)
}

// trialsOf plants grafts in the articles of a file and measures them.
func trialsOf(t *testing.T, path string) *calibrate.Trials {
	t.Helper()
	open := func(keep bool) *corpus.Corpus {
		c, err := corpus.Open([]string{path}, corpus.Options{Keep: keep, SpillDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	sample, err := calibrate.TakeSample(context.Background(), open(false), 1)
	if err != nil {
		t.Fatal(err)
	}
	trials, err := sample.Measure(context.Background(), open(true), scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return trials
}
