package dedupe

import (
	"fmt"
	"slices"
	"strconv"

	"chaff/article"
)

// RepeatOptions set what [Repeats] takes for a repeat.
type RepeatOptions struct {
	// MinWords is the least number of words in a sentence or paragraph that stands
	// twice. Of scripts without spaces, a Chinese letter counts three fifths of a
	// word, another one a third. Zero means 8: with 3, a catchphrase and two names
	// with their clubs are reported besides in 2,225 BBC articles; with 16, of the
	// 7 passages found there one is left. A doubled headline or caption may be
	// shorter, down to three words; what is no whole sentence must be longer.
	MinWords int
}

// DefaultRepeatWords is the least number of words in a repeat, if nothing else is asked for.
const DefaultRepeatWords = 8

// Repeats reports the passages of t that stand in it more than once, in text order:
// exact copies and copies in which up to about every fifth word is changed, each as
// long as it goes. Every later place points to the first one. Repetition that is
// meant (verse, refrains, tables, labels, contents) is left out.
//
// The cost is linear in the length of the text. Repeats uses buffers of t.
func Repeats(t *Text, o RepeatOptions) []article.Finding {
	if len(t.seeds) == 0 || t.table.fill(t.seeds) == 0 {
		return nil
	}
	floor := o.MinWords
	if floor < 1 {
		floor = DefaultRepeatWords
	}
	found := t.sweep.self(t, floor*t.unit)
	found = t.withShortBlocks(found, floor*t.unit)
	if len(found) == 0 {
		return nil
	}
	found = joinPassages(found, t.unit, true)
	t.sweep.toFirst(found)
	t.rewrap(found)
	from := 0
	for i := range found {
		to := t.Words.Len()
		if i+1 < len(found) {
			to = max(found[i+1].b0, found[i].b1)
		}
		t.snap(&found[i], from, to)
		t.sweep.al.recount(&found[i])
		from = found[i].b1
	}
	j := newRepeatJudge(t, found, floor)
	var findings []article.Finding
	for i := range found {
		if reasons := j.judge(i); reasons != nil {
			findings = append(findings, t.finding(&found[i], reasons))
		}
	}
	return findings
}

func (t *Text) finding(p *aligned, reasons []article.Reason) article.Finding {
	span, other := t.span(p.b0, p.b1), t.span(p.a0, p.a1)
	return article.Finding{
		Kind:    article.Repeat,
		Article: t.Article.ID,
		Span:    &span,
		Other:   &article.Ref{Article: t.Article.ID, Span: &other},
		Score:   repeatScore(p),
		Text:    span.In(t.Article.Text),
		Reasons: reasons,
		At:      t.Place(span.Start),
		OtherAt: t.Place(other.Start),
	}
}

// repeatScore is the likeness of both places; what is said over and over is like itself.
func repeatScore(p *aligned) float64 {
	if p.period > 0 {
		return 1
	}
	return p.likeness()
}

// withShortBlocks adds the blocks of fewer than floor words that have stood before,
// word for word, to what was found: doubled headlines and captions.
func (t *Text) withShortBlocks(found []aligned, floor int) []aligned {
	blocks := t.layout()
	next := 0 // first word of the block
	seed := t.seedSize()
	n := len(found)
	for _, b := range blocks {
		first := next
		for next < t.Words.Len() && int(t.Words.Start[next]) < b.End {
			next++
		}
		size := next - first
		if size < seed || size >= floor || t.table.prev[first] < 0 || inPassage(found[:n], first, next) {
			continue
		}
		if at, ok := t.sameBlock(first, size); ok {
			found = append(found, aligned{
				a0: at, a1: at + size, b0: first, b1: next, equal: size,
				runs: []equalRun{{int32(at), int32(first), int32(size)}},
			})
		}
	}
	slices.SortStableFunc(found, func(p, q aligned) int { return p.b0 - q.b0 })
	return found
}

// sameBlock returns where the block of size words from word first on has stood
// before.
func (t *Text) sameBlock(first, size int) (at int, ok bool) {
	t.sweep.places = t.table.before(t.sweep.places[:0], first)
	words := t.Words.Hash
	for _, p := range t.sweep.places {
		i := int(p)
		if i+size <= first && (!ok || i < at) && slices.Equal(words[i:i+size], words[first:first+size]) &&
			t.boundAt(i) == blockBound && t.boundAt(i+size) == blockBound {
			at, ok = i, true
		}
	}
	return at, ok
}

// inPassage reports whether words i to j lie in the later place of a passage.
func inPassage(found []aligned, i, j int) bool {
	k, _ := slices.BinarySearchFunc(found, i, func(p aligned, i int) int {
		if p.b1 <= i {
			return -1
		}
		return 1
	})
	return k < len(found) && found[k].b0 <= i && j <= found[k].b1
}

// extent says how much a repeat is, in an editor's words.
func (t *Text) extent(p *aligned, blocks int) string {
	n, unit := p.b1-p.b0, "words"
	if t.unit > 1 {
		unit = "characters"
	}
	s := strconv.Itoa(n) + " " + unit
	if blocks > 1 {
		s += fmt.Sprintf(" in %d paragraphs", blocks)
	}
	return s
}
