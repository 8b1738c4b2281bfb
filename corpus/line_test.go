package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"chaff/article"
)

func TestLineDecoder(t *testing.T) {
	d, err := NewLineDecoder(Options{IDField: "name", TextField: "body", MaxArticle: 40})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line     string
		id, text string
		want     error
	}{
		{`{"name":"a","body":"b","text":"c","id":7}`, "a", "b", nil},
		{`{"name":7,"body":"\u00e9\ud83d\ude00\n\u0000"}` + "\r", "7", "é😀\n\x00", nil},
		{`{"name":"a","body":"first","body":"last"}`, "a", "last", nil},
		{`{"name":"a"}`, "", "", ErrNoText},
		{`{"body":"b"}`, "", "", ErrNoID},
		{`["a"]`, "", "", ErrNotObject},
		{`{"name":"a","body":"b"`, "", "", ErrNotJSON},
		{"\ufeff" + `{"name":"a","body":"b"}`, "", "", ErrNotJSON},
		{"{\"name\":\"a\",\"body\":\"\x00\"}", "", "", ErrNotJSON},
		{"{\"name\":\"a\",\"body\":\"\xff\"}", "", "", ErrNotUTF8},
		{`{"name":"a","body":"` + strings.Repeat("x", 41) + `"}`, "", "", ErrTooLarge},
		{`{"name":"a","body":"b","more":"` + strings.Repeat("x", 81) + `"}`, "", "", ErrTooLarge},
	} {
		var a article.Article
		err := d.Decode([]byte(c.line), &a)
		if !errors.Is(err, c.want) || c.want == nil && (err != nil || a.ID != c.id || a.Text != c.text) {
			t.Errorf("%q: %+v, %v; want %q, %q, %v", c.line, a, err, c.id, c.text, c.want)
		}
	}
	if d.MaxLine() != 80 {
		t.Errorf("MaxLine is %d", d.MaxLine())
	}
	if _, err := NewLineDecoder(Options{IDField: "text"}); err == nil {
		t.Error("a field is the id and the text")
	}
}

func TestAppendWithField(t *testing.T) {
	for line, want := range map[string]string{
		`{}`:                                    `{"c":1}`,
		` { } `:                                 ` {"c":1 } `,
		`{"a":1}` + "\r":                        `{"a":1,"c":1}` + "\r",
		` { "a" : "}" , "b" : [ { "c":2 } ] } `: ` { "a" : "}", "b" : [ { "c":2 } ],"c":1 } `,
		`{"c":0}`:                               `{"c":1}`,
		`{"c":0,"a":1}`:                         `{"a":1,"c":1}`,
		`{"a":1,"\u0063":{"x":[]},"c":0,"b":2}`: `{"a":1,"b":2,"c":1}`,
		`{"a":1,"c":0 }`:                        `{"a":1,"c":1 }`,
	} {
		got, err := AppendWithField([]byte("x"), []byte(line), "c", []byte("1"))
		if err != nil || string(got) != "x"+want {
			t.Errorf("%q becomes %q, %v; want %q", line, got, err, "x"+want)
		}
	}
	for _, line := range []string{``, `[]`, `{"a"`, `{"a":`, `x`} {
		if got, err := AppendWithField(nil, []byte(line), "c", []byte("1")); err == nil {
			t.Errorf("%q becomes %q", line, got)
		}
	}
}

// FuzzAppendWithField holds that every other field keeps its value, in its bytes, and
// that the new one is there once, at the end.
func FuzzAppendWithField(f *testing.F) {
	for _, line := range examples {
		f.Add([]byte(line))
	}
	f.Add([]byte(`{"chaff":{"chaff":1},"a":"\"chaff\":","\u0063haff":[]}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		var was map[string]json.RawMessage
		if !validUTF8(line) || json.Unmarshal(line, &was) != nil || was == nil {
			return
		}
		out, err := AppendWithField(nil, line, "chaff", []byte(`{"verdict":"accept"}`))
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		var is map[string]json.RawMessage
		if err := json.Unmarshal(out, &is); err != nil {
			t.Fatalf("%q became %q: %v", line, out, err)
		}
		if string(is["chaff"]) != `{"verdict":"accept"}` {
			t.Fatalf("%q became %q", line, out)
		}
		delete(was, "chaff")
		delete(is, "chaff")
		if fmt.Sprint(was) != fmt.Sprint(is) {
			t.Fatalf("%q became %q", line, out)
		}
		twice, err := AppendWithField(nil, out, "chaff", []byte(`{"verdict":"accept"}`))
		if err != nil || !bytes.Equal(twice, out) {
			t.Fatalf("%q became %q and then %q, %v", line, out, twice, err)
		}
	})
}
