package dedupe

// A template is a form filled in for different events or dates; a version tells
// of the same event. What tells them apart is figures: versions keep theirs,
// while those of a template differ in their slots, dates first of all.
//
// Measured on pairs of Reuters-21578 (1987), chinanews, EventMonitor and RFCs,
// judged by reading what differs. Of 220 pairs, the hard ones picked out
// (different figures on one day, equal figures on different days), 202 come out
// as judged: 15 templates pass for versions and 3 versions for templates. Of 59
// pairs drawn at random after all thresholds were set, 58 do. What passes for a
// version is mostly told in words alone: a prime rate raised by one bank and
// then by another.
const (
	// refilledLater is the least share of figures that differ when the articles
	// are of different days.
	refilledLater = 0.08
	// refilledUndated is that share where a date is not known.
	refilledUndated = 0.12
	// refilledSameDay is that share on one day: figures are corrected and brought
	// up to date within hours, but not a quarter of them; and a template of up to
	// slotEvery words has at least one slot.
	refilledSameDay = 0.25
	slotEvery       = 90
	// laterDays is how many days apart articles are of different days. Daily
	// notes come 0.8 to 1.0 days apart at the least.
	laterDays = 0.75
	// muchLaterDays is from when on a text of which one place in swapEvery words
	// was filled differently is a template even if its figures are the same:
	// what is printed again after days is hardly changed.
	muchLaterDays = 3
	swapEvery     = 40
)

// template reports whether the texts compared last, days apart (below 0: not
// known), are one template rather than two versions.
func (f *frame) template(days float64) bool {
	words := float64(f.words)
	share := func(changed int) float64 { return float64(changed) / float64(max(1, changed+f.kept)) }
	switch {
	case days < 0:
		return share(f.refilled) >= refilledUndated
	case days >= muchLaterDays && float64(f.swapped)*swapEvery >= words:
		return true
	case days >= laterDays:
		return share(f.refilled+f.spelt) >= refilledLater
	}
	return share(f.refilled) >= refilledSameDay && float64(f.refilled)*slotEvery >= words
}
