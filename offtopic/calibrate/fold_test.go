package calibrate

import (
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"chaff/article"
	"chaff/offtopic"
)

// verdicts returns n decisions on findings of one label and score.
func verdicts(n, label int, score float64, accepted bool) []Decision {
	all := make([]Decision, n)
	for i := range all {
		all[i] = Decision{
			Label: label, Score: score, Accepted: accepted, Text: fmt.Sprint("text ", i),
			Reasons: []article.Reason{{Signal: "price or discount", Weight: 3}, {Signal: "urgency", Weight: 3}},
		}
	}
	return all
}

// moved returns what a finding like those of verdicts loses or gains in log-odds.
func moved(f Folded, label int) float64 {
	return f.Ease[label] + 3*(f.Signals["price or discount"]-1) + 3*(f.Signals["urgency"]-1)
}

// Ten decisions move little, a thousand much, and only what they are about.
func TestFold(t *testing.T) {
	for _, c := range []struct {
		n           int
		score       float64
		accepted    bool
		least, most float64
	}{
		{0, 0.95, false, 0, 0},
		{10, 0.95, false, -0.7, -0.3},
		{1000, 0.95, false, -12, -4},
		{10, 0.95, true, 0, 0.1},
		{1000, 0.95, true, 0, 3},
		{10, 0.5, true, 0.1, 0.5},
	} {
		p := offtopic.Builtin()
		f := Fold(&p, verdicts(c.n, 0, c.score, c.accepted))
		if c.n > 0 {
			if m := moved(f, 0); !(m >= c.least && m <= c.most) {
				t.Errorf("%d decisions, %v on findings of %v: moved by %.3f: %+v", c.n, c.accepted, c.score, m, f)
			}
		}
		if f.Ease[1] != 0 || f.Ease[2] != 0 || f.Accepted+f.Rejected != c.n {
			t.Errorf("%+v", f)
		}
		b := offtopic.Builtin()
		if p.Enter != b.Enter || p.Ease[1] != b.Ease[1] || p.Likely != b.Likely || len(b.Signals) > 0 || len(b.Rejected) > 0 {
			t.Error("more than the ease of the label changed, or the built-in profile did")
		}
	}
}

// Decisions folded in by tens count about like all at once, and the order of one
// file makes no difference.
func TestFoldSequence(t *testing.T) {
	all := append(verdicts(100, 0, 0.9, false), verdicts(60, 0, 0.9, true)...)
	once := offtopic.Builtin()
	f := Fold(&once, all)
	turned := make([]Decision, len(all))
	for i := range all {
		turned[len(all)-1-i] = all[i]
	}
	other := offtopic.Builtin()
	if g := Fold(&other, turned); math.Abs(moved(f, 0)-moved(g, 0)) > 1e-6 {
		t.Errorf("moved by %v, in another order by %v", moved(f, 0), moved(g, 0))
	}
	start, tens := offtopic.Builtin(), offtopic.Builtin()
	odds := logOdds(0.9)
	for i := range 16 {
		batch := make([]Decision, 0, 10)
		for k := range 10 {
			d := all[(i+16*k)%len(all)]
			// The finding's score is that of the profile as it is by now.
			now := odds + tens.Ease[0] - start.Ease[0]
			d.Reasons = nil
			for _, name := range []string{"price or discount", "urgency"} {
				w := 3 * trustOf(&tens, name).Factor
				now += w - 3
				d.Reasons = append(d.Reasons, article.Reason{Signal: name, Weight: w})
			}
			d.Score = 1 / (1 + math.Exp(-now))
			batch = append(batch, d)
		}
		Fold(&tens, batch)
	}
	a := once.Ease[0] - start.Ease[0]
	b := tens.Ease[0] - start.Ease[0]
	if a >= -0.1 || math.Abs(a-b) > 0.25*math.Abs(a) {
		t.Errorf("ease moved by %.3f at once, by tens by %.3f", a, b)
	}
}

// A text is silenced when it is rejected again and again, and told again when it
// is accepted; the memory has an end.
func TestRemember(t *testing.T) {
	p := offtopic.Builtin()
	no := Decision{Score: 0.9, Text: "Meet the  Team!"}
	yes := no
	yes.Accepted, yes.Text = true, "meet the team"
	for i, c := range []struct {
		d    Decision
		want int
	}{{no, 0}, {no, 1}, {no, 1}, {yes, 1}, {yes, 0}, {yes, 0}, {yes, 0}, {no, 0}, {no, 1}} {
		if f := Fold(&p, []Decision{c.d}); f.Silenced != c.want {
			t.Fatalf("after decision %d %d texts are silenced, not %d: %v", i, f.Silenced, c.want, p.Rejected)
		}
	}
	many := make([]Decision, offtopic.MaxRejected+10)
	for i := range many {
		many[i] = Decision{Score: 0.9, Text: fmt.Sprint("number ", i)}
	}
	if Fold(&p, many); len(p.Rejected) != offtopic.MaxRejected || p.Rejected[offtopic.TextKey("meet the team")] != 2 {
		t.Errorf("%d texts are remembered", len(p.Rejected))
	}
}

// A profile that decisions were folded into is a profile.
func TestFoldedProfileIsRead(t *testing.T) {
	p := offtopic.Builtin()
	all := verdicts(5000, 2, 1, false)
	for i := range all {
		all[i].Reasons = append(all[i].Reasons, article.Reason{Signal: fmt.Sprint("signal ", i), Weight: 1e300}, article.Reason{Weight: 3})
	}
	for range 3 {
		Fold(&p, all)
	}
	var b strings.Builder
	if _, err := offtopic.NewProfileFile(p).WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	got, err := offtopic.ReadProfile(strings.NewReader(b.String()))
	if err != nil || !reflect.DeepEqual(got.Profile, p) {
		t.Errorf("%v: %+v", err, p)
	}
}

const finding = `{"kind":"off-topic","label":"boilerplate","article":"a.txt","span":{"start":1,"end":9},"score":0.9,"tier":"likely","text":"Share it","reasons":[{"signal":"share buttons","evidence":"Share","weight":8.5}]`

func TestReadDecisions(t *testing.T) {
	for _, c := range []struct {
		lines              string
		decided, undecided int
		again              int
		problems           string
	}{
		{"", 0, 0, 0, ""},
		{"\n \r\n", 0, 0, 0, ""},
		{finding + `,"verdict":"accept"}` + "\r\n" + finding + `,"verdict":" Rejected ","note":[1]}`, 0, 0, 0, "2: contradicts line 1; neither counts"},
		{finding + `,"verdict":"accept"}` + "\n" + finding + `,"verdict":"accepted"}`, 1, 0, 1, ""},
		{finding + "}\n" + `{"kind":"repeat"}` + "\n" + finding + `,"verdict":null}`, 0, 3, 0, ""},
		{finding + `,"verdict":"perhaps"}`, 0, 0, 0, `1: verdict "perhaps" is none of accept, reject`},
		{finding + `,"verdict":1}`, 0, 0, 0, "1: verdict is not as scan prints it"},
		{"no\n[]\n" + finding + `,"verdict":"reject"}`, 1, 0, 0, "1: not a JSON object; 2: not a JSON object"},
		{`{"kind":"repeat","verdict":"accept"}`, 0, 0, 0, `1: kind "repeat" is not off-topic: no other findings are learnt from`},
		{`{"kind":"off-topic","label":"spam","verdict":"accept"}`, 0, 0, 0, `1: label "spam" is none of advertisement, boilerplate, foreign`},
		{`{"kind":"off-topic","label":"foreign","verdict":"accept"}`, 0, 0, 0, "1: score 0 is not above 0 and at most 1"},
		{`{"kind":"off-topic","label":"foreign","score":"1","verdict":"accept"}`, 0, 0, 0, "1: score is not as scan prints it"},
		{strings.Repeat("x", maxLine+1) + "\n" + finding + `,"verdict":"reject"}`, 1, 0, 0, errLong.Error()},
	} {
		var problems []string
		d, err := ReadDecisions(strings.NewReader(c.lines), func(line int, err error) { problems = append(problems, fmt.Sprintf("%d: %v", line, err)) })
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(problems, "; ")
		if len(d.All) != c.decided || d.Undecided != c.undecided || d.Again != c.again || d.Bad != len(problems) || !strings.Contains(got, c.problems) || (got == "") != (c.problems == "") {
			t.Errorf("%.200s\n%d decided, %d undecided, %d again, problems %q", c.lines, len(d.All), d.Undecided, d.Again, got)
		}
	}
	broken := errors.New("broken")
	if _, err := ReadDecisions(io.MultiReader(strings.NewReader("{}\n{"), iotest.ErrReader(broken)), nil); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "line 2: ") {
		t.Errorf("got %v", err)
	}
}

// Whatever the lines are, each is a decision, passed over, or told; what comes out
// can be folded in.
func FuzzReadDecisions(f *testing.F) {
	f.Add(finding + `,"verdict":"accept"}`)
	f.Add(finding + `,"verdict":"reject"}` + "\n" + finding + `,"verdict":"accept"}` + "\n{}")
	f.Add(`{"kind":"off-topic","label":"foreign","score":1e-320,"verdict":"accept","reasons":[{"signal":"x","weight":1e308}]}`)
	f.Fuzz(func(t *testing.T, lines string) {
		told := 0
		d, err := ReadDecisions(strings.NewReader(lines), func(int, error) { told++ })
		if err != nil {
			t.Fatal(err)
		}
		filled := 0
		for line := range strings.SplitSeq(lines, "\n") {
			if strings.TrimSpace(line) != "" {
				filled++
			}
		}
		if lost := filled - len(d.All) - d.Undecided - d.Again - told; told != d.Bad || lost < 0 || lost > told {
			t.Fatalf("%d lines: %d decided, %d undecided, %d again, %d told", filled, len(d.All), d.Undecided, d.Again, told)
		}
		p := offtopic.Builtin()
		Fold(&p, d.All)
		var b strings.Builder
		if _, err := offtopic.NewProfileFile(p).WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := offtopic.ReadProfile(strings.NewReader(b.String())); err != nil {
			t.Fatal(err)
		}
	})
}
