package filter

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sync/semaphore"

	"chaff/article"
	"chaff/corpus"
	"chaff/filter/store"
)

// StreamOptions say how a stream is filtered.
type StreamOptions struct {
	// Checker judges the articles; with its index, those that are accepted are
	// added to it.
	Checker *Checker
	// Lines says which fields hold id and text, and how large an article may be:
	// IDField, TextField and MaxArticle of it count.
	Lines corpus.Options
	// Workers is how many articles are looked at in parallel; 0 or less means
	// GOMAXPROCS.
	Workers int
	// Drop leaves the lines of rejected articles out.
	Drop bool
	// Clean puts the text without what findings ask to be taken away into each
	// line, see [clean.Text].
	Clean bool
	// Problem, if not nil, is told of each line that holds no article, in order.
	// Lines count from 1.
	Problem func(line int, err error)
}

// Summary is what became of a stream.
type Summary struct {
	// Lines were read and dealt with, of which Bad hold no article; those that hold
	// nothing at all are in neither other field.
	Lines, Bad int
	// Articles by verdict.
	Accepted, Reviewed, Rejected int
	// Found tells how many findings there are of each kind.
	Found map[article.Kind]int
}

const (
	// linesAhead is how many lines a worker may be ahead of the one that is judged
	// next. An index keeps what was added meanwhile for each of them.
	linesAhead = 32
	mostAhead  = 384
	// bytesAhead is how many bytes of lines may be between reading and writing. What
	// is known of a line meanwhile takes some eight times as much.
	bytesAhead = 16 << 20
	// linesUnwritten is how many lines may wait for their article to be on disk.
	linesUnwritten = 1024
)

// Run reads JSON Lines from in and writes each line to out, in order, with a verdict: a
// field chaff more, the last one, in the place of one that was there. It holds an
// object with verdict, a [Verdict], and findings, as [article.Finding] has them, and
// with [StreamOptions.Clean] the text without them, as cleaned. Otherwise a line stays
// as it is, byte for byte. The line of an article that was added to the index is
// written when that is on disk.
//
// The results are those of one line after the other, for any number of workers: of two
// near-duplicates the first is accepted.
//
// A line without an article costs nothing else: its object gets a field chaff with an
// error; where it holds no object, the line becomes one with the fields error and
// line, its number. An empty line stays one. A byte order mark before the first line
// is left out.
//
// What is done is written as soon as there is nothing more to do. The end of ctx ends
// the reading: lines that were read whole are finished, and Run returns the cause. It
// does not wait for a Read of in that has begun. An error of in, of out or of the index
// ends Run; lines written before it stand.
func Run(ctx context.Context, in io.Reader, out io.Writer, o StreamOptions) (Summary, error) {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	lines, err := corpus.NewLineDecoder(o.Lines)
	if err != nil {
		return Summary{}, err
	}
	// The end of ctx ends the reading alone; work ends when something fails.
	work, fail := context.WithCancelCause(context.WithoutCancel(ctx))
	defer fail(nil)
	s := &stream{
		StreamOptions: o,
		work:          work,
		fail:          fail,
		room:          semaphore.NewWeighted(bytesAhead),
		ahead:         make(chan *job),
		order:         make(chan *job, min(o.Workers*linesAhead, mostAhead)),
		judged:        make(chan *job, linesUnwritten),
	}
	var all sync.WaitGroup
	for range o.Workers {
		all.Go(s.prepare)
	}
	all.Go(s.judge)
	w := &lineWriter{out: bufio.NewWriterSize(out, 64<<10), clean: o.Clean}
	all.Go(func() { s.write(w) })

	reading, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(work, stop)()
	read := s.read(newLineReader(reading, in, lines.MaxLine()))
	close(s.ahead)
	close(s.order)
	all.Wait()
	if err := context.Cause(work); err != nil {
		return s.summary, err
	}
	return s.summary, read
}

// stream is one run. Each line goes through three steps: it is prepared, by any worker,
// judged, one after the other, and written.
type stream struct {
	StreamOptions
	work    context.Context
	fail    context.CancelCauseFunc
	room    *semaphore.Weighted
	ahead   chan *job
	order   chan *job // the same ones
	judged  chan *job
	summary Summary
}

// job is one line.
type job struct {
	number  int
	raw     []byte // without its LF
	weight  int64
	article article.Article
	pending *Pending
	bad     error // it holds no article
	failed  error // it could not be prepared
	result  Result
	ready   chan struct{} // closed when it is prepared
}

// read makes a job of each line. It returns an error of reading, or the cause of the
// end of the context that ends it.
func (s *stream) read(lines *lineReader) error {
	for {
		j := &job{ready: make(chan struct{})}
		var err error
		j.raw, j.bad, err = lines.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		j.number = lines.number
		j.weight = min(int64(len(j.raw))+256, bytesAhead)
		if s.room.Acquire(s.work, j.weight) != nil {
			return nil
		}
		s.order <- j
		s.ahead <- j
	}
}

// prepare does what can be done for many lines at a time.
func (s *stream) prepare() {
	lines, err := corpus.NewLineDecoder(s.Lines)
	for j := range s.ahead {
		if j.failed = err; err == nil && j.bad == nil && !j.blank() {
			s.prepareArticle(lines, j)
		}
		close(j.ready)
	}
}

func (s *stream) prepareArticle(lines *corpus.LineDecoder, j *job) {
	a := &j.article
	if j.bad = lines.Decode(j.raw, a); j.bad != nil {
		if int64(len(j.raw)) > lines.MaxLine() {
			j.raw = nil // nobody knows what it holds
		}
		return
	}
	for _, field := range []*string{&a.ID, &a.URL, &a.Source, &a.Title, &a.Lang, &a.Text} {
		*field = strings.Clone(*field)
	}
	var err error
	j.pending, err = s.Checker.Prepare(s.work, a)
	if errors.Is(err, store.ErrID) {
		j.bad = store.ErrID
	} else {
		j.failed = err
	}
}

func (j *job) blank() bool { return j.bad == nil && len(bytes.TrimSpace(j.raw)) == 0 }

// judge gives each article its verdict, in order.
func (s *stream) judge() {
	defer close(s.judged)
	for j := range s.order {
		<-j.ready
		if j.failed == nil && j.pending != nil && s.work.Err() == nil {
			j.result, j.failed = j.pending.Commit(s.work)
		}
		if j.failed != nil {
			s.fail(fmt.Errorf("line %d: %w", j.number, j.failed))
		}
		if s.work.Err() == nil {
			s.judged <- j
		} else if j.pending != nil {
			j.pending.Discard()
		}
	}
}

// write writes each line when what it says is on disk, and what was written goes out when
// no other line is ready.
func (s *stream) write(w *lineWriter) {
	var failed error
	for {
		var j *job
		var open bool
		select {
		case j, open = <-s.judged:
		default:
			if failed == nil {
				failed = w.out.Flush()
			}
			j, open = <-s.judged
		}
		if !open {
			break
		}
		if failed == nil {
			failed = s.writeJob(w, j)
		}
		if failed != nil {
			s.fail(failed)
		}
		s.room.Release(j.weight)
	}
	if failed == nil {
		if err := w.out.Flush(); err != nil {
			s.fail(err)
		}
	}
}

func (s *stream) writeJob(w *lineWriter, j *job) error {
	if err := j.result.Wait(); err != nil {
		return fmt.Errorf("line %d: %w", j.number, err)
	}
	s.count(j)
	switch {
	case j.blank():
		return w.line(j.raw)
	case j.bad != nil:
		if s.Problem != nil {
			s.Problem(j.number, j.bad)
		}
		return w.bad(j)
	case s.Drop && j.result.Verdict == Reject:
		return nil
	}
	return w.judged(j)
}

func (s *stream) count(j *job) {
	s.summary.Lines++
	switch {
	case j.blank():
		return
	case j.bad != nil:
		s.summary.Bad++
		return
	}
	switch j.result.Verdict {
	case Accept:
		s.summary.Accepted++
	case Review:
		s.summary.Reviewed++
	case Reject:
		s.summary.Rejected++
	}
	if s.summary.Found == nil {
		s.summary.Found = make(map[article.Kind]int)
	}
	for i := range j.result.Findings {
		s.summary.Found[j.result.Findings[i].Kind]++
	}
}
