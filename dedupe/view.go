package dedupe

// view reads the signatures and samples of an index, wherever they are. It keeps
// buffers and the first error: each goroutine needs its own, and asks for err at
// its end.
type view struct {
	index *Index
	err   error

	signatures []packed // of the chunk read last as a whole
	inChunk    int      // its number and one
	single     [2]packed

	hashes   []uint32 // of the sample chunk read last as a whole
	inHashes int      // its number and one
	samples  [2][]uint32
}

func (x *Index) view() *view { return &view{index: x} }

func (v *view) read(data []byte, at int64) {
	if err := v.index.spill.read(data, at); err != nil && v.err == nil {
		v.err = err
	}
}

// signature returns that of article n. It is good until the next call for the
// same slot, 0 or 1.
func (v *view) signature(n, slot int) *packed {
	c := v.index.chunks[n/chunkSize]
	if c.signature != nil {
		return &c.signature[n%chunkSize]
	}
	v.read(rawBytes(v.single[slot:slot+1]), c.at+int64(n%chunkSize)*signatureSize)
	return &v.single[slot]
}

// signatureInOrder is signature for articles that are asked for in the order of
// adding: it reads many at once. The signature is good until the next call.
func (v *view) signatureInOrder(n int) *packed {
	number := n / chunkSize
	c := v.index.chunks[number]
	if c.signature != nil {
		return &c.signature[n%chunkSize]
	}
	if v.inChunk != number+1 {
		if v.signatures == nil {
			v.signatures = make([]packed, chunkSize)
		}
		v.read(rawBytes(v.signatures), c.at)
		v.inChunk = number + 1
	}
	return &v.signatures[n%chunkSize]
}

// sample returns the sample of article n. It is good until the next call for the
// same slot, 0 or 1.
func (v *view) sample(n, slot int) []uint32 {
	p := v.index.record(n).samples
	if p.n == 0 {
		return nil
	}
	c := &v.index.arena.chunks[p.chunk]
	if c.data != nil {
		return c.data[p.start : p.start+p.n]
	}
	v.samples[slot] = sized(v.samples[slot], int(p.n))
	v.read(rawBytes(v.samples[slot]), c.at+4*int64(p.start))
	return v.samples[slot]
}

// sampleInOrder is sample for articles that are asked for in the order of adding.
func (v *view) sampleInOrder(n int) []uint32 {
	p := v.index.record(n).samples
	if p.n == 0 {
		return nil
	}
	c := &v.index.arena.chunks[p.chunk]
	if c.data != nil {
		return c.data[p.start : p.start+p.n]
	}
	if v.inHashes != int(p.chunk)+1 {
		v.hashes = sized(v.hashes, c.n)
		v.read(rawBytes(v.hashes), c.at)
		v.inHashes = int(p.chunk) + 1
	}
	return v.hashes[p.start : p.start+p.n]
}

// sized returns a slice of n hashes, in the memory of s if there is room.
func sized(s []uint32, n int) []uint32 {
	if cap(s) < n {
		return make([]uint32, n, n+n/4)
	}
	return s[:n]
}
