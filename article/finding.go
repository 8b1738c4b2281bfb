package article

import (
	"cmp"
	"strings"
)

// Kind is what a finding is about.
type Kind string

// The three kinds of chaff.
const (
	Repeat        Kind = "repeat"         // a passage that stands more than once in one article
	NearDuplicate Kind = "near-duplicate" // an article that is a version of another
	OffTopic      Kind = "off-topic"      // a block that does not belong to its article
)

// Explanation is the kind of what is no finding: what the signals of off-topic
// content say of one block, whether or not it is found. [Kinds] lacks it.
const Explanation Kind = "explanation"

// Kinds lists every kind, in the order in which findings of one place are told.
var Kinds = []Kind{Repeat, NearDuplicate, OffTopic}

// Label says what an off-topic block is.
type Label string

// The labels of off-topic blocks.
const (
	Advertisement Label = "advertisement" // it sells
	Boilerplate   Label = "boilerplate"   // page furniture: share buttons, newsletter, bio, related posts, …
	Foreign       Label = "foreign"       // another text: of another article, a chatbot's, filler, code, …
)

// Labels lists every label.
var Labels = []Label{Advertisement, Boilerplate, Foreign}

// Tier says how sure an off-topic finding is.
type Tier string

// The tiers, surest first.
const (
	Certain Tier = "certain"
	Likely  Tier = "likely"
	Review  Tier = "review"
)

// Tiers lists every tier, surest first.
var Tiers = []Tier{Certain, Likely, Review}

// AtLeast reports whether t is as sure as floor or surer. The empty tier, which
// every finding but an off-topic one has, is as sure as [Certain].
func (t Tier) AtLeast(floor Tier) bool { return t.rank() <= floor.rank() }

func (t Tier) rank() int {
	switch t {
	case Likely:
		return 1
	case Review:
		return 2
	}
	return 0
}

// Relation says how two near-duplicates stand to one another, told of the
// article the finding is about.
type Relation string

// The relations of near-duplicates.
const (
	Same      Relation = "same"      // the same words
	Version   Relation = "version"   // an edited, cut or extended version
	Contained Relation = "contained" // the article stands inside the other, longer one
	Contains  Relation = "contains"  // the other, shorter one stands inside the article
	Template  Relation = "template"  // one form filled in for different events or dates
)

// Relations lists every relation.
var Relations = []Relation{Same, Version, Contained, Contains, Template}

// Reason is one piece of evidence behind a finding, in an editor's words.
type Reason struct {
	// Signal names the evidence: "pull quote", "call-to-action".
	Signal string `json:"signal"`
	// Evidence is what was seen: the words, the count. It may be empty.
	Evidence string `json:"evidence,omitempty"`
	// Weight is what the evidence adds to the decision, in log-odds (natural
	// logarithm); 0 where the finding is a matter of counting, not of weighing.
	Weight float64 `json:"weight,omitempty"`
	// Label is the one that an [Explanation]'s evidence speaks for; empty in findings.
	Label Label `json:"label,omitempty"`
}

// Probabilities say of a block how likely it would be a graft of each label if it
// were one by itself, in [0,1].
type Probabilities struct {
	Advertisement float64 `json:"advertisement"`
	Boilerplate   float64 `json:"boilerplate"`
	Foreign       float64 `json:"foreign"`
}

// Ref points to the other side of a finding.
type Ref struct {
	Article string `json:"article"`
	Span    *Span  `json:"span,omitempty"`
}

// Shared is a passage that two near-duplicates have in common: Span in the
// article of the finding, Other in the article it refers to.
type Shared struct {
	Span  Span `json:"span"`
	Other Span `json:"other"`
}

// Place is where a span begins, for people: line and paragraph, counted from 1.
// The zero Place means not known.
type Place struct {
	Line, Paragraph int
}

// Finding is one thing found in one article. Its JSON form is the contract of
// the command's JSON Lines output.
type Finding struct {
	Kind Kind `json:"kind"`
	// Label is set for off-topic findings only.
	Label Label `json:"label,omitempty"`
	// Cluster names the group of near-duplicates; articles that share a value
	// share a representative. Empty where the pair is no link of a cluster.
	Cluster string `json:"cluster,omitempty"`
	Article string `json:"article"`
	// Span is the later occurrence of a repeat, or the off-topic passage; nil
	// for near-duplicates.
	Span *Span `json:"span,omitempty"`
	// Other is the first occurrence of a repeat, or the representative of a
	// near-duplicate; nil for off-topic findings.
	Other *Ref `json:"other,omitempty"`
	// Score is in (0,1]: likeness of a repeat's two places; J of near-duplicates,
	// C where they are no link of a cluster; the probability of off-topic.
	Score float64 `json:"score"`
	Tier  Tier    `json:"tier,omitempty"`
	// Jaccard and Containment are exact, in [0,1]; nil but for near-duplicates.
	Jaccard     *float64 `json:"jaccard,omitempty"`
	Containment *float64 `json:"containment,omitempty"`
	Relation    Relation `json:"relation,omitempty"`
	Shared      []Shared `json:"shared,omitempty"`
	// Probabilities are set in explanations alone, which have Label, Score and Tier
	// of the finding they are part of, if any.
	Probabilities *Probabilities `json:"probabilities,omitempty"`
	// Text is the whole passage or block; empty for near-duplicates.
	Text    string   `json:"text,omitempty"`
	Reasons []Reason `json:"reasons"`

	// At and OtherAt are where Span and Other.Span begin; of near-duplicates,
	// where both sides of the first of Shared do. They are for the text report
	// and not part of the JSON form.
	At      Place `json:"-"`
	OtherAt Place `json:"-"`
}

// Compare orders findings totally: by article, start, end, kind (in the order
// of [Kinds]), other article, other start and end, label. It returns a negative
// number when f comes before g, and 0 only when the two agree in all of these.
func (f *Finding) Compare(g *Finding) int {
	a, b := f.span(), g.span()
	return cmp.Or(
		strings.Compare(f.Article, g.Article),
		cmp.Compare(a.Start, b.Start),
		cmp.Compare(a.End, b.End),
		cmp.Compare(f.Kind.rank(), g.Kind.rank()),
		f.Other.compare(g.Other),
		strings.Compare(string(f.Label), string(g.Label)),
		strings.Compare(f.Cluster, g.Cluster),
	)
}

func (f *Finding) span() Span {
	if f.Span == nil {
		return Span{}
	}
	return *f.Span
}

func (k Kind) rank() int {
	for i, kind := range Kinds {
		if k == kind {
			return i
		}
	}
	return len(Kinds)
}

func (r *Ref) compare(s *Ref) int {
	if r == nil || s == nil {
		return cmp.Compare(present(r), present(s))
	}
	var a, b Span
	if r.Span != nil {
		a = *r.Span
	}
	if s.Span != nil {
		b = *s.Span
	}
	return cmp.Or(
		strings.Compare(r.Article, s.Article),
		cmp.Compare(a.Start, b.Start),
		cmp.Compare(a.End, b.End),
	)
}

func present(r *Ref) int {
	if r == nil {
		return 0
	}
	return 1
}
