// Command chaff finds repeats, near-duplicates and off-topic content in
// crawled articles.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The exit codes. They are a contract; [exitFound] wins over [exitDamaged].
const (
	exitDone        = 0
	exitFound       = 1   // a finding named by --fail-on was made
	exitUsage       = 2   // wrong usage, nothing could be read, or the run could not be ended
	exitDamaged     = 3   // done, but some inputs were damaged or unreadable
	exitInterrupted = 130 // by SIGINT or SIGTERM
)

// usageError says what is wrong with a command line, and which command's help
// shows what is right.
type usageError struct {
	message string
	command string
}

func (e *usageError) Error() string {
	return fmt.Sprintf("%s; see '%s --help'", e.message, e.command)
}

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run does what args say and returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s := streams{in: stdin, out: stdout, err: newConsole(stderr)}
	code := exitDone
	root := newRoot(s, &code)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	if err := root.ExecuteContext(context.Background()); err != nil {
		// Errors that were joined stand in a line each.
		for line := range strings.SplitSeq(err.Error(), "\n") {
			s.err.tell(line)
		}
		return exitUsage
	}
	return code
}

// streams are the standard streams of one run.
type streams struct {
	in  io.Reader
	out io.Writer
	err *console
}

// newRoot returns the command with all that is below it. A command that ran
// sets code.
func newRoot(s streams, code *int) *cobra.Command {
	root := &cobra.Command{
		Use:   "chaff",
		Short: "Find repeats, near-duplicates and off-topic content in crawled articles",
		Long: `chaff reads crawled articles and finds three kinds of chaff in them: passages
that stand more than once in an article, articles that are versions of one
text, and blocks that do not belong to the article they stand in. It never
changes what it reads; clean writes it anew without them.`,
		Version:            version(),
		SilenceErrors:      true,
		SilenceUsage:       true,
		DisableSuggestions: true,
		Args:               needsCommand,
		RunE:               func(*cobra.Command, []string) error { return nil },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetVersionTemplate("chaff {{.Version}}\n")
	root.SetUsageTemplate(strings.Replace(root.UsageTemplate(), "{{if .Runnable}}", "{{if and .Runnable .HasParent}}", 1))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{flagMessage(err), cmd.CommandPath()}
	})
	root.SetHelpCommand(newHelp())
	root.AddCommand(newScan(s, code), newClean(s, code), newCalibrate(s, code), newLabel(s, code),
		newIndex(s, code), newFilter(s, code), newServe(s, code))
	return root
}

// needsCommand tells of a command that only has others below it what is missing.
func needsCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return &usageError{"no command given", cmd.CommandPath()}
	}
	return &usageError{fmt.Sprintf("unknown command %q", args[0]), cmd.CommandPath()}
}

// newHelp returns the command help. Unlike cobra's own it takes a name that no
// command has for wrong usage.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Show what a command does and takes",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return &usageError{fmt.Sprintf("unknown command %q", strings.Join(args, " ")), cmd.Root().CommandPath()}
			}
			return about.Help()
		},
	}
}

// flagMessage says in plain words what is wrong with a flag.
func flagMessage(err error) string {
	var unknown *pflag.NotExistError
	var needs *pflag.ValueRequiredError
	var value *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		dashes := "--"
		if unknown.GetSpecifiedShortnames() != "" {
			dashes = "-"
		}
		return "unknown flag " + dashes + unknown.GetSpecifiedName()
	case errors.As(err, &needs):
		return fmt.Sprintf("--%s needs a value", needs.GetSpecifiedName())
	case errors.As(err, &value):
		want := map[string]string{"int": "a whole number", "float64": "a number"}[value.GetFlag().Value.Type()]
		if want == "" {
			want = value.GetFlag().Value.Type()
		}
		return fmt.Sprintf("--%s: %q is not %s", value.GetFlag().Name, value.GetValue(), want)
	}
	return err.Error()
}

// version tells what the binary was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && !strings.Contains(v, s.Value[:min(12, len(s.Value))]) {
			v += " " + s.Value[:min(12, len(s.Value))]
		}
	}
	return v + " " + info.GoVersion
}
