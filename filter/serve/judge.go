package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"chaff/article"
	"chaff/corpus"
	"chaff/filter"
	"chaff/filter/store"
)

// Article is what is asked about, a record of JSON Lines. Fields that are not named here
// are passed over.
type Article struct {
	ID     string `json:"id" doc:"not empty, at most 4096 bytes; a number counts as its digits"`
	Text   string `json:"text"`
	Title  string `json:"title,omitempty"`
	URL    string `json:"url,omitempty"`
	Source string `json:"source,omitempty" doc:"the publisher or site"`
	Lang   string `json:"lang,omitempty" doc:"language as the source declares it, BCP 47"`
	Date   string `json:"date,omitempty" doc:"RFC 3339 or another usual layout; what is none counts as not known"`
}

// Judgement is what was found out about an article.
type Judgement struct {
	ID      string         `json:"id"`
	Verdict filter.Verdict `json:"verdict"`
	// Status tells what a submission did to the index; empty where it did nothing.
	Status   store.Status      `json:"status,omitempty" doc:"what the submission did to the index; absent where it did nothing"`
	Findings []article.Finding `json:"findings"`
	// Explanations are those of [filter.Result].
	Explanations []article.Finding `json:"explanations,omitempty" doc:"what each signal of off-topic content says of every block, found or not; of explain alone"`
}

type judge func(context.Context, *article.Article) (filter.Result, error)

func (s *Server) check(w http.ResponseWriter, r *http.Request) error {
	return s.judgement(w, r, s.checker.Check)
}

func (s *Server) submit(w http.ResponseWriter, r *http.Request) error {
	return s.judgement(w, r, s.checker.Begin)
}

func (s *Server) explain(w http.ResponseWriter, r *http.Request) error {
	return s.judgement(w, r, s.checker.Explain)
}

// judgement answers with what by finds out about the article in the body.
func (s *Server) judgement(w http.ResponseWriter, r *http.Request, by judge) error {
	body, err := readBody(r)
	if err != nil {
		return err
	}
	a, err := s.decode(body)
	if err != nil {
		return err
	}
	e := entryOf(r)
	e.about(a)
	j, err := s.judge(r.Context(), a, s.gate.wait, by)
	if err != nil {
		return err
	}
	e.verdict = j.Verdict
	return writeJSON(w, j)
}

// acceptable fails where a is larger than what is judged.
func (s *Server) acceptable(a *article.Article) error {
	if len(a.Text) > s.limits.Article {
		return problem(http.StatusRequestEntityTooLarge, "the text has %d bytes, more than %d", len(a.Text), s.limits.Article)
	}
	if len(a.ID) > store.MaxID {
		return store.ErrID
	}
	return nil
}

// judge lets by judge a within the limits.
func (s *Server) judge(ctx context.Context, a *article.Article, wait time.Duration, by judge) (*Judgement, error) {
	if err := s.acceptable(a); err != nil {
		return nil, err
	}
	result, err := do(ctx, s.gate.slots, wait, func(ctx context.Context) (filter.Result, error) { return by(ctx, a) })
	if err == nil {
		err = s.settle(ctx, &result, wait)
	}
	if err != nil {
		s.notice(err)
		return nil, err
	}
	return s.judgementOf(a, &result), nil
}

// settle waits until what r rests on is on disk. What waits for that leaves its slot to
// others.
func (s *Server) settle(ctx context.Context, r *filter.Result, wait time.Duration) error {
	if !r.Waits() {
		return nil
	}
	_, err := do(ctx, s.gate.disk, wait, func(context.Context) (struct{}, error) { return struct{}{}, r.Wait() })
	return err
}

// judgementOf makes the answer of a result, and counts it.
func (s *Server) judgementOf(a *article.Article, result *filter.Result) *Judgement {
	s.metrics.judged(result)
	j := &Judgement{ID: a.ID, Verdict: result.Verdict, Status: result.Status, Findings: result.Findings, Explanations: result.Explanations}
	if j.Findings == nil {
		j.Findings = []article.Finding{}
	}
	for _, list := range [][]article.Finding{j.Findings, j.Explanations} {
		for i := range list {
			if list[i].Reasons == nil {
				list[i].Reasons = []article.Reason{}
			}
		}
	}
	return j
}

// decode makes an article of a record, with which it shares memory.
func (s *Server) decode(record []byte) (*article.Article, error) {
	// Records are as long as a body may be; how long a text is says judge.
	d, err := corpus.NewLineDecoder(corpus.Options{MaxArticle: s.limits.Body})
	if err != nil {
		return nil, err
	}
	a := new(article.Article)
	return a, d.Decode(record, a)
}

// ofType fails where the body is not of this media type. Since a page of another site
// can't send JSON without asking first, this keeps such pages out as well.
func ofType(r *http.Request, want string) error {
	got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || got != want {
		return problem(http.StatusUnsupportedMediaType, "the body must be %s, as the header Content-Type says", want)
	}
	return nil
}

// readBody reads the whole body, which a limit bounds.
func readBody(r *http.Request) ([]byte, error) {
	if n := r.ContentLength; n > 0 && n <= DefaultBody {
		body := make([]byte, n)
		_, err := io.ReadFull(r.Body, body)
		return body, bodyError(err)
	}
	body, err := io.ReadAll(r.Body)
	return body, bodyError(err)
}

func bodyError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("reading the body: %w", err)
}

func writeJSON(w http.ResponseWriter, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", jsonType)
	_, _ = w.Write(body) // a client that has gone can be told nothing
	return nil
}
