package store

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"chaff/article"
)

// Entry is what an index holds of an article.
type Entry struct {
	ID     string
	Source string
	Date   time.Time // the zero time means not known
	// Bytes is the length of the text; Words and Shingles, each shingle counted
	// once, are those it has.
	Bytes, Words, Shingles int
	// Article is the article itself; nil where its text was not stored.
	Article *article.Article
}

// Get returns what the index holds of the article with this ID, or
// [ErrNotFound].
func (s *Store) Get(id string) (Entry, error) {
	if err := s.begin(); err != nil {
		return Entry{}, err
	}
	defer s.end()
	var r record
	if err := s.lookUp(id, &r); err != nil {
		return Entry{}, fmt.Errorf("article %q: %w", id, err)
	}
	return s.entry(s.db, &r)
}

func (s *Store) entry(from pebble.Reader, r *record) (Entry, error) {
	e := Entry{ID: r.id, Source: r.source, Date: r.date, Bytes: r.bytes, Words: len(r.codes), Shingles: r.shingles}
	b, closer, err := from.Get(numberedKey(nil, tableText, r.number))
	if errors.Is(err, pebble.ErrNotFound) {
		return e, nil
	}
	if err == nil {
		e.Article = &article.Article{ID: r.id, Source: r.source, Date: r.date}
		err = decodeText(e.Article, b)
		err = errors.Join(err, closer.Close())
	}
	if err != nil {
		return e, damageOf(fmt.Sprintf("text of article %q", r.id), err)
	}
	return e, nil
}

// Stats tells what an index holds.
type Stats struct {
	Format      int    `json:"format"`
	ShingleSize int    `json:"shingle_size"`
	Segmenter   string `json:"segmenter"`
	Articles    int64  `json:"articles"`
	Words       int64  `json:"words"`
	TextBytes   int64  `json:"text_bytes"`
	// DiskBytes is the size of all files of the index.
	DiskBytes int64 `json:"disk_bytes"`
	// Commits is the number of changes since the index was made.
	Commits int64 `json:"commits"`
}

// Stats returns what the index holds.
func (s *Store) Stats() (Stats, error) {
	if err := s.begin(); err != nil {
		return Stats{}, err
	}
	defer s.end()
	s.mu.Lock()
	c := s.counters
	s.mu.Unlock()
	return Stats{
		Format:      formatVersion,
		ShingleSize: s.size,
		Segmenter:   string(s.tokenizer.Segmenter),
		Articles:    int64(c.articles),
		Words:       int64(c.words),
		TextBytes:   int64(c.bytes),
		DiskBytes:   int64(s.db.Metrics().DiskSpaceUsage()),
		Commits:     int64(c.commits),
	}, nil
}

// Compact sorts all files of the index into as few as can be and frees the room
// of what was removed. Reads and writes go on meanwhile.
func (s *Store) Compact(ctx context.Context) error {
	if err := s.beginWrite(); err != nil {
		return err
	}
	defer s.end()
	if err := s.db.Flush(); err != nil {
		return fmt.Errorf("compacting: %w", err)
	}
	if err := s.db.Compact(ctx, []byte{0}, []byte{0xFF}, true); err != nil {
		return fmt.Errorf("compacting: %w", damageOf(engineDir, err))
	}
	return nil
}

// exported is a line of an export: a JSON Lines record that can be added again
// where its text was stored.
type exported struct {
	ID        string `json:"id"`
	Source    string `json:"source,omitempty"`
	Date      string `json:"date,omitempty"`
	Title     string `json:"title,omitempty"`
	URL       string `json:"url,omitempty"`
	Lang      string `json:"lang,omitempty"`
	TextBytes int    `json:"text_bytes"`
	Words     int    `json:"words"`
	Shingles  int    `json:"shingles"`
	Text      string `json:"text,omitempty"`
}

// Export writes what the index holds at this moment to w as JSON Lines, one
// article a line, in the order of adding.
func (s *Store) Export(ctx context.Context, w io.Writer) error {
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	if err := s.export(ctx, w); err != nil {
		return fmt.Errorf("exporting index: %w", err)
	}
	return nil
}

func (s *Store) export(ctx context.Context, w io.Writer) (err error) {
	at := s.db.NewSnapshot()
	defer func() { err = errors.Join(err, at.Close()) }()
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	err = eachArticle(ctx, at, func(r *record) error {
		e, err := s.entry(at, r)
		if err != nil {
			return err
		}
		line := exported{ID: e.ID, Source: e.Source, TextBytes: e.Bytes, Words: e.Words, Shingles: e.Shingles}
		if !e.Date.IsZero() {
			line.Date = e.Date.Format(time.RFC3339)
		}
		if a := e.Article; a != nil {
			line.Title, line.URL, line.Lang, line.Text = a.Title, a.URL, a.Lang, a.Text
		}
		return lines.Encode(line)
	})
	return errors.Join(err, out.Flush())
}

// eachArticle calls f with the record of each article, in the order of adding.
func eachArticle(ctx context.Context, from pebble.Reader, f func(*record) error) error {
	var r record
	return eachKey(ctx, from, tableArticle, func(k, v []byte) error {
		if len(k) != 1+numberBytes {
			return damage(engineDir, fmt.Errorf("key %x of an article", k))
		}
		if err := r.decode(v, binary.BigEndian.Uint32(k[1:])); err != nil {
			return damage(engineDir, err)
		}
		return f(&r)
	})
}

// eachKey calls f with each key of a table and its value.
func eachKey(ctx context.Context, from pebble.Reader, table byte, f func(k, v []byte) error) error {
	it, err := from.NewIterWithContext(ctx, &pebble.IterOptions{LowerBound: []byte{table}, UpperBound: []byte{table + 1}})
	if err != nil {
		return damageOf(engineDir, err)
	}
	n := 0
	for ok := it.First(); ok; ok = it.Next() {
		if n++; n%1024 == 0 && ctx.Err() != nil {
			err = ctx.Err()
			break
		}
		var v []byte
		if v, err = it.ValueAndErr(); err != nil {
			err = damageOf(engineDir, err)
			break
		}
		if err = f(it.Key(), v); err != nil {
			break
		}
	}
	if e := it.Close(); err == nil {
		err = damageOf(engineDir, e)
	}
	return err
}
