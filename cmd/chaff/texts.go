package main

import (
	"slices"
	"sync"

	"chaff/article"
	"chaff/corpus"
)

// texts finds the texts of --with-text again: those of the articles that findings
// are about, and of those they are set against.
type texts struct {
	corpus  *corpus.Corpus
	problem func(error)

	mu sync.Mutex
	at map[string][]corpus.Position // by id, which need not be unique

	own, other loaded
}

// loaded is the article loaded last: findings come article by article.
type loaded struct {
	corpus.Buffer
	*article.Article
	at corpus.Position
}

// note remembers where an article stands. Several goroutines may call it.
func (t *texts) note(id string, at corpus.Position) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !slices.Contains(t.at[id], at) {
		t.at[id] = append(t.at[id], at)
	}
}

// of returns the text of the article that f is about, and of the other one if
// there is one. Of several articles of one id it is the first that has the words
// of f where f says. A text that can't be read again is empty, and a problem.
func (t *texts) of(f *article.Finding) (own, other string) {
	own = t.load(&t.own, f.Article, f.Span, f.Text)
	if f.Other != nil && f.Other.Article != f.Article {
		other = t.load(&t.other, f.Other.Article, nil, "")
	}
	return own, other
}

func (t *texts) load(l *loaded, id string, span *article.Span, words string) string {
	places := t.at[id]
	slices.SortFunc(places, corpus.Position.Compare)
	for _, at := range places {
		if l.Article == nil || l.at != at {
			var err error
			if l.Article, err = t.corpus.Load(at, &l.Buffer); err != nil {
				t.problem(err)
				continue
			}
			l.at = at
		}
		if span == nil || span.End <= len(l.Text) && span.In(l.Text) == words {
			return l.Text
		}
	}
	return ""
}
