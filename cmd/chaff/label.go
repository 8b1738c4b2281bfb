package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"chaff/offtopic"
	"chaff/offtopic/calibrate"
	"chaff/report"
)

// labelFlags are the flags of label as they were given.
type labelFlags struct {
	profile string
	out     string
}

func newLabel(s streams, code *int) *cobra.Command {
	var flags labelFlags
	cmd := &cobra.Command{
		Use:   "label [flags] FILE --profile PROFILE",
		Short: "Fold an editor's decisions on findings into a profile",
		Long: `label reads decisions from FILE (- for standard input) and folds them into the profile:
JSON Lines, off-topic findings as scan --format jsonl prints them, each with a field
more, "verdict":"accept" or "verdict":"reject". Findings without a verdict are passed
over. They should have been made with this profile.

How hard each label is to find and how much each signal counts move with the decisions,
ten of them little, a thousand much. A text that is rejected twice more often than
it is accepted is not told again. The new profile takes the place of the old one; with
--out it goes to a file of its own. Without --profile the built-in one is begun with,
and --out is needed.

Exit codes: 0 done; 2 wrong usage, or FILE could not be read or the profile not be
written; 3 done, but some lines could not be used: each is named; 130 interrupted.`,
		Example: `  chaff scan --only off-topic --format jsonl articles/ > findings.jsonl
  chaff label decided.jsonl --profile ours.json
  chaff label decided.jsonl --out ours.json`,
		DisableFlagsInUseLine: true,
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	profileVar(fs, &flags.profile)
	fs.StringVar(&flags.out, "out", "", "write the new profile to this `file` (default: that of --profile)")
	cmd.RunE = func(cmd *cobra.Command, files []string) error {
		l, err := flags.resolve(files)
		if err != nil {
			return &usageError{err.Error(), cmd.CommandPath()}
		}
		*code, err = l.run(cmd.Context(), s)
		return err
	}
	return cmd
}

// labelling is what label does, checked and complete.
type labelling struct {
	from    string
	flag    string // that names out
	out     string
	profile *offtopic.ProfileFile
	stale   string
}

func (f *labelFlags) resolve(files []string) (*labelling, error) {
	switch {
	case len(files) != 1 || files[0] == "":
		return nil, errors.New("label needs one FILE of decisions, or - for standard input")
	case f.profile == "" && f.out == "":
		return nil, errors.New("label needs --profile, the profile to fold decisions into, or --out for one that begins with the built-in")
	}
	l := &labelling{from: files[0], flag: "out", out: f.out}
	var err error
	if l.profile, err = readProfile(f.profile); err != nil {
		return nil, err
	}
	if l.profile == nil {
		l.profile = offtopic.NewProfileFile(offtopic.Builtin(), "the built-in profile")
	} else if !l.profile.Fits() {
		l.stale = f.profile
	}
	if l.out == "" {
		l.flag, l.out = "profile", f.profile
	}
	return l, nil
}

// run returns the exit code. An error means that no profile was written.
func (l *labelling) run(ctx context.Context, s streams) (int, error) {
	interrupts := catchInterrupts()
	defer interrupts.stop()
	tellStale(s.err, l.stale)
	from := s.in
	if l.from != "-" {
		file, err := os.Open(l.from)
		if err != nil {
			return exitUsage, readingError(l.from, err)
		}
		defer file.Close()
		from = file
	}
	if from == nil {
		from = strings.NewReader("")
	}
	out, err := createSide(l.flag, l.out, s.in, s.out, s.err.w)
	if err != nil {
		return exitUsage, err
	}
	defer out.discard()
	bad, line := 0, ""
	interrupted, err := interrupts.run(ctx, func(ctx context.Context) (err error) {
		d, err := calibrate.ReadDecisions(untilDone{ctx, from}, func(line int, err error) {
			s.err.tell(fmt.Sprintf("reading %s:%d: %v", l.from, line, err))
		})
		if err != nil {
			return readingError(l.from, err)
		}
		folded := calibrate.Fold(&l.profile.Profile, d.All)
		l.profile.Tell(fmt.Sprintf("decisions folded in: %d accepted, %d rejected", folded.Accepted, folded.Rejected))
		bad, line = d.Bad, foldedLine(d, folded, l.out)
		if _, err := l.profile.WriteTo(out.w); err != nil {
			return err
		}
		return out.keep()
	})
	switch {
	case interrupted:
		s.err.tell(fmt.Sprintf("interrupted; %s was not written", l.out))
		return exitInterrupted, nil
	case err != nil:
		return exitUsage, err
	}
	s.err.tell(line)
	if bad > 0 {
		return exitDamaged, nil
	}
	return exitDone, nil
}

// foldedLine says what decisions did.
func foldedLine(d *calibrate.Decisions, f calibrate.Folded, out string) string {
	line := fmt.Sprintf("%s folded in, %d accepted and %d rejected; written to %s",
		report.Plural(len(d.All), "decision", "decisions"), f.Accepted, f.Rejected, out)
	for l, ease := range f.Ease {
		if ease <= -0.005 || ease >= 0.005 {
			line += fmt.Sprintf("; %s %+.2f", offtopic.Labels[l], ease)
		}
	}
	if f.Silenced > 0 {
		line += fmt.Sprintf("; %s not told again", report.Plural(f.Silenced, "text is", "texts are"))
	}
	if d.Again > 0 {
		line += fmt.Sprintf("; %s", report.Plural(d.Again, "line says what another says", "lines say what others say"))
	}
	if d.Undecided > 0 {
		line += fmt.Sprintf("; %s without a verdict", report.Plural(d.Undecided, "line", "lines"))
	}
	if d.Bad > 0 {
		line += fmt.Sprintf("; %s not used", report.Plural(d.Bad, "line", "lines"))
	}
	return line
}

// readingError says that path could not be read.
func readingError(path string, err error) error {
	var cause *fs.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	return fmt.Errorf("reading %s: %w", path, err)
}

// untilDone reads while ctx lasts.
type untilDone struct {
	ctx  context.Context
	from io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.from.Read(p)
}
