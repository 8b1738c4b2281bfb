package dedupe

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// frame compares two texts word by word to tell what a template keeps, its
// frame, from what is filled into its slots.
type frame struct {
	at            positions
	anchors       []anchor
	tails, before []int32
	slotA, slotB  []uint64
	// Figures that both texts have in one place: equal ones, different ones, and
	// places where only one text has a figure and the other a word or two.
	kept, refilled, spelt int
	swapped               int // slots
	words                 int // in the shorter text
}

// anchor is a shingle that stands once in each of two texts: the words where it
// begins.
type anchor struct{ a, b int32 }

// slotWords is the most words that stand in a slot. Longer differences are
// sentences that were added or rewritten.
const slotWords = 8

// spelledWords is the most words that stand for one figure: "two billion".
const spelledWords = 4

// compare counts the figures, which are words that begin with a digit, that the
// frame of two texts keeps and those that differ in a slot.
func (f *frame) compare(a, b Wording) {
	f.kept, f.refilled, f.spelt, f.swapped = 0, 0, 0, 0
	f.words = min(len(a.Hash), len(b.Hash))
	i, endA, endB := f.ends(a, b)
	j := i // everything before i and j, and from endA and endB on, is counted
	if i == endA || j == endB {
		return
	}
	f.align(a.Hash[i:endA], b.Hash[j:endB], int32(i))
	f.anchors = append(f.anchors, anchor{int32(endA), int32(endB)})
	for _, next := range f.anchors {
		endA, endB := int(next.a), int(next.b)
		for i < endA && j < endB && a.Hash[i] == b.Hash[j] {
			f.keep(a, i)
			i++
			j++
		}
		for i < endA && j < endB && a.Hash[endA-1] == b.Hash[endB-1] {
			endA--
			endB--
			f.keep(a, endA)
		}
		if i < endA && j < endB && endA-i <= slotWords && endB-j <= slotWords {
			f.slot(a, b, i, endA, j, endB)
		}
		i, j = int(next.a), int(next.b)
	}
}

// ends counts the words with which both texts begin and end, and returns how
// many stand at the beginning of both and where the end begins in each.
func (f *frame) ends(a, b Wording) (begin, endA, endB int) {
	endA, endB = len(a.Hash), len(b.Hash)
	for begin < f.words && a.Hash[begin] == b.Hash[begin] {
		f.keep(a, begin)
		begin++
	}
	for endA > begin && endB > begin && a.Hash[endA-1] == b.Hash[endB-1] {
		endA--
		endB--
		f.keep(a, endA)
	}
	return begin, endA, endB
}

func (f *frame) keep(t Wording, i int) {
	if t.Figure(i) {
		f.kept++
	}
}

// slot counts the figures of words i to endA of a and j to endB of b.
func (f *frame) slot(a, b Wording, i, endA, j, endB int) {
	f.swapped++
	f.slotA = a.figures(f.slotA[:0], i, endA)
	f.slotB = b.figures(f.slotB[:0], j, endB)
	same := 0
	for _, h := range f.slotA {
		if slices.Contains(f.slotB, h) {
			same++
		}
	}
	f.kept += same
	if (len(f.slotA) == 0) != (len(f.slotB) == 0) && endA-i <= spelledWords && endB-j <= spelledWords {
		f.spelt++
	}
	f.refilled += max(0, min(len(f.slotA), len(f.slotB))-same)
}

// figures appends the hashes of the figures among words i to end.
func (t Wording) figures(dst []uint64, i, end int) []uint64 {
	for ; i < end; i++ {
		if t.Figure(i) {
			dst = append(dst, t.Hash[i])
		}
	}
	return dst
}

// figure reports whether word i begins with a digit.
func (t *reread) figure(i int) bool {
	c := t.text[t.words.Start[i]]
	if c < utf8.RuneSelf {
		return '0' <= c && c <= '9'
	}
	r, _ := utf8.DecodeRuneInString(t.text[t.words.Start[i]:])
	return unicode.IsDigit(r)
}

// anchorWords is the number of words in an anchor. Two suffice between slots
// that stand close together, and are mostly unique in texts of some hundred
// words.
const anchorWords = 2

// align finds the longest chain of anchors that stand in one order in both texts
// (patience diff, Bram Cohen). Both begin at word offset of theirs.
func (f *frame) align(a, b []uint64, offset int32) {
	f.at.fill(a)
	f.anchors = f.at.common(f.anchors[:0], b)
	f.chain()
	for i := range f.anchors {
		f.anchors[i].a += offset
		f.anchors[i].b += offset
	}
}

// chain keeps of the anchors, which are sorted by b, the longest sequence that
// rises in a.
func (f *frame) chain() {
	f.tails, f.before = f.tails[:0], f.before[:0]
	for i, x := range f.anchors {
		at := len(f.tails)
		if at > 0 && f.anchors[f.tails[at-1]].a >= x.a {
			at, _ = slices.BinarySearchFunc(f.tails, x.a, func(t, a int32) int { return int(f.anchors[t].a - a) })
		}
		previous := int32(-1)
		if at > 0 {
			previous = f.tails[at-1]
		}
		f.before = append(f.before, previous)
		if at == len(f.tails) {
			f.tails = append(f.tails, int32(i))
		} else {
			f.tails[at] = int32(i)
		}
	}
	n := len(f.tails)
	if n == 0 {
		return
	}
	last := f.tails[n-1]
	for i := n - 1; i >= 0; i-- {
		f.tails[i] = last
		last = f.before[last]
	}
	for i, t := range f.tails { // rising, so that nothing is overwritten too early
		f.anchors[i] = f.anchors[t]
	}
	f.anchors = f.anchors[:n]
}

// positions tells where in a text a run of anchorWords words stands, if it
// stands there once.
type positions struct {
	hash []uint64
	at   []int32 // of slot i: the position + 1, 0 if the slot is free, below 0 if it stands there again
	runs []uint64
}

func (p *positions) fill(words []uint64) {
	p.runs = appendRuns(p.runs[:0], words)
	size := 64
	for size < 2*len(p.runs) {
		size *= 2
	}
	p.hash = slices.Grow(p.hash[:0], size)[:size]
	p.at = slices.Grow(p.at[:0], size)[:size]
	clear(p.at)
	for i, h := range p.runs {
		slot := p.slot(h)
		if p.at[slot] == 0 {
			p.hash[slot], p.at[slot] = h, int32(i+1)
		} else {
			p.at[slot] = -1
		}
	}
}

func (p *positions) slot(h uint64) uint64 {
	last := uint64(len(p.at) - 1)
	i := h & last
	for p.at[i] != 0 && p.hash[i] != h {
		i = (i + 1) & last
	}
	return i
}

// common appends an anchor for each run of words that stands once in the text
// filled in and at least once in words: the first one there.
func (p *positions) common(dst []anchor, words []uint64) []anchor {
	p.runs = appendRuns(p.runs[:0], words)
	for j, h := range p.runs {
		if slot := p.slot(h); p.at[slot] > 0 {
			dst = append(dst, anchor{p.at[slot] - 1, int32(j)})
			p.at[slot] = -1
		}
	}
	return dst
}

func appendRuns(dst, words []uint64) []uint64 {
	for i := anchorWords; i <= len(words); i++ {
		h := uint64(0)
		for _, w := range words[i-anchorWords : i] {
			h = (h ^ w) * 0x9E3779B97F4A7C15
		}
		dst = append(dst, h^h>>32)
	}
	return dst
}
