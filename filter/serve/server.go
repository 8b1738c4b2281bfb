package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/netutil"

	"chaff/article"
	"chaff/filter"
	"chaff/filter/store"
)

// Checker judges articles, as [filter.Checker] does.
type Checker interface {
	Check(context.Context, *article.Article) (filter.Result, error)
	Begin(context.Context, *article.Article) (filter.Result, error)
	Prepare(context.Context, *article.Article) (*filter.Pending, error)
	Explain(context.Context, *article.Article) (filter.Result, error)
}

// Options say what a server answers from, and to whom.
type Options struct {
	// Checker judges articles. It must have Index as its own.
	Checker Checker
	// Index is what articles are looked up in and removed from.
	Index *store.Store
	// Token is what requests must bring; empty means that anyone may ask.
	Token  string
	Limits Limits
	// Log gets a record of each request: without text, and of an ID no more than its
	// length and a hash. Nil means none.
	Log *slog.Logger
}

// Server answers requests. It may be used by several goroutines.
type Server struct {
	checker Checker
	index   *store.Store
	token   string
	limits  Limits
	log     *slog.Logger

	gate     *gate
	bulk     chan struct{} // a place for each bulk stream
	metrics  *metrics
	document []byte
	handler  http.Handler

	stopping atomic.Bool
	stop     chan struct{} // closed when it is told to stop
	stopOnce sync.Once
	broken   atomic.Bool // the index has failed to write
}

// New returns a server that is not listening yet; its index and checker stay the
// caller's to close.
func New(o Options) *Server {
	l := o.Limits.withDefaults()
	s := &Server{
		checker: o.Checker,
		index:   o.Index,
		token:   o.Token,
		limits:  l,
		log:     o.Log,
		gate:    newGate(l),
		bulk:    make(chan struct{}, l.Bulk),
		stop:    make(chan struct{}),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.metrics = newMetrics(s)
	s.document = Document()
	s.handler = s.guarded(s.mux(routes))
	return s
}

// Handler returns what answers requests.
func (s *Server) Handler() http.Handler { return s.handler }

// Admin returns what answers on an address of its own, for those who run the server:
// profiles of net/http/pprof below /debug/pprof/, /metrics, /healthz and /readyz. It asks
// for no token.
func (s *Server) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	mux.Handle("GET /metrics", s.metrics.handler)
	for path, answer := range map[string]func(*Server, http.ResponseWriter, *http.Request) error{
		"GET /healthz": (*Server).healthz, "GET /readyz": (*Server).readyz,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if err := answer(s, w, r); err != nil {
				problemOf(err).write(w, "")
			}
		})
	}
	return loopbackNames(mux)
}

// ErrCutOff tells that requests were cut off because they took longer than
// [Limits.Grace] after the server was told to stop.
var ErrCutOff = errors.New("requests were cut off")

// Serve answers requests that come to listener until ctx ends. Then it takes no more,
// finishes those it has, and returns nil, or [ErrCutOff]. Of bulk streams it finishes
// the lines that were read.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	server := s.server(s.handler)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(netutil.LimitListener(listener, s.limits.Connections)) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	s.Stop()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.limits.Grace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return errors.Join(ErrCutOff, server.Close())
	}
	return nil
}

// Stop makes the server unready, and ends bulk streams after the lines that were read.
func (s *Server) Stop() {
	s.stopOnce.Do(func() {
		s.stopping.Store(true)
		close(s.stop)
	})
}

// ServeAdmin answers requests for [Server.Admin] that come to listener, until ctx ends.
func (s *Server) ServeAdmin(ctx context.Context, listener net.Listener) error {
	server := s.server(s.Admin())
	server.WriteTimeout = 0 // a profile takes as long as it is asked to
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving on %s: %w", listener.Addr(), err)
	}
	return nil
}

const (
	// headerTimeout is how long the header of a request may take: it comes in one piece.
	headerTimeout = 5 * time.Second
	// idleTimeout is how long a connection may stay open unused.
	idleTimeout = 2 * time.Minute
	// maxHeader has room for an ID of [store.MaxID] bytes with each of them escaped.
	maxHeader = 32 << 10
)

func (s *Server) server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: min(headerTimeout, s.limits.Timeout),
		ReadTimeout:       s.limits.Timeout,
		// Whoever is slow to send is also told so.
		WriteTimeout:   2*s.limits.Timeout + time.Second,
		IdleTimeout:    idleTimeout,
		MaxHeaderBytes: maxHeader,
		ErrorLog:       slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
}
