package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"chaff/article"
)

// reference decodes a line with encoding/json, by the same rules.
func reference(line []byte) (a article.Article, err error) {
	if !utf8.Valid(line) {
		return a, ErrNotUTF8
	}
	var raw json.RawMessage
	if json.Unmarshal(line, &raw) != nil {
		return a, ErrNotJSON
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(line, &fields) != nil || fields == nil {
		return a, ErrNotObject
	}
	text := func(name string) (s string) {
		if json.Unmarshal(fields[name], &s) != nil {
			return ""
		}
		return s
	}
	a.ID = text("id")
	if id := fields["id"]; len(id) > 0 && strings.IndexByte("-0123456789", id[0]) >= 0 {
		a.ID = string(id)
	}
	a.Text, a.Title, a.URL = text("text"), text("title"), text("url")
	a.Source, a.Lang, a.Date = text("source"), text("lang"), new(dates).parse(text("date"))
	switch {
	case a.ID == "":
		return a, ErrNoID
	case len(fields["text"]) == 0 || fields["text"][0] != '"':
		return a, ErrNoText
	}
	return a, nil
}

func checkLine(t *testing.T, r *record, line []byte) {
	t.Helper()
	want, wantErr := reference(line)
	before := bytes.Clone(line)
	var got article.Article
	err := r.decode(line, &got)
	if !bytes.Equal(line, before) {
		t.Fatalf("decode changed its input %q", before)
	}
	if (err == nil) != (wantErr == nil) || !errors.Is(err, wantErr) {
		t.Fatalf("decode(%q) fails with %v, want %v", line, err, wantErr)
	}
	if err == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("decode(%q) = %+v, want %+v", line, got, want)
	}
}

var examples = []string{
	`{"id":"a","text":"b"}`,
	` { "id" : "a" , "text" : "b" } ` + "\r",
	`{"id":7,"text":""}`,
	`{"id":-1.5e+3,"text":"x","more":[1,2,{"a":null}],"n":{"b":[true,false]}}`,
	`{"id":"a","text":"\u00e9\ud83d\ude00\ud83d\ud83d\ude00\ude00\ud83dx\ud83d\n\u0000\/\b\f\r\t\"\\"}`,
	`{"id":"a","text":"first","text":"last"}`,
	`{"id":"a","text":"first","text":null}`,
	`{"id":"a","id":null,"text":"x"}`,
	`{"\u0069d":"escaped","te\u0078t":"names"}`,
	`{"ID":"a","Text":"b"}`,
	`{"id":"a","text":"b","title":"t","url":"u","source":"s","lang":"l","date":"26-FEB-1987 15:01:01.79"}`,
	`{"id":"a","text":"b","date":"2025-6-9 22:51:00","date":7}`,
	`{"id":"","text":"b"}`, `{"id":["a"],"text":"b"}`, `{"text":"b"}`, `{"id":"a"}`, `{"id":"a","text":5}`,
	`{}`, `[]`, `"x"`, `5`, `null`, `[{"id":"a","text":"b"}]`,
	`{"id":"a","text":"b"} x`, `{"id":"a","text":"b"}{"id":"c","text":"d"}`, `{"id":"a","text":"b",}`,
	`{"id":"a" "text":"b"}`, `{"id":"a","text":"b`, `{"id":"a","text":"\x"}`, `{"id":"a","text":"\u12g4"}`,
	`{"id":"a","text":"\ud83d\u12"}`, `{"id":"a","text":"\`, `{"id":01,"text":"b"}`, `{"id":1.,"text":"b"}`,
	`{"id":"a","text":"b","x":tru}`, `{"id":"a","text":"b","x":-}`, `{"id":"a","text":"b","x":1e}`,
	`{"id":"a","text":"b","x":{1:2}}`, `{"id":"a","text":"b","x":[1 2]}`, `{"id":"a","text":"b","x":[1,]}`,
	"{\"id\":\"a\",\"text\":\"tab\tinside\"}", "{\"id\":\"a\",\"text\":\"nul\x00inside\"}", "{\"id\":\"a\",\"text\":\"\xff\"}",
	"{\"id\":\"a\",\"text\":\"\u4e2d\u56fd\u0800\uffff\U0001F600\u007f\u0080\"}",
	"{\"id\":\"a\",\"text\":\"\xed\xa0\x80\"}", "{\"id\":\"a\",\"text\":\"\xe0\x80\x80\"}", "{\"id\":\"a\",\"text\":\"\u4e2d\xe4\xb8\"}",
	"{\"id\":\"a\",\"text\":\"\xed\xa0\x80\u4e2d\u4e2d\"}", "{\"id\":\"a\",\"text\":\"\u4e2d\xe0\x80\x80\u4e2d\u4e2d\"}",
	"{\"id\":\"a\",\"text\":\"\u4e2d\xed\xa0\x80\u4e2d\u4e2d\"}", "{\"id\":\"a\",\"text\":\"\xe0\x9f\xbf\u4e2d\u4e2d\"}",
	"\ufeff{\"id\":\"a\",\"text\":\"b\"}",
}

func TestDecodeLikeEncodingJSON(t *testing.T) {
	r := record{idField: "id", textField: "text"}
	for _, line := range examples {
		checkLine(t, &r, []byte(line))
		// Every place where a line can be cut or a byte can be wrong.
		for i := range line {
			checkLine(t, &r, []byte(line[:i]))
			for _, c := range []byte("\"\\{}[]:,0u\x1f\xe4 ") {
				damaged := []byte(line)
				damaged[i] = c
				checkLine(t, &r, damaged)
			}
		}
	}
	for _, depth := range []int{2, 100, maxDepth - 1, maxDepth, maxDepth + 1} {
		deep := `{"id":"a","text":"b","x":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + `}`
		checkLine(t, &r, []byte(deep))
	}
}

func FuzzDecode(f *testing.F) {
	for _, line := range examples {
		f.Add([]byte(line))
	}
	r := record{idField: "id", textField: "text"}
	f.Fuzz(func(t *testing.T, line []byte) {
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line = line[:i]
		}
		checkLine(t, &r, line)
	})
}

func FuzzValidUTF8(f *testing.F) {
	for _, line := range examples {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for i := range b { // every alignment
			if got, want := validUTF8(b[i:]), utf8.Valid(b[i:]); !reflect.DeepEqual(got, want) {
				t.Fatalf("validUTF8(%q) = %v, want %v", b[i:], got, want)
			}
		}
	})
}
