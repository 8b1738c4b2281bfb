package dedupe

import (
	"fmt"
	"os"
	"sync"
	"unsafe"
)

// spill is a temporary file for what an index has no memory for. It is made when
// first needed and has no name from then on, so that nothing is left of it
// however the process ends; where the system can't unlink an open file, close
// removes it.
type spill struct {
	dir string

	mu   sync.Mutex
	file *os.File
	name string // still to be removed
	size int64
}

// write appends data and returns where it stands.
func (s *spill) write(data []byte) (int64, error) {
	s.mu.Lock()
	if s.file == nil {
		file, err := os.CreateTemp(s.dir, "chaff-index-*")
		if err != nil {
			s.mu.Unlock()
			return 0, fmt.Errorf("spilling the index: %w", err)
		}
		s.file = file
		if os.Remove(file.Name()) != nil {
			s.name = file.Name()
		}
	}
	file, at := s.file, s.size
	s.size += int64(len(data))
	s.mu.Unlock()
	if _, err := file.WriteAt(data, at); err != nil {
		return 0, fmt.Errorf("spilling the index: %w", err)
	}
	return at, nil
}

// read fills data with what stands at an offset.
func (s *spill) read(data []byte, at int64) error {
	if _, err := s.file.ReadAt(data, at); err != nil {
		return fmt.Errorf("reading the spilled index: %w", err)
	}
	return nil
}

func (s *spill) close() error {
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
	s.file = nil
	return err
}

// rawBytes returns the memory of s, in the byte order of this machine: a spill is
// read by the process that wrote it.
func rawBytes[T uint32 | packed](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(s[0])))
}
