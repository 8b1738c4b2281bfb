package offtopic

import (
	_ "embed"
	"math"
	"strings"
)

// Profile holds what is learnt or calibrated of the detector besides words: how
// much signals are heard, and the decoder's costs. Unless said otherwise numbers
// are log-odds. A Profile that no one changes may be used by several goroutines.
//
// The name in a field's tag is that in a file of [ReadProfile], and its range is
// what the file may say.
type Profile struct {
	Enter       float64 `json:"enter" range:"0,40"`        // a graft begins at a block
	EnterInside float64 `json:"enter_inside" range:"0,40"` // a graft begins in the middle of a block
	LeaveInside float64 `json:"leave_inside" range:"0,40"` // a graft ends in the middle of a block
	Turn        float64 `json:"turn" range:"0,40"`         // a graft follows another of a different label
	// Ease is what is taken off the cost of a beginning for each sort of graft, in
	// the order of [Sorts].
	Ease [Sorts]float64 `json:"ease" range:"-20,20"`

	// Weights says how much each kind of evidence is heard for each sort of graft.
	Weights Weights `json:"weights" range:"-40,40"`

	// Stranger says how a block is judged whether it is a piece of another text.
	Stranger Stranger `json:"stranger" range:"-40,40"`

	// Usual is the part of what an article's other sentences read like that is
	// taken off.
	Usual float64 `json:"usual" range:"0,4"`

	// Odds makes of what the decoder holds of a finding of each sort the log-odds
	// that it is right.
	Odds [Sorts]Line `json:"odds"`
	// Certain and Likely are the least probabilities of the tiers, in (0,1).
	Certain float64 `json:"certain" range:"0.01,0.999999"`
	Likely  float64 `json:"likely" range:"0.01,0.999999"`

	// Signals says how much a signal is heard of which an editor's decisions have
	// told; others are heard as they are.
	Signals map[string]Trust `json:"signals"`
	// Told is how much decisions tell of the cost of a beginning for each label, in
	// the order of [Labels], as a precision, 1/variance.
	Told [3]float64 `json:"told" range:"0,1e9"`
	// Rejected counts, by [TextKey], how much oftener a finding of one text was
	// rejected than accepted. From RejectedOften on it is not told again.
	Rejected map[string]int `json:"rejected" range:"1,1000000"`
}

// RejectedOften is how many rejections silence a text for good: one may be a slip.
const RejectedOften = 2

// Weights are numbers by kind of evidence and sort of graft. In a file they go by the
// names of the kinds.
type Weights [Kinds][Sorts]float64

// Line is a straight line. The zero Line stands for the one through 0 with slope 1.
type Line struct {
	Slope float64 `json:"slope" range:"0,10"`
	Shift float64 `json:"shift" range:"-40,40"`
}

// At returns the height of the line at x.
func (l Line) At(x float64) float64 {
	if l == (Line{}) {
		return x
	}
	return l.Slope*x + l.Shift
}

// Trust is how much a signal is heard: its evidence is multiplied by Factor, of
// which decisions have told with a Precision, 1/variance.
type Trust struct {
	Factor    float64 `json:"factor" range:"0,4"`
	Precision float64 `json:"precision" range:"0,1e9"`
}

//go:embed profile.json
var profileFile string

// builtin is learnt by the program in the folder model/train from articles with
// grafts planted in them.
var builtin = func() Profile {
	f, err := ReadProfile(strings.NewReader(profileFile))
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return f.Profile
}()

// Builtin returns the built-in profile.
func Builtin() Profile { return builtin }

// Probability returns how likely a finding of a sort is right of which the
// decoder holds odds, log-odds.
func (p *Profile) Probability(sort int, odds float64) float64 {
	return 1 / (1 + math.Exp(-p.Odds[sort].At(odds)))
}
