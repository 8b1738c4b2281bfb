package main

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// pairsFile is the file of --pairs while it is written: a temporary file
// beside it, which takes its name when all is well. A file of that name from
// before stays as it is until then.
type pairsFile struct {
	path string
	file *os.File
	w    *bufio.Writer
	line []byte

	mu   sync.Mutex
	done bool // kept or discarded
}

// createPairs begins the file at path. It may not be that of one of the
// streams, which it would take the place of.
func createPairs(path string, streams ...any) (*pairsFile, error) {
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("--pairs: %s is not a file", path)
		}
		for _, s := range streams {
			f, ok := s.(*os.File)
			if !ok {
				continue
			}
			if other, err := f.Stat(); err == nil && os.SameFile(info, other) {
				return nil, fmt.Errorf("--pairs: %s is a standard stream", path)
			}
		}
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // the link stays, what it points to is replaced
	}
	// Unlike a file of os.CreateTemp, this one has the permissions the user's umask gives.
	name := fmt.Sprintf(".%s-%016x", filepath.Base(path), rand.Uint64())
	file, err := os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, fmt.Errorf("--pairs: %w", err)
	}
	return &pairsFile{path: path, file: file, w: bufio.NewWriterSize(file, 64<<10)}, nil
}

// escapes keep a tab or line end in an id from being taken for the file's own.
var escapes = strings.NewReplacer("\\", `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

// add writes the line of one pair.
func (p *pairsFile) add(a, b string, jaccard, containment float64) error {
	p.line = append(p.line[:0], escapes.Replace(a)...)
	p.line = append(p.line, '\t')
	p.line = append(p.line, escapes.Replace(b)...)
	for _, x := range [...]float64{jaccard, containment} {
		p.line = append(p.line, '\t')
		p.line = strconv.AppendFloat(p.line, x, 'f', -1, 64)
	}
	p.line = append(p.line, '\n')
	if _, err := p.w.Write(p.line); err != nil {
		return fmt.Errorf("--pairs: %w", err)
	}
	return nil
}

// keep gives the file its name, once its content is safe on the disk.
func (p *pairsFile) keep() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done {
		return nil
	}
	err := errors.Join(p.w.Flush(), p.file.Sync(), p.file.Close())
	if err == nil {
		err = os.Rename(p.file.Name(), p.path)
	}
	if err != nil {
		p.remove()
		return fmt.Errorf("--pairs: %w", err)
	}
	p.done = true
	return nil
}

// discard removes what was written, unless it was kept. It may be called at
// any time and again.
func (p *pairsFile) discard() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.done {
		_ = p.file.Close()
		p.remove()
	}
}

func (p *pairsFile) remove() {
	_ = os.Remove(p.file.Name())
	p.done = true
}
