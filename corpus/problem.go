package corpus

import (
	"errors"
	"fmt"
)

// What can be wrong with an input. A [Problem] wraps one of these or an error
// of the operating system; test with [errors.Is].
var (
	ErrNothing   = errors.New("nothing to read")
	ErrEmpty     = errors.New("empty")
	ErrLink      = errors.New("symbolic link, not followed")
	ErrSpecial   = errors.New("not a regular file or folder, skipped")
	ErrManifest  = errors.New("the manifest of a cleaned folder, not articles")
	ErrBinary    = errors.New("binary data, not text")
	ErrNotUTF8   = errors.New("not UTF-8, and no other charset can be told")
	ErrTooLarge  = errors.New("too large")
	ErrInflates  = errors.New("inflates too much")
	ErrNested    = errors.New("too many archives in one another")
	ErrEncrypted = errors.New("encrypted")
	ErrLoop      = errors.New("symbolic link to a folder that it lies in, not followed")
	ErrTwice     = errors.New("symbolic link to a folder that was followed before, not followed")
	ErrSegment   = errors.New("a record that continues another, skipped")
	ErrNoArticle = errors.New("no article in it")
	ErrDamaged   = errors.New("damaged; what stands before the damage was read")
	ErrNotJSON   = errors.New("not valid JSON")
	ErrNotObject = errors.New("not a JSON object")
	ErrNoID      = errors.New("no id")
	ErrNoText    = errors.New("no text")
)

// What can be wrong when an article is loaded again.
var (
	ErrChanged = errors.New("changed since it was read")
	ErrNotKept = errors.New("cannot be read twice and was not kept")
	// ErrNoRecords is no error of Load but of Records.
	ErrNoRecords = errors.New("neither text nor JSON Lines, plain or in gzip: cannot be written without a part")
)

// Problem is an input, or a part of one, that could not be read.
type Problem struct {
	// Path is the file or folder as it was reached; "-" is standard input. What
	// leads to a part of a file stands behind it, as in the ids of articles:
	// "a.tar/b.html", "crawl.warc.gz#17".
	Path string
	// Line counts from 1 in JSON Lines; 0 means the whole file or folder.
	Line int
	// Err is the cause.
	Err error
	// Harmless marks what is worth a line but no failure: an empty file, a page
	// without an article, a skipped link, FIFO, socket or device.
	Harmless bool
}

// Error says what was read and what is wrong with it:
// "reading a/b.jsonl:17: not valid JSON: …".
func (p Problem) Error() string {
	if p.Line > 0 {
		return fmt.Sprintf("reading %s:%d: %v", p.Path, p.Line, p.Err)
	}
	return fmt.Sprintf("reading %s: %v", p.Path, p.Err)
}

// Unwrap returns the cause.
func (p Problem) Unwrap() error { return p.Err }

// newProblem returns the Problem that err is for path.
func newProblem(path string, err error) Problem {
	harmless := false
	for _, e := range []error{ErrEmpty, ErrNoArticle, ErrLink, ErrLoop, ErrTwice, ErrSpecial, ErrSegment} {
		harmless = harmless || errors.Is(err, e)
	}
	return Problem{Path: path, Err: err, Harmless: harmless}
}
