package offtopic

import "chaff/article"

// state is what a unit of an article is taken for.
type state int8

const (
	onTopic state = iota
	advert
	boiler
	leftover // of writing: foreign
	stranger // a piece of another text: foreign
	states
)

var stateLabels = [states]article.Label{"", article.Advertisement, article.Boilerplate, article.Foreign, article.Foreign}

// Sorts is the number of sorts of grafts that are told apart: advertisement,
// boilerplate, leftovers of writing and pieces of other texts, in this order.
const Sorts = int(states) - 1

// SortLabel returns the label of a sort.
func SortLabel(sort int) article.Label { return stateLabels[1+sort] }

// step is one unit as the decoder sees it: the log-odds of each state against
// onTopic (whose own is 0), and the cost of a change of state before the unit.
type step struct {
	score [states]float64
	enter float64         // from onTopic to another state
	ease  [states]float64 // what is taken off it for each state
	leave float64         // from another state to onTopic
	turn  float64         // between two states that are not onTopic
	short bool            // the unit is a short line that does not end as a sentence
}

// segment is a run of units in one state: units first to last, and what the
// state's score is worth with the costs of its ends taken off.
type segment struct {
	state       state
	first, last int
	score       float64
}

// decoder finds the most likely sequence of states (Viterbi, 1967). Its zero
// value is ready; it keeps its buffers.
type decoder struct {
	from [][states]state
}

// decode appends to dst the segments of the best sequence that are not on topic.
// Of two sequences of one score it prefers the one with fewer changes.
func (d *decoder) decode(dst []segment, steps []step) []segment {
	if len(steps) == 0 {
		return dst
	}
	d.from = append(d.from[:0], make([][states]state, len(steps))...)
	var best [states]float64
	for s := range states {
		best[s] = steps[0].score[s]
		if s != onTopic {
			best[s] -= steps[0].change(onTopic, s)
		}
	}
	for i := 1; i < len(steps); i++ {
		var next [states]float64
		for s := range states {
			next[s] = best[s]
			d.from[i][s] = s
			for p := range states {
				if v := best[p] - steps[i].change(p, s); v > next[s] {
					next[s] = v
					d.from[i][s] = p
				}
			}
			next[s] += steps[i].score[s]
		}
		best = next
	}
	s := onTopic
	for p := range states {
		if best[p] > best[s] {
			s = p
		}
	}
	return d.trace(dst, steps, s)
}

func (st *step) change(p, s state) float64 {
	switch {
	case p == s:
		return 0
	case p == onTopic:
		return st.enter - st.ease[s]
	case s == onTopic:
		return st.leave
	}
	return st.turn
}

// trace follows the best sequence from its last state s back and appends its
// segments in the order of the text.
func (d *decoder) trace(dst []segment, steps []step, s state) []segment {
	n := len(dst)
	for i := len(steps) - 1; i >= 0; {
		last := i
		score := 0.0
		for {
			score += steps[i].score[s]
			if i == 0 || d.from[i][s] != s {
				break
			}
			i--
		}
		p := onTopic
		if i > 0 {
			p = d.from[i][s]
		}
		if s != onTopic {
			score -= steps[i].change(p, s)
			if last+1 < len(steps) {
				score -= steps[last+1].leave
			}
			dst = append(dst, segment{s, i, last, score})
		}
		s = p
		i--
	}
	for i, j := n, len(dst)-1; i < j; i, j = i+1, j-1 {
		dst[i], dst[j] = dst[j], dst[i]
	}
	return dst
}

// joinLists joins advertisements that only short lines stand between: a list of what is
// sold, whose lines alone read like nothing in particular. What the lines hold against
// that must be less than each of the two is worth. The cases under testdata/offtopic
// and BBC come out the same without it; lists of places and goods inside advertisements
// do not.
func joinLists(segments []segment, steps []step) []segment {
	kept := segments[:0]
	for _, s := range segments {
		if n := len(kept); n > 0 && kept[n-1].state == advert && s.state == advert {
			if whole, ok := joined(kept[n-1], s, steps); ok {
				kept[n-1] = whole
				continue
			}
		}
		kept = append(kept, s)
	}
	return kept
}

// joined returns the segment that p and q, which follows it in the same state, are part
// of, if all between them are short lines.
func joined(p, q segment, steps []step) (segment, bool) {
	whole := segment{p.state, p.first, q.last, p.score + q.score}
	for _, st := range steps[p.last+1 : q.first] {
		if !st.short {
			return whole, false
		}
		whole.score += st.score[p.state]
	}
	whole.score += steps[p.last+1].leave + steps[q.first].change(onTopic, q.state)
	return whole, whole.score > max(p.score, q.score)
}
