package dedupe

import (
	"cmp"
	"slices"
)

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

// NewBlockTable returns the table of all that was noted. Family tells which articles
// are versions of one text: those with the same number. Neither the number of sketchers
// nor the order of adding makes a difference. It takes 16 bytes for each key that two
// articles share and each family that has it.
func NewBlockTable(notes *BlockNotes, family func(number int) int) (*BlockTable, error) {
	var items []familyItem
	first := 0 // item of the last key
	var last blockItem
	close := func() {
		if len(items)-first == 1 {
			items = items[:first]
		} else {
			items = items[:first+sumFamilies(items[first:])]
		}
		first = len(items)
	}
	err := notes.merge(func(it blockItem) {
		switch {
		case it == last:
			return // two blocks of an article
		case it.key != last.key:
			close()
		}
		items = append(items, familyItem{it.key, uint32(family(int(it.article))), 1})
		last = it
	})
	if err != nil {
		return nil, err
	}
	close()
	return &BlockTable{items: slices.Clip(items)}, nil
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
