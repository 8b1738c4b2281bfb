package offtopic

import (
	"strings"
	"testing"

	"chaff/article"
)

// A profile is read again as it was written, and a damaged one is not read.
func TestProfile(t *testing.T) {
	p := Builtin()
	got, err := decodeProfile(p.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if got != p {
		t.Errorf("read as %+v", got)
	}
	for _, bad := range []string{"", strings.Replace(p.Encode(), "turn", "burn", 1), strings.Replace(p.Encode(), "stranger", "danger", 1), p.Encode() + "more\t1\n", strings.Replace(p.Encode(), "\t1\t", "\tx\t", 1), strings.Replace(p.Encode(), "\n", "\t1\n", 1)} {
		if _, err := decodeProfile(bad); err == nil {
			t.Errorf("%.40q is read", bad)
		}
	}
	names := make(map[string]bool)
	for k := range kinds {
		if kinds[k].name == "" || names[kinds[k].name] {
			t.Errorf("kind %d is called %q", k, kinds[k].name)
		}
		names[kinds[k].name] = true
		if k > 0 && kinds[k].signal == "" {
			t.Errorf("kind %q is of no signal", kinds[k].name)
		}
	}
}

// A paragraph about another subject says so, with its words.
func TestSubject(t *testing.T) {
	const school = "The head teacher told the pupils that the school would stay open.\n\nParents and teachers met in the classroom to speak about the lessons of the next term.\n\nThe school council wants new desks for the pupils, and exams are close.\n\n"
	const markets = "Shares fell on the stock exchange and the index closed lower, as investors sold bonds and traders bought bullion."
	if got := told(t, school+markets, weighTopic); got[stranger] <= 0 {
		t.Errorf("of another subject: %v", got)
	}
	a := NewDetector(Options{}).Observe(&article.Article{Text: school + markets})
	if len(a) != 4 || !a[3].Begins {
		t.Fatalf("observed %+v", a)
	}
	found := false
	for _, s := range a[3].Said {
		found = found || KindName(s.Kind) == "subject" && s.Weight > 0
	}
	if !found {
		t.Error("the subject isn't observed")
	}
}
