package corpus

import (
	"archive/tar"
	"errors"
	"io"
	"strings"
)

// tar reads every file in an archive.
func (f *feeder) tar(s *stream) error {
	s.file, s.packed = nil, true
	in := tar.NewReader(s.Reader)
	members := f.members(s)
	for damaged := false; ; {
		header, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return members.end()
		case err != nil && damaged: // told with the member
			return nil
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			return s.damage(err)
		}
		damaged = false
		switch header.Typeflag {
		case tar.TypeReg:
			var r io.Reader = in
			if sparse(header) { // the holes cost nothing to store
				r = f.inflating(s, in)
			}
			damaged, err = members.read(header.Name, r, header.Size)
		case tar.TypeDir:
		case tar.TypeLink, tar.TypeSymlink:
			err = members.refuse(header.Name, ErrLink)
		default:
			err = members.refuse(header.Name, ErrSpecial)
		}
		if err != nil {
			return err
		}
	}
}

func sparse(h *tar.Header) bool {
	for name := range h.PAXRecords {
		if strings.HasPrefix(name, "GNU.sparse.") {
			return true
		}
	}
	return h.Typeflag == tar.TypeGNUSparse
}
