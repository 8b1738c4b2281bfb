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
	ErrDamaged   = errors.New("compressed data are damaged; what stands before the damage was read")
	ErrNotJSON   = errors.New("not valid JSON")
	ErrNotObject = errors.New("not a JSON object")
	ErrNoID      = errors.New("no id: a record needs a string or number named id")
	ErrNoText    = errors.New("no text: a record needs a string named text")
)

// What can be wrong when an article is loaded again.
var (
	ErrChanged = errors.New("changed since it was read")
	ErrNotKept = errors.New("cannot be read twice and was not kept")
)

// Problem is an input, or a part of one, that could not be read.
type Problem struct {
	// Path is the file or folder as it was reached; "-" is standard input.
	Path string
	// Line counts from 1 in JSON Lines; 0 means the whole file or folder.
	Line int
	// Err is the cause.
	Err error
	// Harmless marks what is worth a line but no failure: an empty file, a
	// skipped link, FIFO, socket or device.
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
