package dedupe

import (
	"cmp"
	"slices"

	"chaff/shingle"
)

// A block is known by the minima of its runs of two words: blockKeys keys of
// blockRows minima each. Blocks with a Jaccard similarity of 0.9 meet in a key
// with probability 0.93, of 0.8 with 0.76, of 0.3 with 0.05, and equal ones
// always. Minwise hashing serves here: on twenty words its estimate has half the
// variance of one-permutation hashing with as few places.
const (
	blockKeys  = 2
	blockRows  = 3
	blockWords = 2
)

// BlockKeys is what a block, up to light edits, is known by.
type BlockKeys [blockKeys]uint64

// BlockSketcher notes the blocks of articles. Each goroutine needs its own; a
// [BlockTable] is made of all of them.
type BlockSketcher struct {
	signer   *shingle.Signer
	shingles []uint64
	places   shingle.Signature
	items    []blockItem
}

// blockItem says that an article has a block with a key.
type blockItem struct {
	key     uint64
	article uint32
}

// NewBlockSketcher returns a sketcher that has noted nothing.
func NewBlockSketcher() *BlockSketcher {
	return &BlockSketcher{signer: shingle.NewSigner(shingle.MinWise, blockKeys*blockRows)}
}

// Keys returns the keys of a block with these word hashes. A block without words
// is like no other; its keys are zero.
func (s *BlockSketcher) Keys(words []uint64) BlockKeys {
	s.shingles = shingle.TextSet(s.shingles, words, blockWords)
	s.places = s.signer.Sign(s.places[:0], s.shingles)
	var keys BlockKeys
	for i, place := range s.places {
		k := &keys[i/blockRows]
		*k = *k<<16 | uint64(place)
	}
	for i := range keys {
		if len(s.places) > 0 {
			keys[i] |= uint64(i+1) << 48 // the keys of one block are of different kinds
		}
	}
	return keys
}

// Add notes that the article with this number has a block with these keys.
func (s *BlockSketcher) Add(number int, keys BlockKeys) {
	for _, k := range keys {
		if k != 0 {
			s.items = append(s.items, blockItem{k, uint32(number)})
		}
	}
}

// BlockTable tells how many articles a block stands in. It may be used by
// several goroutines.
type BlockTable struct {
	items []familyItem // by key, then family; keys of one article only are left out
}

// familyItem says that so many articles of a family have a block with a key.
type familyItem struct {
	key              uint64
	family, articles uint32
}

// NewBlockTable returns the table of all that the sketchers have noted, whose
// memory it takes over. Family tells which articles are versions of one text:
// those with the same number. Neither the order of sketchers nor that of adding
// makes a difference.
func NewBlockTable(sketchers []*BlockSketcher, family func(number int) int) *BlockTable {
	var noted []blockItem
	for _, s := range sketchers {
		noted = append(noted, s.items...)
		s.items = nil
	}
	slices.SortFunc(noted, func(a, b blockItem) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.article, b.article))
	})
	noted = slices.Compact(noted)
	var items []familyItem
	for i := 0; i < len(noted); {
		first := len(items)
		j := i
		for ; j < len(noted) && noted[j].key == noted[i].key; j++ {
			items = append(items, familyItem{noted[j].key, uint32(family(int(noted[j].article))), 1})
		}
		if j-i == 1 {
			items = items[:first]
		} else {
			items = items[:first+sumFamilies(items[first:])]
		}
		i = j
	}
	return &BlockTable{items: slices.Clip(items)}
}

// sumFamilies sorts the items of one key by family, makes one of those of one
// family, and returns how many are left.
func sumFamilies(items []familyItem) int {
	slices.SortFunc(items, func(a, b familyItem) int { return cmp.Compare(a.family, b.family) })
	n := 0
	for _, it := range items {
		if n > 0 && items[n-1].family == it.family {
			items[n-1].articles++
			continue
		}
		items[n] = it
		n++
	}
	return n
}

// Count returns in how many other families a block with these keys stands, and
// in how many articles of this family, among them the one it is asked for. A
// family counts once, however many articles it has.
func (t *BlockTable) Count(keys BlockKeys, family int) (others, own int) {
	for _, key := range keys {
		first := t.search(familyItem{key: key})
		n := t.search(familyItem{key: key + 1}) - first
		if i := t.search(familyItem{key: key, family: uint32(family)}); i < first+n && t.items[i].family == uint32(family) {
			own = max(own, int(t.items[i].articles))
			n--
		}
		others = max(others, n)
	}
	return others, own
}

// search returns the index of the first item that is not before want.
func (t *BlockTable) search(want familyItem) int {
	i, _ := slices.BinarySearchFunc(t.items, want, func(a, b familyItem) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.family, b.family))
	})
	return i
}
