package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"chaff/dedupe"
)

// sideFile is the file of --pairs or --furniture while it is written: a temporary
// file beside it, which takes its name when all is well. A file of that name from
// before stays as it is until then.
type sideFile struct {
	flag string
	path string
	file *os.File
	w    *bufio.Writer
	line []byte

	mu   sync.Mutex
	done bool // kept or discarded
}

// createSide begins the file at path, named by a flag. It may not be that of one of the
// streams, which it would take the place of.
func createSide(flag, path string, streams ...any) (*sideFile, error) {
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("--%s: %s is not a file", flag, path)
		}
		for _, s := range streams {
			f, ok := s.(*os.File)
			if !ok {
				continue
			}
			if other, err := f.Stat(); err == nil && os.SameFile(info, other) {
				return nil, fmt.Errorf("--%s: %s is a standard stream", flag, path)
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
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	return &sideFile{flag: flag, path: path, file: file, w: bufio.NewWriterSize(file, 64<<10)}, nil
}

// escapes keep a tab or line end in an id from being taken for the file's own.
var escapes = strings.NewReplacer("\\", `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

// addPair writes the line of one pair.
func (p *sideFile) addPair(a, b string, jaccard, containment float64) error {
	p.line = append(p.line[:0], escapes.Replace(a)...)
	p.line = append(p.line, '\t')
	p.line = append(p.line, escapes.Replace(b)...)
	for _, x := range [...]float64{jaccard, containment} {
		p.line = append(p.line, '\t')
		p.line = strconv.AppendFloat(p.line, x, 'f', -1, 64)
	}
	p.line = append(p.line, '\n')
	if _, err := p.w.Write(p.line); err != nil {
		return fmt.Errorf("--%s: %w", p.flag, err)
	}
	return nil
}

// addFurniture writes a block of furniture as a line of JSON.
func (p *sideFile) addFurniture(b dedupe.FurnitureBlock) error {
	encoder := json.NewEncoder(p.w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(b); err != nil {
		return fmt.Errorf("--%s: %w", p.flag, err)
	}
	return nil
}

// keep gives the file its name, once its content is safe on the disk.
func (p *sideFile) keep() error {
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
		return fmt.Errorf("--%s: %w", p.flag, err)
	}
	p.done = true
	return nil
}

// discard removes what was written, unless it was kept. It may be called at
// any time and again.
func (p *sideFile) discard() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.done {
		_ = p.file.Close()
		p.remove()
	}
}

func (p *sideFile) remove() {
	_ = os.Remove(p.file.Name())
	p.done = true
}
