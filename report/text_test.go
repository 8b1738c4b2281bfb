package report

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"chaff/article"
)

var update = flag.Bool("update", false, "write the golden files")

func share(x float64) *float64 { return &x }

// example has a finding of every kind, label, relation and tier, in order.
func example() []article.Finding {
	return []article.Finding{
		{
			Kind: article.NearDuplicate, Cluster: "c1", Article: "evening/ferry.txt", Score: 0.91,
			Other:   &article.Ref{Article: "agency/ferry.txt"},
			Jaccard: share(0.634), Containment: share(0.9961), Relation: article.Version,
			Shared: []article.Shared{{Span: article.Span{Start: 10, End: 90}, Other: article.Span{Start: 0, End: 80}}, {}},
			At:     article.Place{Line: 3, Paragraph: 2}, OtherAt: article.Place{Line: 1, Paragraph: 1},
			Reasons: []article.Reason{{Signal: "shared words", Evidence: "212 of 230"}},
		},
		{
			Kind: article.Repeat, Article: "evening/ferry.txt", Score: 1,
			Span:  &article.Span{Start: 900, End: 1200},
			Other: &article.Ref{Article: "evening/ferry.txt", Span: &article.Span{Start: 100, End: 400}},
			Text: "The town council voted on Monday to keep the second ferry, which carries schoolchildren and nurses,\r\n\r\n" +
				"for another year.\r\nNobody voted against it.",
			Reasons: []article.Reason{{Signal: "same words", Evidence: "31 words"}, {Signal: "paragraphs", Evidence: "2"}},
			At:      article.Place{Line: 11, Paragraph: 6}, OtherAt: article.Place{Line: 2, Paragraph: 1},
		},
		{
			Kind: article.OffTopic, Label: article.Boilerplate, Tier: article.Likely, Article: "evening/ferry.txt", Score: 0.8,
			Span: &article.Span{Start: 1300, End: 1320}, Text: "Read more from us",
			Reasons: []article.Reason{
				{Signal: "furniture phrase", Evidence: "Read more", Weight: 2.4},
				{Signal: "stands in many articles", Weight: 1.5},
				{Signal: "words of the article", Evidence: "1", Weight: -0.4},
			},
			At: article.Place{Line: 30, Paragraph: 15},
		},
		{
			Kind: article.NearDuplicate, Article: "notes/monday.txt", Score: 0.7, Other: &article.Ref{Article: "notes/friday.txt"},
			Jaccard: share(0.7), Containment: share(0.8), Relation: article.Template, Cluster: "t1",
			Reasons: []article.Reason{{Signal: "figures differ", Evidence: "14 of 15 numbers"}},
		},
		{
			Kind: article.OffTopic, Label: article.Foreign, Tier: article.Review, Article: "notes/monday.txt", Score: 0.5,
			Span: &article.Span{Start: 5, End: 9}, Text: "港の渡し船は来年も続くと町議会が月曜日に決めた。反対する者は一人もいなかったという。",
			At: article.Place{Line: 4, Paragraph: 2},
		},
		{
			Kind: article.OffTopic, Label: article.Advertisement, Tier: article.Certain, Article: "z\x1b[2J\nend.txt", Score: 0.99,
			Span: &article.Span{Start: 0, End: 9}, Text: "Buy\x1b]0;gone\x07 now\u202e \u009b31m" + strings.Repeat(" and\tnow", 40),
			Reasons: []article.Reason{{Signal: "price\x1b[31m", Evidence: "\x1b[5m$9", Weight: 1}},
			At:      article.Place{Line: 1, Paragraph: 1},
		},
		{Kind: article.NearDuplicate, Article: "zz", Score: 1, Other: &article.Ref{Article: "y"}, Jaccard: share(1), Containment: share(1), Relation: article.Same, Cluster: "c2"},
		{Kind: article.NearDuplicate, Article: "zzz", Score: 1, Other: &article.Ref{Article: "y"}, Jaccard: share(0.2), Containment: share(1), Relation: article.Contained},
		{Kind: article.NearDuplicate, Article: "zzzz", Score: 1, Other: &article.Ref{Article: "y"}, Jaccard: share(0.002), Containment: share(0.9), Relation: article.Contains},
	}
}

func write(t *testing.T, o TextOptions, s Summary, findings []article.Finding) string {
	t.Helper()
	var b bytes.Buffer
	w := NewText(&b, o)
	for _, f := range findings {
		if err := w.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextGolden(t *testing.T) {
	summary := Summary{Articles: 12345, Bytes: 31_400_000, Problems: 2, Uncompared: 17, Elapsed: 75 * time.Second}
	one := Summary{Articles: 1, Bytes: 1, Problems: 1, Elapsed: 40 * time.Millisecond}
	cases := []struct {
		name     string
		options  TextOptions
		summary  Summary
		findings []article.Finding
	}{
		{"plain", TextOptions{}, summary, example()},
		{"color", TextOptions{Color: true, Width: 100}, summary, example()},
		{"narrow", TextOptions{Width: 1}, summary, example()[:3]},
		{"one", TextOptions{}, one, example()[1:2]},
		{"none", TextOptions{}, Summary{Articles: 2, Bytes: 2000, Elapsed: 2 * time.Hour}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := write(t, c.options, c.summary, c.findings)
			golden := filepath.Join("testdata", c.name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// Without colour no control character but the newline is written, whatever the findings hold.
func TestTextIsHarmless(t *testing.T) {
	got := write(t, TextOptions{}, Summary{}, example())
	for i, r := range got {
		if r != '\n' && unsafeRune(r) {
			t.Errorf("%+q at byte %d", r, i)
		}
	}
	if !strings.Contains(got, "z␛[2J␊end.txt\n") {
		t.Error("the control characters of an id do not show")
	}
}

func TestWriteErrors(t *testing.T) {
	failing := &failAfter{n: 100}
	text, jsonl := NewText(failing, TextOptions{}), NewJSONL(failing)
	var textErr, jsonErr error
	for range 5000 {
		textErr = errors.Join(textErr, text.Write(example()[1]))
		jsonErr = errors.Join(jsonErr, jsonl.Write(example()[1]))
	}
	for name, err := range map[string]error{
		"text": textErr, "text at its end": text.Close(Summary{}), "jsonl": jsonErr, "jsonl at its end": jsonl.Flush(),
	} {
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

type failAfter struct{ n int }

func (f *failAfter) Write(p []byte) (int, error) {
	if f.n < len(p) {
		return 0, io.ErrClosedPipe
	}
	f.n -= len(p)
	return len(p), nil
}

func TestPercent(t *testing.T) {
	for x, want := range map[float64]string{0: "0%", 0.001: "1%", 0.5: "50%", 0.834: "83%", 0.999: "99%", 1: "100%"} {
		if got := percent(x); got != want {
			t.Errorf("percent(%v) = %s, want %s", x, got, want)
		}
	}
}

func TestUnits(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1.0 kB", 31_400: "31 kB", 999_700: "1.0 MB", 5e9: "5.0 GB"} {
		if got := Size(n); got != want {
			t.Errorf("Size(%d) = %s, want %s", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		0: "0.0 s", 140 * time.Millisecond: "0.1 s", 59 * time.Second: "59 s", 59600 * time.Millisecond: "1 min 0 s",
		time.Hour + 59*time.Second: "1 h 0 min",
	} {
		if got := Duration(d); got != want {
			t.Errorf("Duration(%v) = %s, want %s", d, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %s, want %s", n, got, want)
		}
	}
}

// The first words are harmless, fit the width, and are the beginning of the text.
func FuzzFirstWords(f *testing.F) {
	f.Add("The town council voted on Monday.", 20)
	f.Add("港の渡し船は来年も続く", 9)
	f.Add("a\x1b[31m b\u202ec\xff", 50)
	f.Add("👩‍👩‍👧‍👦 family e\u0301\u0301", 3)
	f.Add(strings.Repeat("\u0301", 5000), 10)
	f.Fuzz(func(t *testing.T, text string, width int) {
		if width < 1 || width > 500 {
			return
		}
		got := firstWords(text, width)
		if !utf8.ValidString(got) || strings.IndexFunc(got, func(r rune) bool { return r != utf8.RuneError && unsafeRune(r) }) >= 0 {
			t.Fatalf("%+q is not safe", got)
		}
		if w := uniseg.StringWidth(got); w > width {
			t.Fatalf("%q takes %d columns of %d", got, w, width)
		}
		all, whole := folded(text, 1<<30)
		if !whole {
			t.Fatal("the whole was not read")
		}
		if cut, ok := strings.CutSuffix(got, "…"); ok && got != all {
			if !strings.HasPrefix(all, cut) {
				t.Fatalf("%q does not begin with %q", all, cut)
			}
		} else if got != all {
			t.Fatalf("got %q, want %q", got, all)
		}
	})
}

func FuzzPrintable(f *testing.F) {
	f.Add("evening/ferry.txt")
	f.Add("a\x1b[2J\r\n\x00\x7f\u0085\u2028\u202e\xff\xfe")
	f.Fuzz(func(t *testing.T, s string) {
		got := Printable(s)
		for _, r := range got {
			if unicode.IsControl(r) || directional(r) {
				t.Fatalf("%+q has %+q", got, r)
			}
		}
		if !utf8.ValidString(got) {
			t.Fatalf("%+q is not UTF-8", got)
		}
		if Printable(got) != got {
			t.Fatal("a printable string changes")
		}
		if utf8.ValidString(s) && strings.IndexFunc(s, unsafeRune) < 0 && got != s {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func BenchmarkText(b *testing.B) {
	findings := example()[:5]
	w := NewText(io.Discard, TextOptions{})
	b.ReportAllocs()
	for b.Loop() {
		for _, f := range findings {
			if err := w.Write(f); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func ExamplePrintable() {
	fmt.Println(Printable("title\x1b[2J\nend"))
	// Output: title␛[2J␊end
}
