package offtopic

// positionWeight is what the last blocks and the first are likelier to be sold
// or furniture: most pages have theirs behind the article.
const (
	positionWeight = 0.6
	positionLast   = 3 // blocks
)

// weighPosition speaks up for advertisements and furniture at the article's ends,
// weakly. Articles of fewer than six blocks have no middle to compare with.
func weighPosition(r *reading) {
	n := len(r.blocks)
	if n < 2*positionLast {
		return
	}
	for i := range r.blocks {
		if i > 0 && i < n-positionLast {
			continue
		}
		u := r.blocks[i].first
		r.add(evidence{unit: u, state: advert, signal: "position", note: "at an end of the article", weight: positionWeight})
		r.add(evidence{unit: u, state: boiler, signal: "position", note: "at an end of the article", weight: positionWeight})
	}
}
