package corpus

import (
	"os"
	"slices"
	"sync"
)

// opened keeps the JSON Lines files open that articles were loaded from last:
// opening one anew for each article takes longer than to read it.
type opened struct {
	mu    sync.Mutex
	files []*openFile // the one used last at the end
}

type openFile struct {
	*os.File
	source uint32
	users  int
	kept   bool // is in files
}

// maxOpen is how many files stay open; more are while they are read.
const maxOpen = 16

// take returns the file of a source. It must be put back.
func (o *opened) take(source uint32, s *sources) (*openFile, error) {
	o.mu.Lock()
	for i, f := range o.files {
		if f.source == source {
			f.users++
			o.files = append(slices.Delete(o.files, i, i+1), f)
			o.mu.Unlock()
			return f, nil
		}
	}
	o.mu.Unlock()
	file, err := os.Open(s.path(source))
	if err != nil {
		return nil, err
	}
	return &openFile{File: file, source: source, users: 1}, nil
}

// put gives a file back, to be kept open if keep says so.
func (o *opened) put(f *openFile, keep bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f.users--
	if !f.kept && keep && !slices.ContainsFunc(o.files, func(g *openFile) bool { return g.source == f.source }) {
		f.kept = true
		o.files = append(o.files, f)
		if len(o.files) > maxOpen {
			last := o.files[0]
			last.kept = false
			o.files = slices.Delete(o.files, 0, 1)
			if last.users == 0 {
				_ = last.Close() // nothing was written
			}
		}
	}
	if !f.kept && f.users == 0 {
		_ = f.Close()
	}
}

// close closes what is kept open.
func (o *opened) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.files {
		_ = f.Close()
	}
	o.files = nil
}
