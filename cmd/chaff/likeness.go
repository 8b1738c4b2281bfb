package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"chaff/dedupe"
)

// likenessFlags say from when on two articles are near-duplicates, as they were given.
type likenessFlags struct {
	jaccard     float64
	containment float64
}

func (f *likenessFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.Float64Var(&f.jaccard, "jaccard", dedupe.DefaultJaccard, "share of both texts that near-duplicates have in common, above 0 to 1")
	fs.Float64Var(&f.containment, "containment", dedupe.DefaultContainment, "or share of the shorter text, 0 to 1 (0: don't ask)")
}

// resolve checks the flags and returns the thresholds as [dedupe.Options] takes them.
func (f *likenessFlags) resolve() (jaccard, containment float64, err error) {
	if !(f.jaccard > 0 && f.jaccard <= 1) {
		return 0, 0, fmt.Errorf("--jaccard: %v is not above 0 and at most 1", f.jaccard)
	}
	if !(f.containment >= 0 && f.containment <= 1) {
		return 0, 0, fmt.Errorf("--containment: %v is not between 0 and 1", f.containment)
	}
	if f.containment == 0 {
		return f.jaccard, dedupe.NoContainment, nil
	}
	return f.jaccard, f.containment, nil
}
