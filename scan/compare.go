package scan

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"chaff/article"
	"chaff/corpus"
	"chaff/dedupe"
)

// compare is the second pass: it finds the pairs, tells them, and makes
// findings of the clusters.
func (r *run) compare(ctx context.Context) error {
	r.Progress.enter(Comparing, 0)
	found, err := r.index.Search(ctx)
	if err != nil {
		return err
	}
	r.left = found.Left
	for _, p := range found.Problems {
		r.problem(p.Err)
	}
	if r.judges {
		r.kin = make([]int, r.index.Len())
		for i := range r.kin {
			r.kin[i] = i
		}
	}
	if r.Pairs != nil || r.judges {
		for p := range found.Pairs() {
			if r.judges && !p.Furniture {
				r.join(p.A, p.B)
			}
			if r.Pairs == nil {
				continue
			}
			if err := r.Pairs(Pair{A: r.index.ID(p.A), B: r.index.ID(p.B), Likeness: p.Likeness}); err != nil {
				return err
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
		}
	}
	if !r.wants(article.NearDuplicate) {
		return nil
	}
	return r.tellNear(ctx, nearJobs(found))
}

// join notes that two articles are kin: versions of one text, or one holds the
// other. The kin of kin is kin.
func (r *run) join(a, b int) {
	a, b = r.family(a), r.family(b)
	r.kin[max(a, b)] = min(a, b)
}

// family returns the lowest number among the kin of an article.
func (r *run) family(n int) int {
	for r.kin[n] != n {
		r.kin[n] = r.kin[r.kin[n]]
		n = r.kin[n]
	}
	return n
}

// nearJob is a number of members of one cluster, or a single contained article,
// to be set against the article they are like.
type nearJob struct {
	cluster string
	other   int
	members []dedupe.Member
}

// jobMembers is how many members a worker takes at once: few enough that the
// members of one large cluster occupy all workers, enough that loading their
// representative for each job costs nothing.
const jobMembers = 32

func nearJobs(found *dedupe.Result) []nearJob {
	var jobs []nearJob
	for i, c := range found.Clusters() {
		name := fmt.Sprintf("c%d", i+1)
		for first := 0; first < len(c.Members); first += jobMembers {
			last := min(first+jobMembers, len(c.Members))
			jobs = append(jobs, nearJob{name, c.Representative, c.Members[first:last]})
		}
	}
	for _, c := range found.Contained() {
		jobs = append(jobs, nearJob{"", c.Other, []dedupe.Member{c.Member}})
	}
	return jobs
}

// nearReader is what one worker needs to compare texts.
type nearReader struct {
	member, other       *dedupe.Text
	memberBuf, otherBuf corpus.Buffer
}

// tellNear loads both sides of every job and tells what they share.
func (r *run) tellNear(ctx context.Context, jobs []nearJob) error {
	r.Progress.enter(Comparing, len(jobs))
	readers := make([]*nearReader, r.Workers)
	return r.each(ctx, len(jobs), func(ctx context.Context, worker, i int) error {
		if readers[worker] == nil {
			readers[worker] = &nearReader{
				member: dedupe.NewText(new(article.Article), r.tok, 0),
				other:  dedupe.NewText(new(article.Article), r.tok, 0),
			}
		}
		w, job := readers[worker], &jobs[i]
		other, err := r.corpus.Load(r.positions[job.other], &w.otherBuf)
		if err != nil {
			r.problem(err)
			return nil
		}
		w.other.Reset(other)
		if r.Beside != nil {
			r.Beside(strings.Clone(other.ID), r.positions[job.other])
		}
		for _, m := range job.members {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			a, err := r.corpus.Load(r.positions[m.Article], &w.memberBuf)
			if err != nil {
				r.problem(err)
				continue
			}
			w.member.Reset(a)
			if err := r.tell(nearFinding(job.cluster, w.member, w.other, m), r.positions[m.Article]); err != nil {
				return err
			}
		}
		return nil
	})
}

// nearFinding makes a finding of a member of a cluster.
func nearFinding(cluster string, member, other *dedupe.Text, m dedupe.Member) article.Finding {
	j, c := m.Jaccard, m.Containment
	f := article.Finding{
		Kind:        article.NearDuplicate,
		Cluster:     cluster,
		Article:     member.Article.ID,
		Other:       &article.Ref{Article: other.Article.ID},
		Score:       j,
		Jaccard:     &j,
		Containment: &c,
		Relation:    m.Relation,
		Reasons:     nearReasons(m),
	}
	if cluster == "" {
		f.Score = c // J says nothing of an article inside a far longer one
	}
	for i, p := range dedupe.Match(member, other, dedupe.MatchOptions{}) {
		if i == 0 {
			f.At, f.OtherAt = member.Place(p.A.Start), other.Place(p.B.Start)
		}
		f.Shared = append(f.Shared, article.Shared{Span: p.A, Other: p.B})
	}
	return f
}

// nearReasons says what was counted; how much of the texts that is stands in J
// and C.
func nearReasons(m dedupe.Member) []article.Reason {
	if m.Relation == article.Same {
		return []article.Reason{{Signal: "same words", Evidence: "every word, in the same order"}}
	}
	return []article.Reason{{Signal: "shared shingles", Evidence: strconv.Itoa(m.Shared)}}
}
