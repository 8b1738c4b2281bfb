package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chaff/article"
	"chaff/filter"
	"chaff/filter/store"
)

// waiting is a checker that takes some time to prepare an article, and counts what it
// has given away.
type waiting struct {
	*filter.Checker
	takes func(a *article.Article) time.Duration
}

func (w waiting) Prepare(ctx context.Context, a *article.Article) (*filter.Pending, error) {
	time.Sleep(w.takes(a))
	return w.Checker.Prepare(context.WithoutCancel(ctx), a)
}

// ordered hands articles to a server as a stream does that submits them, and returns the
// answers.
func ordered(ctx context.Context, s *Server, articles []*article.Article) []*BulkLine {
	tasks := make(chan *task, len(articles))
	answers := make([]*BulkLine, len(articles))
	var all []*task
	for i, a := range articles {
		t := s.newTask(i+1, a, make(chan *BulkLine, 1))
		all = append(all, t)
		go s.prepare(ctx, t)
		tasks <- t
	}
	close(tasks)
	go s.commitInOrder(ctx, tasks)
	for i, t := range all {
		answers[i] = <-t.answer
	}
	return answers
}

func openIndex(t *testing.T) *store.Store {
	t.Helper()
	index, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	})
	return index
}

// copies are articles with one text, in a word of which they differ.
func copies(n int) []*article.Article {
	all := make([]*article.Article, n)
	for i := range all {
		all[i] = &article.Article{ID: fmt.Sprint(i), Text: strings.Repeat("the ferry sails from the old quay at seven and ", 3) + "nobody has to book a seat on it today " + strings.Repeat("x", i+1)}
	}
	return all
}

// The first line decides although it is prepared last.
func TestSlowLineStaysFirst(t *testing.T) {
	index := openIndex(t)
	articles := copies(6)
	takes := func(a *article.Article) time.Duration {
		return time.Duration(articles[len(articles)-1].ID[0]-a.ID[0]) * 20 * time.Millisecond
	}
	s := New(Options{Index: index, Checker: waiting{filter.NewChecker(filter.CheckerOptions{Index: index}), takes}, Limits: Limits{Concurrency: 6}})
	for i, l := range ordered(t.Context(), s, articles) {
		want := filter.Reject
		if i == 0 {
			want = filter.Accept
		}
		if l.Verdict != want {
			t.Errorf("line %d: %+v", i+1, l)
		}
	}
}

// A line whose time is up is answered, costs those after it nothing, and leaves nothing
// behind in the index.
func TestLineWithoutAnEnd(t *testing.T) {
	index := openIndex(t)
	articles := copies(4)
	let := make(chan struct{})
	checker := waiting{filter.NewChecker(filter.CheckerOptions{Index: index}), func(a *article.Article) time.Duration {
		if a.ID == "0" {
			<-let
		}
		return 0
	}}
	s := New(Options{Index: index, Checker: checker, Limits: Limits{Concurrency: 2, Timeout: 2 * time.Second}})
	lines := ordered(t.Context(), s, articles)
	if l := lines[0]; !l.Retry || !strings.Contains(l.Error, "too long") {
		t.Errorf("%+v", l)
	}
	for i, l := range lines[1:] {
		if (l.Verdict == filter.Accept) != (i == 0) || l.Error != "" {
			t.Errorf("%+v", l)
		}
	}
	if len(s.gate.slots) != 1 {
		t.Errorf("%d slots are taken", len(s.gate.slots))
	}
	close(let)
	for range cap(s.gate.slots) { // what was late is at its end
		if err := take(t.Context(), s.gate.slots, time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := index.Get("0"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what was given up: %v", err)
	}
}

// Where the line before is still being added although its time is up, a line waits for
// that as long as it may take, and no longer.
func TestLineAfterAnOverdueOne(t *testing.T) {
	index := openIndex(t)
	checker := filter.NewChecker(filter.CheckerOptions{Index: index})
	s := New(Options{Index: index, Checker: checker})
	before := make(chan struct{})
	for i, a := range copies(2) {
		task := s.newTask(i+1, a, make(chan *BulkLine, 1))
		s.prepare(t.Context(), task)
		if task.err != nil {
			t.Fatal(task.err)
		}
		if i == 0 {
			task.left = time.Millisecond
			if ended := s.commit(t.Context(), task, before); ended != before {
				t.Error("the line after it does not wait")
			}
			if l := <-task.answer; !l.Retry {
				t.Errorf("%+v", l)
			}
			continue
		}
		time.AfterFunc(10*time.Millisecond, func() { close(before) })
		<-s.commit(t.Context(), task, before)
		if l := <-task.answer; l.Verdict != filter.Accept {
			t.Errorf("%+v", l)
		}
	}
}

// What is made too late is given back, also at the very moment at which time is up.
func TestRunGivesBackWhatIsLate(t *testing.T) {
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			slots := make(chan struct{}, 1)
			if err := take(ctx, slots, time.Second); err != nil {
				t.Fatal(err)
			}
			late := 0
			got, err := run(ctx, slots, func(context.Context) (int, error) {
				time.Sleep(time.Second)
				return 1, nil
			}, func(n int) { late += n })
			synctest.Wait()
			if got+late != 1 || (err == nil) != (got == 1) || len(slots) != 0 {
				t.Errorf("got %d, %v; %d given back; %d slots taken", got, err, late, len(slots))
			}
		})
	}
}

func TestUnacceptableLine(t *testing.T) {
	index := openIndex(t)
	s := New(Options{Index: index, Checker: filter.NewChecker(filter.CheckerOptions{Index: index}), Limits: Limits{Article: 10}})
	lines := ordered(t.Context(), s, []*article.Article{{ID: "a", Text: "More than ten bytes."}, {ID: strings.Repeat("i", store.MaxID+1)}})
	if !strings.Contains(lines[0].Error, "more than 10") || lines[0].Retry {
		t.Errorf("%+v", lines[0])
	}
	if p := problemOf(store.ErrID); p.Status != http.StatusBadRequest || lines[1].Error != p.Detail {
		t.Errorf("%+v", lines[1])
	}
}
