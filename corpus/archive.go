package corpus

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"path/filepath"
	"strings"
)

// members reads the files in an archive one by one. They stand to it as files
// stand to a folder.
type members struct {
	*feeder
	archive *stream
	seed    maphash.Seed
	seen    map[uint64]int // how often a name has come, by its hash
	found   bool           // there is one that isn't passed over
	quiet   bool           // damage is told with the archive
}

func (f *feeder) members(s *stream) *members {
	return &members{feeder: f, archive: s, seed: maphash.MakeSeed(), seen: make(map[uint64]int)}
}

// read reads the member called name. An error ends the feeding; damaged says
// that the member could not be read to its end.
func (m *members) read(name string, r io.Reader, size int64) (damaged bool, err error) {
	name = memberName(name)
	if hiddenMember(name) || !m.corpus.wantedMember(m.archive, name) {
		return false, nil
	}
	m.found = true
	part := m.archive.part("/"+m.unique(name), r, size)
	err = m.feeder.read(part)
	damaged = errors.Is(err, ErrDamaged)
	if damaged && m.quiet {
		return true, nil
	}
	return damaged, m.told(part.path, err)
}

// refuse tells that the member called name is not read, and why.
func (m *members) refuse(name string, why error) error {
	name = memberName(name)
	if hiddenMember(name) || !m.corpus.wantedMember(m.archive, name) {
		return nil
	}
	m.found = true
	return m.told(m.archive.path+"/"+name, why)
}

// end is called when there is no further member.
func (m *members) end() error {
	if !m.found {
		return ErrNoArticle
	}
	return nil
}

// unique returns a name that no member before had: the second a.txt is a.txt#2.
func (m *members) unique(name string) string {
	for id := name; ; {
		hash := maphash.String(m.seed, id)
		if m.seen[hash]++; m.seen[hash] == 1 {
			return id
		}
		id = fmt.Sprintf("%s#%d", name, m.seen[hash])
	}
}

// memberName cleans what tools put before the names of members.
func memberName(name string) string {
	name = strings.ReplaceAll(filepath.ToSlash(name), `\`, "/")
	for strings.HasPrefix(name, "./") || strings.HasPrefix(name, "/") {
		name = strings.TrimPrefix(strings.TrimPrefix(name, "."), "/")
	}
	return strings.ToValidUTF8(name, "\uFFFD")
}

// hiddenMember reports whether a member is hidden, or what a system put there
// for itself.
func hiddenMember(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") && part != ".." || part == "__MACOSX" {
			return true
		}
	}
	return false
}
