// Package corpus turns files, folders and standard input into articles.
//
// [Open] takes paths, [Corpus.Read] streams every article that stands there to
// a function that runs on several goroutines, and [Corpus.Load] reads one of
// them again. The corpus is never held in memory: reading takes a few chunks of
// 256 KiB a worker, and more only while a text is larger than that.
//
// A file is JSON Lines if its name ends in .jsonl or .ndjson or its first line
// that isn't blank is a JSON object. Any other file that holds text is one
// article. Either may be compressed with gzip, whatever its name. Standard
// input is JSON Lines.
//
// Text is UTF-8, UTF-16 with a byte order mark, or in a charset that can be
// told with confidence. A file's own byte order mark is not part of its text.
//
// What can't be read is told to [Options.Problem] and costs nothing else.
package corpus

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

// Defaults and limits.
const (
	// DefaultMaxArticle is the default of [Options.MaxArticle], in bytes.
	DefaultMaxArticle = 16 << 20
	// maxMaxArticle keeps lengths in the 32 bits that a Position has for them.
	maxMaxArticle = 1 << 30
	// chunkSize is what is read at once, in bytes. Chunks of 1 MiB and 512 KiB
	// are no quicker (18 MB of news with 2 workers: 1020, 1033 and, with this
	// size, 1044 MB/s), 128 KiB are slower (757); smaller ones share out a small
	// file better.
	chunkSize = 256 << 10
)

// Options says how to read. The zero value is ready for use.
type Options struct {
	// Workers is the number of goroutines that decode articles and call the
	// function given to Read; 0 or less means GOMAXPROCS.
	Workers int
	// MaxArticle is the size of the largest article read, in bytes of text; 0
	// or less means DefaultMaxArticle, and no more than 1 GiB is allowed. A
	// line of JSON Lines may be twice as long, since escapes and other fields
	// need room. What is larger is a Problem with ErrTooLarge.
	MaxArticle int64
	// Keep says that articles will be loaded again. What can't be read twice
	// (standard input, compressed files, UTF-16) is then spooled to a file.
	Keep bool
	// SpillDir is the folder for the spool; "" means [os.TempDir].
	SpillDir string
	// Stdin is read where a path is "-"; nil means that it is empty.
	Stdin io.Reader
	// Problem is told of every input that could not be read, or not wholly, by
	// Open and Read. Calls come one at a time, in no particular order. nil
	// means that problems are ignored.
	Problem func(Problem)

	chunk int // bytes read at once, for tests; 0 means chunkSize
}

// Corpus is a list of paths to read articles from.
type Corpus struct {
	opts    Options
	roots   []root
	several bool // ids begin with the PATH
	sources *sources
	spool   spool
	opened  opened

	telling sync.Mutex
	reading atomic.Bool
	free    chan []byte // chunks to use again

	bytes, total, files, articles atomic.Int64
}

// Open looks at paths, each a file, a folder, or "-" for standard input. A
// path that can't be read is a Problem as long as there is another; if there
// is none, Open returns an error that wraps [ErrNothing] and the causes, and
// tells no Problem.
func Open(paths []string, opts Options) (*Corpus, error) {
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	if opts.MaxArticle <= 0 {
		opts.MaxArticle = DefaultMaxArticle
	}
	opts.MaxArticle = min(opts.MaxArticle, maxMaxArticle)
	if opts.chunk == 0 {
		opts.chunk = chunkSize
	}
	if opts.SpillDir == "" {
		opts.SpillDir = os.TempDir()
	}
	roots, problems := findRoots(paths)
	if len(roots) == 0 {
		causes := []error{ErrNothing}
		for _, p := range problems {
			causes = append(causes, p)
		}
		return nil, errors.Join(causes...)
	}
	c := &Corpus{
		opts:    opts,
		roots:   roots,
		several: len(paths) > 1,
		sources: newSources(),
		spool:   spool{dir: opts.SpillDir, segments: make(map[uint32][]segment)},
		// A feeder holds two chunks and a worker one.
		free: make(chan []byte, 3*opts.Workers),
	}
	for _, p := range problems {
		c.tell(p)
	}
	return c, nil
}

// Close closes files and removes the spool. Nothing can be loaded from it
// afterwards. Close must not be called while Read or Load runs.
func (c *Corpus) Close() error {
	c.opened.close()
	if err := c.spool.close(); err != nil {
		return fmt.Errorf("removing the spool: %w", err)
	}
	return nil
}

// Progress is how far Read has come.
type Progress struct {
	// Bytes have been read, as they lie in files (compressed ones before they
	// are decompressed), of Total bytes in the files found so far. Total does
	// not count standard input.
	Bytes, Total int64
	// Files have been read to their end, and Articles found in them.
	Files, Articles int64
	// Walked says that all files have been found and Total grows no more.
	Walked bool
}

// Progress returns how far Read has come. It may be called at any time, from
// any goroutine.
func (c *Corpus) Progress() Progress {
	c.sources.mu.RLock()
	walked := c.sources.walked
	c.sources.mu.RUnlock()
	return Progress{
		Bytes:    c.bytes.Load(),
		Total:    c.total.Load(),
		Files:    c.files.Load(),
		Articles: c.articles.Load(),
		Walked:   walked,
	}
}

// tell hands p to the caller.
func (c *Corpus) tell(p Problem) {
	if c.opts.Problem == nil {
		return
	}
	c.telling.Lock()
	defer c.telling.Unlock()
	c.opts.Problem(p)
}
