package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"chaff/corpus"
	"chaff/filter/store"
)

// Problem is what is wrong with a request, or kept it from being answered, as in RFC
// 9457. Its type is always "about:blank": the status says what it is.
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	// RequestID is that of the header X-Request-ID, and of the log.
	RequestID string `json:"request_id,omitempty"`
}

func (p *Problem) Error() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Title, p.Detail) }

func problem(status int, format string, args ...any) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(format, args...)}
}

// retryAfter is what is told those who were turned away, in seconds. What fills the
// queue is done in less.
const retryAfter = "1"

// problemOf returns what a client is told of err, nothing of the server's insides.
func problemOf(err error) *Problem {
	var p *Problem
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		copied := *p
		return &copied
	case errors.As(err, &large):
		return problem(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes", large.Limit)
	case errors.Is(err, corpus.ErrNotUTF8), errors.Is(err, corpus.ErrNotJSON), errors.Is(err, corpus.ErrNotObject),
		errors.Is(err, corpus.ErrNoID), errors.Is(err, corpus.ErrNoText):
		return problem(http.StatusBadRequest, "%v", err)
	case errors.Is(err, store.ErrID):
		return problem(http.StatusBadRequest, "the id is empty or longer than %d bytes", store.MaxID)
	case errors.Is(err, store.ErrNotFound):
		return problem(http.StatusNotFound, "no article in the index has this id")
	case errors.Is(err, errBusy), errors.Is(err, errWaited):
		return problem(http.StatusServiceUnavailable, "too much is asked at the moment; nothing was done")
	case errors.Is(err, store.ErrClosed):
		return problem(http.StatusServiceUnavailable, "the server is shutting down; nothing was done")
	case errors.Is(err, errTooLong):
		return problem(http.StatusGatewayTimeout, "it took too long; an article that was submitted may be in the index, and may be submitted again")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return problem(http.StatusRequestTimeout, "the body did not come in time")
	case errors.Is(err, context.Canceled):
		return problem(http.StatusServiceUnavailable, "the request was given up")
	case errors.Is(err, store.ErrFull):
		return problem(http.StatusInsufficientStorage, "the disk is full; nothing was written")
	case errors.Is(err, store.ErrFailed):
		return problem(http.StatusInternalServerError, "the index failed to write; the server must be started again")
	case errors.Is(err, store.ErrDamaged):
		return problem(http.StatusInternalServerError, "the index is damaged")
	}
	return problem(http.StatusInternalServerError, "it failed; the log says why")
}

// write sends p as the answer.
func (p *Problem) write(w http.ResponseWriter, id string) {
	p.RequestID = id
	h := w.Header()
	h.Set("Content-Type", problemType)
	switch p.Status {
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", retryAfter)
	case http.StatusRequestTimeout:
		h.Set("Connection", "close")
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a client that has gone can be told nothing
}
