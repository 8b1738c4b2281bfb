package gen

import "math/bits"

// stream is a splitmix64 generator (Steele, Lea and Flood, "Fast Splittable
// Pseudorandom Number Generators", 2014). Every draw is integer arithmetic, so
// a corpus is the same on every platform and with every Go release.
type stream struct{ state uint64 }

const golden = 0x9E3779B97F4A7C15

// mix is splitmix64's finalizer, a bijection on 64 bits.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// streamOf returns the stream named by a seed and two keys; different names
// give unrelated streams.
func streamOf(seed, a, b uint64) stream {
	return stream{mix(mix(seed+golden*(a+1)) + golden*(b+1))}
}

func (s *stream) next() uint64 {
	s.state += golden
	return mix(s.state)
}

// below returns a number in [0, n).
func (s *stream) below(n int) int {
	hi, _ := bits.Mul64(s.next(), uint64(n))
	return int(hi)
}

// between returns a number in [low, high].
func (s *stream) between(low, high int) int { return low + s.below(high-low+1) }

// permille is true in n of 1000 draws.
func (s *stream) permille(n int) bool { return s.below(1000) < n }

// logNormal returns about median·2^(spread·z/256) with z standard normal (the
// sum of twelve uniform draws), in fixed-point arithmetic.
func (s *stream) logNormal(median, spread int) int {
	z := int64(-6 << 16)
	for range 3 {
		u := s.next()
		z += int64(u&0xFFFF) + int64(u>>16&0xFFFF) + int64(u>>32&0xFFFF) + int64(u>>48)
	}
	x := z * int64(spread) >> 8                    // 16.16 fixed point
	whole, part := x>>16, x&0xFFFF                 // floor and fraction
	pow := 1<<16 + part*(43024+part*22512>>16)>>16 // 2^fraction within 0.3 %
	if whole >= 0 {
		return int(int64(median) * pow << whole >> 16)
	}
	return int(int64(median) * pow >> (16 - whole))
}

// zipf draws ranks with weight 1/(x·(16+log₂x)), x = rank+shift, rank from 0:
// Zipf–Mandelbrot a little steeper than exponent 1, in integers.
type zipf struct {
	upTo  []uint64 // cumulative weights
	guide []uint32 // first rank to look at, by the top bits of the draw
}

const guideBits = 14

func newZipf(n, shift int) *zipf {
	z := &zipf{upTo: make([]uint64, n), guide: make([]uint32, 1<<guideBits)}
	var sum uint64
	for r := range z.upTo {
		x := uint64(r + shift)
		sum += 1 << 44 / (x * uint64(16+bits.Len64(x)))
		z.upTo[r] = sum
	}
	rank := 0
	for b := range z.guide {
		low, _ := bits.Mul64(uint64(b)<<(64-guideBits), sum)
		for z.upTo[rank] <= low {
			rank++
		}
		z.guide[b] = uint32(rank)
	}
	return z
}

// rank maps a uniform 64-bit draw to a rank.
func (z *zipf) rank(u uint64) int {
	x, _ := bits.Mul64(u, z.upTo[len(z.upTo)-1])
	r := int(z.guide[u>>(64-guideBits)])
	for z.upTo[r] <= x {
		r++
	}
	return r
}
