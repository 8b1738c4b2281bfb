package offtopic

// Profile holds what is learnt or calibrated of the detector besides words: how
// much signals are heard, and the decoder's costs. All are log-odds.
type Profile struct {
	Enter       float64 // a graft begins at a block
	EnterInside float64 // a graft begins in the middle of a block
	LeaveInside float64 // a graft ends in the middle of a block
	Turn        float64 // a graft follows another of a different label
	// Ease is what is taken off the cost of a beginning for each label.
	Ease [3]float64

	// Weights says how much each kind of evidence is heard for each label:
	// advertisement, boilerplate, foreign, in this order, as in all arrays here.
	Weights [Kinds][3]float64

	// Usual is the part of what an article's other sentences read like that is
	// taken off.
	Usual float64

	Certain, Likely float64 // the tiers, by probability
}

var builtin = Profile{
	Enter:       4.0,
	EnterInside: 6.2,
	LeaveInside: 1.5,
	Turn:        5.6,
	Ease:        [3]float64{2.0, 0.4, -0.8},
	Weights:     handSet(),
	Usual:       1,
	Certain:     0.98,
	Likely:      0.80,
}

// Builtin returns the built-in profile.
func Builtin() Profile { return builtin }

func handSet() (w [Kinds][3]float64) {
	for k := range w {
		w[k] = [3]float64{1, 1, 1}
	}
	w[kindReads] = [3]float64{1.3, 1.2, 1.1}
	w[kindReadsOwn] = [3]float64{1, .3, 0}
	w[kindStranger] = [3]float64{.8, .4, 1}
	w[kindKin] = [3]float64{.4, .4, .4}
	w[kindSubject] = [3]float64{.5, .3, 1}
	w[kindOwnSubject] = [3]float64{.3, .3, .5}
	w[kindQuiet] = [3]float64{1, 1, 0}
	w[kindSentence] = [3]float64{0.05, 0.05, 0.05}
	w[kindBlock] = [3]float64{}
	w[kindShort] = [3]float64{}
	return w
}
