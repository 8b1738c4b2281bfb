// Package report puts findings in order and writes them: [Sorter] orders any
// number of them in bounded memory, [JSONL] writes them for programs, and
// [Text] for people.
//
// It knows articles and findings only; it reads no article. Bytes that come
// from one reach a terminal through [Printable] alone.
package report
