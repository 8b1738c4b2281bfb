package model

import (
	"strings"
	"testing"

	"chaff/article"
	"chaff/shingle"
)

func score(text string) [Labels]float64 {
	var w shingle.Words
	shingle.Tokenizer{}.Words(&w, text)
	var f Features
	f.Find(text, article.Span{End: len(text)}, &w, Keys(nil, &w, text), 0, w.Len())
	z, _ := Builtin().Score(&f)
	return z
}

// The built-in model prefers the right label to an honest text, and an honest
// text to any label.
func TestBuiltin(t *testing.T) {
	for _, c := range []struct {
		text  string
		label int
	}{
		{"Order your free sample today and save 20% with our new summer offer!", Advertisement},
		{"Unser Team berät Sie gern, rufen Sie uns jetzt an und sichern Sie sich 20 % Rabatt!", Advertisement},
		{"立即订购，全场五折，免费送货上门！", Advertisement},
		{"Share this article", Furniture},
		{"Tags: bridges, rivers", Furniture},
		{"As an AI language model, I cannot verify the quotes in this article.", Leftover},
		{"The council voted on Tuesday to rebuild the old timber bridge, said the mayor.", -1},
	} {
		z := score(c.text)
		best, most := -1, 0.0
		for l, v := range z {
			if v > most {
				best, most = l, v
			}
		}
		if best != c.label {
			t.Errorf("%q: log-odds %.1f", c.text, z)
		}
	}
}

func TestEncode(t *testing.T) {
	keys := []uint32{3, 1000, 1 << 30}
	weights := []Weight{{1, 2, 3}, {-4, 5, 6}, {7, -8, 127}}
	data := Encode("made for a test", 0.5, [Labels]float64{1, 2, 3}, keys, weights)
	m, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	f := Features{Words: []uint32{1000, 1 << 30, 77, 78}, Shapes: []uint32{3}}
	got, _ := m.Score(&f)
	if want := [Labels]float64{1 + 0.5*(1.5+1), 2 + 0.5*(-1.5+2), 3 + 0.5*(66.5+3)}; got != want {
		t.Errorf("score %v, want %v", got, want)
	}
	for _, bad := range []string{"", "chaff model 2\n", string(data[:len(data)-1]), strings.Replace(string(data), "model", "muddle", 1)} {
		if _, err := Decode([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}
