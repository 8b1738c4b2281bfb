package dedupe

// extent says where in an arena a value stands.
type extent struct {
	chunk, start, n uint32
}

// sampleArena keeps the samples of all articles in chunks of one size, so that
// growing moves nothing and no article costs an allocation. A sample larger than
// a chunk gets one of its own.
type sampleArena struct{ chunks [][]uint32 }

const sampleChunk = 1 << 18 // 1 MB

func (a *sampleArena) add(s []uint32) extent {
	if len(s) == 0 {
		return extent{}
	}
	last := len(a.chunks) - 1
	if last < 0 || cap(a.chunks[last])-len(a.chunks[last]) < len(s) {
		a.chunks = append(a.chunks, make([]uint32, 0, max(sampleChunk, len(s))))
		last++
	}
	c := a.chunks[last]
	a.chunks[last] = append(c, s...)
	return extent{uint32(last), uint32(len(c)), uint32(len(s))}
}

func (a *sampleArena) get(p extent) []uint32 {
	if p.n == 0 {
		return nil
	}
	return a.chunks[p.chunk][p.start : p.start+p.n]
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
