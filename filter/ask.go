package filter

import (
	"context"
	"fmt"
	"slices"

	"chaff/article"
)

// Explain judges a as [Checker.Check] does and tells besides what the verdict does not
// rest on: the findings of tier [article.Review], and what each signal of off-topic
// content says of every block.
func (c *Checker) Explain(ctx context.Context, a *article.Article) (Result, error) {
	r, weak, err := c.check(ctx, a)
	if err != nil {
		return Result{}, err
	}
	r.Findings = append(r.Findings, weak...)
	r.Explanations = c.detector.Explain(a)
	slices.SortFunc(r.Findings, func(f, g article.Finding) int { return f.Compare(&g) })
	return r, nil
}

// Begin does as [Checker.Submit] does, but returns before it is on disk: [Result.Wait]
// tells when that is so. Nothing may be said of the result before.
func (c *Checker) Begin(ctx context.Context, a *article.Article) (Result, error) {
	if c.index == nil {
		return Result{}, fmt.Errorf("submitting article %q: no index", a.ID)
	}
	p, err := c.Prepare(ctx, a)
	if err != nil {
		return Result{}, err
	}
	return p.Commit(ctx)
}
