// Package store is a persistent index of articles: it remembers every article that
// was accepted, and tells of a new one which of them it is a near-duplicate of.
// Near-duplicates are those of package dedupe, J and C over shingles; what dedupe
// finds in a corpus at once, a [Store] finds article by article, from disk.
//
// # Promises
//
// A call that adds or removes an article returns when that is on disk, and an
// article is in the index whole or not at all. [Store.Submit] checks and adds in one
// step, so that of two near-duplicates submitted at one moment one is told of the
// other. Damage to a file is named by [Open] or [Store.Verify]; it is never taken
// for an empty answer.
//
// One writer has an index open at a time, and any number of readers beside it, each
// with the index as it was when it was opened.
//
// # Format, version 1
//
// An index is a directory:
//
//	CHAFF-INDEX  format version, shingle size and segmenter, as text, with a checksum
//	LOCK         locked by the writer
//	COMMITS      how many commits were acknowledged: 8 bytes and a checksum
//	pebble/      the tables, kept by github.com/cockroachdb/pebble
//
// Pebble writes each commit to its log, with checksums, before it is acknowledged,
// and sorts it into table files later, whose every block has a checksum. COMMITS
// tells a log that has lost its end, as no log can tell of itself. It is made before
// the tables and not synced later, so that after a power failure it may ask for too
// little, never for too much. Each commit holds its number, so that a hole is told,
// too, where a manifest or log is damaged in a way that looks like its end.
//
// All tables are in one space of keys, each with a letter before it. Numbers in keys
// are big-endian, in values little-endian; uvarint is that of encoding/binary.
//
//	a number(4)               the article, see below
//	c                         counters: commits, next number, articles, words, bytes of text; 8 bytes each, CRC-32C
//	i id                      number(4) of the article, big-endian
//	q sequence(8) number(4)   nothing: the article's words, in order, have this hash
//	s sample(5) number(4) class(1)
//	                          nothing: the article has sampled this shingle
//	t number(4)               title, URL, language and text, each after its length as uvarint, CRC-32C;
//	                          only with [Options.StoreText]
//
// Articles are numbered in the order in which they came. A number is not used again:
// an update removes the old number and adds a new one, in one commit. An article is:
//
//	version   1 byte, 1
//	number    4 bytes
//	id        uvarint length, bytes
//	source    uvarint length, bytes
//	date      varint, Unix seconds; the least int64 where it is not known
//	bytes     uvarint, of the text
//	shingles  uvarint, each counted once
//	text      16 bytes of its SHA-256: an article sent again is known by it
//	words     4 bytes each: 31 bits of the word's hash, and whether it begins with a digit
//	CRC-32C   4 bytes, of all before
//
// The words in order take four bytes each. The sorted hashes of the shingles, cut to
// 40 bits and delta-coded, would take as much, 4.1 bytes each, and tell less: with the
// words an index can tell texts of the same words without a doubt, and what two texts
// have in common place by place.
//
// An article of 400 words takes 2.2 KB in the table files, measured at 900,000 of
// them: the article, compressed, 66 samples, and the filters that spare look-ups in
// vain. The log and the files kept for
// its next use take up to 60 MB more, whatever the index holds.
//
// # How near-duplicates are found
//
// Each article is found by a sample of its shingles (FracMinHash, Irber et al.,
// 2022), one in six of a long text and all of a very short one, kept with its number
// and its size, to a quarter of a power of two. A query looks samples up and counts
// how often it meets each article. From the two sizes follows how many shingles a
// near-duplicate of that size must share, and from that how many samples, in all but
// one case in a thousand; the likeliest are read and compared exactly.
//
// Samples are looked up in memory where they fit into three quarters of
// [Options.Cache]: 0.9 bytes a word of all articles, 360 MB for a million of 400
// words, and 13 MB in any case. Memory is made by the first queries of an index, in the
// background once it has more than a thousand articles, from the table of samples, and
// follows every commit; until then, and where it does not fit, samples are looked up on
// disk, which takes several times as long. What is found is the same, but that memory
// counts hits in lists of any length, and among short articles by every shingle of the
// text asked about, not by its samples alone: it misses fewer.
//
// That finds containment as well as likeness, so there are no bands of signatures:
// two texts with J = 0.5 share two thirds of the shorter one's shingles.
//
// J and C are exact for the words as they are kept. Two different words have one
// code with a probability of 2⁻³¹, which makes the J or C of a pair wrong in fewer
// than one case in a million.
//
// Lists of more than a hundred articles are read in part, and what is met in the others
// is looked up in them: what a stock phrase leads to is not read to its end. An article
// with hundreds of near-duplicates is told of some dozens of them, the earliest, and
// of those that share with it what the others do not.
package store
