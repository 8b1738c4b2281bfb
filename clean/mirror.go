package clean

import (
	"encoding/base64"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"chaff/corpus"
)

// mirror says where in the cleaned folder each source goes.
type mirror struct {
	at       map[string]string // by PATH: where it goes, with slashes; "" is the folder itself
	reserved string            // what takes the place of a source's manifest.jsonl at the top
}

// newMirror finds the place of each PATH. What stands in a single folder goes to
// its path in that folder, a single file to its name. Of several PATHs each goes
// to itself, without what would lead out of the folder.
func newMirror(paths []string) (*mirror, error) {
	m := &mirror{at: make(map[string]string), reserved: "manifest~2.jsonl"}
	for i, p := range paths {
		place, err := placeOfPath(p, len(paths) > 1)
		if err != nil {
			return nil, err
		}
		for _, q := range paths[:i] {
			if within(place, m.at[q]) || within(m.at[q], place) {
				return nil, fmt.Errorf("%s and %s would both be written to %s", q, p, max(place, m.at[q]))
			}
		}
		m.at[p] = place
	}
	if len(paths) == 1 {
		for n := 2; ; n++ {
			m.reserved = fmt.Sprintf("manifest~%d.jsonl", n)
			if _, err := os.Lstat(filepath.Join(paths[0], m.reserved)); err != nil {
				break
			}
		}
	}
	return m, nil
}

func placeOfPath(p string, several bool) (string, error) {
	if p == stdinPath {
		return "stdin.jsonl", nil
	}
	if !several {
		if info, err := os.Stat(p); err == nil && info.IsDir() {
			return "", nil
		}
		return filepath.Base(p), nil
	}
	place := path.Clean("/" + filepath.ToSlash(p[len(filepath.VolumeName(p)):]))[1:]
	if place != "" {
		return place, nil
	}
	full, err := filepath.Abs(p) // . or .. or /
	if err != nil {
		return "", fmt.Errorf("%s: %w", p, err)
	}
	if place = filepath.Base(full); place == string(filepath.Separator) {
		place = "root"
	}
	return place, nil
}

// within reports whether place p is q or lies in it, on a file system that may
// take capitals for small letters.
func within(p, q string) bool {
	p, q = strings.ToLower(p), strings.ToLower(q)
	return p == q || strings.HasPrefix(p, q+"/")
}

// file returns the line of a source in the manifest, but for what is known after
// it was read.
func (m *mirror) file(s corpus.Source, packed bool) File {
	place := m.at[s.Root]
	if s.Root == stdinPath { // which has the name of JSON Lines
		switch s.Holds {
		case corpus.Text:
			place = strings.TrimSuffix(place, ".jsonl") + ".txt"
		case corpus.Page, corpus.Other:
			place = strings.TrimSuffix(place, ".jsonl")
		case corpus.Nothing, corpus.Lines:
		}
	}
	if s.Root == stdinPath && packed {
		place += ".gz"
	}
	place = path.Join(place, s.Name)
	out := place
	if top, rest, _ := strings.Cut(place, "/"); strings.EqualFold(top, corpus.ManifestName) {
		out = path.Join(m.reserved, rest)
	}
	f := File{Type: fileType, Holds: holds[s.Holds], Articles: s.Articles}
	f.Path, f.PathBase64 = stringOrBase64([]byte(place))
	f.Output, f.OutputBase64 = stringOrBase64([]byte(out))
	f.Source, f.SourceBase64 = stringOrBase64([]byte(s.Path))
	return f
}

var holds = map[corpus.Holding]string{corpus.Text: "text", corpus.Lines: "lines", corpus.Page: "page", corpus.Other: "other"}

// stringOrBase64 returns b as a string, or in Base64 if it is not UTF-8, which
// JSON can't hold.
func stringOrBase64(b []byte) (s, encoded string) {
	if utf8.Valid(b) {
		return string(b), ""
	}
	return "", base64.StdEncoding.EncodeToString(b)
}

// bytesOf undoes stringOrBase64.
func bytesOf(s, encoded string) ([]byte, error) {
	if encoded == "" {
		return []byte(s), nil
	}
	return base64.StdEncoding.DecodeString(encoded)
}
