package serve

import (
	"context"
	"net/http"
	"time"
)

// Entry is what the index holds of an article.
type Entry struct {
	ID       string    `json:"id"`
	Source   string    `json:"source,omitempty"`
	Date     time.Time `json:"date,omitzero"`
	Bytes    int       `json:"bytes" doc:"length of the text"`
	Words    int       `json:"words"`
	Shingles int       `json:"shingles" doc:"each counted once"`
	// What follows is there only if the index stores texts.
	Title string  `json:"title,omitempty"`
	URL   string  `json:"url,omitempty"`
	Lang  string  `json:"lang,omitempty"`
	Text  *string `json:"text,omitempty" doc:"there if the index stores texts"`
}

func (s *Server) get(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	entryOf(r).id(id)
	e, err := do(r.Context(), s.gate.slots, s.gate.wait, func(context.Context) (*Entry, error) {
		found, err := s.index.Get(id)
		if err != nil {
			return nil, err
		}
		e := &Entry{
			ID: found.ID, Source: found.Source, Date: found.Date.UTC(),
			Bytes: found.Bytes, Words: found.Words, Shingles: found.Shingles,
		}
		if a := found.Article; a != nil {
			e.Title, e.URL, e.Lang, e.Text = a.Title, a.URL, a.Lang, &a.Text
		}
		return e, nil
	})
	if err != nil {
		return err
	}
	return writeJSON(w, e)
}

func (s *Server) remove(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	entryOf(r).id(id)
	_, err := do(r.Context(), s.gate.disk, s.gate.wait, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.index.Remove(ctx, id)
	})
	if err != nil {
		s.notice(err)
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
