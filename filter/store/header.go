package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"

	"chaff/shingle"
)

// The files of an index besides those of Pebble, which are in a folder of their
// own.
const (
	headerFile = "CHAFF-INDEX"
	lockFile   = "LOCK"
	markFile   = "COMMITS"
	engineDir  = "pebble"
)

// formatVersion is that of the whole directory.
//
// 1: the first.
const formatVersion = 1

// settings are those that an index is made with and keeps.
type settings struct {
	size      int
	segmenter shingle.Segmenter
}

const headerBody = "chaff index, format %d\nshingle-size %d\nsegmenter %s\n"

func (h settings) body() string {
	return fmt.Sprintf(headerBody, formatVersion, h.size, h.segmenter)
}

func headerSum(body string) string {
	return fmt.Sprintf("checksum %08x\n", crc32.Checksum([]byte(body), castagnoli))
}

// readHeader reads the header of the index in dir. Where there is none it returns
// an error that is [fs.ErrNotExist].
func readHeader(dir string) (settings, error) {
	var h settings
	name := filepath.Join(dir, headerFile)
	b, err := os.ReadFile(name)
	if err != nil {
		return h, err
	}
	var version int
	if _, err := fmt.Sscanf(string(b), "chaff index, format %d\n", &version); err == nil && version != formatVersion {
		return h, fmt.Errorf("%w: %s is of format %d, this program reads %d", ErrVersion, name, version, formatVersion)
	}
	damaged := damage(name, errors.New("not the header of an index, or its checksum does not match"))
	if _, err := fmt.Sscanf(string(b), headerBody, &version, &h.size, &h.segmenter); err != nil {
		return h, damaged
	}
	if body := h.body(); string(b) != body+headerSum(body) {
		return h, damaged
	}
	return h, nil
}

// writeHeader makes the header of a new index, whole or not at all.
func writeHeader(dir string, h settings) error {
	body := h.body()
	return writeNew(filepath.Join(dir, headerFile), []byte(body+headerSum(body)))
}

// writeNew makes a file, whole or not at all.
func writeNew(name string, b []byte) error {
	if err := writeSynced(name+".new", b); err != nil {
		return err
	}
	if err := os.Rename(name+".new", name); err != nil {
		return err
	}
	return syncDir(filepath.Dir(name))
}

func writeSynced(name string, b []byte) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// checkFree returns an error if dir holds anything that an index has not made:
// nobody's folder becomes an index by a slip of the keyboard.
func checkFree(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch e.Name() {
		case lockFile, headerFile + ".new":
		default:
			return fmt.Errorf("%w: %s has no %s but holds %s", ErrNotIndex, dir, headerFile, e.Name())
		}
	}
	return nil
}

// mark is the file that keeps the number of commits that were acknowledged. It is
// written after each commit is durable and not synced itself: it survives the end
// of the process, and after that of the machine it may say less than is true, but
// never more. An index with fewer commits has lost some.
type mark struct{ f *os.File }

const markBytes = 12

// readMark returns the number of commits acknowledged. The mark is made before the folder
// of Pebble: where that is, and no mark, commits may have been lost with it.
func readMark(dir string) (uint64, error) {
	_, made := os.Lstat(filepath.Join(dir, engineDir))
	name := filepath.Join(dir, markFile)
	b, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && errors.Is(made, fs.ErrNotExist):
		return 0, nil
	case errors.Is(err, fs.ErrNotExist):
		return 0, damage(name, errors.New("it is gone"))
	case err != nil:
		return 0, err
	}
	b, err = unseal(b)
	if err == nil && len(b) != markBytes-4 {
		err = errors.New("of another length")
	}
	if err != nil {
		return 0, damage(name, err)
	}
	return binary.LittleEndian.Uint64(b), nil
}

// openMark opens the mark, and makes one, whole or not at all, where there is none.
func openMark(dir string) (*mark, error) {
	name := filepath.Join(dir, markFile)
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		if err := writeNew(name, sealedMark(0)); err != nil {
			return nil, err
		}
		f, err = os.OpenFile(name, os.O_RDWR, 0)
	}
	if err != nil {
		return nil, err
	}
	return &mark{f: f}, nil
}

func sealedMark(commits uint64) []byte {
	return seal(binary.LittleEndian.AppendUint64(make([]byte, 0, markBytes), commits))
}

func (m *mark) set(commits uint64) error {
	_, err := m.f.WriteAt(sealedMark(commits), 0)
	return err
}
