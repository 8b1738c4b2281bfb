// Package bench measures chaff: how fast its stages are, and how right its
// findings. Figures of quality are kept in golden files, so that a change of
// quality shows in the diff.
package bench

import (
	"fmt"
	"strings"

	"chaff/article"
	"chaff/dedupe"
	"chaff/internal/cases"
	"chaff/offtopic"
	"chaff/shingle"
)

// RepeatScore counts how repeats came out against what was expected.
type RepeatScore struct {
	Want, Found int // passages expected, and those of them found
	Told, Right int // findings, and those of them expected
	Silent      int // articles in which nothing is to be found
	Accused     int // those of them with a finding
	Near        int // of Found: both ends of both places within one word of the truth
	Reasons     int // expected reasons
	Given       int // those of them given
	Wrong       []string
}

// ScoreRepeats runs the repeat detector over cases. A passage is found when a
// finding covers at least half of both its places, and the place no more than
// twice the passage.
func ScoreRepeats(all []cases.Case) RepeatScore {
	var s RepeatScore
	text := dedupe.NewText(new(article.Article), shingle.Tokenizer{}, 0)
	for _, c := range all {
		text.Reset(&article.Article{ID: c.Name, Text: c.Text})
		told := dedupe.Repeats(text, dedupe.RepeatOptions{})
		right := make([]bool, len(told))
		wants := 0
		for _, w := range c.Want {
			if w.Kind != article.Repeat {
				continue
			}
			wants++
			s.Want++
			hit := -1
			for i, f := range told {
				if !right[i] && alike(*f.Span, w.Span) && alike(*f.Other.Span, w.Other) {
					hit = i
					break
				}
			}
			if hit < 0 {
				s.Wrong = append(s.Wrong, fmt.Sprintf("%s: missed %q", c.Name, begin(w.Span.In(c.Text))))
				continue
			}
			right[hit] = true
			s.Found++
			f := told[hit]
			if near(c.Text, *f.Span, w.Span) && near(c.Text, *f.Other.Span, w.Other) {
				s.Near++
			} else {
				s.Wrong = append(s.Wrong, fmt.Sprintf("%s: ends %q, want %q", c.Name, ends(c.Text, *f.Span), ends(c.Text, w.Span)))
			}
			if w.Reason != "" {
				s.Reasons++
				if strings.Contains(fmt.Sprint(f.Reasons), w.Reason) {
					s.Given++
				} else {
					s.Wrong = append(s.Wrong, fmt.Sprintf("%s: reasons %v, want %q", c.Name, f.Reasons, w.Reason))
				}
			}
		}
		s.Told += len(told)
		for i, f := range told {
			if right[i] {
				s.Right++
			} else {
				s.Wrong = append(s.Wrong, fmt.Sprintf("%s: told %q", c.Name, begin(f.Text)))
			}
		}
		if wants == 0 {
			s.Silent++
			if len(told) > 0 {
				s.Accused++
			}
		}
	}
	return s
}

// String is the figures in one line.
func (s RepeatScore) String() string {
	return fmt.Sprintf("found %d/%d, right %d/%d, accused %d/%d, ends within a word %d/%d, reasons %d/%d",
		s.Found, s.Want, s.Right, s.Told, s.Accused, s.Silent, s.Near, s.Found, s.Given, s.Reasons)
}

// alike reports whether two spans share half of what they cover together.
func alike(a, b article.Span) bool {
	shared := a.Shared(b)
	return shared > 0 && 2*shared >= max(a.End, b.End)-min(a.Start, b.Start)
}

// near reports whether both ends of got are within one word of want's.
func near(text string, got, want article.Span) bool {
	return wordsBetween(text, got.Start, want.Start) <= 1 && wordsBetween(text, got.End, want.End) <= 1
}

func wordsBetween(text string, i, j int) int {
	var w shingle.Words
	shingle.Tokenizer{}.Words(&w, text[min(i, j):max(i, j)])
	return w.Len()
}

func begin(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	return string(runes[:min(len(runes), 60)])
}

func ends(text string, s article.Span) string {
	t := []rune(s.In(text))
	if len(t) < 50 {
		return string(t)
	}
	return string(t[:24]) + "…" + string(t[len(t)-24:])
}

// OffTopicScore counts how off-topic content came out against what was expected.
type OffTopicScore struct {
	WantBytes, ToldBytes, SharedBytes int
	Want, Found, Labelled             int // passages expected; half of their bytes told; and rightly labelled
	Clean, Accused                    int // articles without a graft; those with a finding
	Wrong                             []string
}

// ScoreOffTopic runs the off-topic detector over cases, without a corpus, and
// counts what is printed by default.
func ScoreOffTopic(all []cases.Case) OffTopicScore {
	var s OffTopicScore
	detector := offtopic.NewDetector(offtopic.Options{})
	for _, c := range all {
		var told []article.Finding
		for _, f := range detector.Find(&article.Article{ID: c.Name, Text: c.Text}) {
			if f.Tier.AtLeast(article.Likely) {
				told = append(told, f)
				s.ToldBytes += f.Span.Len()
			}
		}
		wants := 0
		for _, w := range c.Want {
			if w.Kind != article.OffTopic {
				continue
			}
			wants++
			s.Want++
			s.WantBytes += w.Span.Len()
			shared := make(map[article.Label]int)
			sum, label := 0, article.Label("")
			for _, f := range told {
				if n := f.Span.Shared(w.Span); n > 0 {
					sum += n
					shared[f.Label] += n
				}
			}
			for _, l := range []article.Label{article.Advertisement, article.Boilerplate, article.Foreign} {
				if shared[l] > shared[label] {
					label = l
				}
			}
			s.SharedBytes += sum
			switch {
			case 2*sum < w.Span.Len():
				s.Wrong = append(s.Wrong, fmt.Sprintf("%s: missed %s %q", c.Name, w.Label, begin(w.Span.In(c.Text))))
			case label != w.Label:
				s.Found++
				s.Wrong = append(s.Wrong, fmt.Sprintf("%s: %s, not %s %q", c.Name, w.Label, label, begin(w.Span.In(c.Text))))
			default:
				s.Found++
				s.Labelled++
			}
		}
		for _, f := range told {
			shared := 0
			for _, w := range c.Want {
				shared += f.Span.Shared(w.Span)
			}
			if 2*shared < f.Span.Len() {
				s.Wrong = append(s.Wrong, fmt.Sprintf("%s: told %s %q", c.Name, f.Label, begin(f.Text)))
			}
		}
		if wants == 0 {
			s.Clean++
			if len(told) > 0 {
				s.Accused++
			}
		}
	}
	return s
}

// String is the figures in one line.
func (s OffTopicScore) String() string {
	precision := share(s.SharedBytes, s.ToldBytes)
	recall := share(s.SharedBytes, s.WantBytes)
	f1 := 0.0
	if precision+recall > 0 {
		f1 = 2 * precision * recall / (precision + recall)
	}
	return fmt.Sprintf("byte precision %.3f, recall %.3f, F1 %.3f, blocks %d/%d, labels %d/%d, clean accused %d/%d",
		precision, recall, f1, s.Found, s.Want, s.Labelled, s.Found, s.Accused, s.Clean)
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
