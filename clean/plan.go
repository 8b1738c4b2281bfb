package clean

import (
	"cmp"
	"errors"
	"slices"
	"sort"
	"strings"
	"sync"
	"unique"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
)

// Plan is what is to be taken away, article by article: a list of spans, or all
// of it. It takes 40 bytes for each span, some 80 for each article that is
// dropped, and nothing for those that stay as they are. Several goroutines may
// add to it.
type Plan struct {
	mu     sync.Mutex
	cuts   []cut
	drops  []drop
	unread map[string]error // by path
}

// cut is a span that a finding asks to be taken away.
type cut struct {
	at    corpus.Position
	span  place
	first place // what stays of the same words; empty where nothing must
	why   unique.Handle[why]
}

// place is an [article.Span] in half the memory.
type place struct{ start, end uint32 }

func placeOf(s article.Span) place { return place{uint32(s.Start), uint32(s.End)} }

func (p place) of() article.Span { return article.Span{Start: int(p.start), End: int(p.end)} }

// why is what a finding says of itself. There are few different ones.
type why struct {
	kind    article.Kind
	label   article.Label
	tier    article.Tier
	signals string // one a line
}

// drop is an article that is left out.
type drop struct {
	at                   corpus.Position
	other                unique.Handle[string] // id of the representative
	relation             article.Relation
	jaccard, containment float64
}

// change is the line of the manifest for an article that is left out.
func (d *drop) change(id string) Change {
	return Change{
		Type: changeType, ID: id, Action: Drop, Representative: d.other.Value(),
		Relation: d.relation, Jaccard: d.jaccard, Containment: d.containment,
	}
}

// NewPlan returns a plan that takes nothing away yet.
func NewPlan() *Plan { return &Plan{unread: make(map[string]error)} }

// Add puts what f asks for into the plan. It has the form of what [scan.Run]
// hands its findings to. A finding with a span has that taken away; of a repeat
// this is the later place, and it stays if the first one doesn't, or if it has other
// figures: these would be lost. A near-duplicate is left out, unless it is no member
// of a cluster or of one of a template. Off-topic findings of every tier are taken:
// which of them come here is the caller's to say.
func (p *Plan) Add(f article.Finding, at corpus.Position) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case f.Span != nil && !informs(&f):
		p.cuts = append(p.cuts, cutFor(&f, at))
	case f.Kind == article.NearDuplicate && f.Cluster != "" && f.Relation != article.Template && f.Other != nil:
		d := drop{at: at, other: unique.Make(f.Other.Article), relation: f.Relation}
		if f.Jaccard != nil && f.Containment != nil {
			d.jaccard, d.containment = *f.Jaccard, *f.Containment
		}
		p.drops = append(p.drops, d)
	}
	return nil
}

// informs reports whether f is a copy that says something its first place does not.
func informs(f *article.Finding) bool {
	return f.Kind == article.Repeat && slices.ContainsFunc(f.Reasons, func(r article.Reason) bool { return r.Signal == dedupe.OtherFigures })
}

func whyOf(f *article.Finding) why {
	signals := make([]string, len(f.Reasons))
	for i, r := range f.Reasons {
		signals[i] = r.Signal
	}
	return why{f.Kind, f.Label, f.Tier, strings.Join(signals, "\n")}
}

// Unread notes a problem of the corpus, so that a file that could not be read is
// not copied. One that is empty, or a page or archive without an article, is.
func (p *Plan) Unread(problem corpus.Problem) {
	if problem.Line > 0 || errors.Is(problem.Err, corpus.ErrEmpty) || errors.Is(problem.Err, corpus.ErrNoArticle) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unread[problem.Path] = problem.Err
}

// sort puts cuts and drops into reading order.
func (p *Plan) sort() {
	slices.SortFunc(p.cuts, func(a, b cut) int {
		return cmp.Or(a.at.Compare(b.at), a.compare(b))
	})
	slices.SortFunc(p.drops, func(a, b drop) int { return a.at.Compare(b.at) })
}

// touches reports whether anything in a source is to be taken away.
func (p *Plan) touches(source int) bool {
	cuts := sort.Search(len(p.cuts), func(i int) bool { return p.cuts[i].at.Source() >= source })
	return cuts < len(p.cuts) && p.cuts[cuts].at.Source() == source || p.dropIn(source) != nil
}

// dropIn returns the first article of a source that is left out; nil if none is.
func (p *Plan) dropIn(source int) *drop {
	i := sort.Search(len(p.drops), func(i int) bool { return p.drops[i].at.Source() >= source })
	if i < len(p.drops) && p.drops[i].at.Source() == source {
		return &p.drops[i]
	}
	return nil
}

// of returns what is to be done with the article at a position.
func (p *Plan) of(at corpus.Position) ([]cut, *drop) {
	first := sort.Search(len(p.cuts), func(i int) bool { return p.cuts[i].at.Compare(at) >= 0 })
	last := first
	for last < len(p.cuts) && p.cuts[last].at == at {
		last++
	}
	i := sort.Search(len(p.drops), func(i int) bool { return p.drops[i].at.Compare(at) >= 0 })
	if i < len(p.drops) && p.drops[i].at == at {
		return nil, &p.drops[i]
	}
	return p.cuts[first:last], nil
}
