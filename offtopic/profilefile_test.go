package offtopic

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func aProfile() *ProfileFile {
	p := Builtin()
	p.Enter, p.Certain, p.Likely = 4, 0.98, 0.8
	p.Weights[gShare][0] = 1
	p.Odds = [Sorts]Line{{0.7, -0.2}, {0.9, 0.1}, {1.1, -1}, {1, 0}}
	p.Signals = map[string]Trust{"position": {0.9, 12}, "price or discount": {1.2, 4}}
	p.Rejected = map[string]int{TextKey("Meet the team"): 3}
	return NewProfileFile(p, "made by hand")
}

func profileText(t testing.TB, f *ProfileFile) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestProfileFile(t *testing.T) {
	want := aProfile()
	text := profileText(t, want)
	got, err := ReadProfile(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) || !got.Fits() {
		t.Errorf("got %+v, want %+v", got, want)
	}
	plain, err := ReadProfile(strings.NewReader(profileText(t, NewProfileFile(Builtin()))))
	if err != nil {
		t.Fatal(err)
	}
	if again := profileText(t, plain); again != profileText(t, NewProfileFile(Builtin())) {
		t.Errorf("the built-in profile changes: %s", again)
	}
	if f, err := ReadProfile(strings.NewReader(profileFile)); err != nil || profileText(t, f) != profileFile {
		t.Errorf("profile.json is not as it would be written: %v", err)
	}
	for range 2 * maxProvenance {
		want.Tell("more")
	}
	if got, err := ReadProfile(strings.NewReader(profileText(t, want))); err != nil || got.Provenance[0] != "made by hand" {
		t.Error(err, got)
	}
}

// Whatever is wrong with a profile is named.
func TestReadProfileErrors(t *testing.T) {
	text := profileText(t, aProfile())
	for _, c := range []struct{ old, new, want string }{
		{"off-topic profile", "profile", `chaff: "profile" is not "off-topic profile"`},
		{`"version": 1`, `"version": 2`, "version: 2 is not 1"},
		{`"version": 1`, `"version": 1.5`, "version: 1.5 is not a whole number"},
		{`"version": 1,`, ``, "version: missing"},
		{`"version": 1`, `"version": 1, "version": 1`, "version: there twice"},
		{`"enter": 4`, `"enter": NaN`, "byte "},
		{`"enter": 4`, `"enter": 1e999`, "numbers.enter: 1e999 is too large"},
		{`"enter": 4`, `"enter": "4"`, "numbers.enter: not a number"},
		{`"enter": 4`, `"enter": null`, "numbers.enter: not a number"},
		{`"enter": 4`, `"enter": -1`, "numbers.enter: -1 is not between 0 and 40"},
		{`"share": [`, `"sahre": [`, `numbers.weights."sahre": no such kind of evidence`},
		{`"share": [`, `"share": [1, 1, 1, 1], "share": [`, `numbers.weights."share": there twice`},
		{`"share": [1, `, `"share": [`, `numbers.weights."share": 3 values, not 4`},
		{`"share": [1, `, `"share": [1, 1, `, `numbers.weights."share": more than 4 values`},
		{`"share": [1, `, `"share": [41, `, `numbers.weights."share"[0]: 41 is not between -40 and 40`},
		{`"enter": 4`, `"entre": 4`, "numbers.entre: no such field"},
		{`"enter": 4,`, ``, "numbers.enter: missing"},
		{`"certain": 0.98`, `"certain": 1`, "numbers.certain: 1 is not between 0.01 and 0.999999"},
		{`"likely": 0.8`, `"likely": 0.99`, "numbers.likely: 0.99 is above certain, 0.98"},
		{`"slope": 0.7`, `"slope": 11`, "numbers.odds[0].slope: 11 is not between 0 and 10"},
		{`"factor": 0.9`, `"factor": 5`, `numbers.signals."position".factor: 5 is not between 0 and 4`},
		{TextKey("Meet the team") + `": 3`, TextKey("Meet the team") + `": 0`, `is not between 1 and 1e+06`},
		{`"model": "`, `"model": 3, "x": "`, "model: not a string"},
		{"}\n}\n", "}\n", "cut short"},
		{"}\n}\n", "}\n} {}", "more than one value"},
	} {
		bad := strings.Replace(text, c.old, c.new, 1)
		if bad == text {
			t.Fatalf("%q is not in %s", c.old, text)
		}
		if _, err := ReadProfile(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s instead of %s: %v, want %s", c.new, c.old, err, c.want)
		}
	}
	for _, s := range []string{"", "[]", "\xff", "{", "3", strings.Repeat("[", 100_000)} {
		if _, err := ReadProfile(strings.NewReader(s)); err == nil {
			t.Errorf("%.20q is a profile", s)
		}
	}
}

// What is read is written and read the same, and is fit for use.
func FuzzReadProfile(f *testing.F) {
	f.Add(profileText(f, aProfile()))
	f.Add(profileText(f, NewProfileFile(Builtin())))
	f.Add(`{"chaff":"off-topic profile","version":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ReadProfile(strings.NewReader(text))
		if err != nil {
			return
		}
		if !json.Valid([]byte(text)) {
			t.Fatal("no JSON, but a profile")
		}
		again, err := ReadProfile(strings.NewReader(profileText(t, p)))
		if err != nil || !reflect.DeepEqual(p, again) {
			t.Fatalf("%v: %+v, then %+v", err, p, again)
		}
		if q := p.Profile.Probability(1, 3); !(q >= 0 && q <= 1) || p.Profile.Likely > p.Profile.Certain {
			t.Fatalf("%+v", p.Profile)
		}
	})
}
