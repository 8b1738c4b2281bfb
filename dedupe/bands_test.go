package dedupe

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The bands chosen miss what they say they miss: signatures that agree in each
// place with probability j are made at random.
func TestBandsMissAsStated(t *testing.T) {
	for _, j := range []float64{0.3, 0.5, 0.7, 0.8, 0.9} {
		for _, n := range []int{100, 50_000, 5_000_000} {
			t.Run(fmt.Sprint(j, n), func(t *testing.T) {
				bands := chooseBands(j, n)
				rng := rand.New(rand.NewPCG(1, uint64(n)))
				const trials = 20000
				miss := 0
				for range trials {
					var agree [places]bool
					for i := range agree {
						agree[i] = rng.Float64() < j
					}
					if !slices.ContainsFunc(bands, func(b band) bool {
						return !slices.ContainsFunc(b, func(p uint8) bool { return !agree[p] })
					}) {
						miss++
					}
				}
				want := missed(j, len(bands[0]), len(bands))
				t.Logf("%d bands of %d miss %.5f, stated %.5f", len(bands), len(bands[0]), float64(miss)/trials, want)
				if want > MissProbability {
					t.Errorf("%d bands of %d miss %.5f", len(bands), len(bands[0]), want)
				}
				if limit := want*trials + 5*math.Sqrt(want*trials) + 5; float64(miss) > limit {
					t.Errorf("missed %d of %d, stated %.1f", miss, trials, want*trials)
				}
			})
		}
	}
}

func TestAgreeing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		var p, q packed
		want := 0
		for i := range places {
			a := uint64(rng.Uint32() & 0xFFFF)
			b := a
			switch rng.IntN(4) {
			case 0:
				b = uint64(rng.Uint32() & 0xFFFF)
			case 1:
				b = a ^ 1<<rng.IntN(16)
			}
			if a == b {
				want++
			}
			p[i/4] |= a << (i % 4 * 16)
			q[i/4] |= b << (i % 4 * 16)
		}
		if got := agreeing(&p, &q); got != want {
			t.Fatalf("%d places agree, want %d", got, want)
		}
	})
}

func TestSortKeyed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		items := make([]uint64, rapid.IntRange(0, 2000).Draw(t, "items"))
		width := rapid.IntRange(0, 32).Draw(t, "bits of the key")
		for i := range items {
			items[i] = keyed(uint32(rng.Uint64()&(1<<width-1)), uint32(i))
		}
		want := slices.Clone(items)
		slices.Sort(want) // items rise, so this is stable
		sortKeyed(items, make([]uint64, len(items)))
		if !slices.Equal(items, want) {
			t.Fatal("not sorted")
		}
	})
}

func TestSortSamples(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hashes := rapid.SliceOf(rapid.Uint32()).Draw(t, "hashes")
		hashes = append(hashes, hashes[:len(hashes)/2]...)
		want := slices.Clone(hashes)
		slices.Sort(want)
		if got := new(Sketcher).sortSamples(hashes); !slices.Equal(got, slices.Compact(want)) {
			t.Fatal("not sorted")
		}
	})
}
