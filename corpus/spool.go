package corpus

import (
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
}

// write keeps data, which stand at offset in source. The pieces of one source
// come in order.
func (s *spool) write(source uint32, offset int64, data []byte) error {
	file, at, err := s.reserve(source, offset, len(data))
	if err == nil {
		_, err = file.WriteAt(data, at)
	}
	if err != nil {
		return fmt.Errorf("writing the spool: %w", err)
	}
	return nil
}

func (s *spool) reserve(source uint32, offset int64, n int) (*os.File, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		file, err := os.CreateTemp(s.dir, "chaff-spool-*")
		if err != nil {
			return nil, 0, err
		}
		s.file = file
		// Unlinked at once, so that nothing is left even when the process is
		// killed; where the system forbids that, at the end.
		if os.Remove(file.Name()) != nil {
			s.name = file.Name()
		}
	}
	at := s.size
	s.size += int64(n)
	s.segments[source] = append(s.segments[source], segment{offset, at})
	return s.file, at, nil
}

// read fills data with what stands at offset in source. A piece of one source
// that was written at once lies in the spool in one run.
func (s *spool) read(source uint32, offset int64, data []byte) error {
	s.mu.RLock()
	file, segments := s.file, s.segments[source]
	s.mu.RUnlock()
	i, found := slices.BinarySearchFunc(segments, offset, func(g segment, offset int64) int {
		return int(g.offset - offset)
	})
	if !found {
		i--
	}
	if i < 0 || file == nil {
		return ErrNotKept
	}
	_, err := file.ReadAt(data, segments[i].at+offset-segments[i].offset)
	return err
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
