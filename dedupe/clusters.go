package dedupe

import (
	"cmp"
	"context"
	"slices"

	"chaff/article"
	"chaff/shingle"
)

// minLink is the least J of two articles of one cluster when the threshold for C
// alone makes them near-duplicates: a digest that holds five articles does not
// make them versions of one another.
const minLink = 0.25

// Cluster is a group of near-duplicates, each of which was compared with the
// representative itself: the earliest, then the longest, then the first by ID of
// those that no cluster before it took.
type Cluster struct {
	// Representative is the number of the representative.
	Representative int
	// Template tells that the articles are one form, filled in for different
	// events or dates.
	Template bool
	// Members are all others, by preference.
	Members []Member
}

// Member is how one article stands to another: to the representative of its
// cluster, or to an article that it contains or is contained in.
type Member struct {
	// Article is the number of the article.
	Article int
	shingle.Likeness
	// Shared is the number of shingles that both have; 0 where the two have the
	// same words, which settles it.
	Shared int
	// Relation is told of Article.
	Relation article.Relation
}

// Clusters returns the clusters of near-duplicates, by their representatives in
// the order of preference. See [Index.Search]; to have pairs as well, search
// once.
func (x *Index) Clusters(ctx context.Context) ([]Cluster, error) {
	r, err := x.Search(ctx)
	if err != nil {
		return nil, err
	}
	return r.Clusters(), nil
}

// Clusters returns the clusters of near-duplicates, by their representatives in
// the order of preference, a cluster of versions before one of a template with
// the same representative. No article is a member of two clusters; a
// representative of versions may be in the cluster of a template as well, for
// all of them.
//
// The first article that is in no cluster yet represents the next one; those it
// is linked to, and in no cluster yet, are its members.
func (r *Result) Clusters() []Cluster {
	first, beside := r.beside()
	var clusters []Cluster
	version := make([]bool, r.nodes.len()) // members of clusters of versions
	for node := range uint32(r.nodes.len()) {
		if version[node] {
			continue
		}
		c := Cluster{Representative: r.preferred(node)}
		for _, a := range r.nodes.articles(node)[1:] {
			c.Members = append(c.Members, Member{
				Article:  int(a),
				Likeness: shingle.Likeness{Jaccard: 1, Containment: 1},
				Relation: article.Same,
			})
		}
		for _, l := range r.gather(node, beside[first[node]:first[node+1]], version, false) {
			for _, b := range r.nodes.articles(l.b) {
				c.Members = append(c.Members, l.member(b, r.index.opts.relation(l)))
			}
		}
		if len(c.Members) > 0 {
			clusters = append(clusters, c)
		}
	}
	taken := version // a version is in its template's cluster by its representative
	for node := range uint32(r.nodes.len()) {
		if taken[node] {
			continue
		}
		c := Cluster{Representative: r.preferred(node), Template: true}
		for _, l := range r.gather(node, beside[first[node]:first[node+1]], taken, true) {
			c.Members = append(c.Members, l.member(r.nodes.articles(l.b)[0], r.index.opts.relation(l)))
		}
		if len(c.Members) > 0 {
			clusters = append(clusters, c)
		}
	}
	slices.SortStableFunc(clusters, func(c, d Cluster) int {
		return cmp.Compare(r.nodes.of[c.Representative], r.nodes.of[d.Representative])
	})
	return clusters
}

// preferred returns the number of the article that stands for all of node.
func (r *Result) preferred(node uint32) int { return int(r.nodes.articles(node)[0]) }

// gather returns the links from node to those it takes for its cluster, and
// marks them as taken. Nodes before it have had their turn.
func (r *Result) gather(node uint32, links []uint32, taken []bool, template bool) []*link {
	var members []*link
	for _, i := range links {
		l := &r.links[i]
		if l.a == node && !taken[l.b] && !l.furniture && l.template == template && r.index.opts.joins(l.likeness()) {
			taken[l.b] = true
			members = append(members, l)
		}
	}
	return members
}

func (l *link) member(n uint32, relation article.Relation) Member {
	return Member{Article: int(n), Likeness: l.likeness(), Shared: int(l.shared), Relation: relation}
}

// joins reports whether two near-duplicates may be of one cluster.
func (o *Options) joins(l shingle.Likeness) bool {
	return l.Jaccard >= min(minLink, o.Jaccard)
}

// Contained is an article that stands inside another which is no version of it:
// one of the pieces of a digest.
type Contained struct {
	// Member is the shorter article. Its relation is [article.Contained].
	Member
	// Other is the number of the article that contains it.
	Other int
}

// Contained returns the near-duplicates that are no links of a cluster: C alone
// makes them alike, and J is under 0.25. Those that share furniture alone are left out. Of articles with the same words the
// preferred one stands for all. They are ordered by preference.
func (r *Result) Contained() []Contained {
	var all []Contained
	for i := range r.links {
		l := &r.links[i]
		if l.furniture || r.index.opts.joins(l.likeness()) {
			continue
		}
		short, long := l.a, l.b
		if l.sizeA > l.sizeB {
			short, long = long, short
		}
		all = append(all, Contained{
			Member: l.member(uint32(r.preferred(short)), article.Contained),
			Other:  r.preferred(long),
		})
	}
	return all
}

// An article is contained in another if nearly all of its shingles are there and
// the other has noticeably more. Otherwise, one is a version of the other.
const (
	mostShingles = 0.9
	noticeably   = 0.9
)

// relation tells how b stands to a.
func (o *Options) relation(l *link) article.Relation {
	shared, a, b := float64(l.shared), float64(l.sizeA), float64(l.sizeB)
	linked := o.joins(l.likeness())
	switch {
	case l.template:
		return article.Template
	case shared >= mostShingles*b && b <= noticeably*a, !linked && b <= a:
		return article.Contained
	case shared >= mostShingles*a && a <= noticeably*b, !linked:
		return article.Contains
	}
	return article.Version
}
