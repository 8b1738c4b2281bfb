package offtopic

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

// Profile holds what is learnt or calibrated of the detector besides words: how
// much signals are heard, and the decoder's costs. All are log-odds.
type Profile struct {
	Enter       float64 // a graft begins at a block
	EnterInside float64 // a graft begins in the middle of a block
	LeaveInside float64 // a graft ends in the middle of a block
	Turn        float64 // a graft follows another of a different label
	// Ease is what is taken off the cost of a beginning for each sort of graft.
	Ease [Sorts]float64

	// Weights says how much each kind of evidence is heard for each sort
	// of graft.
	Weights [Kinds][Sorts]float64

	// Usual is the part of what an article's other sentences read like that is
	// taken off.
	Usual float64

	Certain, Likely float64 // the tiers, by probability
}

//go:embed profile.txt
var profileFile string

// builtin is learnt by the program in the folder model/train from articles with
// grafts planted in them.
var builtin = func() Profile {
	p, err := decodeProfile(profileFile)
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return p
}()

// Builtin returns the built-in profile.
func Builtin() Profile { return builtin }

// numbers returns the names of the numbers of p besides weights, and where they are.
func (p *Profile) numbers() ([]string, []*float64) {
	return []string{"enter", "enter inside", "leave inside", "turn", "ease a", "ease b", "ease l", "ease s", "usual", "certain", "likely"},
		[]*float64{&p.Enter, &p.EnterInside, &p.LeaveInside, &p.Turn, &p.Ease[0], &p.Ease[1], &p.Ease[2], &p.Ease[3], &p.Usual, &p.Certain, &p.Likely}
}

// Encode writes p: a line for each number, and one for each kind of evidence with
// its weight for each sort of graft.
func (p *Profile) Encode() string {
	var b strings.Builder
	names, at := p.numbers()
	for i, name := range names {
		fmt.Fprintf(&b, "%s\t%.4g\n", name, *at[i])
	}
	for k, w := range p.Weights {
		fmt.Fprintf(&b, "%s\t%.4g\t%.4g\t%.4g\t%.4g\n", kinds[k].name, w[0], w[1], w[2], w[3])
	}
	return b.String()
}

func decodeProfile(s string) (p Profile, err error) {
	names, at := p.numbers()
	n := 0
	for line := range strings.Lines(s) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		var to []*float64
		if n < len(at) {
			if fields[0] != names[n] {
				return p, fmt.Errorf("profile: %q instead of %q", fields[0], names[n])
			}
			to = at[n : n+1]
		} else if k := n - len(at); k < Kinds && fields[0] == kinds[k].name {
			w := &p.Weights[k]
			to = []*float64{&w[0], &w[1], &w[2], &w[3]}
		} else {
			return p, fmt.Errorf("profile: %q is no kind of evidence in its place", fields[0])
		}
		if len(fields) != 1+len(to) {
			return p, fmt.Errorf("profile: %d numbers of %q", len(fields)-1, fields[0])
		}
		for i, x := range to {
			if *x, err = strconv.ParseFloat(fields[1+i], 64); err != nil {
				return p, fmt.Errorf("profile: %w", err)
			}
		}
		n++
	}
	if n != len(at)+Kinds {
		return p, fmt.Errorf("profile: %d lines", n)
	}
	return p, nil
}
