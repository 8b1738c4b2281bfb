package gen

import (
	"math"
	"testing"
)

func TestZipfRankAgreesWithSearch(t *testing.T) {
	z := newZipf(1000, 2)
	s := stream{1}
	total := z.upTo[len(z.upTo)-1]
	counts := make([]int, 1000)
	const draws = 200_000
	for range draws {
		counts[z.rank(s.next())]++
	}
	for _, r := range []int{0, 1, 10, 100} {
		weight := z.upTo[r]
		if r > 0 {
			weight -= z.upTo[r-1]
		}
		want := float64(weight) / float64(total) * draws
		if got := float64(counts[r]); math.Abs(got-want) > 5*math.Sqrt(want) {
			t.Errorf("rank %d drawn %v times, want about %.0f", r, got, want)
		}
	}
	if z.rank(0) != 0 || z.rank(math.MaxUint64) != 999 {
		t.Errorf("ends of the range give ranks %d and %d", z.rank(0), z.rank(math.MaxUint64))
	}
}

func TestLogNormal(t *testing.T) {
	s := stream{1}
	const draws = 100_000
	var sum, squares float64
	for range draws {
		x := math.Log2(float64(s.logNormal(100_000, 256)) / 100_000)
		sum += x
		squares += x * x
	}
	mean, variance := sum/draws, squares/draws
	if math.Abs(mean) > .02 || math.Abs(variance-1) > .03 {
		t.Errorf("log2 has mean %.3f and variance %.3f, want 0 and 1", mean, variance)
	}
}
