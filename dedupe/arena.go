package dedupe

// extent says where in an arena a value stands.
type extent struct {
	chunk, start, n uint32
}

// sampleArena keeps the samples of all articles in chunks of one size, so that
// growing moves nothing and no article costs an allocation. A sample larger than
// a chunk gets one of its own. Full chunks beyond a limit are spilled.
type sampleArena struct {
	chunks   []sampleChunk
	resident int // bytes of chunks in memory
}

type sampleChunk struct {
	data []uint32 // nil if spilled
	n    int      // hashes
	at   int64    // where they stand in the spill
}

const sampleChunkSize = 1 << 16 // hashes; 256 kB

func (a *sampleArena) add(s []uint32, limit int, to *spill) (extent, error) {
	if len(s) == 0 {
		return extent{}, nil
	}
	last := len(a.chunks) - 1
	if last < 0 || cap(a.chunks[last].data)-a.chunks[last].n < len(s) {
		if last >= 0 && a.resident > limit {
			c := &a.chunks[last]
			at, err := to.write(rawBytes(c.data))
			if err != nil {
				return extent{}, err
			}
			a.resident -= 4 * cap(c.data)
			c.data, c.at = nil, at
		}
		a.chunks = append(a.chunks, sampleChunk{data: make([]uint32, 0, max(sampleChunkSize, len(s)))})
		last++
		a.resident += 4 * cap(a.chunks[last].data)
	}
	c := &a.chunks[last]
	start := c.n
	c.data = append(c.data, s...)
	c.n = len(c.data)
	return extent{uint32(last), uint32(start), uint32(len(s))}, nil
}

// idArena keeps the IDs of all articles as sampleArena keeps samples.
type idArena struct{ chunks [][]byte }

const idChunk = 1 << 16

func (a *idArena) add(id string) extent {
	if id == "" {
		return extent{}
	}
	last := len(a.chunks) - 1
	if last < 0 || cap(a.chunks[last])-len(a.chunks[last]) < len(id) {
		a.chunks = append(a.chunks, make([]byte, 0, max(idChunk, len(id))))
		last++
	}
	c := a.chunks[last]
	a.chunks[last] = append(c, id...)
	return extent{uint32(last), uint32(len(c)), uint32(len(id))}
}

func (a *idArena) bytes(p extent) []byte {
	if p.n == 0 {
		return nil
	}
	return a.chunks[p.chunk][p.start : p.start+p.n]
}

func (a *idArena) get(p extent) string { return string(a.bytes(p)) }
