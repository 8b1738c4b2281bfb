package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/netip"
	"os"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"chaff/filter"
	"chaff/filter/serve"
	"chaff/filter/store"
)

// serveFlags are the flags of serve as they were given.
type serveFlags struct {
	indexFlags
	addr, adminAddr  string
	tokenFile        string
	tlsCert, tlsKey  string
	policy           string
	storeText        bool
	maxBody, maxText string
	limits           serve.Limits
}

// tokenEnv has the token where no file of one is named. A flag would show it to whoever
// lists processes.
const tokenEnv = "CHAFF_TOKEN"

func newServe(s streams, code *int) *cobra.Command {
	var flags serveFlags
	cmd := &cobra.Command{
		Use:   "serve [flags] --index DIR",
		Short: "Answer over HTTP whether an article may be published",
		Long: `serve judges articles that come over HTTP, and remembers in the index those that were
accepted. /openapi.json tells what can be asked, / is a page to paste an article into, and
/healthz, /readyz and /metrics are for those who run it. It makes the index where there
is none. Each request is a line of JSON on standard error, without the article's text.

With a token, from --token-file or the environment variable CHAFF_TOKEN, requests must bring
it: as a bearer token, or from a browser as the password.

SIGTERM or SIGINT ends it: it takes no more requests, finishes those it has, and closes the
index.

Exit codes: 0 ended by a signal, with all requests finished; 2 wrong usage, or it could not
serve; 130 requests were cut off, since they took longer than --grace or a second signal
came. What was acknowledged is in the index in each case.`,
		Example: `  chaff serve --index published
  curl -s -H 'Content-Type: application/json' -d '{"id":"a","text":"…"}' http://127.0.0.1:8080/v1/submit`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return &usageError{fmt.Sprintf("serve takes no argument, and %q was given", args[0]), cmd.CommandPath()}
			}
			return nil
		},
	}
	flags.register(cmd)
	fs := cmd.Flags()
	fs.BoolVar(&flags.storeText, "store-text", false, "keep the texts of accepted articles, too")
	fs.StringVar(&flags.policy, "policy", "", "JSON `file` of rules: which finding leads to which verdict")
	fs.StringVar(&flags.addr, "addr", "127.0.0.1:8080", "`address` to listen on; port 0: any free one, which is told on standard error")
	fs.StringVar(&flags.adminAddr, "admin-addr", "", "`address` for profiles and metrics, without a token (default none)")
	fs.StringVar(&flags.tokenFile, "token-file", "", "`file` that holds the token which requests must bring")
	fs.StringVar(&flags.tlsCert, "tls-cert", "", "certificate `file`, PEM: serve over TLS")
	fs.StringVar(&flags.tlsKey, "tls-key", "", "`file` of its key, PEM")
	fs.StringVar(&flags.maxBody, "max-body", "4MiB", "`size` of the largest request, and of a line of a bulk stream")
	fs.StringVar(&flags.maxText, "max-article", "1MiB", "`size` of the longest text")
	fs.IntVar(&flags.limits.Concurrency, "concurrency", 0, "how many articles are worked on at a time (0: 2 for each core)")
	fs.IntVar(&flags.limits.Queue, "queue", serve.DefaultQueue, "how many requests wait for that, before others are turned away")
	fs.IntVar(&flags.limits.Bulk, "bulk-streams", serve.DefaultBulk, "how many bulk streams there are at a time")
	fs.IntVar(&flags.limits.Connections, "connections", serve.DefaultConnections, "how many connections are open at a time")
	fs.DurationVar(&flags.limits.Timeout, "timeout", serve.DefaultTimeout, "how long a request may take, or a line of a bulk stream")
	fs.DurationVar(&flags.limits.Grace, "grace", serve.DefaultGrace, "how long requests may go on after a signal to end")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		set, err := flags.resolve(cmd)
		if err != nil {
			return &usageError{err.Error(), cmd.CommandPath()}
		}
		*code, err = runServe(cmd.Context(), set, s)
		return err
	}
	return cmd
}

// serving is what serve does, checked and complete.
type serving struct {
	dir             string
	index           store.Options
	addr, adminAddr string
	token           string
	certificate     *tls.Certificate // nil for none
	rules           *filter.Rules
	limits          serve.Limits
}

func (f *serveFlags) resolve(cmd *cobra.Command) (*serving, error) {
	o, err := f.indexFlags.resolve(cmd)
	if err != nil {
		return nil, err
	}
	o.StoreText = f.storeText
	set := &serving{dir: f.dir, index: o, addr: f.addr, adminAddr: f.adminAddr, limits: f.limits}
	if set.limits.Body, err = parseLimit("max-body", f.maxBody); err != nil {
		return nil, err
	}
	text, err := parseLimit("max-article", f.maxText)
	if err != nil {
		return nil, err
	}
	set.limits.Article = int(text)
	l := &set.limits
	if l.Concurrency < 0 || l.Queue < 1 || l.Bulk < 1 || l.Connections < 1 || l.Timeout <= 0 || l.Grace <= 0 {
		return nil, errors.New("--concurrency is not below 0; --queue, --bulk-streams, --connections, --timeout and --grace are above 0")
	}
	if (f.tlsCert == "") != (f.tlsKey == "") {
		return nil, errors.New("--tls-cert and --tls-key need one another")
	}
	if f.tlsCert != "" {
		c, err := tls.LoadX509KeyPair(f.tlsCert, f.tlsKey)
		if err != nil {
			return nil, fmt.Errorf("--tls-cert: %w", err)
		}
		set.certificate = &c
	}
	if set.token, err = f.token(); err != nil {
		return nil, err
	}
	if f.policy != "" {
		if set.rules, err = readRules(f.policy); err != nil {
			return nil, fmt.Errorf("--policy: %w", err)
		}
	}
	return set, nil
}

// largestLimit bounds the sizes of what is taken into memory.
const largestLimit = 1 << 30

func parseLimit(flag, value string) (int64, error) {
	n, err := humanize.ParseBytes(value)
	if err != nil {
		return 0, fmt.Errorf("--%s: %q is no size such as 500kB or 2MiB", flag, value)
	}
	if n < 1 || n > min(largestLimit, math.MaxInt) {
		return 0, fmt.Errorf("--%s: %s is not above 0 and at most %s", flag, value, humanize.IBytes(largestLimit))
	}
	return int64(n), nil
}

// shortestToken is the length below which a token is easily guessed.
const shortestToken = 16

// token returns the token that requests must bring; empty for none.
func (f *serveFlags) token() (string, error) {
	token, from := os.Getenv(tokenEnv), tokenEnv
	if f.tokenFile != "" {
		b, err := os.ReadFile(f.tokenFile)
		if err != nil {
			return "", fmt.Errorf("--token-file: %w", err)
		}
		token, from = strings.TrimSpace(string(b)), "--token-file"
	}
	if (f.tokenFile != "" || token != "") && len(token) < shortestToken {
		return "", fmt.Errorf("%s: a token of less than %d bytes is easily guessed", from, shortestToken)
	}
	return token, nil
}

// runServe does what set says and returns the exit code. An error means that it could not
// serve, or not close the index.
func runServe(ctx context.Context, set *serving, s streams) (code int, err error) {
	interrupts := catchInterrupts()
	defer interrupts.stop()
	defer limitGarbage()()
	index, err := store.Open(set.dir, set.index)
	if err != nil {
		return exitUsage, err
	}
	defer func() {
		if e := index.Close(); e != nil {
			code, err = exitUsage, errors.Join(err, e)
		}
	}()
	server := serve.New(serve.Options{
		Checker: filter.NewChecker(filter.CheckerOptions{Index: index, Rules: set.rules}),
		Index:   index, Token: set.token, Limits: set.limits,
		Log: slog.New(slog.NewJSONHandler(lineWriter{s.err}, nil)),
	})
	listener, err := net.Listen("tcp", set.addr)
	if err != nil {
		return exitUsage, fmt.Errorf("--addr: %w", err)
	}
	defer shut(listener)
	scheme := "http"
	if set.certificate != nil {
		scheme = "https"
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{*set.certificate}, NextProtos: []string{"http/1.1"}})
	}
	var admin net.Listener
	if set.adminAddr != "" {
		if admin, err = net.Listen("tcp", set.adminAddr); err != nil {
			return exitUsage, fmt.Errorf("--admin-addr: %w", err)
		}
		defer shut(admin)
	}
	s.err.tell(fmt.Sprintf("serving on %s://%s", scheme, listener.Addr()))
	if set.token == "" && !onLoopback(listener.Addr()) {
		s.err.tell("warning: whoever reaches this address may ask, and submit: there is no token")
	}
	if set.token != "" && set.certificate == nil && !onLoopback(listener.Addr()) {
		s.err.tell("warning: the token comes over this address unencrypted: there is no TLS")
	}
	if admin != nil {
		s.err.tell("profiles and metrics on http://" + admin.Addr().String())
		if !onLoopback(admin.Addr()) {
			s.err.tell("warning: whoever reaches the admin address sees the insides of the process")
		}
	}
	err = interrupts.serve(ctx, func(ctx context.Context) error { return serveBoth(ctx, server, listener, admin) })
	switch {
	case errors.Is(err, serve.ErrCutOff):
		s.err.tell(fmt.Sprintf("requests were cut off after %s; what was acknowledged is in the index", set.limits.Grace))
		return exitInterrupted, nil
	case err != nil:
		return exitUsage, err
	}
	s.err.tell("stopped; all requests were finished")
	return exitDone, nil
}

// serveBoth serves on listener, and on admin if it isn't nil, until ctx ends or one fails.
func serveBoth(ctx context.Context, server *serve.Server, listener, admin net.Listener) error {
	if admin == nil {
		return server.Serve(ctx, listener)
	}
	ctx, cancel := context.WithCancel(ctx)
	adminCtx, cancelAdmin := context.WithCancel(context.WithoutCancel(ctx))
	failed := make(chan error, 1)
	go func() {
		err := server.ServeAdmin(adminCtx, admin)
		cancel()
		failed <- err
	}()
	err := server.Serve(ctx, listener)
	cancelAdmin()
	cancel()
	return errors.Join(err, <-failed)
}

// shut closes a listener that a server may have closed already.
func shut(l net.Listener) { _ = l.Close() }

// onLoopback reports whether only this machine reaches addr.
func onLoopback(addr net.Addr) bool {
	a, err := netip.ParseAddrPort(addr.String())
	return err == nil && a.Addr().Unmap().IsLoopback()
}

// lineWriter writes lines as they are to a console, between its own.
type lineWriter struct{ console *console }

func (w lineWriter) Write(line []byte) (int, error) {
	w.console.mu.Lock()
	defer w.console.mu.Unlock()
	return w.console.w.Write(line)
}
