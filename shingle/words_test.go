package shingle

import (
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// plainWords is the tokeniser as its documentation puts it, rune by rune.
func plainWords(text string) *Words {
	w := new(Words)
	var norm []byte
	start, end := -1, 0
	alone := false
	finish := func() {
		if start >= 0 {
			w.add(plainHash(norm), start, end)
		}
		start, norm, alone = -1, nil, false
	}
	for i, r := range text {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(text[i:])
		}
		f := foldRune(r)
		switch f.class {
		case separator:
			finish()
			continue
		case ignored:
			continue
		case accent:
			if start >= 0 {
				end = i + size
			}
			continue
		case solo:
			finish()
			alone = true
		case inWord:
			if alone {
				finish()
			}
		case mark:
			alone = alone || start < 0
		}
		if start < 0 {
			start = i
		}
		norm = f.append(norm)
		end = i + size
	}
	finish()
	return w
}

func plainHash(norm []byte) uint64 {
	h := uint64(hashSeed)
	for len(norm) > 0 {
		var step [16]byte
		norm = norm[copy(step[:], norm):]
		h = hashStep(h, binary.LittleEndian.Uint64(step[:]), binary.LittleEndian.Uint64(step[8:]))
	}
	return h
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{
		"", "a", "Don’t stop", "naïve café", "cafe\u0301s", "co\u00adoperate", "ﬁne Straße İstanbul",
		"東京は2024年ガラス", "か\u3099らす ｶﾞﾗｽ", "สวัสดีครับ", "한국어 \u1112\u1161\u11ab", "abcdefgh", "abcdefghi jklmnopq", "\xff\xfeab\x80",
		"The quick brown fox jumps over the lazy dog and runs away from internationalization of counterrevolutionaries, x1y2.",
		strings.Repeat("word ", 40) + "é", strings.Repeat("x", 200) + " y", strings.Repeat("0123456789abcdef ", 12), strings.Repeat("a b", 60) + "–c",
		"x\u200by", "hawaiʻi", "٣٤ مُحَمَّد", "a\u0301\u200d\u0301b", "漢\ufe00字", "①²½™",
	} {
		f.Add(s)
	}
	f.Fuzz(checkWords)
}

// TestMixedWords checks texts longer than a block, of words and marks of all kinds.
func TestMixedWords(t *testing.T) {
	pieces := []string{
		"a", "The", "word", "fox13", "internationalization", "counterrevolutionaries", strings.Repeat("x", 70), "café", "e\u0301lan", "naïveté",
		"co\u00adoperate", "\u200b", "\u00a0", "狐", "東京", "ガ", "か\u3099", "한국어", "ﬁne", "①²", "\u0301", "\ufe00", "\xff", "\xe2\x80", "\xf0\x9f", "😀",
	}
	gaps := []string{"", " ", " ", " ", " ", ", ", "–", " — ", "“", "”", "’", "…", "\n\n", "。", "\u2028", "«", "'"}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var b strings.Builder
		plain := r.IntN(4) * 8 // how many of the pieces are ASCII for the most part
		for b.Len() < 300 {
			i := r.IntN(len(pieces) + plain)
			if i >= len(pieces) {
				i = r.IntN(5)
			}
			b.WriteString(pieces[i] + gaps[r.IntN(len(gaps))])
		}
		checkWords(t, b.String())
		if t.Failed() {
			return
		}
	}
}

// checkWords holds the words of text equal to those that the plain tokeniser finds.
func checkWords(t *testing.T, text string) {
	var got Words
	Tokenizer{}.Words(&got, text)
	want := plainWords(text)
	if got.Len() != want.Len() {
		t.Fatalf("%q: %d words, want %d", text, got.Len(), want.Len())
	}
	last := uint32(0)
	for i := range got.Len() {
		if got.Hash[i] != want.Hash[i] || got.Start[i] != want.Start[i] || got.End[i] != want.End[i] {
			t.Fatalf("%q: word %d is %x at %d:%d, want %x at %d:%d", text, i,
				got.Hash[i], got.Start[i], got.End[i], want.Hash[i], want.Start[i], want.End[i])
		}
		if got.Start[i] < last || got.End[i] <= got.Start[i] || int(got.End[i]) > len(text) {
			t.Fatalf("%q: word %d at %d:%d", text, i, got.Start[i], got.End[i])
		}
		last = got.End[i]
		if utf8.ValidString(text) && (!utf8.RuneStart(text[got.Start[i]]) || int(last) < len(text) && !utf8.RuneStart(text[last])) {
			t.Fatalf("%q: word %d at %d:%d is not on rune boundaries", text, i, got.Start[i], last)
		}
	}
}

func texts(b *testing.B, name string) []string {
	b.Helper()
	f, err := os.Open("../../shared/data/" + name)
	if err != nil {
		b.Skipf("measuring needs %s beside the project", name)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	var texts []string
	for line := range strings.Lines(string(data)) {
		var rec struct{ Text string }
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			b.Fatal(err)
		}
		texts = append(texts, rec.Text)
	}
	return texts
}

func BenchmarkWords(b *testing.B) {
	for _, name := range []string{"neardup/en-rfc-5k.jsonl.gz", "neardup/zh-events.jsonl.gz", "offtopic/ja-made.jsonl.gz", "offtopic/multi-trafilatura-snippets.jsonl.gz"} {
		b.Run(name, func(b *testing.B) {
			texts := texts(b, name)
			n := 0
			for _, t := range texts {
				n += len(t)
			}
			b.SetBytes(int64(n))
			b.ReportAllocs()
			var w Words
			for b.Loop() {
				for _, t := range texts {
					w.Reset()
					Tokenizer{}.Words(&w, t)
				}
			}
		})
	}
}
