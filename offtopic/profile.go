package offtopic

import "math"

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
	// Ease is what is taken off the cost of a beginning for each label.
	Ease [3]float64 `json:"ease" range:"-20,20"`

	// Silence is what a word of a block in which nothing speaks for a label says
	// against it, and the most a block can say so. Advertisement, boilerplate,
	// foreign, in this order, as in all arrays here.
	Silence [3]Silence `json:"silence"`
	// A sentence in which nothing speaks for a label, in a block where another
	// does, says less.
	QuietWord float64 `json:"quiet_word" range:"0,40"`
	QuietMost float64 `json:"quiet_most" range:"0,40"`

	// Words says how what a sentence reads like is heard.
	Words [3]Hearing `json:"words"`
	// Usual is the part of what an article's other sentences read like that is
	// taken off.
	Usual float64 `json:"usual" range:"0,4"`

	// Strange is what it says for each label that the words of a block don't come
	// again in the article, for each unit of the log-likelihood ratio up to
	// StrangeMost. It is said also where the article is too short to tell that a
	// block is foreign.
	Strange     [3]float64 `json:"strange" range:"-10,10"`
	StrangeMost float64    `json:"strange_most" range:"0,40"`

	// Odds makes of what the decoder holds of a finding of each label the log-odds
	// that it is right.
	Odds [3]Line `json:"odds"`
	// Certain and Likely are the least probabilities of the tiers, in (0,1).
	Certain float64 `json:"certain" range:"0.01,0.999999"`
	Likely  float64 `json:"likely" range:"0.01,0.999999"`

	// Signals says how much a signal is heard of which an editor's decisions have
	// told; others are heard as they are.
	Signals map[string]Trust `json:"signals"`
	// Told is how much decisions tell of the cost of a beginning for each label,
	// as a precision, 1/variance.
	Told [3]float64 `json:"told" range:"0,1e9"`
	// Rejected counts, by [TextKey], how much oftener a finding of one text was
	// rejected than accepted. From RejectedOften on it is not told again.
	Rejected map[string]int `json:"rejected" range:"1,1000000"`
}

// RejectedOften is how many rejections silence a text for good: one may be a slip.
const RejectedOften = 2

// Silence is what silence says against a label.
type Silence struct {
	Word float64 `json:"word" range:"0,40"`
	Most float64 `json:"most" range:"0,40"`
}

// Hearing turns the odds that a model gives into evidence: they are shifted,
// scaled and bounded.
type Hearing struct {
	Shift float64 `json:"shift" range:"-40,40"`
	Scale float64 `json:"scale" range:"0,40"`
	Least float64 `json:"least" range:"-40,0"`
	Most  float64 `json:"most" range:"0,40"`
}

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

var builtin = Profile{
	Enter:       4.0,
	EnterInside: 6.2,
	LeaveInside: 1.5,
	Turn:        5.6,
	Ease:        [3]float64{2.0, 0.4, -0.8},
	Silence:     [3]Silence{{0.02, 3}, {0.18, 4.5}, {0.15, 4.5}},
	QuietWord:   0.08,
	QuietMost:   1,
	Words:       [3]Hearing{{0.4, 1.3, -1.8, 7}, {-1.2, 1.2, -0.4, 7}, {0.3, 1.1, 0, 6}},
	Usual:       1,
	Strange:     [3]float64{0.8, 0.4, 0.1},
	StrangeMost: 2,
	Certain:     0.98,
	Likely:      0.80,
}

// Builtin returns the built-in profile.
func Builtin() Profile { return builtin }

// Probability returns how likely a finding of a label is right of which the
// decoder holds odds, log-odds.
func (p *Profile) Probability(label int, odds float64) float64 {
	return 1 / (1 + math.Exp(-p.Odds[label].At(odds)))
}
