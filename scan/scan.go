// Package scan runs the detectors over a corpus: the whole way from articles to
// findings, with memory that does not grow with their text.
//
// A scan takes up to three passes. The first reads every article and keeps a
// sketch of it; the second reads the candidates for near-duplicates again and
// compares them exactly; the third loads every article once more and judges its
// blocks with the whole corpus as a witness. Repeats are found on the way, in
// the third pass where there is one.
package scan

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
	"chaff/shingle"
)

// Options say what to look for. The zero value looks for everything with the
// defaults of the detectors.
type Options struct {
	// Kinds are the kinds of findings wanted; none means all.
	Kinds []article.Kind
	// Workers is the number of goroutines; 0 means one for each processor. It
	// makes no difference to what is found.
	Workers int
	// Jaccard and Containment are the thresholds for near-duplicates, see
	// [dedupe.Options]: 0 means the default, [dedupe.NoContainment] that C is
	// not asked for.
	Jaccard, Containment float64
	// ShingleSize is the number of words in a shingle of near-duplicates; 0
	// means the default.
	ShingleSize int
	// Engine signs articles; empty means [shingle.OPH].
	Engine shingle.Engine
	// Segmenter finds words in scripts without spaces; empty means
	// [shingle.Chars].
	Segmenter shingle.Segmenter
	// MinRepeatWords is the least number of words in a repeat, see
	// [dedupe.RepeatOptions]; 0 means the default.
	MinRepeatWords int
	// Memory is about how many bytes the index of near-duplicates may take before
	// it goes on in a temporary file in SpillDir, see [dedupe.Options]. 0 means
	// no limit. It makes no difference to what is found.
	Memory   int
	SpillDir string
	// Pairs, if not nil, is called with every verified pair of near-duplicates,
	// ordered by A, then B, whatever Kinds says. An error ends the scan.
	Pairs func(Pair) error
	// Furniture, if not nil, is called at the end with the blocks that recur in
	// articles of one source, those in most articles first. An error ends the scan.
	Furniture func(dedupe.FurnitureBlock) error
	// Beside, if not nil, is called with the id and the position of every article
	// that a near-duplicate is set against, maybe more than once and from several
	// goroutines: findings come with the position of their own article alone.
	Beside func(id string, at corpus.Position)
	// Problem, if not nil, is told of every article that was read once and
	// could not be read again, one call at a time. Findings that need it are
	// missing.
	Problem func(error)
	// Progress, if not nil, is kept up to date while Run runs.
	Progress *Progress
}

// Pair is two near-duplicates by their IDs, with their exact likeness.
type Pair struct {
	A, B string
	shingle.Likeness
}

// Summary is what a scan has gone through.
type Summary struct {
	// Articles and Bytes are how much was read; Bytes are of the articles' text.
	Articles int
	Bytes    int64
	// Left is what the search for near-duplicates did not compare, for the sake
	// of bounds on memory and time. The zero value means nothing.
	Left dedupe.Left
}

// Stage is a pass of a scan.
type Stage int32

// The stages in their order. A scan skips those it doesn't need.
const (
	Reading   Stage = iota // every article, for the first time
	Comparing              // candidates, exactly
	Judging                // every article, with the corpus as a witness
)

// Progress tells how far a scan is. It may be read at any time.
type Progress struct {
	stage       atomic.Int32
	done, total atomic.Int64
}

// State returns the stage and how many of its articles are done, of how many.
// While [Reading], total is 0: the corpus knows better, see [corpus.Progress].
func (p *Progress) State() (stage Stage, done, total int) {
	return Stage(p.stage.Load()), int(p.done.Load()), int(p.total.Load())
}

func (p *Progress) enter(s Stage, total int) {
	p.done.Store(0)
	p.total.Store(int64(total))
	p.stage.Store(int32(s))
}

// Run reads c to its end and hands every finding to emit, in no particular
// order and from several goroutines at once, with the position of the article
// that it is about, since ids need not be unique. A finding is the receiver's to
// keep. What c can't read it tells its own Problem function.
//
// Run ends early with the error of ctx when that is done, with the first error
// of emit or o.Pairs, or where nothing could be read. c must have been opened
// with [corpus.Options.Keep] unless only repeats are wanted.
func Run(ctx context.Context, c *corpus.Corpus, o Options, emit func(article.Finding, corpus.Position) error) (s Summary, err error) {
	r, err := newRun(c, o, emit)
	if err != nil {
		return Summary{}, err
	}
	if r.index != nil {
		defer func() { err = errors.Join(err, r.index.Close()) }()
	}
	if err := r.read(ctx); err != nil {
		return r.summary(), err
	}
	if r.index == nil {
		return r.summary(), nil
	}
	if err := r.compare(ctx); err != nil {
		return r.summary(), err
	}
	if r.judges {
		err = r.judge(ctx)
	}
	return r.summary(), err
}

// Rereads reports whether a scan with these options loads articles again, so
// that its corpus needs [corpus.Options.Keep].
func (o *Options) Rereads() bool {
	return o.Pairs != nil || o.Furniture != nil || o.wants(article.NearDuplicate) || o.wants(article.OffTopic)
}

func (o *Options) wants(k article.Kind) bool {
	return len(o.Kinds) == 0 || slices.Contains(o.Kinds, k)
}

// run is one scan.
type run struct {
	Options
	corpus   *corpus.Corpus
	emit     func(article.Finding, corpus.Position) error
	repeats  bool
	offTopic bool
	judges   bool // there is a third pass
	tok      shingle.Tokenizer

	bytes atomic.Int64

	// Where pairs matter; index is nil where they don't.
	index     *dedupe.Index
	mu        sync.Mutex
	positions []corpus.Position // by number in the index
	left      dedupe.Left
	telling   sync.Mutex
	buffers   sync.Pool // of *corpus.Buffer

	furniture *dedupe.BlockCounter
	list      *dedupe.FurnitureList // where it is asked for

	// Where there is a third pass; sketchers where off-topic content is wanted.
	sketchers []*dedupe.BlockSketcher // by worker
	kin       []int                   // by number: the lowest number of its kin
}

func newRun(c *corpus.Corpus, o Options, emit func(article.Finding, corpus.Position) error) (*run, error) {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Progress == nil {
		o.Progress = new(Progress)
	}
	r := &run{
		Options:  o,
		corpus:   c,
		emit:     emit,
		repeats:  o.wants(article.Repeat),
		offTopic: o.wants(article.OffTopic),
		tok:      shingle.Tokenizer{Segmenter: o.Segmenter},
		buffers:  sync.Pool{New: func() any { return new(corpus.Buffer) }},
	}
	r.judges = r.offTopic || o.Furniture != nil
	if !o.Rereads() {
		return r, nil
	}
	r.furniture = dedupe.NewBlockCounter()
	var err error
	r.index, err = dedupe.NewIndex(dedupe.Options{
		Jaccard: o.Jaccard, Containment: o.Containment, ShingleSize: o.ShingleSize,
		Engine: o.Engine, Tokenizer: r.tok, Workers: o.Workers,
		Memory: o.Memory, SpillDir: o.SpillDir,
		Text: r.text, Furniture: r.furniture, Order: r.order,
	})
	if err != nil {
		return nil, fmt.Errorf("looking for near-duplicates: %w", err)
	}
	return r, nil
}

func (r *run) summary() Summary {
	return Summary{Articles: int(r.corpus.Progress().Articles), Bytes: r.bytes.Load(), Left: r.left}
}

// problem tells that an article could not be read again.
func (r *run) problem(err error) {
	if r.Problem == nil {
		return
	}
	r.telling.Lock()
	defer r.telling.Unlock()
	r.Problem(err)
}

// each calls work with every number below n, from all workers at once, until
// one of them fails or ctx is done.
func (r *run) each(ctx context.Context, n int, work func(ctx context.Context, worker, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var working sync.WaitGroup
	for worker := range r.Workers {
		working.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := work(ctx, worker, i); err != nil {
					cancel(err)
					return
				}
				r.Progress.done.Add(1)
			}
		})
	}
	working.Wait()
	return context.Cause(ctx)
}
