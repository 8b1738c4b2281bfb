package offtopic

import (
	"fmt"

	"chaff/shingle"
)

// TextKey names a text by the words in it, as [Profile.Rejected] does: how they
// are set, accented and separated makes no difference. It is empty for a text
// without words.
func TextKey(text string) string {
	var w shingle.Words
	shingle.Tokenizer{}.Words(&w, text)
	return keyOf(w.Hash)
}

// keyOf is the hash of a run of words (FNV-1a, Fowler, Noll and Vo, over their
// own hashes).
func keyOf(words []uint64) string {
	if len(words) == 0 {
		return ""
	}
	h := uint64(14695981039346656037)
	for _, w := range words {
		h = (h ^ w) * 1099511628211
		h ^= h >> 29
	}
	return fmt.Sprintf("%016x", h)
}

// silenced reports whether an editor has rejected the text of s often enough.
func (r *reading) silenced(s segment) bool {
	if len(r.Rejected) == 0 {
		return false
	}
	return r.Rejected[keyOf(r.words.Hash[r.units[s.first].lo:r.units[s.last].hi])] >= RejectedOften
}
