package dedupe

import "chaff/shingle"

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

// BlockSketcher makes the keys of blocks, and notes which article has which. Each
// goroutine needs its own.
type BlockSketcher struct {
	signer   *shingle.Signer
	shingles []uint64
	places   shingle.Signature
	notes    *BlockNotes
	items    []blockItem
}

// blockItem says that an article has a block with a key.
type blockItem struct {
	key     uint64
	article uint32
}

// NewBlockSketcher returns a sketcher that can make keys. One that can note them, too,
// comes from [BlockNotes.Sketcher].
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
func (s *BlockSketcher) Add(number int, keys BlockKeys) error {
	for _, k := range keys {
		if k != 0 {
			s.items = append(s.items, blockItem{k, uint32(number)})
		}
	}
	if len(s.items) < runItems {
		return nil
	}
	s.items = sortedItems(s.items)
	err := s.notes.write(s.items)
	s.items = s.items[:0]
	return err
}
