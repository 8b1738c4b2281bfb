package scan

import (
	"context"
	"strings"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
	"chaff/shingle"
)

// reader is what one worker needs to read articles.
type reader struct {
	text   *dedupe.Text
	words  shingle.Words
	sketch *dedupe.Sketcher
	blocks *dedupe.BlockSketcher
	keys   []uint64
}

// read is the first pass.
func (r *run) read(ctx context.Context) error {
	r.Progress.enter(Reading, 0)
	// The corpus has its own number of workers; the slice grows with them.
	readers := make(map[int]*reader)
	reader := func(worker int) *reader {
		r.mu.Lock()
		defer r.mu.Unlock()
		if readers[worker] == nil {
			readers[worker] = r.newReader()
		}
		return readers[worker]
	}
	return r.corpus.Read(ctx, func(worker int, a *article.Article, at corpus.Position) error {
		r.bytes.Add(int64(len(a.Text)))
		w := reader(worker)
		if r.index == nil {
			return r.tellRepeats(w.text, a, at)
		}
		if r.repeats && !r.judges {
			if err := r.tellRepeats(w.text, a, at); err != nil {
				return err
			}
		}
		return r.sketch(w, a, at)
	})
}

func (r *run) newReader() *reader {
	w := new(reader)
	if r.repeats && !r.judges {
		w.text = dedupe.NewText(new(article.Article), r.tok, 0)
	}
	if r.index != nil {
		w.sketch = r.index.Sketcher()
	}
	if r.offTopic {
		w.blocks = dedupe.NewBlockSketcher()
		r.sketchers = append(r.sketchers, w.blocks)
	}
	return w
}

// sketch adds an article to the index and its blocks to the worker's.
func (r *run) sketch(w *reader, a *article.Article, at corpus.Position) error {
	words := &w.words
	if w.text != nil { // read for repeats just now
		words = &w.text.Words
	} else {
		words.Reset()
		r.tok.Words(words, a.Text)
	}
	source := sourceOf(a)
	w.keys = r.furniture.Add(source, a.Text, words, w.keys)
	sketch := w.sketch.Sketch(words.Hash)
	r.mu.Lock()
	number, err := r.index.AddSketch(dedupe.Meta{ID: a.ID, Date: a.Date, Bytes: len(a.Text), Source: source}, sketch)
	if err == nil {
		r.positions = append(r.positions, at)
	}
	r.mu.Unlock()
	if err != nil || !r.offTopic {
		return err
	}
	first := 0
	for _, b := range article.Blocks(a.Text) {
		last := wordsUntil(words, first, b.End)
		if last-first >= witnessWords {
			w.blocks.Add(number, w.blocks.Keys(words.Hash[first:last]))
		}
		first = last
	}
	return nil
}

// wordsUntil returns the index of the first word, from first on, that begins at
// byte end or later.
func wordsUntil(w *shingle.Words, first, end int) int {
	for first < w.Len() && int(w.Start[first]) < end {
		first++
	}
	return first
}

// tellRepeats makes t the text of a and tells its repeats.
func (r *run) tellRepeats(t *dedupe.Text, a *article.Article, at corpus.Position) error {
	t.Reset(a)
	for _, f := range dedupe.Repeats(t, dedupe.RepeatOptions{MinWords: r.MinRepeatWords}) {
		if err := r.tell(f, at); err != nil {
			return err
		}
	}
	return nil
}

// tell emits a finding of the article at a position. Its strings may lie in an
// article's memory, which is used again.
func (r *run) tell(f article.Finding, at corpus.Position) error {
	f.Article = strings.Clone(f.Article)
	f.Text = strings.Clone(f.Text)
	if f.Other != nil {
		f.Other.Article = strings.Clone(f.Other.Article)
	}
	for i := range f.Reasons {
		f.Reasons[i].Evidence = strings.Clone(f.Reasons[i].Evidence)
	}
	return r.emit(f, at)
}

// text appends the text of an article to dst, for the index.
func (r *run) text(dst []byte, number int) ([]byte, error) {
	buf := r.buffers.Get().(*corpus.Buffer)
	defer r.buffers.Put(buf)
	a, err := r.corpus.Load(r.position(number), buf)
	if err != nil {
		return nil, err
	}
	return append(dst, a.Text...), nil
}

// order compares the articles of one ID by where they stand, so that it makes no
// difference which one was read first.
func (r *run) order(a, b int) int { return r.position(a).Compare(r.position(b)) }

func (r *run) position(number int) corpus.Position {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.positions[number]
}
