package gen_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"chaff/bench/gen"
	"chaff/bench/truth"
)

func corpus(t testing.TB, opt gen.Options) *gen.Corpus {
	t.Helper()
	c, err := gen.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The bytes of a corpus are part of every published figure: they may not change
// unnoticed, on any platform.
func TestGolden(t *testing.T) {
	const want = "c6de408dbd5d1fca108ec975a8d919d54579b2614e713026ba9b3d850de4b28d"
	h := sha256.New()
	if err := corpus(t, gen.Options{Seed: 1, Articles: 500}).Write(h, h); err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("corpus hash %s, want %s", got, want)
	}
}

func TestArticleDependsOnSeedAndNumberAlone(t *testing.T) {
	a, b := corpus(t, gen.Options{Seed: 7, Articles: 300}), corpus(t, gen.Options{Seed: 7, Articles: 300})
	texts := make([]string, a.Len())
	for i := range texts {
		article, _ := a.Article(i)
		texts[i] = article.Text
	}
	for i := len(texts) - 1; i >= 0; i-- {
		if article, _ := b.Article(i); article.Text != texts[i] {
			t.Fatalf("article %d differs when the order of calls does", i)
		}
	}
	other, _ := corpus(t, gen.Options{Seed: 8, Articles: 300}).Article(0)
	if other.Text == texts[0] {
		t.Error("another seed gives the same article")
	}
}

// plants calls each with every planted copy, its original and the plant.
func plants(t *testing.T, articles int, each func(copied, original string, p gen.Plant)) {
	t.Helper()
	c := corpus(t, gen.Options{Seed: 3, Articles: articles})
	texts := map[string]string{}
	found := 0
	for i := range c.Len() {
		a, p := c.Article(i)
		texts[a.ID] = a.Text
		if p.Kind != "" {
			found++
			each(a.Text, texts[p.Original], p)
		}
	}
	if found < articles/20 {
		t.Fatalf("%d plants in %d articles", found, articles)
	}
}

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func paragraphs(text string) []string { return strings.Split(text, "\n\n") }

func sorted(s []string) []string { slices.Sort(s); return s }

// holds says, by kind, what must be true of a copy and its original.
var holds = map[string]func(copied, original, param string) bool{
	gen.Exact:      func(c, o, _ string) bool { return c == o },
	gen.Substitute: func(c, o, _ string) bool { return c != o && (han(o) || fields(c) == fields(o)) },
	gen.Insert:     func(c, o, _ string) bool { return len(c) > len(o) && (han(o) || fields(c) > fields(o)) },
	gen.Delete:     func(c, o, _ string) bool { return len(c) < len(o) && (han(o) || fields(c) < fields(o)) },
	gen.Added: func(c, o, n string) bool {
		return strconv.Itoa(len(paragraphs(c))-len(paragraphs(o))) == n && contains(paragraphs(c), paragraphs(o))
	},
	gen.Dropped: func(c, o, n string) bool {
		return strconv.Itoa(len(paragraphs(o))-len(paragraphs(c))) == n && contains(paragraphs(o), paragraphs(c))
	},
	gen.Shuffled: func(c, o, _ string) bool {
		return slices.Equal(sorted(paragraphs(c)), sorted(paragraphs(o)))
	},
	gen.Furniture:   func(c, o, _ string) bool { return strings.Contains(c, o) && len(c) > len(o) },
	gen.Truncated:   func(c, o, _ string) bool { return strings.HasPrefix(o, c) && len(c) < len(o) },
	gen.Letters:     func(c, o, _ string) bool { return strings.EqualFold(c, o) },
	gen.Punctuation: func(c, o, _ string) bool { return slices.Equal(words(c), words(o)) },
	gen.Diacritics:  func(c, o, _ string) bool { return utf8.RuneCountInString(c) == utf8.RuneCountInString(o) },
	gen.Prepended:   func(c, o, _ string) bool { return strings.HasSuffix(c, o) && len(c) > len(o) },
	gen.Embedded:    func(c, o, _ string) bool { return strings.Contains(c, o) && len(c) > len(o) },
	gen.OCR:         func(c, o, _ string) bool { return utf8.ValidString(c) },
	gen.Form:        func(c, o, _ string) bool { return len(paragraphs(c)) == len(paragraphs(o)) },
}

// fields counts what stands between spaces.
func fields(text string) int { return len(strings.Fields(text)) }

func han(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// contains tells whether all parts stand in the whole, in order.
func contains(whole, parts []string) bool {
	for _, w := range whole {
		if len(parts) > 0 && parts[0] == w {
			parts = parts[1:]
		}
	}
	return len(parts) == 0
}

func TestCopiesAreWhatTheTruthSays(t *testing.T) {
	seen := map[string]int{}
	plants(t, 6000, func(copied, original string, p gen.Plant) {
		seen[p.Kind]++
		hold := holds[p.Kind]
		if hold == nil {
			t.Fatalf("unknown kind %q", p.Kind)
		}
		if original == "" {
			t.Fatalf("%s: the original %s does not come before it", p.Copy, p.Original)
		}
		if !hold(copied, original, p.Param) {
			t.Errorf("%s is no %s %s copy of %s", p.Copy, p.Kind, p.Param, p.Original)
		}
	})
	for kind := range holds {
		if seen[kind] < 10 {
			t.Errorf("%d copies of kind %s", seen[kind], kind)
		}
	}
}

// A substitution of r percent of the words leaves (1-r)^n of the n-shingles.
func TestSubstitutionRates(t *testing.T) {
	kept, total := map[string]float64{}, map[string]float64{}
	shingler := truth.Shingler{Size: 3}
	plants(t, 20_000, func(copied, original string, p gen.Plant) {
		if p.Kind != gen.Substitute {
			return
		}
		a := slices.Clone(shingler.Set(original))
		j, _ := truth.Compare(a, shingler.Set(copied))
		kept[p.Param] += 2 * j / (1 + j) * float64(len(a))
		total[p.Param] += float64(len(a))
	})
	for _, param := range []string{"1", "2", "3", "5", "10", "20"} {
		rate, _ := strconv.ParseFloat(param, 64)
		want := (1 - rate/100) * (1 - rate/100) * (1 - rate/100)
		if got := kept[param] / total[param]; math.Abs(got-want) > .02 {
			t.Errorf("%s percent: %.3f of the shingles kept, want about %.3f", param, got, want)
		}
	}
}

// The shares of shingles in two or more articles must stay within ten points of
// those of news of that size (.20 and .09 to .11 of the distinct ones).
func TestShinglesRecurAsInNews(t *testing.T) {
	for size, want := range map[int]float64{3: .20, 5: .10} {
		df := map[uint64]int{}
		s := truth.Shingler{Size: size}
		c := corpus(t, gen.Options{Seed: 1, Articles: 2500})
		for i := range c.Len() {
			a, _ := c.Article(i)
			for _, h := range s.Set(a.Text) {
				df[h]++
			}
		}
		common := 0
		for _, n := range df {
			if n > 1 {
				common++
			}
		}
		if got := float64(common) / float64(len(df)); math.Abs(got-want) > .10 {
			t.Errorf("%d-shingles: %.3f stand in two or more articles, want %.2f", size, got, want)
		}
	}
}

func TestLinesDecode(t *testing.T) {
	c := corpus(t, gen.Options{Seed: 5, Articles: 400, Han: 300})
	var lines, rows bytes.Buffer
	if err := c.Write(&lines, &rows); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(&lines)
	for i := range c.Len() {
		var got struct{ ID, Text, Source, Date string }
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if want, _ := c.Article(i); gen.Article(got) != want {
			t.Fatalf("article %d decodes to %+v, want %+v", i, got, want)
		}
	}
	if d.More() {
		t.Error("more lines than articles")
	}
	if n := strings.Count(rows.String(), "\n"); n < 20 {
		t.Errorf("%d rows of truth", n)
	}
}

func TestOptionsOutOfRange(t *testing.T) {
	for _, opt := range []gen.Options{{Articles: -1}, {Copies: 501}, {Han: 1001}, {Forms: 1001}} {
		if _, err := gen.New(opt); !errors.Is(err, gen.ErrRange) {
			t.Errorf("%+v: error %v, want ErrRange", opt, err)
		}
	}
}

// Corpora of one script alone leave fewer kinds to choose from, and still end.
func TestExtremes(t *testing.T) {
	for _, opt := range []gen.Options{{Han: 1000}, {Han: -1}, {Forms: 1000, Copies: 500}, {Copies: -1, Forms: -1}} {
		opt.Articles = 200
		c := corpus(t, opt)
		for i := range c.Len() {
			if a, p := c.Article(i); a.Text == "" || opt.Copies < 0 && p.Kind != "" {
				t.Errorf("%+v: article %d is %q, planted as %+v", opt, i, a.Text, p)
			}
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriteErrors(t *testing.T) {
	c := corpus(t, gen.Options{Articles: 300})
	if err := c.Write(failing{}, nil); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("articles: error %v", err)
	}
	if err := c.Write(nil, failing{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("truth: error %v", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	c := corpus(b, gen.Options{Seed: 1, Articles: 500})
	var size int64
	for i := range c.Len() {
		a, _ := c.Article(i)
		size += int64(len(a.Text))
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Write(nil, nil); err != nil {
			b.Fatal(err)
		}
	}
}
