package calibrate

import (
	"fmt"
	"strings"
)

// mostSuspects is how many tainted articles a report names.
const mostSuspects = 5

// String says in lines for a person what was done and what it is worth.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "set on %s, measured on %d others\n", articles(r.Tried), r.HeldOut)
	if n := len(r.Tainted); n > 0 {
		fmt.Fprintf(&b, "%s left out, with a passage that is certain as they are; if it belongs to them, use --tainted 0:\n", articles(n))
		for _, s := range r.Tainted[:min(n, mostSuspects)] {
			fmt.Fprintf(&b, "  %s\n", s.Article)
		}
		if n > mostSuspects {
			fmt.Fprintf(&b, "  and %d more\n", n-mostSuspects)
		}
	}
	fmt.Fprintf(&b, "clean articles flagged, wanted at most %s:\n", percent(r.Budget))
	fmt.Fprintf(&b, "  before  %s\n  after   %s\n", r.Before, r.After)
	if r.Raised {
		fmt.Fprintf(&b, "  raised  %s: the threshold was raised to hold the budget in these as well\n", r.Final)
	}
	if r.Exceeded {
		b.WriteString("no threshold holds the budget: too many articles have passages that look like grafts;\n" +
			"look at what scan --tier certain finds, or allow a larger --budget\n")
	}
	b.WriteString("plants found in the measured half, before and after:\n")
	for _, k := range r.Recalls {
		fmt.Fprintf(&b, "  %-32s %.2f  %.2f  of %d\n", k.Kind, float64(k.Before)/float64(k.Plants), float64(k.After)/float64(k.Plants), k.Plants)
	}
	return b.String()
}

func articles(n int) string {
	if n == 1 {
		return "1 article"
	}
	return fmt.Sprintf("%d articles", n)
}

// String says the share with its bound.
func (s Share) String() string {
	return fmt.Sprintf("%d of %d, %s (at most %s, with 95%% confidence)", s.Flagged, s.Of, percent(float64(s.Flagged)/float64(max(1, s.Of))), percent(s.AtMost))
}

func percent(x float64) string { return fmt.Sprintf("%.2g%%", 100*x) }
