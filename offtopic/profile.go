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

	// Silence is what a word of a block in which nothing speaks for a label says
	// against it, and the most a block can say so. Advertisement, boilerplate,
	// foreign, in this order, as in all arrays here.
	Silence [3]Silence
	// A sentence in which nothing speaks for a label, in a block where another
	// does, says less.
	QuietWord, QuietMost float64

	// Words says how what a sentence reads like is heard.
	Words [3]Hearing
	// Usual is the part of what an article's other sentences read like that is
	// taken off.
	Usual float64

	// Strange is what it says for each label that the words of a block don't come
	// again in the article, for each unit of the log-likelihood ratio up to
	// StrangeMost. It is said also where the article is too short to tell that a
	// block is foreign.
	Strange     [3]float64
	StrangeMost float64

	Certain, Likely float64 // the tiers, by probability
}

// Silence is what silence says against a label.
type Silence struct{ Word, Most float64 }

// Hearing turns the odds that a model gives into evidence: they are shifted,
// scaled and bounded.
type Hearing struct{ Shift, Scale, Least, Most float64 }

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
