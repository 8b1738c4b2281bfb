package dedupe

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"chaff/article"
	"chaff/shingle"
)

func ExampleMatch() {
	news := article.Article{ID: "news", Text: "The mill has closed. Its wheel, which had turned since 1712, stopped on Friday at noon. Nobody cheered."}
	blog := article.Article{ID: "blog", Text: "I read that its wheel, which had turned since 1712, stopped on Friday at three. Sad."}
	a, b := NewText(&news, shingle.Tokenizer{}, 0), NewText(&blog, shingle.Tokenizer{}, 0)
	for _, p := range Match(a, b, MatchOptions{}) {
		fmt.Printf("%d words: %q\n", p.Shared, p.B.In(blog.Text))
	}
	// Output: 11 words: "its wheel, which had turned since 1712, stopped on Friday at"
}

func ExampleRepeats() {
	a := article.Article{ID: "mill.txt", Text: `The mill closes

The wheel had turned since 1712, through two wars and a flood. It stopped on Friday.

Nobody knows what will become of the miller's cat.

The wheel had turned since 1712, through two wars and a flood. It halted on Friday.`}
	for _, f := range Repeats(NewText(&a, shingle.Tokenizer{}, 0), RepeatOptions{}) {
		fmt.Printf("line %d repeats line %d: %s, %s\n", f.At.Line, f.OtherAt.Line, f.Reasons[0].Signal, f.Reasons[0].Evidence)
	}
	// Output: line 7 repeats line 3: edited copy, 93 % of 16 words
}

// checkPassages fails where a passage breaks what every passage promises.
func checkPassages(t *testing.T, a, b string, passages []Passage, least int) {
	t.Helper()
	last := 0
	for i, p := range passages {
		if p.A.Start < last {
			t.Fatalf("passage %d of %v is not in the order of A", i, passages)
		}
		last = p.A.Start
		if p.A.Len() <= 0 || p.A.End > len(a) || p.B.Len() <= 0 || p.B.Start < 0 || p.B.End > len(b) {
			t.Fatalf("passage %+v of texts of %d and %d bytes", p, len(a), len(b))
		}
		if p.Shared < least || p.Shared > min(p.WordsA, p.WordsB) || p.Score <= 0 || p.Score > 1 {
			t.Fatalf("passage %+v", p)
		}
		for k, q := range passages {
			if k != i && q.B.Overlaps(p.B) {
				t.Fatalf("passages %+v and %+v overlap in B", p, q)
			}
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("one two three four five six seven eight nine", "zero one two three four five six seven eight nine")
	f.Add("市议会周二晚间决定关闭皮匠街的老游泳馆。", "据报道，市议会周二晚间决定关闭皮匠街的老游泳馆了。")
	f.Add("a b a b a b a b a b a b", "b a b a b a b a b")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := newTestText(a), newTestText(b)
		passages := Match(x, y, MatchOptions{MinWords: 3})
		checkPassages(t, a, b, passages, 1)

		// A text shares all of its words with itself, and with itself between others.
		if n := x.Words.Len(); n >= 3*x.unit+2 {
			inside := "Before it.\n\n" + a + "\n\nBehind it."
			y.Reset(&article.Article{Text: inside})
			if y.unit != x.unit {
				return
			}
			words := 0
			passages := Match(x, y, MatchOptions{MinWords: 3})
			checkPassages(t, a, inside, passages, 1)
			for _, p := range passages {
				words += p.Shared
			}
			if words < n {
				t.Fatalf("%d words in common with itself, of %d: %v", words, n, passages)
			}
		}
	})
}

// Paragraphs that one text has from another are found, each where it stands.
func TestMatchPlanted(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		as, bs := madeParagraphs(rng, 8), madeParagraphs(rng, 8)
		from, to := rng.IntN(8), rng.IntN(8)
		bs[to] = as[from]
		a, b := strings.Join(as, "\n"), strings.Join(bs, "\n")
		got := Match(newTestText(a), newTestText(b), MatchOptions{})
		checkPassages(t, a, b, got, 8)
		if len(got) != 1 || got[0].A.In(a) != as[from] || got[0].B.In(b) != as[from] || got[0].Score != 1 {
			t.Fatalf("found %v, want paragraph %d at %d", got, from, to)
		}
	}
}

func TestMatchNothing(t *testing.T) {
	some := newTestText("Seven words that nobody else ever uses.")
	for _, s := range []string{"", "one", "one two", "Other things are said in this one."} {
		if got := Match(newTestText(s), some, MatchOptions{}); len(got) != 0 {
			t.Errorf("%q: %v", s, got)
		}
		if got := Match(some, newTestText(s), MatchOptions{}); len(got) != 0 {
			t.Errorf("%q: %v", s, got)
		}
	}
}
