// Package filter decides which findings count: [Policy] says which of them are
// told and which make a run fail.
package filter

import (
	"fmt"
	"slices"
	"strings"

	"chaff/article"
)

// DefaultTier is the least sure tier that a [Policy] keeps when it names none:
// what needs a person's review is told only when it is asked for.
const DefaultTier = article.Likely

// Policy says what to do with findings. The zero value keeps every finding but
// those of tier [article.Review], and none fails. A Policy that no one changes
// may be used by several goroutines.
type Policy struct {
	// Only lists the kinds that are kept; empty means all.
	Only []article.Kind
	// Tier is the least sure tier that is kept; empty means [DefaultTier].
	// Findings without a tier are always sure enough.
	Tier article.Tier
	// FailOn lists the kinds of which one kept finding makes the run fail.
	FailOn []article.Kind
}

// Keep reports whether f is told.
func (p *Policy) Keep(f *article.Finding) bool {
	floor := p.Tier
	if floor == "" {
		floor = DefaultTier
	}
	return f.Tier.AtLeast(floor) && (len(p.Only) == 0 || slices.Contains(p.Only, f.Kind))
}

// Fails reports whether f is told and makes the run fail.
func (p *Policy) Fails(f *article.Finding) bool {
	return slices.Contains(p.FailOn, f.Kind) && p.Keep(f)
}

// ParseKinds reads a list of kinds with commas between them, such as
// "repeat,off-topic". White space around a kind is left out. The error names
// the kinds there are.
func ParseKinds(list string) ([]article.Kind, error) {
	var kinds []article.Kind
	for name := range strings.SplitSeq(list, ",") {
		kind, err := parse(strings.TrimSpace(name), article.Kinds)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds, nil
}

// ParseTier reads a tier, such as "likely". The error names the tiers there are.
func ParseTier(name string) (article.Tier, error) {
	return parse(name, article.Tiers)
}

func parse[T ~string](name string, permitted []T) (T, error) {
	if slices.Contains(permitted, T(name)) {
		return T(name), nil
	}
	names := make([]string, len(permitted))
	for i, p := range permitted {
		names[i] = string(p)
	}
	return "", fmt.Errorf("%q is none of %s", name, strings.Join(names, ", "))
}
