package corpus

import "cmp"

// Position is where an article stands in its corpus, so that it can be loaded
// again. It has meaning only for the [Corpus] that gave it. Positions are
// comparable with ==, 16 bytes long, and the same for any number of workers.
type Position struct {
	source uint32 // index of the file in reading order
	length uint32 // bytes from offset on that hold the article
	offset int64  // in the file, or in what it decompresses to
}

// Source returns the number of the source that holds the article, see
// [Corpus.Sources].
func (p Position) Source() int { return int(p.source) }

// Compare orders positions as the articles stand in the corpus: by file, in
// the order of the paths and of the names in a folder, then by offset. It
// returns a negative number when p comes before q, and 0 when they are equal.
func (p Position) Compare(q Position) int {
	return cmp.Or(
		cmp.Compare(p.source, q.source),
		cmp.Compare(p.offset, q.offset),
		cmp.Compare(p.length, q.length),
	)
}

// Less reports whether p comes before q in reading order.
func (p Position) Less(q Position) bool { return p.Compare(q) < 0 }
