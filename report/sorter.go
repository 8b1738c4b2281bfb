package report

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"sync"
	"unsafe"

	"chaff/article"
)

// DefaultMemory is the memory of a [Sorter] that is told no other, in bytes.
// Findings of ordinary passages weigh about 1 KiB, so 64 Ki of them are sorted
// without a file: more than a scan of some hundred thousand articles makes.
const DefaultMemory = 64 << 20

// SorterOptions is how a [Sorter] works. The zero value is ready for use.
type SorterOptions struct {
	// Memory is how many bytes of findings are held before they are written
	// out, the spare room of the list that holds them not counted; 0 means
	// [DefaultMemory]. A finding larger than it is held alone.
	Memory int
	// Dir is the folder of the spill file; empty means [os.TempDir]. No file
	// is made while the findings fit in Memory.
	Dir string
}

// Sorter collects findings and gives them back in the order of
// [article.Finding.Compare]. Findings that are equal in it follow the order of
// their other fields, so that the result depends on what was added alone, not on when.
//
// What does not fit in memory goes, sorted, into one temporary file, which
// has no name while it is in use where the system permits that, and is gone
// after [Sorter.Close] everywhere. Merging reads every sorted run of that
// file at once, through buffers that take Memory together and 4 KiB each at least.
type Sorter struct {
	memory int
	dir    string

	mu    sync.Mutex
	held  []article.Finding
	size  int // bytes of held
	spill *os.File
	end   int64   // bytes written to spill
	runs  []int64 // where each run in spill begins
	err   error   // the first failure to spill; it stays
}

// NewSorter returns an empty Sorter, to be closed after use.
func NewSorter(o SorterOptions) *Sorter {
	if o.Memory <= 0 {
		o.Memory = DefaultMemory
	}
	return &Sorter{memory: o.Memory, dir: o.Dir}
}

var errClosed = errors.New("report: the sorter is closed")

// Add takes in f. It keeps a copy, and nothing that f points to: not the text
// of an article that f.Text is a part of. Several goroutines may add at once.
// An error means that the spill file could not be written; then every further
// call gives the same.
func (s *Sorter) Add(f article.Finding) error {
	rec := string(appendFinding(nil, &f))
	f, err := decodeFinding(rec)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	size := weight(&f, rec)
	if len(s.held) > 0 && s.size+size > s.memory {
		if s.err = s.spillRun(); s.err != nil {
			return s.err
		}
	}
	s.held = append(s.held, f)
	s.size += size
	return nil
}

// weight is how many bytes f takes in memory: itself, the record its strings
// are parts of, and what it points to.
func weight(f *article.Finding, rec string) int {
	const pointees = 2*unsafe.Sizeof(article.Span{}) + unsafe.Sizeof(article.Ref{}) + 2*unsafe.Sizeof(float64(0))
	return int(unsafe.Sizeof(*f)+pointees) + len(rec) +
		cap(f.Shared)*int(unsafe.Sizeof(article.Shared{})) +
		cap(f.Reasons)*int(unsafe.Sizeof(article.Reason{}))
}

// compare is the order of Finding.Compare, made strict by the whole record.
func compare(f, g *article.Finding) int {
	if c := f.Compare(g); c != 0 {
		return c
	}
	return bytes.Compare(appendFinding(nil, f), appendFinding(nil, g))
}

func (s *Sorter) sortHeld() {
	slices.SortFunc(s.held, func(f, g article.Finding) int { return compare(&f, &g) })
}

// spillRun writes what is held to the spill file and forgets it.
func (s *Sorter) spillRun() error {
	if s.spill == nil {
		file, err := os.CreateTemp(s.dir, "chaff-findings-*")
		if err != nil {
			return fmt.Errorf("report: making a spill file: %w", err)
		}
		s.spill = file
		// Where an open file cannot be removed, Close does it.
		_ = os.Remove(file.Name())
	}
	s.sortHeld()
	w := bufio.NewWriterSize(s.spill, 64<<10)
	start := s.end
	var rec, head []byte
	for i := range s.held {
		rec = appendFinding(rec[:0], &s.held[i])
		head = binary.AppendUvarint(head[:0], uint64(len(rec)))
		_, _ = w.Write(head) // Flush tells the error
		_, _ = w.Write(rec)
		s.end += int64(len(head) + len(rec))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("report: spilling findings: %w", err)
	}
	s.runs = append(s.runs, start)
	clear(s.held)
	s.held, s.size = s.held[:0], 0
	return nil
}

// All gives every finding that was added, in order. It may be called more than
// once, but not before the last Add has returned. After an error it ends.
func (s *Sorter) All() iter.Seq2[article.Finding, error] {
	return func(yield func(article.Finding, error) bool) {
		m, err := s.merger()
		if err != nil {
			yield(article.Finding{}, err)
			return
		}
		for len(m) > 0 {
			if !yield(m[0].front, nil) {
				return
			}
			more, err := m[0].advance()
			if err != nil {
				yield(article.Finding{}, err)
				return
			}
			if more {
				heap.Fix(&m, 0)
			} else {
				heap.Pop(&m)
			}
		}
	}
}

// merger returns the runs, each at its first finding: those of the file and what is held.
func (s *Sorter) merger() (merger, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	s.sortHeld()
	m := make(merger, 0, len(s.runs)+1)
	if len(s.held) > 0 {
		m = append(m, &run{held: s.held})
	}
	buffer := max(4<<10, min(256<<10, s.memory/max(1, len(s.runs))))
	for i, start := range s.runs {
		end := s.end
		if i+1 < len(s.runs) {
			end = s.runs[i+1]
		}
		section := io.NewSectionReader(s.spill, start, end-start)
		m = append(m, &run{file: bufio.NewReaderSize(section, buffer), size: uint64(end - start)})
	}
	for _, r := range m {
		if _, err := r.advance(); err != nil { // no run is empty
			return nil, err
		}
	}
	heap.Init(&m)
	return m, nil
}

// Close removes the spill file. The Sorter takes and gives nothing after it. A
// second Close does nothing.
func (s *Sorter) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	file := s.spill
	s.held, s.runs, s.spill, s.err = nil, nil, nil, errClosed
	if file == nil {
		return nil
	}
	err := file.Close()
	if rm := os.Remove(file.Name()); rm != nil && !errors.Is(rm, os.ErrNotExist) {
		err = errors.Join(err, rm)
	}
	if err != nil {
		return fmt.Errorf("report: removing the spill file: %w", err)
	}
	return nil
}

// run is a sorted sequence of findings, in memory or in the spill file.
type run struct {
	front article.Finding // the first that was not taken yet
	held  []article.Finding
	file  *bufio.Reader // nil for a run in memory
	size  uint64        // bytes of the run in file; no record is longer
}

// advance moves front on by one. It reports false after the last.
func (r *run) advance() (bool, error) {
	if r.file == nil {
		if len(r.held) == 0 {
			return false, nil
		}
		r.front, r.held = r.held[0], r.held[1:]
		return true, nil
	}
	if _, err := r.file.Peek(1); errors.Is(err, io.EOF) {
		return false, nil
	}
	if err := r.read(); err != nil {
		return false, fmt.Errorf("report: reading spilled findings: %w", err)
	}
	return true, nil
}

// read makes the next record of the file the front.
func (r *run) read() error {
	n, err := binary.ReadUvarint(r.file)
	if err != nil {
		return err
	}
	if n > r.size {
		return errRecord
	}
	rec := make([]byte, n)
	if _, err := io.ReadFull(r.file, rec); err != nil {
		return err
	}
	r.front, err = decodeFinding(string(rec))
	return err
}

// merger is a heap of runs that are not at their end, the least front first.
type merger []*run

func (m merger) Len() int           { return len(m) }
func (m merger) Less(i, j int) bool { return compare(&m[i].front, &m[j].front) < 0 }
func (m merger) Swap(i, j int)      { m[i], m[j] = m[j], m[i] }
func (m *merger) Push(x any)        { *m = append(*m, x.(*run)) }

func (m *merger) Pop() any {
	last := len(*m) - 1
	r := (*m)[last]
	(*m)[last] = nil
	*m = (*m)[:last]
	return r
}
