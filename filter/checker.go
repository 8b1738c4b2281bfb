package filter

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"chaff/article"
	"chaff/dedupe"
	"chaff/filter/store"
	"chaff/offtopic"
	"chaff/shingle"
)

// CheckerOptions say what a [Checker] looks for and what follows from it.
type CheckerOptions struct {
	// Index remembers the articles accepted before. Nil means that near-duplicates are
	// not looked for.
	Index *store.Store
	// Rules give the verdict; nil means [DefaultRules].
	Rules *Rules
	// Repeats say what counts as a repeat.
	Repeats dedupe.RepeatOptions
	// Tokenizer says what a word is, where repeats are looked for.
	Tokenizer shingle.Tokenizer
}

// Checker judges articles before they are published: whether they repeat themselves,
// hold what does not belong to them, or were seen before. It may be used by several
// goroutines.
type Checker struct {
	index    *store.Store
	rules    *Rules
	repeats  dedupe.RepeatOptions
	detector *offtopic.Detector
	texts    sync.Pool // of *dedupe.Text
}

// NewChecker returns a checker. The index stays the caller's to close.
func NewChecker(o CheckerOptions) *Checker {
	c := &Checker{
		index:    o.Index,
		rules:    o.Rules,
		repeats:  o.Repeats,
		detector: offtopic.NewDetector(offtopic.Options{}),
		texts: sync.Pool{New: func() any {
			return dedupe.NewText(new(article.Article), o.Tokenizer, 0)
		}},
	}
	if c.rules == nil {
		c.rules = &DefaultRules
	}
	return c
}

// Result is what a checker found out about an article.
type Result struct {
	Verdict Verdict
	// Findings are in the order of [article.Finding.Compare]; those of tier
	// [article.Review] are left out.
	Findings []article.Finding
	// Status tells what became of the article in the index; empty where it was
	// not added since the verdict is not [Accept], or where there is no index.
	Status store.Status

	// Explanations are values of kind [article.Explanation], one for each block, in text
	// order; [Checker.Explain] alone gives them.
	Explanations []article.Finding

	outcome *store.Outcome
}

// Waits reports whether Wait may have to wait. For the result of [Checker.Check] it never
// has to.
func (r *Result) Waits() bool { return r.outcome != nil }

// Wait returns when what r rests on is on disk: the article, if it was added, and
// those of which it is a near-duplicate. An error means that they may be lost.
func (r *Result) Wait() error {
	if r.outcome == nil {
		return nil
	}
	return r.outcome.Wait()
}

// Check judges a and changes nothing.
func (c *Checker) Check(ctx context.Context, a *article.Article) (Result, error) {
	r, _, err := c.check(ctx, a)
	return r, err
}

// check is Check, and returns besides the findings that the result leaves out.
func (c *Checker) check(ctx context.Context, a *article.Article) (r Result, weak []article.Finding, err error) {
	findings, weak := c.alone(a)
	if c.index != nil {
		matches, err := c.index.Query(ctx, a)
		if err != nil {
			return Result{}, nil, fmt.Errorf("checking: %w", err)
		}
		findings = append(findings, nearDuplicates(a.ID, matches)...)
	}
	return c.result(a, findings), weak, nil
}

// Submit judges a and, if the verdict is [Accept], adds it to the index. When it returns,
// that is on disk. Of two near-duplicates submitted at one moment one is judged with
// the other in the index. An article whose ID and text are in the index already
// was accepted before, and near-duplicates of it are not looked for again.
//
// It fails where the checker has no index.
func (c *Checker) Submit(ctx context.Context, a *article.Article) (Result, error) {
	r, err := c.Begin(ctx, a)
	if err == nil {
		err = r.Wait()
	}
	if err != nil {
		return Result{}, err
	}
	return r, nil
}

// Pending is an article that has been looked at and not been judged yet.
type Pending struct {
	checker    *Checker
	article    *article.Article
	alone      []article.Finding
	submission *store.Submission // nil without an index
}

// Prepare does the work of [Checker.Submit] that may be done for many articles at a
// time. What it returns must be ended with Commit or Discard; until then a must not
// change.
func (c *Checker) Prepare(ctx context.Context, a *article.Article) (*Pending, error) {
	p := &Pending{checker: c, article: a}
	p.alone, _ = c.alone(a)
	if c.index != nil {
		// Last, since every later commit has to be compared with it.
		var err error
		if p.submission, err = c.index.Prepare(ctx, a); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Commit judges the article and, if the verdict is [Accept], adds it to the index,
// where whoever asks sees it from then on; [Result.Wait] tells when it is on disk.
// Where one goroutine alone calls Commit, the results are those of [Checker.Submit]
// for one article after the other. It ends p.
func (p *Pending) Commit(ctx context.Context) (Result, error) {
	c, a := p.checker, p.article
	if p.submission == nil {
		return c.result(a, p.alone), nil
	}
	acceptable := c.rules.Judge(a.Source, p.alone) == Accept
	o, err := p.submission.Commit(ctx, func(matches []store.Match) bool {
		return acceptable && c.rules.Judge(a.Source, nearDuplicates(a.ID, matches)) == Accept
	})
	if err != nil {
		return Result{}, err
	}
	r := c.result(a, append(p.alone, nearDuplicates(a.ID, o.Matches)...))
	r.outcome = &o
	if o.Status != store.Refused {
		r.Status = o.Status
	}
	return r, nil
}

// Discard ends p without a judgement.
func (p *Pending) Discard() {
	if p.submission != nil {
		p.submission.Discard()
	}
}

// largeArticle is the number of words above which buffers are not kept for the next
// article.
const largeArticle = 1 << 17

// alone finds what can be found in a without other articles. What needs a person's review
// is apart, as weak.
func (c *Checker) alone(a *article.Article) (findings, weak []article.Finding) {
	text := c.texts.Get().(*dedupe.Text)
	text.Reset(a)
	findings = dedupe.Repeats(text, c.repeats)
	if text.Words.Len() <= largeArticle {
		text.Article = nil
		c.texts.Put(text)
	}
	for _, f := range c.detector.Find(a) {
		if f.Tier.AtLeast(DefaultTier) {
			findings = append(findings, f)
		} else {
			weak = append(weak, f)
		}
	}
	return findings, weak
}

func nearDuplicates(id string, matches []store.Match) []article.Finding {
	var findings []article.Finding
	for i := range matches {
		findings = append(findings, NearDuplicate(id, &matches[i]))
	}
	return findings
}

func (c *Checker) result(a *article.Article, findings []article.Finding) Result {
	slices.SortFunc(findings, func(f, g article.Finding) int { return f.Compare(&g) })
	return Result{Verdict: c.rules.Judge(a.Source, findings), Findings: findings}
}
