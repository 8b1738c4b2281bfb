// Package topics knows words by the subject they belong to, in several languages.
// The subjects are the same in all of them, so that what is learnt of subjects in
// one language holds in the others.
package topics

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"chaff/shingle"
)

// One file for each language, named for it. A line is a subject in brackets, a
// comment after '#', or words of the subject set apart by commas. A word may be
// several; '*' at the end of one stands for any ending.
//
//go:embed *.txt
var files embed.FS

// Most is the number of subjects there may be.
const Most = 64

// Set is a set of subjects by their numbers.
type Set uint64

// Table holds the words of all languages. It is read-only.
type Table struct {
	Names []string // of subjects, by number
	langs map[string]*Language
}

// Language holds the words of one language.
type Language struct {
	bits    [1 << (32 - bitShift) / 64]uint64 // one set for each key; few others share one
	slots   []slot
	entries []entry  // those of one slot side by side
	joined  bool     // written without spaces: words are found anywhere
	clitics [][]byte // that may be written before a word as part of it
}

// entry is one word, or several, and the subjects it is a word of.
type entry struct {
	key      uint32
	folded   string // one star for any ending
	size     int    // of folded without a star at its end
	simple   bool   // one run of bytes, but for a star at its end
	subjects Set
}

// bitShift leaves of a hash the 16 bits that number one in Language.bits.
const bitShift = 16

type slot struct {
	key     uint32 // 0 if free
	from, n uint16
}

// Builtin returns the table that is part of the program.
var Builtin = sync.OnceValue(func() *Table {
	t, err := read()
	if err != nil {
		panic(err) // the files are part of the program, and a test reads them
	}
	return t
})

func read() (*Table, error) {
	t := &Table{langs: make(map[string]*Language)}
	all, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("reading topics: %w", err)
	}
	for _, f := range all {
		data, err := files.ReadFile(f.Name())
		if err != nil {
			return nil, fmt.Errorf("reading topics: %w", err)
		}
		name := strings.TrimSuffix(path.Base(f.Name()), ".txt")
		l := &Language{joined: name == "zh" || name == "ja"}
		if name == "ar" {
			for _, clitic := range [...]string{"ال", "وال", "بال", "لل", "و", "ب", "ل"} {
				l.clitics = append(l.clitics, []byte(clitic))
			}
		}
		if err := t.read(l, string(data), name == "ko"); err != nil {
			return nil, fmt.Errorf("reading topics/%s:%w", f.Name(), err)
		}
		t.langs[name] = l
	}
	return t, nil
}

// read adds the words of one file to l, each with any ending if open is set.
func (t *Table) read(l *Language, data string, open bool) error {
	found := make(map[string]Set)
	subject := -1
	n := 0
	for line := range strings.Lines(data) {
		n++
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			name, ok = strings.CutSuffix(name, "]")
			if !ok {
				return fmt.Errorf("%d: no end of a subject's name", n)
			}
			if subject = t.number(name); subject >= Most {
				return fmt.Errorf("%d: more than %d subjects", n, Most)
			}
			continue
		}
		for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ',' || r == '，' || r == '、' }) {
			if subject < 0 {
				return fmt.Errorf("%d: a word before the first subject", n)
			}
			if f := fold(word, open); len(f) > 1 {
				found[f] |= 1 << subject
			}
		}
	}
	return l.index(found)
}

// number returns the number of a subject.
func (t *Table) number(name string) int {
	i := slices.Index(t.Names, name)
	if i < 0 {
		i = len(t.Names)
		t.Names = append(t.Names, name)
	}
	return i
}

// fold brings a word of a file into the form that a text is looked at in.
func fold(word string, open bool) string {
	var b []byte
	parts := strings.Split(strings.TrimSpace(word), "*")
	for i, part := range parts {
		from := len(b)
		b = shingle.AppendFolded(b, part)
		if len(b) > from && i > 0 && from > 0 {
			b = slices.Insert(b, from, ' ')
		}
		if i < len(parts)-1 && len(b) > 0 {
			b = append(b, '*')
		}
	}
	if open && len(b) > 0 && b[len(b)-1] != '*' {
		b = append(b, '*')
	}
	return string(b)
}

// index makes the table of words found.
func (l *Language) index(found map[string]Set) error {
	for f, subjects := range found {
		l.entries = append(l.entries, entry{l.keyOf(f), f, len(strings.TrimSuffix(f, "*")), strings.IndexByte(strings.TrimSuffix(f, "*"), '*') < 0, subjects})
	}
	if len(l.entries) >= 1<<16 {
		return fmt.Errorf(" %d words", len(l.entries))
	}
	// Of several that match, the longest is wanted.
	slices.SortFunc(l.entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(len(b.folded), len(a.folded)), cmp.Compare(a.folded, b.folded))
	})
	size := 16
	for size < 2*len(l.entries) {
		size *= 2
	}
	l.slots = make([]slot, size)
	for i := 0; i < len(l.entries); {
		j := i + 1
		for j < len(l.entries) && l.entries[j].key == l.entries[i].key {
			j++
		}
		bit := l.entries[i].key * 0x9E3779B1 >> bitShift
		l.bits[bit/64] |= 1 << (bit % 64)
		*l.slot(l.entries[i].key) = slot{l.entries[i].key, uint16(i), uint16(j - i)}
		i = j
	}
	return nil
}

func (l *Language) slot(key uint32) *slot {
	i := int(key*0x9E3779B1>>8) & (len(l.slots) - 1)
	for l.slots[i].key != 0 && l.slots[i].key != key {
		i = (i + 1) & (len(l.slots) - 1)
	}
	return &l.slots[i]
}

// headRunes is the number of runes by which words are looked up. Shorter words
// and stems have keys of their own.
const headRunes = 4

// keyOf returns the key of a word of a file.
func (l *Language) keyOf(folded string) uint32 {
	if l.joined {
		return head([]byte(folded), 2, '*')
	}
	first := folded
	if k := strings.IndexAny(folded, "* "); k >= 0 {
		first = folded[:k]
		if n := utf8.RuneCountInString(first); folded[k] == '*' && n < headRunes {
			return head([]byte(first), n, '*')
		}
	}
	return head([]byte(first), headRunes, 0)
}

// head hashes the first n runes of folded, as far as its first word goes. The
// mark tells stems from words.
func head(folded []byte, n int, mark uint32) uint32 {
	h := uint32(0x811C9DC5) ^ mark
	for i := 0; i < len(folded) && n > 0; n-- {
		r, size := rune(folded[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(folded[i:])
		}
		if r == ' ' || r == '*' {
			break
		}
		h = (h ^ uint32(r)) * 0x01000193
		i += size
	}
	return max(h, 1)
}

// heads returns the keys that a word of a text may be known by, in this order: that
// of words, that of stems of three runes and that of stems of two.
func heads(folded []byte) (keys [3]uint32) {
	word, stem := uint32(0x811C9DC5), uint32(0x811C9DC5)^'*'
	n := 0
	for i := 0; i < len(folded) && n < headRunes; n++ {
		r, size := rune(folded[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(folded[i:])
		}
		if r == ' ' || r == '*' {
			break
		}
		word = (word ^ uint32(r)) * 0x01000193
		if n < 3 {
			stem = (stem ^ uint32(r)) * 0x01000193
		}
		if n == 1 {
			keys[2] = max(stem, 1)
		}
		i += size
	}
	if n < 2 {
		keys[2] = max(stem, 1)
	}
	keys[0], keys[1] = max(word, 1), max(stem, 1)
	return keys
}

// Language returns the words of a language, nil if the table has none.
func (t *Table) Language(name string) *Language { return t.langs[name] }

// sets returns the sets of subjects that words of the table are of.
func (t *Table) sets() []Set {
	seen := make(map[Set]bool)
	for _, l := range t.langs {
		for i := range l.entries {
			seen[l.entries[i].subjects] = true
		}
	}
	return slices.Collect(maps.Keys(seen))
}

// Mention is a word of some subject in a text.
type Mention struct {
	Word     int // where it begins
	Entry    int // which word of the table it is
	Subjects Set
}

// Find appends to dst the mentions among the words lo to hi of a text that [Fold]
// has folded. Where one word of the table is the beginning of another, the longer
// is mentioned. Nothing is looked for at the words that skip tells; a nil skip
// tells none.
func (l *Language) Find(dst []Mention, folded []byte, starts []uint32, lo, hi int, skip func(w int) bool) []Mention {
	limit := len(folded)
	if hi < len(starts) {
		limit = int(starts[hi])
	}
	for i := lo; i < hi; i++ {
		if skip != nil && skip(i) {
			continue
		}
		word := folded[starts[i]:limit]
		entry, subjects := l.at(word)
		for k := 0; subjects == 0 && k < len(l.clitics); k++ {
			if rest, ok := bytes.CutPrefix(word, l.clitics[k]); ok {
				entry, subjects = l.at(rest)
			}
		}
		if subjects != 0 {
			dst = append(dst, Mention{i, entry, subjects})
		}
	}
	return dst
}

// at returns the longest word of the table that folded begins with, and the
// subjects it is a word of; an empty set if there is none. Where words have
// spaces, folded must begin with a word.
func (l *Language) at(folded []byte) (best int, subjects Set) {
	var keys [3]uint32
	n := 1
	if l.joined {
		keys[0] = head(folded, 2, '*')
	} else {
		keys = heads(folded)
		n = 3
	}
	longest := 0
	for _, key := range keys[:n] {
		if l.bits[key*0x9E3779B1>>bitShift/64]&(1<<(key*0x9E3779B1>>bitShift%64)) == 0 {
			continue
		}
		s := l.slot(key)
		for i := int(s.from); i < int(s.from)+int(s.n); i++ {
			e := &l.entries[i]
			size := e.size
			if size < longest || !l.mentions(folded, e) {
				continue
			}
			if size > longest {
				best, subjects, longest = i, 0, size
			}
			subjects |= e.subjects
		}
	}
	return best, subjects
}

// mentions reports whether text begins with e.
func (l *Language) mentions(text []byte, e *entry) bool {
	if !e.simple {
		return l.matches(text, e.folded)
	}
	n := e.size
	if len(text) < n || string(text[:n]) != e.folded[:n] {
		return false
	}
	return n < len(e.folded) || l.joined || len(text) == n || text[n] == ' '
}

// matches reports whether text begins with a word of a file.
func (l *Language) matches(text []byte, word string) bool {
	for {
		part, rest, star := strings.Cut(word, "*")
		if len(text) < len(part) || string(text[:len(part)]) != part {
			return false
		}
		text = text[len(part):]
		if !star {
			return l.joined || len(text) == 0 || text[0] == ' '
		}
		if rest == "" {
			return true
		}
		k := bytes.IndexByte(text, ' ')
		if k < 0 {
			return false
		}
		text, word = text[k:], rest
	}
}

// Fold appends the words of text to dst in the form that they are looked at in,
// with a space between those that something stands between, and to starts where
// each begins in dst.
func Fold(dst []byte, starts []uint32, text string, w *shingle.Words) ([]byte, []uint32) {
	for i := range w.Len() {
		if i > 0 && w.Start[i] != w.End[i-1] {
			dst = append(dst, ' ')
		}
		starts = append(starts, uint32(len(dst)))
		word := text[w.Start[i]:w.End[i]]
		n := len(dst)
		for k := range len(word) {
			c := plain[word[k]]
			if c == 0 {
				break
			}
			dst = append(dst, c)
		}
		if len(dst)-n == len(word) {
			continue
		}
		dst = shingle.AppendFolded(dst[:n], word)
	}
	return dst, starts
}

// plain has what letters and digits of ASCII are folded to, 0 for other bytes.
var plain = func() (p [256]byte) {
	for c := range byte(26) {
		p['a'+c], p['A'+c] = 'a'+c, 'a'+c
	}
	for c := range byte(10) {
		p['0'+c] = '0' + c
	}
	return p
}()

// Distinct returns the mentions, of one block, with each word of the table once.
func Distinct(mentions []Mention) []Mention {
	n := 0
next:
	for _, m := range mentions {
		for _, old := range mentions[:n] {
			if old.Entry == m.Entry {
				continue next
			}
		}
		mentions[n] = m
		n++
	}
	return mentions[:n]
}
