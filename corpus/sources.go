package corpus

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
)

// kind is how the articles lie in a source.
type kind uint8

const (
	unknown kind = iota // not looked at yet, or not readable
	text                // one article
	page                // one article in HTML
	lines               // JSON Lines
	rows                // encoded articles
	kept                // a source whose articles are to be found in the spool
)

// sources is the list of files in reading order. It grows while a walk goes on
// and keeps names in one piece, because a crawl may have ten million files:
// 25 bytes each and the name.
type sources struct {
	mu      sync.RWMutex
	grown   *sync.Cond // a source was added, or the walk is over
	walked  bool
	next    int
	folders []folder
	entries []entry
	names   []byte
}

// folder is where files lie.
type folder struct {
	path, id string // id is what the ids of its articles begin with
	root     int    // index of the PATH it was reached by
	named    bool   // it isn't known as a folder: its file is a PATH
}

type entry struct {
	folder   uint32
	articles uint32 // found in it
	nameEnd  uint64 // where the name ends in names
	stamp    uint64 // size and time of change, when it was read
	kind     kind
	again    bool // offsets are offsets in the file itself
}

func newSources() *sources {
	s := new(sources)
	s.grown = sync.NewCond(&s.mu)
	return s
}

// addFolder returns the number of a folder.
func (s *sources) addFolder(f folder) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.folders = append(s.folders, f)
	return uint32(len(s.folders) - 1)
}

// add appends a file.
func (s *sources) add(folder uint32, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names = append(s.names, name...)
	s.entries = append(s.entries, entry{folder: folder, nameEnd: uint64(len(s.names))})
	s.grown.Signal()
}

// finish says that no file will be added.
func (s *sources) finish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.walked = true
	s.grown.Broadcast()
}

// take returns the next source that nobody has taken, waiting for one. It
// returns false at the end of the list, and when ctx is done.
func (s *sources) take(ctx context.Context) (uint32, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.next == len(s.entries) && !s.walked && ctx.Err() == nil {
		s.grown.Wait()
	}
	if s.next == len(s.entries) || ctx.Err() != nil {
		return 0, false
	}
	s.next++
	return uint32(s.next - 1), true
}

// wake makes every take look at its context again.
func (s *sources) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grown.Broadcast()
}

// set notes what was found out about source n when it was opened.
func (s *sources) set(n uint32, k kind, stamp uint64, again bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := &s.entries[n]
	e.kind, e.stamp, e.again = k, stamp, again
}

// count notes that an article was found in source n.
func (s *sources) count(n uint32) {
	s.mu.RLock() // the list stays where it is
	defer s.mu.RUnlock()
	atomic.AddUint32(&s.entries[n].articles, 1)
}

// get returns source n; false if there is none.
func (s *sources) get(n uint32) (entry, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if int(n) >= len(s.entries) {
		return entry{}, false
	}
	e := &s.entries[n] // copied by field: articles are being counted
	return entry{
		folder: e.folder, articles: atomic.LoadUint32(&e.articles), nameEnd: e.nameEnd,
		stamp: e.stamp, kind: e.kind, again: e.again,
	}, true
}

// place returns the folder and the name of source n.
func (s *sources) place(n uint32) (folder, string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, start := &s.entries[n], uint64(0)
	if n > 0 {
		start = s.entries[n-1].nameEnd
	}
	return s.folders[e.folder], string(s.names[start:e.nameEnd])
}

// path returns how the file system knows source n.
func (s *sources) path(n uint32) string {
	f, name := s.place(n)
	return join(f.path, name)
}

// id returns the id of the article that source n is.
func (s *sources) id(n uint32) string {
	f, name := s.place(n)
	return strings.ToValidUTF8(filepath.ToSlash(f.id+name), "\uFFFD")
}

// stampOf sums up what tells one state of a file from another.
func stampOf(info fs.FileInfo) uint64 {
	const prime = 1099511628211 // FNV-1a's, to spread the size over the time
	return uint64(info.ModTime().UnixNano()) ^ uint64(info.Size())*prime
}

// join puts a name behind a folder, leaving the folder as the user wrote it.
func join(folder, name string) string {
	if folder == "" || strings.HasSuffix(folder, string(filepath.Separator)) || strings.HasSuffix(folder, "/") {
		return folder + name
	}
	return folder + string(filepath.Separator) + name
}
