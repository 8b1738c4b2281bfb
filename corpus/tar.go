package corpus

import (
	"archive/tar"
	"bufio"
	"errors"
	"io"
	"strings"
)

// tar reads every file in an archive, and in those that follow it.
func (f *feeder) tar(s *stream, in *bufio.Reader) error {
	s.file, s.packed = nil, true
	members := f.members(s)
	for {
		end := &zeros{Reader: in}
		if done, err := f.oneTar(members, s, tar.NewReader(end)); done || err != nil {
			return err
		}
		if end.run < tarBlock { // without a mark at its end, it was cut off
			return s.damage(io.ErrUnexpectedEOF)
		}
		for {
			block, err := in.Peek(tarBlock)
			if err != nil || !allZero(block) {
				break
			}
			_, _ = in.Discard(tarBlock) // it is in the buffer
		}
		if block, _ := in.Peek(tarBlock); tarHeader(block) {
			continue
		}
		if _, err := io.Copy(io.Discard, in); err != nil { // a checksum, maybe
			return s.damage(err)
		}
		return members.end()
	}
}

const tarBlock = 512

// oneTar reads an archive up to its mark, or until there is nothing more to
// tell.
func (f *feeder) oneTar(members *members, s *stream, in *tar.Reader) (done bool, err error) {
	for damaged := false; ; {
		header, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return damaged, nil
		case err != nil && damaged: // told with the member
			return true, nil
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			return true, s.damage(err)
		}
		damaged = false
		switch header.Typeflag {
		case tar.TypeReg, tar.TypeGNUSparse:
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
			return true, err
		}
	}
}

// zeros knows how many zeros what was read ends with.
type zeros struct {
	io.Reader
	run int
}

func (z *zeros) Read(p []byte) (int, error) {
	n, err := z.Reader.Read(p)
	last := n
	for last > 0 && p[last-1] == 0 {
		last--
	}
	if last > 0 {
		z.run = 0
	}
	z.run += n - last
	return n, err
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

func sparse(h *tar.Header) bool {
	for name := range h.PAXRecords {
		if strings.HasPrefix(name, "GNU.sparse.") {
			return true
		}
	}
	return h.Typeflag == tar.TypeGNUSparse
}
