package main

import (
	"math"
	"math/rand"
	"testing"
)

// The weights that trials were drawn with are found again.
func TestRegress(t *testing.T) {
	var want vector
	for i := range want {
		want[i] = float64(i%4) - 1.5
	}
	rng := rand.New(rand.NewSource(3))
	var trials []trial
	for range 40_000 {
		x := trial{weight: 1}
		z := 0.0
		for i := range x.x {
			x.x[i] = rng.NormFloat64() / 2
			if i == len(x.x)-1 {
				x.x[i] = 1
			}
			z += want[i] * x.x[i]
		}
		x.stranger = rng.Float64() < 1/(1+math.Exp(-z))
		trials = append(trials, x)
	}
	got := regress(trials)
	for i := range want {
		if math.Abs(got[i]-want[i]) > 0.12 {
			t.Errorf("weight %d is %.3f, want %.3f", i, got[i], want[i])
		}
	}
}
