package corpus

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"sync"
)

// spool keeps what can't be read twice in one file, which is made when it is
// first needed.
type spool struct {
	dir string

	mu       sync.RWMutex
	file     *os.File
	name     string // still to be removed; "" where an open file can be unlinked
	size     int64
	segments map[uint32][]segment
}

// segment says where a piece of a source lies.
type segment struct {
	offset int64 // in the source
	at     int64 // in the spool
	length uint32
	kind   kind // lines, rows, or page: a single encoded article
}

// write keeps data, which stand at offset in source. The pieces of one source
// come almost in order: as far apart as workers may be.
func (s *spool) write(source uint32, offset int64, data []byte, k kind) error {
	file, at, err := s.reserve(source, segment{offset: offset, length: uint32(len(data)), kind: k}, len(data))
	if err == nil {
		_, err = file.WriteAt(data, at)
	}
	if err != nil {
		return fmt.Errorf("writing the spool: %w", err)
	}
	return nil
}

func (s *spool) reserve(source uint32, g segment, n int) (*os.File, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		file, unnamed, err := createTemp(s.dir)
		if err != nil {
			return nil, 0, err
		}
		s.file = file
		if !unnamed {
			s.name = file.Name()
		}
	}
	g.at = s.size
	s.size += int64(n)
	all := s.segments[source]
	i := len(all)
	for i > 0 && all[i-1].offset > g.offset {
		i--
	}
	s.segments[source] = slices.Insert(all, i, g)
	return s.file, g.at, nil
}

// createTemp makes a file in dir. It is unlinked at once, so that nothing is
// left even when the process is killed; where the system forbids that, unnamed
// is false and the file is to be removed at the end.
func createTemp(dir string) (file *os.File, unnamed bool, err error) {
	file, err = os.CreateTemp(dir, "chaff-spool-*")
	if err != nil {
		return nil, false, err
	}
	return file, os.Remove(file.Name()) == nil, nil
}

// read returns what is kept for a position, in buf or in larger memory, and of
// which kind it is.
func (s *spool) read(at Position, buf []byte) ([]byte, kind, error) {
	s.mu.RLock()
	file, segments := s.file, s.segments[at.source]
	i, found := slices.BinarySearchFunc(segments, at.offset, func(g segment, offset int64) int {
		return cmp.Compare(g.offset, offset)
	})
	if !found {
		i--
	}
	if i < 0 || file == nil {
		s.mu.RUnlock()
		return nil, unknown, ErrNotKept
	}
	g := segments[i]
	s.mu.RUnlock()
	n := at.length
	if g.kind == page { // the position has the length of what the article was made of
		n = g.length
	}
	buf = atLeast(buf, int(n))
	_, err := file.ReadAt(buf, g.at+at.offset-g.offset)
	return buf, g.kind, err
}

func (s *spool) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if s.name != "" {
		if removed := os.Remove(s.name); err == nil {
			err = removed
		}
	}
	s.file, s.segments = nil, nil
	return err
}
