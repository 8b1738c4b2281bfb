package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"time"
)

// Keys begin with a letter that tells their table; see the package comment.
const (
	tableArticle  = 'a'
	tableCounters = 'c'
	tableID       = 'i'
	tableSequence = 'q'
	tableSample   = 's'
	tableText     = 't'
)

// A posting key is a prefix, which look-ups are made by, and the article.
const (
	numberBytes    = 4
	sampleBytes    = sampleBits / 8
	samplePrefix   = 1 + sampleBytes
	sampleKey      = samplePrefix + numberBytes + 1
	sequencePrefix = 1 + 8
	sequenceKey    = sequencePrefix + numberBytes
)

// splitKey returns the length of the part of a key that filters are made of.
func splitKey(key []byte) int {
	if len(key) > 0 {
		switch key[0] {
		case tableSample:
			return min(len(key), samplePrefix)
		case tableSequence:
			return min(len(key), sequencePrefix)
		}
	}
	return len(key)
}

func numberedKey(dst []byte, table byte, n uint32) []byte {
	return binary.BigEndian.AppendUint32(append(dst, table), n)
}

func idKey(dst []byte, id string) []byte { return append(append(dst, tableID), id...) }

func sequenceKeyPrefix(dst []byte, sequence uint64) []byte {
	return binary.BigEndian.AppendUint64(append(dst, tableSequence), sequence)
}

func appendSequenceKey(dst []byte, sequence uint64, n uint32) []byte {
	return binary.BigEndian.AppendUint32(sequenceKeyPrefix(dst, sequence), n)
}

func sampleKeyPrefix(dst []byte, sample uint64) []byte {
	return append(dst, tableSample, byte(sample>>32), byte(sample>>24), byte(sample>>16), byte(sample>>8), byte(sample))
}

// keySample returns the sample that a key of [sampleKey] bytes is for.
func keySample(k []byte) uint64 {
	return uint64(k[1])<<32 | uint64(binary.BigEndian.Uint32(k[2:]))
}

func appendSampleKey(dst []byte, sample uint64, n uint32, class uint8) []byte {
	return append(binary.BigEndian.AppendUint32(sampleKeyPrefix(dst, sample), n), class)
}

// record is what the table of articles holds of one.
type record struct {
	number   uint32
	id       string
	source   string
	date     time.Time
	bytes    int
	shingles int
	text     [16]byte
	codes    []code
}

const recordVersion = 1

const noDate = math.MinInt64

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func seal(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// unseal returns what seal was given.
func unseal(b []byte) ([]byte, error) {
	n := len(b) - 4
	if n < 0 {
		return nil, errors.New("too short")
	}
	if crc32.Checksum(b[:n], castagnoli) != binary.LittleEndian.Uint32(b[n:]) {
		return nil, errors.New("checksum does not match")
	}
	return b[:n], nil
}

func (r *record) append(dst []byte) []byte {
	date := int64(noDate)
	if !r.date.IsZero() {
		date = r.date.Unix()
	}
	dst = append(dst, recordVersion)
	dst = binary.LittleEndian.AppendUint32(dst, r.number)
	dst = binary.AppendUvarint(dst, uint64(len(r.id)))
	dst = append(dst, r.id...)
	dst = binary.AppendUvarint(dst, uint64(len(r.source)))
	dst = append(dst, r.source...)
	dst = binary.AppendVarint(dst, date)
	dst = binary.AppendUvarint(dst, uint64(r.bytes))
	dst = binary.AppendUvarint(dst, uint64(r.shingles))
	dst = append(dst, r.text[:]...)
	return seal(appendCodes(dst, r.codes))
}

// decode reads the record of article n from b, reusing r's codes.
func (r *record) decode(b []byte, n uint32) error {
	*r = record{number: n, codes: r.codes[:0]}
	b, err := unseal(b)
	if err != nil {
		return fmt.Errorf("record of article %d: %w", n, err)
	}
	if len(b) < 5 || b[0] != recordVersion {
		return fmt.Errorf("record of article %d: %w", n, errors.New("of another version"))
	}
	if stored := binary.LittleEndian.Uint32(b[1:]); stored != n {
		return fmt.Errorf("record of article %d is that of article %d", n, stored)
	}
	f := fields{b: b[5:]}
	r.id = string(f.take(f.uvarint()))
	r.source = string(f.take(f.uvarint()))
	if date := f.varint(); date != noDate {
		r.date = time.Unix(date, 0).UTC()
	}
	r.bytes = int(f.uvarint())
	r.shingles = int(f.uvarint())
	copy(r.text[:], f.take(uint64(len(r.text))))
	if f.broken || len(f.b)%4 != 0 {
		return fmt.Errorf("record of article %d: %w", n, errors.New("cut short"))
	}
	r.codes = decodeCodes(r.codes, f.b)
	return nil
}

// fields reads the fields of a record. Once one is broken, all after it are zero.
type fields struct {
	b      []byte
	broken bool
}

func (f *fields) uvarint() uint64 {
	v, n := binary.Uvarint(f.b)
	return f.number(v, n)
}

func (f *fields) varint() int64 {
	v, n := binary.Varint(f.b)
	return int64(f.number(uint64(v), n))
}

func (f *fields) number(v uint64, n int) uint64 {
	if f.broken || n <= 0 {
		f.broken = true
		return 0
	}
	f.b = f.b[n:]
	return v
}

func (f *fields) take(n uint64) []byte {
	if f.broken || n > uint64(len(f.b)) {
		f.broken = true
		return nil
	}
	part := f.b[:n]
	f.b = f.b[n:]
	return part
}

// counters are what an index knows of itself. Each commit writes them with what
// it changes, so that they are true at any moment.
type counters struct {
	commits  uint64 // made since the index was created
	next     uint32 // number of the next article
	articles uint64
	words    uint64
	bytes    uint64 // of text
}

func (c *counters) add(r *record) {
	c.articles++
	c.words += uint64(len(r.codes))
	c.bytes += uint64(r.bytes)
}

func (c *counters) remove(r *record) {
	c.articles--
	c.words -= uint64(len(r.codes))
	c.bytes -= uint64(r.bytes)
}

func (c *counters) append(dst []byte) []byte {
	for _, v := range [...]uint64{c.commits, uint64(c.next), c.articles, c.words, c.bytes} {
		dst = binary.LittleEndian.AppendUint64(dst, v)
	}
	return seal(dst)
}

func (c *counters) decode(b []byte) error {
	b, err := unseal(b)
	if err == nil && len(b) != 5*8 {
		err = errors.New("of another length")
	}
	if err != nil {
		return fmt.Errorf("counters: %w", err)
	}
	v := func(i int) uint64 { return binary.LittleEndian.Uint64(b[8*i:]) }
	*c = counters{v(0), uint32(v(1)), v(2), v(3), v(4)}
	return nil
}
