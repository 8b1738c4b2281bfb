package dedupe

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"chaff/article"
	"chaff/shingle"
)

// FurnitureBlock is a block that stands in several articles of one source.
type FurnitureBlock struct {
	// Text is the block as it stands in the article with the first of the IDs, cut
	// after 1,024 bytes.
	Text string `json:"text"`
	// Count is the number of articles that it stands in.
	Count int `json:"count"`
	// Articles are the IDs of up to five of these articles, the first in their order.
	Articles []string `json:"articles"`
	// Source is the source of the articles; empty means not known.
	Source string `json:"source"`
}

const (
	// FurnitureArticles is the number of articles, versions of one text counted once,
	// from which a block is its source's furniture.
	FurnitureArticles = 3
	// listedIDs and listedBytes bound what is kept of a block.
	listedIDs   = 5
	listedBytes = 1 << 10
	// listedBlocks bounds the blocks that are looked at. Where a corpus has more, those
	// in fewest articles are left out.
	listedBlocks = 1 << 16
)

// FurnitureList collects the furniture of sources from articles whose blocks a
// [BlockCounter] has counted before. It keeps at most 65,536 blocks, some 100 MB, and
// a few bytes for each of them in an article that has versions. It may be used by
// several goroutines; their number and the order of adding make no difference.
type FurnitureList struct {
	counter *BlockCounter
	least   int

	mu     sync.Mutex
	blocks map[uint64]*listed
}

// listed is a block that may be furniture.
type listed struct {
	block    FurnitureBlock
	lone     int // articles without versions
	families map[int]struct{}
}

// NewFurnitureList returns an empty list of what c has counted often enough.
func NewFurnitureList(c *BlockCounter) *FurnitureList {
	return &FurnitureList{counter: c, least: c.leastOf(listedBlocks), blocks: make(map[uint64]*listed)}
}

// leastOf returns the lowest count, [FurnitureArticles] or more, that no more than most
// slots have.
func (c *BlockCounter) leastOf(most int) int {
	const highest = math.MaxUint16
	slots := make([]int, highest+1)
	for i := range c.rows[0] {
		pair := c.rows[0][i].Load()
		slots[pair&math.MaxUint16]++
		slots[pair>>16]++
	}
	n := 0
	for count := highest; count >= FurnitureArticles; count-- {
		if n += slots[count]; n > most {
			return count + 1
		}
	}
	return FurnitureArticles
}

// Add adds the blocks of a, whose words these are and which has a source. family is
// the number of its family, the same for all versions of a text, and lone says that it
// has no other member.
func (l *FurnitureList) Add(a *article.Article, source string, words *shingle.Words, family int, lone bool) {
	h := sourceHash(source)
	type keyed struct {
		key uint64
		article.Span
	}
	var often []keyed
	for b := range wordBlocks(a.Text, words) {
		if key := blockKey(h, words.Hash[b.i:b.j]); l.counter.count(key) >= l.least {
			often = append(often, keyed{key, b.Span})
		}
	}
	slices.SortFunc(often, func(b, c keyed) int { return cmp.Or(cmp.Compare(b.key, c.key), b.Start-c.Start) })
	for i, b := range often {
		if i == 0 || often[i-1].key != b.key {
			l.add(b.key, a, source, b.In(a.Text), family, lone)
		}
	}
}

func (l *FurnitureList) add(key uint64, a *article.Article, source, text string, family int, lone bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.blocks[key]
	if e == nil {
		e = &listed{block: FurnitureBlock{Source: strings.Clone(source)}}
		l.blocks[key] = e
	}
	e.block.Count++
	if lone {
		e.lone++
	} else {
		if e.families == nil {
			e.families = make(map[int]struct{})
		}
		e.families[family] = struct{}{}
	}
	ids := e.block.Articles
	at, _ := slices.BinarySearch(ids, a.ID)
	if at == listedIDs {
		return
	}
	text = text[:runeStart(text, min(len(text), listedBytes))]
	// Articles may have one ID: then the lower text is shown.
	if at == 0 && (len(ids) == 0 || ids[0] != a.ID || text < e.block.Text) {
		e.block.Text = strings.Clone(text)
	}
	ids = slices.Insert(ids, at, strings.Clone(a.ID))
	e.block.Articles = ids[:min(len(ids), listedIDs)]
}

// runeStart returns where the rune begins that byte i of s lies in.
func runeStart(s string, i int) int {
	for i < len(s) && i > 0 && s[i]&0xC0 == 0x80 {
		i--
	}
	return i
}

// Blocks returns the furniture: the blocks that [FurnitureArticles] articles have that
// are not versions of one another. Those in most articles come first.
func (l *FurnitureList) Blocks() []FurnitureBlock {
	var blocks []FurnitureBlock
	for _, e := range l.blocks {
		if e.lone+len(e.families) >= FurnitureArticles {
			blocks = append(blocks, e.block)
		}
	}
	slices.SortFunc(blocks, func(a, b FurnitureBlock) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Text, b.Text), slices.Compare(a.Articles, b.Articles))
	})
	return blocks
}
