package serve

import (
	"context"
	"time"

	"chaff/article"
	"chaff/filter"
)

// task is an article of a bulk stream on its way to its answer.
type task struct {
	number  int // of its line
	article *article.Article
	// left is how long it may still be at work. What it waits for the lines before it is
	// not counted.
	left     time.Duration
	pending  *filter.Pending // nil where err says why not
	err      error
	prepared chan struct{} // closed when pending or err is set
	answer   chan *BulkLine
}

func (s *Server) newTask(number int, a *article.Article, answer chan *BulkLine) *task {
	return &task{number: number, article: a, left: s.limits.Timeout, prepared: make(chan struct{}), answer: answer}
}

// fail answers the line with err.
func (s *Server) fail(t *task, err error) {
	s.notice(err)
	t.answer <- failedLine(t.number, t.article.ID, err)
}

func (t *task) succeed(j *Judgement) {
	t.answer <- &BulkLine{Line: t.number, ID: j.ID, Verdict: j.Verdict, Status: j.Status, Findings: j.Findings}
}

// checkLine judges the article of a line, and changes nothing: the lines beside it don't
// matter. It waits for a slot as long as the line may take: the stream is read no
// further meanwhile.
func (s *Server) checkLine(ctx context.Context, t *task) {
	ctx, cancel := context.WithTimeout(ctx, t.left)
	defer cancel()
	j, err := s.judge(ctx, t.article, t.left, s.checker.Check)
	if err != nil {
		t.answer <- failedLine(t.number, t.article.ID, err)
		return
	}
	t.succeed(j)
}

// prepare does what can be done for a line while those before it are not judged yet.
func (s *Server) prepare(ctx context.Context, t *task) {
	defer close(t.prepared)
	if t.err = s.acceptable(t.article); t.err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, t.left)
	defer cancel()
	began := time.Now()
	if t.err = take(ctx, s.gate.slots, t.left); t.err != nil {
		return
	}
	t.pending, t.err = run(ctx, s.gate.slots, func(ctx context.Context) (*filter.Pending, error) {
		return s.checker.Prepare(ctx, t.article)
	}, (*filter.Pending).Discard)
	t.left -= time.Since(began)
}

// commitInOrder judges prepared articles, each when the one before it has been judged, so
// that a stream has the verdicts that its lines would have one after the other.
func (s *Server) commitInOrder(ctx context.Context, tasks <-chan *task) {
	before := make(chan struct{})
	close(before)
	for t := range tasks {
		<-t.prepared
		if t.err != nil {
			s.fail(t, t.err)
			continue
		}
		before = s.commit(ctx, t, before)
	}
}

// commit judges the article and adds it to the index if it is accepted, once before is
// closed. It returns a channel that is closed when that has ended, which may be after
// the time of the line is up and commit has returned.
func (s *Server) commit(ctx context.Context, t *task, before chan struct{}) (ended chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, t.left)
	var err error
	select {
	case <-before:
		err = take(ctx, s.gate.slots, t.left)
	case <-ctx.Done():
		err = cause(ctx)
	}
	if err != nil {
		cancel()
		t.pending.Discard()
		s.fail(t, err)
		return before
	}
	ended = make(chan struct{})
	result, err := run(ctx, s.gate.slots, func(ctx context.Context) (filter.Result, error) {
		defer close(ended)
		return t.pending.Commit(ctx)
	}, nil)
	if err != nil {
		cancel()
		s.fail(t, err)
		return ended
	}
	// The lines after it need not wait for the disk.
	go func() {
		defer cancel()
		if err := s.settle(ctx, &result, t.left); err != nil {
			s.fail(t, err)
			return
		}
		t.succeed(s.judgementOf(t.article, &result))
	}()
	return ended
}
