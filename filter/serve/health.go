package serve

import (
	"errors"
	"io"
	"net/http"

	"chaff/filter/store"
)

// notice remembers an error after which the index takes nothing more.
func (s *Server) notice(err error) {
	if errors.Is(err, store.ErrFailed) {
		s.broken.Store(true)
	}
}

func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) error {
	return writeText(w, "alive\n")
}

func (s *Server) readyz(w http.ResponseWriter, _ *http.Request) error {
	switch {
	case s.stopping.Load():
		return problem(http.StatusServiceUnavailable, "the server is shutting down")
	case s.broken.Load():
		return problem(http.StatusServiceUnavailable, "the index failed to write; the server must be started again")
	}
	return writeText(w, "ready\n")
}

func (s *Server) exposition(w http.ResponseWriter, r *http.Request) error {
	s.metrics.handler.ServeHTTP(w, r)
	return nil
}

func (s *Server) openAPI(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", jsonType)
	_, _ = w.Write(s.document)
	return nil
}

func writeText(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", textType)
	_, _ = io.WriteString(w, text)
	return nil
}
