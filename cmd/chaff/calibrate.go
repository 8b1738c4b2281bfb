package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"chaff/corpus"
	"chaff/offtopic"
	"chaff/offtopic/calibrate"
	"chaff/report"
)

// calibrateFlags are the flags of calibrate as they were given.
type calibrateFlags struct {
	budget, tainted float64
	seed            int
	out             string
	profile         string
	workers         int
	progress        string
	memory          string
	spillDir        string
	inputFlags
}

func (f *calibrateFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&f.out, "out", "", "write the profile to this `file`; without it the figures alone are printed")
	fs.Float64Var(&f.budget, "budget", calibrate.DefaultBudget, "share of clean articles of which any may be told, above 0 and below 1")
	fs.Float64Var(&f.tainted, "tainted", calibrate.DefaultTainted, "share of articles that may hold a real graft, 0 to below 0.5")
	fs.IntVar(&f.seed, "seed", 1, "which articles are taken and what is planted where; 0 or more")
	profileVar(fs, &f.profile)
	fs.IntVar(&f.workers, "workers", 0, "how many articles are looked at in parallel (0: as many as there are cores)")
	fs.StringVar(&f.progress, "progress", progressAuto, "tell on standard error how far it is: auto (on a terminal), never or always")
	fs.StringVar(&f.memory, "memory", defaultMemory, "about how much to use; near-duplicates are then searched on disk (`size`, as 500MB)")
	fs.StringVar(&f.spillDir, "spill-dir", "", "`folder` for temporary files (default the system's)")
	f.inputFlags.register(cmd)
	complete(cmd, map[string][]string{"progress": progress})
}

// calibration is what calibrate does, checked and complete.
type calibration struct {
	reading
	options calibrate.Options
	seed    uint64
	out     string
	profile *offtopic.ProfileFile // nil for the built-in one
}

func (f *calibrateFlags) resolve(given func(string) bool, paths []string) (*calibration, error) {
	if len(paths) == 0 {
		return nil, errors.New("calibrate needs a PATH to read")
	}
	read := readFlagDefaults()
	read.profile, read.workers, read.progress, read.memory, read.spillDir = f.profile, f.workers, f.progress, f.memory, f.spillDir
	read.inputFlags = f.inputFlags
	r, err := read.resolve("calibrate", paths)
	if err != nil {
		return nil, err
	}
	switch {
	case slices.Contains(paths, "-"):
		return nil, errors.New("calibrate reads its articles twice and can't do so from standard input; name a file")
	case !(f.budget > 0 && f.budget < 1):
		return nil, fmt.Errorf("--budget: %v is not above 0 and below 1", f.budget)
	case !(f.tainted >= 0 && f.tainted < 0.5):
		return nil, fmt.Errorf("--tainted: %v is not between 0 and 0.5", f.tainted)
	case f.seed < 0:
		return nil, fmt.Errorf("--seed: %d is below 0", f.seed)
	case given("out") && f.out == "":
		return nil, errors.New("--out: no file is named")
	}
	c := &calibration{reading: r, seed: uint64(f.seed), out: f.out}
	c.options = calibrate.Options{Budget: f.budget, Tainted: f.tainted}
	c.profile, err = readProfile(f.profile)
	return c, err
}

func newCalibrate(s streams, code *int) *cobra.Command {
	var flags calibrateFlags
	cmd := &cobra.Command{
		Use:   "calibrate [flags] PATH...",
		Short: "Fit off-topic detection to articles of yours, most of which are clean",
		Long: fmt.Sprintf(`calibrate reads what scan reads, plants advertisements, page furniture, leftovers of
writing and paragraphs of the other articles in up to %d of the articles, and looks
what is found. On one half of them it sets how hard each label is to find and from
which probability on a finding is told, so that at most the share --budget of clean
articles is flagged; on the other half it measures what that is worth. The profile
is for --profile of scan and clean.

Some articles may hold real grafts. Those in which a passage is certain before
anything is planted are left out, surest first, up to the share --tainted; they are
named, so look at them. What is certain in more articles counts as a false alarm.

A budget of 1%% needs 200 articles, and some 2,000 to be known well. The same
seed gives the same profile.

Exit codes: 0 done; 2 wrong usage, nothing could be read, too few articles, or the
profile could not be written; 3 done, but some inputs were damaged or unreadable; 130
interrupted, and no profile written.`, calibrate.MostArticles),
		Example: `  chaff calibrate clean-articles/ --out ours.json
  chaff calibrate --budget 0.002 --profile ours.json archive.jsonl.gz --out stricter.json
  chaff scan --profile ours.json today/`,
		DisableFlagsInUseLine: true,
	}
	flags.register(cmd)
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		c, err := flags.resolve(cmd.Flags().Changed, paths)
		if err != nil {
			return &usageError{err.Error(), cmd.CommandPath()}
		}
		*code, err = c.run(cmd.Context(), s)
		return err
	}
	return cmd
}

// run returns the exit code. An error means that there is no profile.
func (c *calibration) run(ctx context.Context, s streams) (int, error) {
	defer limitMemory(c.memory)()
	interrupts := catchInterrupts()
	defer interrupts.stop()
	tellStale(s.err, c.stale)
	var out *sideFile
	if c.out != "" {
		var err error
		if out, err = createSide("out", c.out, s.in, s.out, s.err.w); err != nil {
			return exitUsage, err
		}
		defer out.discard()
	}
	damaged, told := false, ""
	started := time.Now()
	interrupted, err := interrupts.run(ctx, func(ctx context.Context) error {
		var profile *offtopic.ProfileFile
		var err error
		if profile, told, damaged, err = c.calibrate(ctx, s); err != nil || out == nil {
			return err
		}
		if _, err := profile.WriteTo(out.w); err != nil {
			return err
		}
		return out.keep()
	})
	switch {
	case interrupted:
		s.err.tell(fmt.Sprintf("interrupted after %s; no profile was written", report.Duration(time.Since(started))))
		return exitInterrupted, nil
	case err != nil:
		return exitUsage, c.nothing(err)
	}
	if c.out != "" {
		told += "written to " + report.Printable(c.out) + "\n"
	}
	if _, err := io.WriteString(s.out, told); err != nil {
		return exitUsage, err
	}
	if damaged {
		return exitDamaged, nil
	}
	return exitDone, nil
}

// calibrate reads the articles twice and returns the profile, and what is to be
// told of it.
func (c *calibration) calibrate(ctx context.Context, s streams) (p *offtopic.ProfileFile, told string, damaged bool, err error) {
	var sample *calibrate.Sample
	problems, err := c.pass(s, true, func(in *corpus.Corpus, _ *state) (err error) {
		sample, err = calibrate.TakeSample(ctx, in, c.seed)
		return err
	})
	if err != nil {
		return nil, "", false, err
	}
	if n, need := sample.Len(), calibrate.Need(c.options.Budget); n < need {
		return nil, "", false, &calibrate.ErrTooFew{Have: n, Need: need}
	}
	var trials *calibrate.Trials
	again, err := c.pass(s, false, func(in *corpus.Corpus, st *state) (err error) {
		options := c.scan
		options.Progress = &st.scan
		options.Problem = func(err error) { st.problem(s.err, err) }
		trials, err = sample.Measure(ctx, in, options)
		return err
	})
	if err != nil {
		return nil, "", false, err
	}
	numbers, r, err := trials.Calibrate(c.options)
	if err != nil {
		return nil, "", false, err
	}
	p = c.profile
	if p == nil {
		p = offtopic.NewProfileFile(numbers, "the built-in profile")
	} else {
		p = offtopic.NewProfileFile(numbers, p.Provenance...)
	}
	p.Tell(fmt.Sprintf("calibrated with seed %d on %d articles, half of them held out; budget %v; flagged of the held-out %s",
		c.seed, trials.Len(), c.options.Budget, r.Final))
	told = fmt.Sprintf("%s read\n", report.Plural(sample.Articles, "article", "articles")) + left(sample, trials) + r.String()
	return p, told, problems+again > 0, nil
}

// pass opens the corpus for work, and tells of problems the first time.
func (c *calibration) pass(s streams, first bool, work func(*corpus.Corpus, *state) error) (problems int64, err error) {
	st := new(state)
	in, err := corpus.Open(c.paths, corpus.Options{
		Workers: c.scan.Workers, Keep: !first, SpillDir: c.spillDir,
		Problem: func(p corpus.Problem) {
			if first {
				st.input(s.err, p)
			}
		},
	})
	if err != nil {
		return 0, err
	}
	st.corpus = in
	meter := startMeter(s.err, st, c.progress)
	err = work(in, st)
	meter.stop()
	return st.problems.Load(), errors.Join(err, in.Close())
}

// left says of which articles there was no use, or less.
func left(s *calibrate.Sample, t *calibrate.Trials) string {
	var b strings.Builder
	if s.Twice > 0 {
		fmt.Fprintf(&b, "%s the text of another and counts once with it\n", report.Plural(s.Twice, "article has", "articles have"))
	}
	if s.Long > 0 {
		fmt.Fprintf(&b, "%s too long\n", report.Plural(s.Long, "article is", "articles are"))
	}
	if t.Unwritten > 0 {
		fmt.Fprintf(&b, "%s in none of the languages that there are advertisements to plant in (%s)\n",
			report.Plural(t.Unwritten, "article is", "articles are"), strings.Join(calibrate.Languages(), ", "))
	}
	return b.String()
}

// readFlagDefaults are the flags of reading where none is given.
func readFlagDefaults() *readFlags {
	var f readFlags
	f.register(&cobra.Command{})
	return &f
}
