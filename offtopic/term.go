package offtopic

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"chaff/offtopic/topics"
)

// term is one content word, or two letters side by side in a script without
// spaces, where it stands.
type term struct {
	of   int32 // in termTable.words
	word int32
	unit int32
}

// termWord is a term wherever it stands: where it is first and where it is last.
type termWord struct {
	hash                  uint64
	first, last           int32 // words; titleWord in the article's title, which is far from everything
	firstBlock, lastBlock int32
	rare                  int8 // class of rarity
}

const titleWord = -1 << 30

// termTable holds the terms of an article. Its zero value is ready after a reset;
// it keeps its buffers.
type termTable struct {
	places []term // once in a block, titles left out
	words  []termWord
	slots  []int32 // by hash, an index of words counted from one, or 0
}

// reset empties t and makes room for n terms.
func (t *termTable) reset(n int) {
	size := 64
	for size < 2*n {
		size *= 2
	}
	if size > cap(t.slots) {
		t.slots = make([]int32, size)
	} else {
		t.slots = t.slots[:size]
		clear(t.slots)
	}
	t.places, t.words = t.places[:0], t.words[:0]
}

// noBlock stands for the block before that of a term that is new.
const noBlock = -4

// at returns the index of the term with a hash that stands at word w of a block, and
// the block it stood in last, noBlock if in none. Terms come in the order of the text.
func (t *termTable) at(hash uint64, w, block int32) (k, before int32) {
	mask := len(t.slots) - 1
	i := int(hash*0x9E3779B97F4A7C15>>32) & mask
	for t.slots[i] != 0 {
		k = t.slots[i] - 1
		if old := &t.words[k]; old.hash == hash {
			before = old.lastBlock
			old.last, old.lastBlock = w, block
			return k, before
		}
		i = (i + 1) & mask
	}
	k = int32(len(t.words))
	t.words = append(t.words, termWord{hash: hash, first: w, last: w, firstBlock: block, lastBlock: block, rare: -1})
	t.slots[i] = k + 1
	return k, noBlock
}

// findTerms counts, for each unit, the content words that come again elsewhere in
// the article. The commonest words of its language don't count, nor do numbers.
func (r *reading) findTerms() {
	r.markCopies()
	title := r.readTitle()
	r.terms.reset(r.words.Len() + title.words.Len())
	r.kin = append(r.kin[:0], make([]kinship, len(r.blocks))...)
	for w := range title.words.Len() {
		if h, ok := title.term(w, title.words.Len()); ok {
			r.terms.at(h, titleWord, -1)
		}
	}
	for u := range r.units {
		unit := &r.units[u]
		if r.blocks[unit.block].copied {
			continue // what is printed twice is not said twice
		}
		for w := unit.lo; w < unit.hi; w++ {
			if h, ok := r.term(w, unit.hi); ok {
				k, before := r.terms.at(h, int32(w), int32(unit.block))
				if before != int32(unit.block) {
					r.terms.places = append(r.terms.places, term{k, int32(w), int32(u)})
					r.countBeside(&r.terms.words[k], unit.block, int(before))
				}
			}
		}
	}
	for _, t := range r.terms.places {
		r.countTerm(t)
	}
}

// markCopies marks the blocks that repeat an earlier one word for word.
func (r *reading) markCopies() {
	r.copies = r.copies[:0]
	for i := range r.blocks {
		h := uint64(0)
		for _, k := range r.keys[r.blocks[i].lo:r.blocks[i].hi] {
			h = h*0x9FB21C651E98DF25 + k
		}
		r.copies = append(r.copies, blockHash{h, i})
	}
	slices.SortFunc(r.copies, func(a, b blockHash) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.block, b.block))
	})
	for i := 1; i < len(r.copies); i++ {
		r.blocks[r.copies[i].block].copied = r.copies[i].hash == r.copies[i-1].hash
	}
}

// blockHash is the hash of a block's words.
type blockHash struct {
	hash  uint64
	block int
}

// countBeside counts a term of a block that was in another one before, if that is the
// block before it or the one before that.
func (r *reading) countBeside(t *termWord, block, before int) {
	if before < 0 || before < block-2 {
		return
	}
	if t.rare < 0 {
		t.rare = r.rareness(t.hash)
	}
	told := surprise[t.rare]
	if before == block-2 {
		r.kin[block-1].across += told
		return
	}
	r.kin[block].before += told
	r.kin[before].behind += told
}

// countTerm counts a term in its unit.
func (r *reading) countTerm(t term) {
	u, all := &r.units[t.unit], &r.terms.words[t.of]
	block := int32(u.block)
	far := int(t.word-all.first) > r.near || int(all.last-t.word) > r.near && all.lastBlock != block
	if !far && (all.firstBlock != block || all.lastBlock != block) {
		return
	}
	if all.rare < 0 {
		all.rare = r.rareness(all.hash)
	}
	if far {
		u.far++
		u.farBy[all.rare]++
	} else {
		u.alone++
		u.aloneBy[all.rare]++
	}
}

// term returns the hash of the term that begins with word w, if one does.
func (r *reading) term(w, hi int) (hash uint64, ok bool) {
	start, end := r.words.Start[w], r.words.End[w]
	if r.keys[w] == numberKey || r.isCommon(w) {
		return 0, false
	}
	if r.text[start] < utf8.RuneSelf {
		return r.words.Hash[w], end-start > 2
	}
	first, size := utf8.DecodeRuneInString(r.text[start:end])
	if s := scriptOf(first); (s == eastAsian || s == thai) && uint32(size) == end-start {
		if w+1 >= hi || r.words.Start[w+1] != end || r.isCommon(w+1) {
			return 0, false
		}
		second, _ := utf8.DecodeRuneInString(r.text[end:])
		if isHiragana(first) && isHiragana(second) || scriptOf(second) != s {
			return 0, false // two hiragana are nearly always grammar
		}
		return topics.PairOf(r.words.Hash[w], r.words.Hash[w+1]), true
	}
	return r.words.Hash[w], end-start > 2
}

// rareness returns the class of rarity of a word of the article's language.
func (r *reading) rareness(hash uint64) int8 {
	if r.rarity == nil {
		return topics.Rarities - 1
	}
	return int8(r.rarity.Of(hash))
}

func isHiragana(r rune) bool { return r >= 0x3040 && r <= 0x309F }

func (r *reading) isCommon(w int) bool {
	return r.lang >= 0 && r.known[w].common&(1<<r.lang) != 0
}

// readTitle reads the article's title, kept apart by its source.
func (r *reading) readTitle() *reading {
	if r.title == nil {
		r.title = new(reading)
	}
	t := r.title
	t.lex, t.text, t.lang = r.lex, r.art.Title, r.lang
	t.readWords()
	return t
}
