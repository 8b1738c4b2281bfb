package shingle

import (
	"fmt"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/go-ego/gse"
	"golang.org/x/text/unicode/norm"
)

// Segmenter names a way to find words where a script sets no spaces.
type Segmenter string

const (
	// Chars takes every letter for a word, in all scripts without spaces. It
	// needs no dictionary.
	Chars Segmenter = "chars"
	// GSE finds the words of Chinese and Japanese in the dictionaries of
	// github.com/go-ego/gse. They are loaded when first needed (seconds, and
	// up to 450 MB). Other scripts are read as with Chars.
	GSE Segmenter = "gse"
)

// ParseSegmenter returns the segmenter called name.
func ParseSegmenter(name string) (Segmenter, error) {
	switch s := Segmenter(name); s {
	case Chars, GSE:
		return s, nil
	}
	return "", fmt.Errorf("no segmenter %q: chars or gse", name)
}

// The dictionaries only grow while they load, and are read by any number of
// goroutines after that.
var (
	chinese  = sync.OnceValue(func() *gse.Segmenter { return loadDict("zh") })
	japanese = sync.OnceValue(func() *gse.Segmenter { return loadDict("ja") })
)

// loadDict returns nil where gse was built without its dictionaries.
func loadDict(lang string) *gse.Segmenter {
	seg := new(gse.Segmenter)
	seg.SkipLog = true
	if err := seg.LoadDictEmbed(lang); err != nil {
		return nil
	}
	return seg
}

// segmentWords appends the words of text to w, those of Han and kana runs as gse
// cuts them. A text with any kana in it is Japanese. A letter that
// gse loses stands for itself.
func segmentWords(w *Words, text string) {
	var letters Words
	scan(&letters, text)
	dict := chinese
	for i := range letters.Len() {
		if r, _ := utf8.DecodeRuneInString(text[letters.Start[i]:]); isKana(r) {
			dict = japanese
			break
		}
	}
	for i := 0; i < letters.Len(); {
		run := i // the run of letters from i that touch one another and gse can read
		for run < letters.Len() && (run == i || letters.Start[run] == letters.End[run-1]) && isGSE(text[letters.Start[run]:]) {
			run++
		}
		if run == i {
			w.add(letters.Hash[i], int(letters.Start[i]), int(letters.End[i]))
			i++
			continue
		}
		i = cutRun(w, text, &letters, i, run, dict)
	}
}

// cutRun appends the letters from i to run, joined to words, and returns run.
// gse sees the letters in composed compatibility form, and a word's hash is made
// of its letters' hashes, so that each way of writing a letter gives one word.
func cutRun(w *Words, text string, letters *Words, i, run int, dict func() *gse.Segmenter) int {
	var composed []byte
	ends := make([]int, 0, run-i) // of the letters, in composed
	for j := i; j < run; j++ {
		composed = norm.NFKC.AppendString(composed, text[letters.Start[j]:letters.End[j]])
		ends = append(ends, len(composed))
	}
	var cuts []string
	if seg := dict(); seg != nil {
		cuts = seg.Cut(string(composed))
	}
	letter, pos := 0, 0
	for _, cut := range cuts {
		pos += len(cut)
		first, h := letter, uint64(hashSeed)
		for letter < len(ends) && ends[letter] <= pos {
			h = hashStep(h, letters.Hash[i+letter], 0)
			letter++
		}
		if letter > first {
			w.add(h, int(letters.Start[i+first]), int(letters.End[i+letter-1]))
		}
	}
	for j := i + letter; j < run; j++ {
		w.add(letters.Hash[j], int(letters.Start[j]), int(letters.End[j]))
	}
	return run
}

func isGSE(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isKana(r) || unicode.Is(unicode.Han, r)
}

func isKana(r rune) bool {
	return unicode.In(r, unicode.Hiragana, unicode.Katakana) || r == 'ー' || r == 'ｰ'
}
