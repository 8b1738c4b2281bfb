package offtopic

import (
	"unicode/utf8"

	"chaff/offtopic/topics"
)

// subjects is what a block is about, and how far that is what the article is about.
type subjects struct {
	first, last int     // mentions[first:last] are the block's
	fit         float64 // log-likelihood ratio of its mentions, for another article's if above 0
}

// What a block's words can say together.
const (
	subjectMost  = 6.0
	subjectLeast = -4.0
	subjectFull  = 3 // words of subjects from which a block is heard in full as a stranger
)

// findSubjects finds the words in each block that tell of its subject and weighs
// them against those of the article's other blocks.
func (r *reading) findSubjects() {
	r.about = append(r.about[:0], make([]subjects, len(r.blocks))...)
	r.mentions = r.mentions[:0]
	if r.lang < 0 {
		return
	}
	table := topics.Builtin().Language(r.lex.names[r.lang])
	if table == nil {
		return
	}
	r.folded, r.foldedAt = topics.Fold(r.folded[:0], r.foldedAt[:0], r.text, &r.words)
	var all [topics.Most]float64
	for i := range r.blocks {
		b, a := &r.blocks[i], &r.about[i]
		a.first = len(r.mentions)
		a.last = a.first
		if b.copied {
			continue
		}
		r.mentions = table.Find(r.mentions, r.folded, r.foldedAt, b.lo, b.hi, func(w int) bool { return r.isCommon(w) && !r.wide(w) })
		r.mentions = r.mentions[:a.first+len(topics.Distinct(r.mentions[a.first:]))]
		a.last = len(r.mentions)
		topics.Count(&all, r.mentions[a.first:a.last])
	}
	affinity := topics.BuiltinAffinity()
	for i := range r.about {
		a := &r.about[i]
		if a.first == a.last {
			continue
		}
		var own [topics.Most]float64
		topics.Count(&own, r.mentions[a.first:a.last])
		rest := all
		sum := 0.0
		for s := range rest {
			rest[s] = max(0, rest[s]-own[s])
			sum += rest[s]
		}
		if sum >= 1 {
			a.fit = affinity.Fit(r.mentions[a.first:a.last], &rest)
			if a.fit > 0 {
				a.fit *= min(1, float64(a.last-a.first)/subjectFull)
			}
		}
	}
}

// weighSubject weighs how far the subjects of each block's words are the article's, for
// sorts of grafts other than a piece of another text.
func (r *reading) weighSubject() {
	for i := range r.about {
		b, a := &r.blocks[i], &r.about[i]
		if b.guarded || a.fit == 0 {
			continue
		}
		kind, note := kindSubject, ""
		if a.fit < 0 {
			kind = kindOwnSubject
		} else {
			note = r.tellSubjects(i)
		}
		w := max(subjectLeast, min(a.fit, subjectMost)) / float64(b.last-b.first)
		for u := b.first; u < b.last; u++ {
			e := evidence{unit: u, kind: kind, note: note, weight: w}
			if w < 0 {
				r.addKin(e)
				continue
			}
			e.state = advert
			r.add(e)
		}
	}
}

// tellSubjects says of which subjects block i has words, and the article.
func (r *reading) tellSubjects(i int) string {
	var own, all [topics.Most]float64
	a := &r.about[i]
	topics.Count(&own, r.mentions[a.first:a.last])
	topics.Count(&all, r.mentions)
	for s := range all {
		all[s] -= own[s]
	}
	names := topics.Builtin().Names
	said := "words of "
	best := largest(&own)
	said += names[best] + ":"
	n := 0
	for _, m := range r.mentions[a.first:a.last] {
		if m.Subjects&(1<<best) != 0 && n < 3 {
			if n > 0 {
				said += ","
			}
			said += " " + r.word(m.Word)
			n++
		}
	}
	first := largest(&all)
	said += "; the article: " + names[first]
	all[first] = 0
	if next := largest(&all); all[next] > 0 {
		said += ", " + names[next]
	}
	return said
}

func largest(counts *[topics.Most]float64) int {
	best := 0
	for s, c := range counts {
		if c > counts[best] {
			best = s
		}
	}
	return best
}

// wide reports whether word w is a letter of a script without spaces.
func (r *reading) wide(w int) bool {
	c, _ := utf8.DecodeRuneInString(r.text[r.words.Start[w]:])
	s := scriptOf(c)
	return s == eastAsian || s == thai
}
