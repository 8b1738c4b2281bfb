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
	"math"
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
	// [DefaultContainment]; see [NoContainment]. With a J under 0.07 the
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
	// Furniture, if not nil, has counted the blocks of all articles: two of one
	// [Meta.Source] that have no more in common than blocks which many articles of
	// it have are a pair, but of no cluster, see [Pair.Furniture].
	Furniture *BlockCounter
	// Order compares articles a and b, as returned by [Index.Add], that agree in
	// date, length and ID: one of them comes first everywhere. nil means the
	// order of adding.
	Order func(a, b int) int
	// Memory is about how many bytes signatures, samples and what is made of
	// samples in a search may take in memory; what is more goes to a temporary
	// file, which makes no difference to what is found. 0 means no limit. Some
	// 100 bytes an article, its ID, and 8 bytes for each sampled shingle that two
	// articles share stay in memory whatever the limit.
	Memory int
	// SpillDir is the folder of that file; empty means [os.TempDir].
	SpillDir string
}

// Meta is what an [Index] knows of an article besides its sketch. ID should be
// the article's own: the order of two articles of one ID is [Options.Order]'s.
type Meta struct {
	ID string
	// Date is the day of publication; the zero time means not known.
	Date time.Time
	// Bytes is the length of the text.
	Bytes int
	// Source is the publisher or site whose furniture the article has.
	Source string
}

// An Index finds near-duplicates among the articles added to it.
//
// Of each article it keeps a signature of 256 bytes, a sample of its shingles (a
// byte for each shingle of the text, none with [NoContainment]) and some 60
// bytes besides its ID. Signatures and samples only propose pairs; each is then
// decided by the exact shingles of both texts.
//
// Articles may be added by several goroutines. A search sees those added before
// it began. An index with [Options.Memory] must be closed.
type Index struct {
	opts   Options
	spill  spill
	likely *likelyHits // nil with NoContainment

	mu     sync.RWMutex
	chunks []*chunk
	// resident is how many bytes of signatures are in memory.
	resident int
	n        int
	arena    sampleArena
	ids      idArena
	texts    []string // where Options.Text is nil
}

const chunkSize = 1024

// chunk holds what is kept of chunkSize articles, so that a growing index moves
// nothing.
type chunk struct {
	signature *[chunkSize]packed // nil if spilled
	at        int64              // where the signatures stand in the spill
	record    [chunkSize]record
}

type record struct {
	sequence uint64
	date     int64 // Unix seconds; noDate sorts last
	source   uint64
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
	if o.Memory <= 0 {
		o.Memory = math.MaxInt
	}
	x := &Index{opts: o, spill: spill{dir: o.SpillDir}}
	if x.containment() {
		x.likely = newLikelyHits(o.Containment)
	}
	return x, nil
}

// Close removes the temporary file, if there is one. The index is of no use
// afterwards. Close must not be called while another method runs.
func (x *Index) Close() error {
	if err := x.spill.close(); err != nil {
		return fmt.Errorf("removing the spilled index: %w", err)
	}
	return nil
}

// How much of Options.Memory signatures and samples may take; the postings of a
// search take what is left. Of samples it reads less and in better order, so
// they are the first to go.
func (x *Index) signatureLimit() int { return x.opts.Memory / 2 }
func (x *Index) sampleLimit() int    { return x.opts.Memory / 8 }

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
		if err := x.makeRoom(); err != nil {
			return 0, fmt.Errorf("adding article %q: %w", m.ID, err)
		}
		x.chunks = append(x.chunks, &chunk{signature: new([chunkSize]packed)})
		x.resident += chunkSize * signatureSize
	}
	samples, err := x.arena.add(s.samples, x.sampleLimit(), &x.spill)
	if err != nil {
		return 0, fmt.Errorf("adding article %q: %w", m.ID, err)
	}
	c := x.chunks[n/chunkSize]
	c.signature[n%chunkSize] = s.signature
	r := record{
		sequence: s.sequence,
		date:     noDate,
		source:   sourceHash(m.Source),
		bytes:    m.Bytes,
		words:    uint32(s.words),
		id:       x.ids.add(m.ID),
		samples:  samples,
	}
	if !m.Date.IsZero() {
		r.date = m.Date.Unix()
	}
	c.record[n%chunkSize] = r
	x.n++
	return n, nil
}

// makeRoom spills the signatures of the last chunk, which is full, if they are
// too many.
func (x *Index) makeRoom() error {
	if x.n == 0 || x.resident <= x.signatureLimit() {
		return nil
	}
	c := x.chunks[len(x.chunks)-1]
	at, err := x.spill.write(rawBytes(c.signature[:]))
	if err != nil {
		return err
	}
	c.signature, c.at = nil, at
	x.resident -= chunkSize * signatureSize
	return nil
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

func (x *Index) record(n int) *record { return &x.chunks[n/chunkSize].record[n%chunkSize] }
func (x *Index) id(n int) string      { return x.ids.get(x.record(n).id) }
