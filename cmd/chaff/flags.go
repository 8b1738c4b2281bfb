package main

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
	"chaff/filter"
	"chaff/scan"
	"chaff/shingle"
)

// scanFlags are the flags of scan as they were given.
type scanFlags struct {
	readFlags
	format string
	only   string
	tier   string
	failOn string
	pairs  string
	// furniture is the file for the furniture of sources.
	furniture string
	explain   bool
	limit     int
	withText  bool
}

// readFlags are the flags that every command has which reads articles and finds
// near-duplicates, as they were given.
type readFlags struct {
	inputFlags
	likenessFlags
	workers     int
	progress    string
	shingleSize int
	engine      string
	segmenter   string
	minRepeat   int
	profile     string
	memory      string
	spillDir    string
}

// The values of the flags that have a few.
const (
	formatText  = "text"
	formatJSONL = "jsonl"

	progressAuto   = "auto"
	progressNever  = "never"
	progressAlways = "always"
)

var (
	formats  = []string{formatText, formatJSONL}
	progress = []string{progressAuto, progressNever, progressAlways}
)

// maxShingleSize bounds --shingle-size. Two edited versions of a text hardly
// share a run of words that long.
const maxShingleSize = 32

func (f *scanFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.SortFlags = false
	kinds, tiers := join(article.Kinds), join(article.Tiers)
	fs.StringVar(&f.format, "format", formatText, "text for people, jsonl for programs: one finding a line")
	fs.StringVar(&f.only, "only", "", "look for these `kinds` alone: "+kinds)
	fs.StringVar(&f.tier, "tier", string(filter.DefaultTier), "the least sure off-topic findings to print: "+tiers)
	fs.StringVar(&f.failOn, "fail-on", "", "exit with 1 if a finding of one of these `kinds` is printed")
	f.readFlags.register(cmd)
	fs.BoolVar(&f.explain, "explain", false, "print besides findings what each signal says of every block, told or not")
	fs.StringVar(&f.furniture, "furniture", "", "write the blocks that recur in articles of one source to this `file`, as JSON Lines")
	fs.StringVar(&f.pairs, "pairs", "", "write all near-duplicate pairs to this `file`: a, b, J, C, tab-separated")
	fs.IntVar(&f.limit, "limit", 0, "read no more articles than so many (0: all)")
	fs.BoolVar(&f.withText, "with-text", false, "with --format jsonl, put the text that spans count in into each finding, as article_text and other_text")
	complete(cmd, map[string][]string{
		"format":  formats,
		"tier":    strs(article.Tiers),
		"only":    strs(article.Kinds),
		"fail-on": strs(article.Kinds),
	})
}

func (f *readFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.IntVar(&f.workers, "workers", 0, "how many articles are looked at in parallel (0: as many as there are cores)")
	fs.StringVar(&f.progress, "progress", progressAuto, "tell on standard error how far it is: auto (on a terminal), never or always")
	f.likenessFlags.register(cmd)
	fs.IntVar(&f.shingleSize, "shingle-size", shingle.DefaultSize, fmt.Sprintf("words in a row that count as one piece of shared text, 1 to %d", maxShingleSize))
	fs.StringVar(&f.engine, "engine", string(shingle.OPH), "how near-duplicates are proposed: oph or minwise")
	fs.StringVar(&f.segmenter, "segmenter", string(shingle.Chars), "words of scripts without spaces: chars, or gse (dictionaries; slower)")
	fs.IntVar(&f.minRepeat, "min-repeat-words", dedupe.DefaultRepeatWords, "words that a sentence or paragraph has at least to be told as a repeat, 1 or more")
	profileVar(fs, &f.profile)
	fs.StringVar(&f.memory, "memory", defaultMemory, "about how much to use; near-duplicates are then searched on disk (`size`, as 500MB)")
	fs.StringVar(&f.spillDir, "spill-dir", "", "`folder` for temporary files (default the system's)")
	f.inputFlags.register(cmd)
	complete(cmd, map[string][]string{
		"progress":  progress,
		"engine":    {string(shingle.OPH), string(shingle.MinWise)},
		"segmenter": {string(shingle.Chars), string(shingle.GSE)},
	})
}

// complete tells the shell the values of flags.
func complete(cmd *cobra.Command, flags map[string][]string) {
	for name, values := range flags {
		if err := cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
			panic(err) // a name above is not that of a flag
		}
	}
}

// settings are what a scan does, checked and complete.
type settings struct {
	reading
	format    string
	policy    filter.Policy
	pairs     string // file; empty for none
	furniture string // likewise
	explain   bool
	withText  bool
}

// reading is what is read and how, checked and complete.
type reading struct {
	paths    []string
	progress string
	scan     scan.Options
	corpus   corpus.Options // what the flags say of it
	memory   int64          // bytes
	spillDir string
	stale    string // the profile's file, if it is for other weights
}

// resolve checks the flags. given tells whether a flag is on the command line.
func (f *scanFlags) resolve(given func(flag string) bool, paths []string) (*settings, error) {
	s := &settings{format: f.format, pairs: f.pairs, furniture: f.furniture, explain: f.explain, withText: f.withText}
	var err error
	wrong := func(flag string, cause error) (*settings, error) {
		return nil, fmt.Errorf("--%s: %w", flag, cause)
	}
	if s.reading, err = f.readFlags.resolve("scan", paths); err != nil {
		return nil, err
	}
	if !slices.Contains(formats, f.format) {
		return wrong("format", noneOf(f.format, formats))
	}
	if given("only") {
		if s.policy.Only, err = filter.ParseKinds(f.only); err != nil {
			return wrong("only", err)
		}
	}
	if given("fail-on") {
		if s.policy.FailOn, err = filter.ParseKinds(f.failOn); err != nil {
			return wrong("fail-on", err)
		}
	}
	if s.policy.Tier, err = filter.ParseTier(f.tier); err != nil {
		return wrong("tier", err)
	}
	s.scan.Kinds = s.policy.Only
	if f.explain && len(s.policy.Only) > 0 && !slices.Contains(s.policy.Only, article.OffTopic) {
		return nil, fmt.Errorf("--explain: is about off-topic content, which --only leaves out")
	}
	if s.corpus.Limit = f.limit; f.limit < 0 {
		return nil, fmt.Errorf("--limit: %d is below 0", f.limit)
	}
	if f.withText && f.format != formatJSONL {
		return nil, fmt.Errorf("--with-text needs --format %s", formatJSONL)
	}
	if given("pairs") && f.pairs == "" {
		return nil, fmt.Errorf("--pairs: no file is named")
	}
	if given("furniture") && f.furniture == "" {
		return nil, fmt.Errorf("--furniture: no file is named")
	}
	if f.furniture != "" && f.furniture == f.pairs {
		return nil, fmt.Errorf("--furniture: %s is the file of --pairs", f.furniture)
	}
	return s, nil
}

// resolve checks the flags and the PATHs of the command called name.
func (f *readFlags) resolve(name string, paths []string) (reading, error) {
	s := reading{paths: paths, progress: f.progress, spillDir: f.spillDir}
	if err := checkPaths(name, paths); err != nil {
		return s, err
	}
	wrong := func(flag string, cause error) (reading, error) {
		return s, fmt.Errorf("--%s: %w", flag, cause)
	}
	if err := checkProgress(f.progress); err != nil {
		return s, err
	}
	var err error
	if s.corpus, err = f.inputFlags.resolve(); err != nil {
		return s, err
	}
	s.scan = scan.Options{Workers: f.workers, ShingleSize: f.shingleSize, MinRepeatWords: f.minRepeat}
	if s.memory, err = parseSize(f.memory, leastMemory, math.MaxInt64); err != nil {
		return wrong("memory", err)
	}
	s.scan.Memory, s.scan.SpillDir = int(indexMemory(s.memory)), f.spillDir
	if s.scan.Jaccard, s.scan.Containment, err = f.likenessFlags.resolve(); err != nil {
		return s, err
	}
	switch {
	case f.workers < 0:
		return s, fmt.Errorf("--workers: %d is below 0", f.workers)
	case f.shingleSize < 1 || f.shingleSize > maxShingleSize:
		return s, fmt.Errorf("--shingle-size: %d is not between 1 and %d", f.shingleSize, maxShingleSize)
	}
	if f.minRepeat < 1 {
		return s, fmt.Errorf("--min-repeat-words: %d is below 1", f.minRepeat)
	}
	if s.scan.Engine, err = shingle.ParseEngine(f.engine); err != nil {
		return wrong("engine", err)
	}
	if s.scan.Segmenter, err = shingle.ParseSegmenter(f.segmenter); err != nil {
		return wrong("segmenter", err)
	}
	profile, err := readProfile(f.profile)
	if err != nil {
		return s, err
	}
	if profile != nil {
		s.scan.Profile = &profile.Profile
		if !profile.Fits() {
			s.stale = f.profile
		}
	}
	if f.spillDir != "" {
		if info, err := os.Stat(f.spillDir); err != nil {
			return wrong("spill-dir", err)
		} else if !info.IsDir() {
			return s, fmt.Errorf("--spill-dir: %s is not a folder", f.spillDir)
		}
	}
	return s, nil
}

func checkPaths(name string, paths []string) error {
	if len(paths) == 0 {
		return fmt.Errorf("%s needs a PATH to read, or - for standard input", name)
	}
	for i, p := range paths {
		if p == "" {
			return fmt.Errorf("a PATH is empty")
		}
		if slices.Contains(paths[:i], p) {
			return fmt.Errorf("%s is named twice", p)
		}
	}
	return nil
}

func checkProgress(when string) error {
	if !slices.Contains(progress, when) {
		return fmt.Errorf("--progress: %w", noneOf(when, progress))
	}
	return nil
}

func noneOf(value string, permitted []string) error {
	return fmt.Errorf("%q is none of %s", value, strings.Join(permitted, ", "))
}

func strs[T ~string](values []T) []string {
	s := make([]string, len(values))
	for i, v := range values {
		s[i] = string(v)
	}
	return s
}

func join[T ~string](values []T) string { return strings.Join(strs(values), ", ") }
