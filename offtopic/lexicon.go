package offtopic

import (
	"bufio"
	"bytes"
	"embed"
	"fmt"
	"path"
	"strings"
	"sync"

	"chaff/offtopic/model"
	"chaff/shingle"
)

// The lexicon is one file for each language, named for it. A line is a phrase,
// a section in brackets, or a comment after '#'. The section says what the
// phrases below it are. A phrase in a section of furniture is meant to be a whole
// block (or one of several such phrases that make up a block); with '^' before
// it, it begins a block; with '~', it stands anywhere in one. In sections of
// cues it stands anywhere. A '*' in a phrase is any number.
//
//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// mode says where in a block a phrase has to stand to count.
type mode uint8

const (
	whole mode = iota
	begin
	within
)

// entry is what a phrase of the lexicon says, and in which languages.
type entry struct {
	group group
	mode  mode
	langs langs
}

// lexicon finds phrases by the hashes of their words: a trie whose edges are
// kept in one open hash table.
type lexicon struct {
	edges   []edge
	bits    []uint64  // tell of nearly all words that no edge has that none leads on
	entries [][]entry // by node; nil where no phrase ends
	common  map[uint64]langs
	roots   map[uint64]int32 // nodes that edges from the root lead to
	table   wordTable        // made of common and roots
	names   []string         // languages, by number
	byName  map[string]int
}

type edge struct {
	key  uint64
	node int32 // 0 if the slot is free: no edge leads to the root
}

// langs is a set of languages by their numbers.
type langs uint64

// numberKey stands for every word made of digits only.
const numberKey = model.Number

var loadLexicon = sync.OnceValue(func() *lexicon {
	l, err := readLexicon()
	if err != nil {
		panic(err) // the files are part of the program, and a test reads them all
	}
	return l
})

func readLexicon() (*lexicon, error) {
	l := &lexicon{
		edges:   make([]edge, 1<<15),
		bits:    make([]uint64, 1<<(64-edgeShift)/64),
		entries: make([][]entry, 1, 1<<14),
		common:  make(map[uint64]langs),
		roots:   make(map[uint64]int32),
		byName:  make(map[string]int),
	}
	files, err := lexiconFiles.ReadDir("lexicon")
	if err != nil {
		return nil, fmt.Errorf("reading the lexicon: %w", err)
	}
	for _, f := range files {
		data, err := lexiconFiles.ReadFile("lexicon/" + f.Name())
		if err != nil {
			return nil, fmt.Errorf("reading the lexicon: %w", err)
		}
		lang := strings.TrimSuffix(path.Base(f.Name()), ".txt")
		l.byName[lang] = len(l.names)
		l.names = append(l.names, lang)
		if err := l.read(data, len(l.names)-1); err != nil {
			return nil, fmt.Errorf("reading lexicon/%s:%w", f.Name(), err)
		}
	}
	l.table = makeWordTable(l)
	return l, nil
}

func (l *lexicon) read(data []byte, lang int) error {
	section := noGroup
	common := false
	sc := bufio.NewScanner(bytes.NewReader(data))
	for line := 1; sc.Scan(); line++ {
		s, _, _ := strings.Cut(sc.Text(), "#")
		s = strings.TrimSpace(s)
		switch {
		case s == "":
		case s[0] == '[':
			name := strings.Trim(s, "[]")
			common = name == "common"
			section = groupNamed(name)
			if section == noGroup && !common {
				return fmt.Errorf("%d: no section %q", line, name)
			}
		case common:
			for word := range strings.FieldsSeq(s) {
				keys := phraseKeys(word)
				if len(keys) != 1 {
					return fmt.Errorf("%d: %q is not one word", line, word)
				}
				l.common[keys[0]] |= 1 << lang
			}
		case section == noGroup:
			return fmt.Errorf("%d: a phrase before the first section", line)
		default:
			if err := l.add(s, section, lang); err != nil {
				return fmt.Errorf("%d: %w", line, err)
			}
		}
	}
	return sc.Err()
}

func (l *lexicon) add(phrase string, g group, lang int) error {
	e := entry{group: g, mode: groups[g].mode, langs: 1 << lang}
	switch phrase[0] {
	case '^':
		e.mode, phrase = begin, phrase[1:]
	case '~':
		e.mode, phrase = within, phrase[1:]
	}
	keys := phraseKeys(phrase)
	if len(keys) == 0 {
		return fmt.Errorf("%q has no word", phrase)
	}
	if strings.ContainsAny(phrase, "0123456789") {
		return fmt.Errorf("%q has a number, which would stand for any; write *", phrase)
	}
	node := int32(0)
	for i, k := range keys {
		node = l.grow(node, k)
		if i == 0 {
			l.roots[k] = node
		}
	}
	for i := range l.entries[node] {
		if old := &l.entries[node][i]; old.group == e.group && old.mode == e.mode {
			old.langs |= e.langs // languages share phrases
			return nil
		}
	}
	l.entries[node] = append(l.entries[node], e)
	return nil
}

// phraseKeys returns the keys of the words in phrase.
func phraseKeys(phrase string) []uint64 {
	phrase = strings.ReplaceAll(phrase, "*", " 0 ")
	var w shingle.Words
	shingle.Tokenizer{}.Words(&w, phrase)
	return model.Keys(nil, &w, phrase)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// edgeShift leaves of a hash the 18 bits that number one in lexicon.bits.
const edgeShift = 64 - 18

func edgeHash(node int32, k uint64) uint64 {
	h := (k ^ uint64(node)*0x9FB21C651E98DF25) * 0xD6E8FEB86659FD93
	return h ^ h>>32
}

// slot returns the place of the edge from node with key k in the table: where it
// is, or where it would be.
func (l *lexicon) slot(node int32, k uint64) (int, uint64) {
	h := edgeHash(node, k)
	mask := len(l.edges) - 1
	i := int(h) & mask
	for l.edges[i].node != 0 && l.edges[i].key != h {
		i = (i + 1) & mask
	}
	return i, h
}

// follow returns the node the edge from node with key k leads to, or 0.
func (l *lexicon) follow(node int32, k uint64) int32 {
	h := edgeHash(node, k)
	if b := h >> edgeShift; l.bits[b/64]&(1<<(b%64)) == 0 {
		return 0
	}
	i, _ := l.slot(node, k)
	return l.edges[i].node
}

func (l *lexicon) grow(node int32, k uint64) int32 {
	if 2*len(l.entries) > len(l.edges) {
		old := l.edges
		l.edges = make([]edge, 2*len(old))
		mask := len(l.edges) - 1
		for _, e := range old {
			if e.node == 0 {
				continue
			}
			i := int(e.key) & mask
			for l.edges[i].node != 0 {
				i = (i + 1) & mask
			}
			l.edges[i] = e
		}
	}
	i, h := l.slot(node, k)
	if l.edges[i].node == 0 {
		l.edges[i] = edge{h, int32(len(l.entries))}
		l.bits[h>>edgeShift/64] |= 1 << (h >> edgeShift % 64)
		l.entries = append(l.entries, nil)
	}
	return l.edges[i].node
}

// hit is a phrase found: words lo to hi of the article.
type hit struct {
	entry
	lo, hi int
}

// find appends the phrases among the words lo to hi of keys to hits: at each
// word the longest phrase of each mode that begins there. Known is what table has
// of the words.
func (l *lexicon) find(hits []hit, keys []uint64, known []wordEntry, lo, hi int) []hit {
	for i := lo; i < hi; i++ {
		node := known[i].node
		first := len(hits)
		for j := i + 1; node != 0; j++ {
			for _, e := range l.entries[node] {
				if e.mode == begin && i > lo {
					continue
				}
				hits = addLongest(hits, first, hit{e, i, j})
			}
			if j == hi {
				break
			}
			node = l.follow(node, keys[j])
		}
	}
	return hits
}

// addLongest adds h to hits unless it has a group that one from first on has, in
// which case it takes that one's place, being longer.
func addLongest(hits []hit, first int, h hit) []hit {
	for k := first; k < len(hits); k++ {
		if hits[k].mode == h.mode && (h.mode == whole || hits[k].group == h.group) {
			hits[k] = h
			return hits
		}
	}
	return append(hits, h)
}
