package serve

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"chaff/article"
	"chaff/filter"
)

// entry is what is told of a request in the log and the metrics.
type entry struct {
	requestID string
	route     string // path in the table of routes
	article   string // ID; only its length and hash are told
	textBytes int
	verdict   filter.Verdict
	lines     int // of a bulk stream
	err       error
}

type entryKey struct{}

func entryOf(r *http.Request) *entry { return r.Context().Value(entryKey{}).(*entry) }

func (e *entry) id(id string) { e.article = id }

func (e *entry) about(a *article.Article) {
	e.article, e.textBytes = a.ID, len(a.Text)
}

// requestHeader has the ID of a request, which a client may choose.
const requestHeader = "X-Request-ID"

const longestRequestID = 64

// requestID returns the ID that r brings if it is a plain word, else a new one.
func requestID(r *http.Request) string {
	id := r.Header.Get(requestHeader)
	plain := id != "" && len(id) <= longestRequestID
	for _, c := range []byte(id) {
		plain = plain && (c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte("-_.:", c) >= 0)
	}
	if !plain {
		return rand.Text()
	}
	return id
}

// logged writes a record of each request that next has answered, and counts it.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		e := &entry{requestID: requestID(r), route: "none"}
		w.Header().Set(requestHeader, e.requestID)
		answer := &answerWriter{ResponseWriter: w}
		s.metrics.atWork.Inc()
		defer s.metrics.atWork.Dec()
		next.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), entryKey{}, e)))
		took := time.Since(began)
		if answer.status == 0 {
			answer.status = http.StatusOK
		}
		s.metrics.answered(e.route, r.Method, answer.status, took)
		s.record(r, e, answer, took)
	})
}

// record writes e to the log. An error of the server's own is told with its cause.
func (s *Server) record(r *http.Request, e *entry, answer *answerWriter, took time.Duration) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("request_id", e.requestID),
		slog.String("method", method(r.Method)),
		slog.String("route", e.route),
		slog.Int("status", answer.status),
		slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.Int64("sent", answer.sent),
	}
	if e.article != "" {
		hash := sha256.Sum256([]byte(e.article))
		attrs = append(attrs, slog.Int("id_bytes", len(e.article)), slog.String("id_hash", hex.EncodeToString(hash[:6])))
	}
	if e.textBytes > 0 {
		attrs = append(attrs, slog.Int("text_bytes", e.textBytes))
	}
	if e.verdict != "" {
		attrs = append(attrs, slog.String("verdict", string(e.verdict)))
	}
	if e.lines > 0 {
		attrs = append(attrs, slog.Int("lines", e.lines))
	}
	if e.err != nil && (answer.status >= http.StatusInternalServerError || answer.status == http.StatusOK) && !errors.Is(e.err, errBusy) {
		level = slog.LevelError // of the server's own, or in the midst of a stream
		attrs = append(attrs, slog.String("error", without(e.err.Error(), e.article)))
	}
	s.log.LogAttrs(r.Context(), level, "request", attrs...)
}

// without takes the ID of an article out of a message, where it stands in quotes.
func without(message, id string) string {
	if id == "" {
		return message
	}
	return strings.ReplaceAll(message, strconv.Quote(id), "(id)")
}

// answered makes a handler of answer, whose error becomes a problem.
func (s *Server) answered(answer func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := answer(w, r)
		if err == nil {
			return
		}
		e := entryOf(r)
		e.err = err
		problemOf(err).write(w, e.requestID)
	})
}

// answerWriter notes what is answered.
type answerWriter struct {
	http.ResponseWriter
	status int
	sent   int64
}

func (w *answerWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *answerWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.sent += int64(n)
	return n, err
}

// Unwrap is for [http.ResponseController].
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
