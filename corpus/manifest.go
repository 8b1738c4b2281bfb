package corpus

import (
	"bytes"
	"io"
	"os"
)

// ManifestName is the name of the file in a cleaned folder that says what was
// taken away, and ManifestStart what it begins with. Where a folder is read,
// such a file is passed over: the articles in it were taken away. It is read
// where it is a PATH itself.
const (
	ManifestName  = "manifest.jsonl"
	ManifestStart = `{"chaff":"clean manifest",`
)

// isManifest reports whether the file begins like a manifest. A file that can't
// be opened doesn't; opening it again tells why.
func isManifest(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	head := make([]byte, len(ManifestStart))
	_, err = io.ReadFull(file, head)
	return err == nil && bytes.Equal(head, []byte(ManifestStart))
}
