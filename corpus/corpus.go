// Package corpus turns files, folders and standard input into articles.
//
// [Open] takes paths, [Corpus.Read] streams every article that stands there to
// a function that runs on several goroutines, and [Corpus.Load] reads one of
// them again. The corpus is never held in memory: reading takes a few chunks of
// 256 KiB a worker, and more only while a text is larger than that, while a page
// of HTML is parsed and for the pages of a Parquet file, which are as large as
// its writer made them.
//
// What a file is, is told by its content; its name decides only where the
// content leaves it open:
//
//	plain text     any other file that holds text: one article
//	HTML           one article, the page's main content or all of it
//	JSON Lines     an article a line, with the fields id and text and, if they
//	               are there, title, url, source, lang and date
//	WARC, WET      an article for every record with a page or a plain text
//	Parquet        an article a row, from columns named like the fields above
//	tar, zip       what the files in it hold, as in a folder
//	gzip, zstd, bzip2, xz
//	               what is in it; members and frames that follow one another are
//	               one stream
//
// Any of these may lie in another, up to eight deep. Parquet and zip, which are
// read from their end, are copied to the spill folder where they come compressed
// or on standard input.
//
// Text is UTF-8, UTF-16 with a byte order mark, what the page or server says, or
// in a charset that can be told with confidence. A file's own byte order mark is
// not part of its text.
//
// The id of an article leads back to it: it is the path of its file, in an
// archive the path in it ("a.tar/b/c.txt"), in WARC the number of the record
// ("crawl.warc.gz#17"), in JSON Lines the record's own id and in Parquet the
// row's, or its number where it has none ("part.parquet#17"). Numbers count from
// 1. Where an archive holds two files of one name, the second has "#2" behind
// it.
//
// What can't be read is told to [Options.Problem] and costs nothing else: what
// stands before damage is read.
package corpus

import (
	"cmp"
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
	// LargestArticle is the most that Options.MaxArticle may be, in bytes: a
	// Position has 32 bits for lengths.
	LargestArticle = 1 << 30
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
	// MaxArticle is the size of the largest article read, in bytes of text, or
	// of the page that it is made of; 0 or less means DefaultMaxArticle, and no
	// more than LargestArticle is allowed. A line of JSON Lines may be twice as long,
	// since escapes and other fields need room. What is larger is a Problem with
	// ErrTooLarge.
	MaxArticle int64
	// MaxInflate is how many bytes may come out of one compressed file. 0 or
	// less means 1 GiB, or a hundred times the file's size if that is more, which
	// no text comes near. What inflates further is a Problem with ErrInflates,
	// and what came before is read.
	MaxInflate int64
	// HTML says which text of a page is its article; "" means Main.
	HTML HTML
	// IDField and TextField name the fields of JSON Lines and the columns of
	// Parquet that hold an article's id and text; "" means "id" and "text".
	IDField, TextField string
	// Include and Exclude are globs that choose files in folders: those that
	// match one of Include, or all if it is empty, without those that match one
	// of Exclude. A glob with a slash is matched with the path from the folder
	// given to Open, one without with the last name of the path, upper and lower
	// case as they are; * and ? don't match slashes, ** does, and {a,b} is a choice. A folder that matches
	// Exclude is passed over with all that is in it. Files in an archive are
	// chosen like files in a folder of that name, by Include only if the archive
	// was given to Open itself. A path given to Open is always read.
	Include, Exclude []string
	// FollowLinks makes symbolic links in folders count as what they lead to. A
	// folder is followed into once, and not if the link lies in it.
	FollowLinks bool
	// Limit ends the reading after so many articles, the first ones in reading
	// order for any number of workers; 0 or less means no limit.
	Limit int
	// Keep says that articles will be loaded again. All but plain text and JSON
	// Lines in files of their own is then spooled to a file as it is read, since
	// it can't be read twice, or only at the price of extracting it again.
	Keep bool
	// SpillDir is the folder for the spool and for copies of archives that can't
	// be read from their end; "" means [os.TempDir].
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

	left   int    // articles up to Options.Limit; each chunk counts in its turn
	enough func() // ends the feeding

	bytes, total, files, articles atomic.Int64
}

// Open looks at paths, each a file, a folder, or "-" for standard input. A
// path that can't be read is a Problem as long as there is another; if there
// is none, Open returns an error that wraps [ErrNothing] and the causes, and
// tells no Problem. It also fails if a glob is malformed, or another option has
// no meaning.
func Open(paths []string, opts Options) (*Corpus, error) {
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	if err := opts.settleRecords(); err != nil {
		return nil, err
	}
	if opts.chunk == 0 {
		opts.chunk = chunkSize
	}
	if opts.SpillDir == "" {
		opts.SpillDir = os.TempDir()
	}
	if opts.HTML == "" {
		opts.HTML = Main
	}
	if opts.HTML != Main && opts.HTML != Raw {
		return nil, fmt.Errorf("no way to read HTML is called %q", opts.HTML)
	}
	if err := checkGlobs(opts.Include, opts.Exclude); err != nil {
		return nil, err
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

// settleRecords puts defaults into what concerns records.
func (o *Options) settleRecords() error {
	if o.MaxArticle <= 0 {
		o.MaxArticle = DefaultMaxArticle
	}
	o.MaxArticle = min(o.MaxArticle, LargestArticle)
	o.IDField, o.TextField = cmp.Or(o.IDField, "id"), cmp.Or(o.TextField, "text")
	if o.IDField == o.TextField {
		return fmt.Errorf("the field %q can't be the id and the text", o.IDField)
	}
	return nil
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
