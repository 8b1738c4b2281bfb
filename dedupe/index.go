// Package dedupe finds text that stands twice: passages within one article and
// between two ([Repeats], [Match]), and near-duplicates among many ([Index]).
//
// A near-duplicate is decided by the exact shingles of both texts. Let A and B be
// their sets of shingles: J = |A∩B|/|A∪B| and C = |A∩B|/min(|A|,|B|). Signatures
// and samples of the sets only propose what is worth reading again.
package dedupe

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"chaff/article"
	"chaff/shingle"
)

// The thresholds of a near-duplicate where none are given. Among 40 hand-made
// versions of one article every pair has a containment of 0.63 or more, and among
// independent accounts of one event none reaches 0.09.
const (
	DefaultJaccard     = 0.5
	DefaultContainment = 0.6
)

// NoContainment given as [Options.Containment] turns the search for contained
// articles off: J alone decides, and no shingles are sampled.
const NoContainment = -1

// Options say what counts as a near-duplicate and how an [Index] works. The zero
// value is ready for use.
type Options struct {
	// Jaccard and Containment are the thresholds, in (0,1]: a pair is a
	// near-duplicate when its J, or its C with enough shared shingles that it
	// is no stock phrase, is at least as high. 0 means [DefaultJaccard] and
	// [DefaultContainment]; see [NoContainment]. With a J under 0.06 the
	// signatures are too short to keep to [MissProbability].
	Jaccard, Containment float64
	// ShingleSize is the number of words in a shingle; 0 means
	// [shingle.DefaultSize].
	ShingleSize int
	// Engine makes the signatures; empty means [shingle.OPH].
	Engine shingle.Engine
	// Tokenizer finds the words of a text.
	Tokenizer shingle.Tokenizer
	// Workers is the number of goroutines of a search; 0 means one for each
	// processor. It makes no difference to what is found.
	Workers int
	// Text appends the text of article n, as returned by [Index.Add], to dst,
	// which is empty and may be nil. It is called for candidates only, by several
	// goroutines at a time. An article that can't be read is left out and told
	// in [Result.Problems]. If Text is nil the index keeps every text in memory.
	Text func(dst []byte, n int) ([]byte, error)
	// Order compares articles a and b, as returned by [Index.Add], that agree in
	// date, length and ID: one of them comes first everywhere. nil means the
	// order of adding.
	Order func(a, b int) int
}

// Meta is what an [Index] knows of an article besides its sketch. ID should be
// the article's own: the order of two articles of one ID is [Options.Order]'s.
type Meta struct {
	ID string
	// Date is the day of publication; the zero time means not known.
	Date time.Time
	// Bytes is the length of the text.
	Bytes int
}

// An Index finds near-duplicates among the articles added to it.
//
// Of each article it keeps a signature of 256 bytes, a sample of its shingles (a
// byte for each shingle of the text, none with [NoContainment]) and some 60
// bytes besides its ID. Signatures and samples only propose pairs; each is then
// decided by the exact shingles of both texts.
//
// Articles may be added by several goroutines. A search sees those added before
// it began.
type Index struct {
	opts Options

	mu     sync.RWMutex
	chunks []*chunk
	n      int
	arena  sampleArena
	ids    idArena
	texts  []string // where Options.Text is nil
}

const chunkSize = 1024

// chunk holds what is kept of chunkSize articles, so that a growing index moves
// nothing.
type chunk struct {
	signature [chunkSize]packed
	record    [chunkSize]record
}

type record struct {
	sequence uint64
	date     int64 // Unix seconds; noDate sorts last
	bytes    int
	words    uint32
	id       extent
	samples  extent
}

const noDate = 1<<63 - 1

// NewIndex returns an empty index. It fails on a threshold out of range and on
// an engine or segmenter that doesn't exist.
func NewIndex(o Options) (*Index, error) {
	if o.Jaccard == 0 {
		o.Jaccard = DefaultJaccard
	}
	if o.Containment == 0 {
		o.Containment = DefaultContainment
	}
	if o.ShingleSize < 1 {
		o.ShingleSize = shingle.DefaultSize
	}
	if o.Engine == "" {
		o.Engine = shingle.OPH
	}
	if o.Workers < 1 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if !(o.Jaccard > 0 && o.Jaccard <= 1) {
		return nil, fmt.Errorf("threshold for Jaccard similarity %v is not in (0,1]", o.Jaccard)
	}
	if o.Containment != NoContainment && !(o.Containment > 0 && o.Containment <= 1) {
		return nil, fmt.Errorf("containment threshold %v is not in (0,1]", o.Containment)
	}
	if _, err := shingle.ParseEngine(string(o.Engine)); err != nil {
		return nil, err
	}
	if s := o.Tokenizer.Segmenter; s != "" {
		if _, err := shingle.ParseSegmenter(string(s)); err != nil {
			return nil, err
		}
	}
	return &Index{opts: o}, nil
}

func (x *Index) containment() bool { return x.opts.Containment != NoContainment }

// Sketcher returns a sketcher whose sketches fit x.
func (x *Index) Sketcher() *Sketcher {
	s := &Sketcher{size: x.opts.ShingleSize, signer: shingle.NewSigner(x.opts.Engine, places)}
	if x.containment() {
		s.rate = sampleRate
	}
	return s
}

// Add adds an article and returns its number, counted from 0 in the order of
// adding.
func (x *Index) Add(a article.Article) (int, error) {
	var w shingle.Words
	x.opts.Tokenizer.Words(&w, a.Text)
	s := x.Sketcher().Sketch(w.Hash)
	x.mu.Lock()
	defer x.mu.Unlock()
	n, err := x.add(Meta{ID: a.ID, Date: a.Date, Bytes: len(a.Text)}, s)
	if err == nil && x.opts.Text == nil {
		x.texts = append(x.texts, a.Text)
	}
	return n, err
}

// ErrNoText is returned where the index is to hold a sketch but could not read
// its text again.
var ErrNoText = errors.New("an index of sketches needs Options.Text")

// AddSketch adds an article by its sketch, of which it keeps a copy, and returns
// the article's number. It is for callers that make sketches in several
// goroutines and need [Options.Text]; without that it returns [ErrNoText].
func (x *Index) AddSketch(m Meta, s *Sketch) (int, error) {
	if x.opts.Text == nil {
		return 0, ErrNoText
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.add(m, s)
}

func (x *Index) add(m Meta, s *Sketch) (int, error) {
	if x.n == maxArticles {
		return 0, fmt.Errorf("adding article %q: an index holds %d articles", m.ID, maxArticles)
	}
	n := x.n
	if n%chunkSize == 0 {
		x.chunks = append(x.chunks, new(chunk))
	}
	c := x.chunks[n/chunkSize]
	c.signature[n%chunkSize] = s.signature
	r := record{
		sequence: s.sequence,
		date:     noDate,
		bytes:    m.Bytes,
		words:    uint32(s.words),
		id:       x.ids.add(m.ID),
		samples:  x.arena.add(s.samples),
	}
	if !m.Date.IsZero() {
		r.date = m.Date.Unix()
	}
	c.record[n%chunkSize] = r
	x.n++
	return n, nil
}

// maxArticles leaves one number free for "none".
const maxArticles = 1<<32 - 1

// Len returns the number of articles added.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.n
}

// ID returns the ID of article n, 0 ≤ n < Len.
func (x *Index) ID(n int) string {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.id(n)
}

func (x *Index) record(n int) *record    { return &x.chunks[n/chunkSize].record[n%chunkSize] }
func (x *Index) signature(n int) *packed { return &x.chunks[n/chunkSize].signature[n%chunkSize] }
func (x *Index) id(n int) string         { return x.ids.get(x.record(n).id) }
func (x *Index) samples(n int) []uint32  { return x.arena.get(x.record(n).samples) }
