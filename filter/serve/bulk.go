package serve

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"chaff/article"
	"chaff/filter"
	"chaff/filter/store"
)

// BulkLine is the answer to one line of a bulk stream: a judgement or an error.
type BulkLine struct {
	Line     int               `json:"line" doc:"number of the line, from 1"`
	ID       string            `json:"id,omitempty"`
	Verdict  filter.Verdict    `json:"verdict,omitempty"`
	Status   store.Status      `json:"status,omitempty"`
	Findings []article.Finding `json:"findings,omitzero"`
	Error    string            `json:"error,omitempty" doc:"why there is no verdict"`
	// Retry is set where the same line may succeed later.
	Retry bool `json:"retry,omitempty" doc:"the same line may succeed later"`
}

// window is how many lines of one stream are read ahead of the answer that comes next.
const window = 16

// stream answers a stream of articles in order, as if each line were asked after the one
// before it was answered: of near-copies that are submitted the first comes first. Most of
// the work is done side by side. Where answers are not taken, no more than a window of
// lines is read.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) error {
	submit, err := mode(r)
	if err != nil {
		return err
	}
	select {
	case s.bulk <- struct{}{}:
		defer func() { <-s.bulk }()
	default:
		return errBusy
	}
	control := http.NewResponseController(w)
	if err := control.EnableFullDuplex(); err != nil {
		return fmt.Errorf("reading while writing: %w", err)
	}
	// The context of r ends when reading fails, and lines that were read are judged then.
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	defer cancel()
	lines := &lineReader{in: bufio.NewReaderSize(r.Body, 64<<10), limit: s.limits.Body, await: func() error {
		return control.SetReadDeadline(time.Now().Add(s.limits.Timeout))
	}}
	pending := make(chan chan *BulkLine, window)
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer close(pending)
		s.readLines(ctx, lines, submit, pending)
	}()
	// The connection may have another request after this one: nobody sets a deadline for it
	// any more when stream returns.
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-s.stop:
			lines.end(control)
		case <-read:
		}
	}()
	w.Header().Set("Content-Type", ndjsonType)
	e := entryOf(r)
	if e.err = s.writeLines(w, control, pending, e); e.err != nil {
		cancel()
		lines.end(control)
	}
	<-read
	<-watched
	return nil
}

// mode reports whether the articles of a stream are submitted.
func mode(r *http.Request) (submit bool, err error) {
	switch m := r.URL.Query().Get(modeName); m {
	case "", modeCheck:
		return false, nil
	case modeSubmit:
		return true, nil
	default:
		return false, problem(http.StatusBadRequest, "mode is neither %s nor %s", modeCheck, modeSubmit)
	}
}

// readLines reads lines and has each judged, until there are no more or ctx ends. The
// answers come in the order of the lines, each by a channel of its own.
func (s *Server) readLines(ctx context.Context, lines *lineReader, submit bool, pending chan<- chan *BulkLine) {
	var inOrder chan *task
	if submit {
		inOrder = make(chan *task, window)
		defer close(inOrder)
		go s.commitInOrder(ctx, inOrder)
	}
	for n := 1; ; n++ {
		line, err := lines.next()
		if err == nil && len(bytes.TrimSpace(line)) == 0 {
			continue // a blank line is no record, but counts as a line
		}
		if errors.Is(err, io.EOF) {
			return
		}
		answer := make(chan *BulkLine, 1)
		select {
		case pending <- answer:
		case <-ctx.Done():
			return
		}
		if errors.Is(err, errLong) {
			answer <- failedLine(n, "", problem(http.StatusRequestEntityTooLarge, "the line is longer than %d bytes", s.limits.Body))
			continue
		}
		if err != nil {
			answer <- failedLine(n, "", lines.why(err))
			return
		}
		a, err := s.decode(line)
		if err != nil {
			answer <- failedLine(n, "", err)
			continue
		}
		t := s.newTask(n, a, answer)
		if submit {
			go s.prepare(ctx, t)
			inOrder <- t
		} else {
			go s.checkLine(ctx, t)
		}
	}
}

func failedLine(n int, id string, err error) *BulkLine {
	p := problemOf(err)
	later := []int{http.StatusRequestTimeout, http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusInsufficientStorage}
	return &BulkLine{Line: n, ID: id, Error: p.Detail, Retry: slices.Contains(later, p.Status)}
}

// writeLines writes the answers as they come, and sends them when none is ready.
func (s *Server) writeLines(w io.Writer, control *http.ResponseController, pending <-chan chan *BulkLine, e *entry) error {
	out := bufio.NewWriterSize(w, 32<<10)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	send := func() error {
		return errors.Join(out.Flush(), control.Flush())
	}
	if err := send(); err != nil { // a client may wait for the header before it writes
		return err
	}
	for answer := range pending {
		var line *BulkLine
		select {
		case line = <-answer:
		default:
			if err := send(); err != nil {
				return err
			}
			line = <-answer
		}
		if err := control.SetWriteDeadline(time.Now().Add(s.limits.Timeout)); err != nil {
			return err
		}
		if err := enc.Encode(line); err != nil {
			return err
		}
		e.lines++
		if len(pending) == 0 {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}
