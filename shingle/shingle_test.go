package shingle

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// Ways of writing one text that must not matter.
func TestNormalisation(t *testing.T) {
	const plain = "The naïve café’s “menu” – it’s ‘fine’, Straße 5, İzmir, ガラス, 한국어"
	same := map[string]string{
		"decomposed":   norm.NFD.String(plain),
		"upper case":   strings.ReplaceAll(strings.ToUpper(plain), "STRASSE", "STRASSE"),
		"no accents":   "The naive cafe’s “menu” – it’s ‘fine’, Strasse 5, Izmir, ガラス, 한국어",
		"plain quotes": strings.NewReplacer("“", `"`, "”", `"`, "’", "'", "‘", "'", "–", "-").Replace(plain),
		"soft hyphens": strings.ReplaceAll(plain, "menu", "me\u00adnu"),
		"joiners":      strings.ReplaceAll(plain, "fine", "fi\u200dne\u200d"),
		"full width":   strings.NewReplacer("menu", "ｍｅｎｕ", "5", "５", "ガラス", "ｶﾞﾗｽ").Replace(plain),
		"ligature":     strings.ReplaceAll(plain, "fine", "ﬁne"),
		"white space":  "\n\t" + strings.ReplaceAll(plain, " ", "\u00a0\r\n "),
	}
	want := words(plain)
	for name, text := range same {
		if got := words(text); !slices.Equal(got, want) {
			t.Errorf("%s: %d words, not the %d words of the plain text", name, len(got), len(want))
		}
	}
	if slices.Equal(words("a naive plan"), words("a native plan")) {
		t.Error("different words hash the same")
	}
}

func TestAppendFolded(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		" … ":                      "",
		"Read  more »":             "read more",
		"L’Été, déjà-vu!":          "l ete deja vu",
		"PAYLAŞ":                   "paylas",
		"co\u00adoperate ① ½":      "cooperate 1 12",
		"関連記事：ガラス":                 "関連記事 カ\u3099ラス",
		"don\u02bct 3,5\u00a0km²":  "don t 3 5 km2",
		"\xffA\u0301\u200bB\u0301": "a b",
	} {
		if got := string(AppendFolded(nil, in)); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func words(text string) []uint64 {
	var w Words
	Tokenizer{}.Words(&w, text)
	return w.Hash
}

// Rolling or not, a shingle is the hash of its words alone.
func TestAppendRolls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.Uint64()).Draw(t, "words")
		size := rapid.IntRange(1, 9).Draw(t, "size")
		got := Append(nil, words, size)
		if len(got) != max(0, len(words)-size+1) {
			t.Fatalf("%d shingles of %d words, size %d", len(got), len(words), size)
		}
		for i, h := range got {
			if one := Append(nil, words[i:i+size], size); one[0] != h {
				t.Fatalf("shingle %d is %x, alone %x", i, h, one[0])
			}
		}
	})
}

func TestTextSetShort(t *testing.T) {
	set := func(text string) Set { return TextSet(nil, words(text), 3) }
	if n := len(set("")); n != 0 {
		t.Errorf("no words make %d shingles", n)
	}
	same := set("Read more").Compare(set("READ MORE!"))
	if same != (Likeness{1, 1}) {
		t.Errorf("two writings of a short text: %v", same)
	}
	if l := set("Read more").Compare(set("more read")); l != (Likeness{}) {
		t.Errorf("other order: %v", l)
	}
	if l := set("").Compare(set("")); l != (Likeness{}) {
		t.Errorf("empty texts: %v", l)
	}
}

func TestCompareAgainstMaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		element := rapid.Uint64Range(0, 40)
		a := rapid.SliceOf(element).Draw(t, "a")
		b := rapid.SliceOf(element).Draw(t, "b")
		inA, union := map[uint64]bool{}, map[uint64]bool{}
		for _, x := range a {
			inA[x], union[x] = true, true
		}
		inB, shared := map[uint64]bool{}, 0
		for _, x := range b {
			if inA[x] && !inB[x] {
				shared++
			}
			inB[x], union[x] = true, true
		}
		var want Likeness
		if shared > 0 {
			want = Likeness{float64(shared) / float64(len(union)), float64(shared) / float64(min(len(inA), len(inB)))}
		}
		if got := NewSet(a).Compare(NewSet(b)); got != want {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// sets returns two random sets of n shingles with Jaccard similarity near j.
func sets(rnd *rand.Rand, n int, j float64) (a, b Set) {
	shared := int(math.Round(2 * float64(n) * j / (1 + j)))
	var x, y []uint64
	for range shared {
		h := mix(rnd.Uint64())
		x, y = append(x, h), append(y, h)
	}
	for range n - shared {
		x, y = append(x, mix(rnd.Uint64())), append(y, mix(rnd.Uint64()))
	}
	return NewSet(x), NewSet(y)
}

// Over many pairs of sets the mean error of the estimate must vanish, and its
// spread must be what theory says, for both engines and for sets smaller and
// larger than the signature. They agree with each other because each agrees
// with the truth.
func TestEstimateUnbiased(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds, and minutes under the race detector")
	}
	const k, trials = 128, 600
	for _, engine := range []Engine{OPH, MinWise} {
		for _, n := range []int{5, 40, 600} {
			for _, j := range []float64{0, 0.3, 0.5, 0.8, 1} {
				t.Run(fmt.Sprintf("%s/%d/%.1f", engine, n, j), func(t *testing.T) {
					rnd := rand.New(rand.NewPCG(1, uint64(n)))
					signer := NewSigner(engine, k)
					var sum, squares, exact float64
					for range trials {
						a, b := sets(rnd, n, j)
						exact = a.Compare(b).Jaccard
						e := signer.Sign(nil, a).Estimate(signer.Sign(nil, b)) - exact
						sum += e
						squares += e * e
					}
					sigma := math.Sqrt(max(exact*(1-exact), 1e-4) / k)
					if mean := sum / trials; math.Abs(mean) > 5*sigma/math.Sqrt(trials)*1.5+1e-4 {
						t.Errorf("biased by %.4f (σ of the mean %.4f)", mean, sigma/math.Sqrt(trials))
					}
					if rms := math.Sqrt(squares / trials); rms > 1.5*sigma+1e-3 {
						t.Errorf("root mean square error %.4f, theory %.4f", rms, sigma)
					}
				})
			}
		}
	}
}

func TestSignatureOfNothing(t *testing.T) {
	for _, engine := range []Engine{OPH, MinWise} {
		s := NewSigner(engine, 64)
		empty, some := s.Sign(nil, nil), s.Sign(nil, []uint64{1})
		if empty != nil || empty.Estimate(empty) != 0 || empty.Estimate(some) != 0 {
			t.Errorf("%s: the empty set has signature %v", engine, empty)
		}
		if some.Estimate(some) != 1 {
			t.Errorf("%s: a set is unlike itself", engine)
		}
		if other := NewSigner(engine, 32).Sign(nil, []uint64{1}); some.Estimate(other) != 0 {
			t.Errorf("%s: signatures of different length compare", engine)
		}
	}
}

// A signature says what is in a set, not in which order or how often it came.
func TestSignOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shingles := rapid.SliceOfN(rapid.Uint64(), 1, 200).Draw(t, "shingles")
		k := rapid.SampledFrom([]int{1, 7, 64, 100, 128}).Draw(t, "places")
		shuffled := rapid.Permutation(append(shingles[:1:1], shingles...)).Draw(t, "shuffled")
		for _, engine := range []Engine{OPH, MinWise} {
			a, b := NewSigner(engine, k).Sign(nil, shingles), NewSigner(engine, k).Sign(nil, shuffled)
			if len(a) != k || !slices.Equal(a, b) {
				t.Fatalf("%s: %v and %v", engine, a, b)
			}
		}
	})
}

func TestSample(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	a, b := sets(rnd, 40_000, 0.5)
	const rate = 8
	x, y := NewSet(Sample(nil, a, rate)), NewSet(Sample(nil, b, rate))
	if share := float64(len(x)) / float64(len(a)); math.Abs(share-1.0/rate) > 0.01 {
		t.Errorf("one in %d keeps %.3f", rate, share)
	}
	if got, want := x.Compare(y).Jaccard, a.Compare(b).Jaccard; math.Abs(got-want) > 0.03 {
		t.Errorf("samples have J %.3f, sets %.3f", got, want)
	}
	if all := Sample(nil, a, 0); !slices.Equal(all, a) {
		t.Error("rate 0 does not keep all")
	}
}

func TestSegmenterGSE(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds, and minutes under the race detector")
	}
	text := "南京市长江大桥 opened in 1968. 東京タワーへ行く。"
	var chars, cut Words
	Tokenizer{}.Words(&chars, text)
	Tokenizer{Segmenter: GSE}.Words(&cut, text)
	if cut.Len() >= chars.Len() {
		t.Fatalf("gse finds %d words, letter by letter there are %d", cut.Len(), chars.Len())
	}
	covered := func(w Words) (runes int) {
		for i := range w.Len() {
			if i > 0 && w.Start[i] < w.End[i-1] {
				t.Fatalf("words %d and %d overlap", i-1, i)
			}
			for _, r := range text[w.Start[i]:w.End[i]] {
				if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
					t.Fatalf("word %q", text[w.Start[i]:w.End[i]])
				}
				runes++
			}
		}
		return runes
	}
	if a, b := covered(chars), covered(cut); a != b {
		t.Errorf("gse covers %d letters, not %d", b, a)
	}
	if full := "ﾀﾜｰ"; !slices.Equal(segmented("東京"+full), segmented("東京タワー")) {
		t.Error("half-width kana make other words")
	}
	if _, err := ParseSegmenter("jieba"); err == nil {
		t.Error("an unknown segmenter is taken")
	}
}

func segmented(text string) []uint64 {
	var w Words
	Tokenizer{Segmenter: GSE}.Words(&w, text)
	return w.Hash
}
