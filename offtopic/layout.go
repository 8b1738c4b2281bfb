package offtopic

import (
	"fmt"

	"chaff/article"
)

// What a page knew of its blocks, where the article is one. On 214 pages whose
// articles are known, with every visible block of 20 letters and digits or more,
// outside the article stand .988 of the blocks in a header (titles of the page
// apart), .974 in a footer, .946 in navigation, .925 in a sidebar and .995 in a
// form; and of those that are links, .89 where no landmark is and .74 in the
// article, against .26 and .10 of those without a link. The weights are these
// shares as log-odds, rounded down, for the same pages give them and are measured
// with them.
var places = map[string]struct {
	name   string
	weight float64
}{
	"nav":    {"in the page's navigation", 2.7},
	"header": {"in the page's header", 3.5},
	"footer": {"in the page's footer", 3.5},
	"aside":  {"in the page's sidebar", 2.4},
	"form":   {"in a form", 3.5},
}

const (
	linkShare  = 0.9 // of a block from which it counts as a link
	linkWeight = 2.0 // of one that stands in no landmark
	linkInside = 1.0 // of one that stands in the article
	// headingWeight is what a heading with prose behind it says for itself: as
	// much as a line behind "Read more:" has against it. Of 60 findings in main
	// content, read one by one, 5 took such a heading along without it.
	headingWeight = 4.0

	// placeMost is the share of a page's prose, 1 in so many, above which a place
	// is no place for furniture on this page: templates put whole articles in a
	// form, an aside or a footer.
	placeMost = 4
	// proseSize is the length in bytes from which a block without a link counts
	// as prose.
	proseSize = 80
)

// weighLayout says what the place of a block in its page and its links speak
// for. Nothing where the article is no page.
func weighLayout(r *reading) {
	elements := r.art.Layout
	if len(elements) == 0 {
		return
	}
	prose, all := make(map[string]int), 0
	for i := range elements {
		if e := &elements[i]; e.Links == 0 && e.Len() >= proseSize {
			prose[e.Within] += e.Len()
			all += e.Len()
		}
	}
	for i, k := 0, 0; i < len(r.blocks); i++ {
		b := &r.blocks[i]
		for k < len(elements) && elements[k].End <= b.Start {
			k++
		}
		if k == len(elements) {
			return
		}
		e := &elements[k]
		if !e.Contains(b.Span) || b.guarded || b.hi == b.lo {
			continue
		}
		home := prose[e.Within]*placeMost > all
		if _, furnished := places[e.Within]; (home || !furnished) && k+1 < len(elements) && heads(e, &elements[k+1]) && b.furniture == noGroup {
			r.add(evidence{unit: b.first, state: boiler, signal: "heading", weight: -headingWeight})
			continue
		}
		r.place(b, e, home)
	}
}

// place weighs where b stands; home says that articles may stand there.
func (r *reading) place(b *block, e *article.Element, home bool) {
	place, furnished := places[e.Within]
	switch {
	case furnished && !home:
		if !heading(e.Tag) {
			r.spread(b, "place in the page", place.name, place.weight)
		}
	case e.Links < linkShare:
	case e.Within == "":
		r.spread(b, "links", linked(e), linkWeight)
	default:
		r.spread(b, "links", linked(e), linkInside)
	}
}

// heading reports whether a tag is that of titles. The title of an article often
// stands in a header.
func heading(tag string) bool { return tag == "h1" || tag == "h2" }

// heads reports whether e is a heading of the prose in next.
func heads(e, next *article.Element) bool {
	return len(e.Tag) == 2 && e.Tag[0] == 'h' && e.Tag != "hr" && e.Links == 0 &&
		next.Links < linkShare && next.Len() >= proseSize && next.Within == e.Within
}

func linked(e *article.Element) string { return fmt.Sprintf("%.0f%% of it are links", 100*e.Links) }

// spread shares a weight out over the units of b, which are in one place.
func (r *reading) spread(b *block, signal, note string, weight float64) {
	for u := b.first; u < b.last; u++ {
		r.add(evidence{unit: u, state: boiler, signal: signal, note: note, weight: weight / float64(b.last-b.first)})
	}
}
