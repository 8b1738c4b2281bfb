package corpus

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zip"
)

// zip reads every file in an archive, in the order of its directory.
func (f *feeder) zip(s *stream) error {
	at, size, done, broken, err := f.section(s)
	if err != nil {
		return err
	}
	defer done()
	z, err := zip.NewReader(at, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		if broken == nil {
			broken = err
		}
		s.packed = true
		if err := f.salvage(s, io.NewSectionReader(at, 0, size)); err != nil {
			return err
		}
		return s.damage(broken)
	}
	s.file, s.packed = nil, true
	members := f.members(s)
	for _, file := range z.File {
		if !file.Mode().IsRegular() {
			continue
		}
		if err := f.zipped(members, file); err != nil {
			return err
		}
	}
	if broken != nil { // behind the archive
		return s.damage(broken)
	}
	return members.end()
}

const encrypted = 1 // a flag of a member

// zipped reads one member.
func (f *feeder) zipped(m *members, file *zip.File) error {
	if file.Flags&encrypted != 0 {
		return m.refuse(file.Name, ErrEncrypted)
	}
	r, err := file.Open()
	if err != nil {
		return m.refuse(file.Name, fmt.Errorf("%w: %w", ErrDamaged, err))
	}
	defer r.Close()
	_, err = m.read(file.Name, f.inflating(m.archive, r), int64(min(file.UncompressedSize64, 1<<62)))
	return err
}

// salvage reads the members of an archive that has lost its directory, which
// stands at the end, by the headers before each, as far as that is possible. It
// returns nothing but what ends the feeding.
func (f *feeder) salvage(s *stream, file io.Reader) error {
	s.file = nil
	in := bufio.NewReader(file)
	members := f.members(s)
	members.quiet = true
	for {
		m, err := readLocal(in)
		if err != nil {
			return nil
		}
		var body io.Reader
		switch {
		case m.flags&encrypted != 0 || m.later && m.method == zip.Store:
			return nil
		case m.method == zip.Store:
			body = &exactly{in, m.packed}
		case m.method == zip.Deflate:
			body = flate.NewReader(in) // takes no byte more, since in reads single ones
		default:
			return nil
		}
		damaged := false
		if m.name != "" && m.name[len(m.name)-1] != '/' {
			size := int64(-1)
			if m.method == zip.Store {
				size = m.packed
			}
			body = f.inflating(s, body)
			if damaged, err = members.read(m.name, body, size); err != nil {
				return err
			}
		}
		if damaged {
			return nil
		}
		if _, err := io.Copy(io.Discard, body); err != nil {
			return nil
		}
		if m.later && m.skipDescriptor(in) != nil {
			return nil
		}
	}
}

// exactly reads so many bytes and fails if there are fewer.
type exactly struct {
	from io.Reader
	left int64
}

func (r *exactly) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n, err := r.from.Read(p[:min(int64(len(p)), r.left)])
	r.left -= int64(n)
	if errors.Is(err, io.EOF) && r.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// local is the header that stands before a member.
type local struct {
	name          string
	flags, method uint16
	packed        int64 // bytes, if not later
	later         bool  // sizes stand behind the member
	wide          bool  // and have eight bytes
}

// readLocal reads the header of a member.
func readLocal(in *bufio.Reader) (*local, error) {
	var fixed [30]byte
	if _, err := io.ReadFull(in, fixed[:]); err != nil {
		return nil, err
	}
	if string(fixed[:4]) != "PK\x03\x04" {
		return nil, zip.ErrFormat
	}
	le := binary.LittleEndian
	m := &local{
		flags: le.Uint16(fixed[6:]), method: le.Uint16(fixed[8:]), packed: int64(le.Uint32(fixed[18:])),
	}
	m.later = m.flags&8 != 0
	rest := make([]byte, int(le.Uint16(fixed[26:]))+int(le.Uint16(fixed[28:])))
	if _, err := io.ReadFull(in, rest); err != nil {
		return nil, err
	}
	m.name = string(rest[:le.Uint16(fixed[26:])])
	for extra := rest[le.Uint16(fixed[26:]):]; len(extra) >= 4; {
		id, n := le.Uint16(extra), int(le.Uint16(extra[2:]))
		if extra = extra[4:]; n > len(extra) {
			break
		}
		if id == 1 { // sizes too large for four bytes
			m.wide = true
			if n >= 16 && m.packed == 1<<32-1 {
				m.packed = int64(le.Uint64(extra[8:]) & (1<<62 - 1))
			}
		}
		extra = extra[n:]
	}
	return m, nil
}

// skipDescriptor reads what stands behind a member: a checksum and two sizes,
// mostly after a mark.
func (m *local) skipDescriptor(in *bufio.Reader) error {
	n := 12
	if m.wide {
		n = 20
	}
	if mark, err := in.Peek(4); err == nil && string(mark) == "PK\x07\x08" {
		n += 4
	}
	_, err := in.Discard(n)
	return err
}
