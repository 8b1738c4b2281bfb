package main

import (
	"reflect"
	"testing"

	"github.com/spf13/cobra"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
	"chaff/filter"
	"chaff/scan"
	"chaff/shingle"
)

// Every flag reaches the setting it is for.
func TestResolve(t *testing.T) {
	spill := t.TempDir()
	for _, c := range []struct {
		name string
		args []string
		want settings
	}{
		{
			"defaults",
			[]string{"a", "b"},
			settings{
				reading: reading{
					paths: []string{"a", "b"}, progress: progressAuto, memory: 1_000_000_000,
					scan: scan.Options{
						Jaccard: dedupe.DefaultJaccard, Containment: dedupe.DefaultContainment, ShingleSize: shingle.DefaultSize,
						Engine: shingle.OPH, Segmenter: shingle.Chars, MinRepeatWords: dedupe.DefaultRepeatWords,
						Memory: 625_000_000,
					},
					corpus: corpus.Options{HTML: corpus.Main, IDField: "id", TextField: "text", MaxArticle: 16 << 20},
				},
				format: formatText, policy: filter.Policy{Tier: article.Likely},
			},
		},
		{
			"all",
			[]string{
				"--format", "jsonl", "--only", "repeat,off-topic", "--tier", "review", "--fail-on", "repeat", "--workers", "3",
				"--progress", "never", "--jaccard", "0.7", "--containment", "0", "--shingle-size", "5", "--engine", "minwise",
				"--segmenter", "gse", "--pairs", "p.tsv", "--furniture", "f.jsonl", "--spill-dir", spill, "--memory", "160MB", "--min-repeat-words", "12",
				"--html", "raw", "--id-field", "url", "--text-field", "body", "--max-article", "4MiB", "--max-inflate", "2GB",
				"--include", "*.{txt,html}", "--include", "a/**", "--exclude", "b", "--follow-symlinks", "--limit", "7", "--with-text", "a",
			},
			settings{
				reading: reading{
					paths: []string{"a"}, progress: progressNever, spillDir: spill, memory: 160_000_000,
					scan: scan.Options{
						Kinds: []article.Kind{article.Repeat, article.OffTopic}, Workers: 3,
						Jaccard: 0.7, Containment: dedupe.NoContainment, ShingleSize: 5,
						Engine: shingle.MinWise, Segmenter: shingle.GSE, MinRepeatWords: 12,
						Memory: 100_000_000, SpillDir: spill,
					},
					corpus: corpus.Options{
						HTML: corpus.Raw, IDField: "url", TextField: "body", MaxArticle: 4 << 20, MaxInflate: 2_000_000_000,
						Include: []string{"*.{txt,html}", "a/**"}, Exclude: []string{"b"}, FollowLinks: true, Limit: 7,
					},
				},
				format: formatJSONL, pairs: "p.tsv", furniture: "f.jsonl", withText: true,
				policy: filter.Policy{
					Only: []article.Kind{article.Repeat, article.OffTopic}, Tier: article.Review,
					FailOn: []article.Kind{article.Repeat},
				},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var flags scanFlags
			cmd := &cobra.Command{}
			flags.register(cmd)
			if err := cmd.ParseFlags(c.args); err != nil {
				t.Fatal(err)
			}
			got, err := flags.resolve(cmd.Flags().Changed, cmd.Flags().Args())
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(*got, c.want) {
				t.Errorf("got\n%+v\nwant\n%+v", *got, c.want)
			}
		})
	}
}
