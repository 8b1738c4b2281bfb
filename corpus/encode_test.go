package corpus

import (
	"reflect"
	"testing"
	"time"

	"chaff/article"

	"pgregory.net/rapid"
)

// An encoded article is the same when it is decoded, and nothing else is one.
func TestEncoding(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := article.Article{
			ID: rapid.String().Draw(rt, "id"), Text: rapid.String().Draw(rt, "text"), Title: rapid.String().Draw(rt, "title"),
			URL: rapid.String().Draw(rt, "url"), Source: rapid.String().Draw(rt, "source"), Lang: rapid.String().Draw(rt, "lang"),
		}
		if rapid.Bool().Draw(rt, "dated") {
			a.Date = time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(rt, "seconds"), rapid.Int64Range(0, 999999999).Draw(rt, "nanoseconds")).UTC()
		}
		end := 0
		for range rapid.IntRange(0, 4).Draw(rt, "elements") {
			e := article.Element{Tag: rapid.String().Draw(rt, "tag"), Within: rapid.String().Draw(rt, "within"), Links: rapid.Float64().Draw(rt, "links")}
			e.Start = end + rapid.IntRange(0, 1000).Draw(rt, "gap")
			e.End = e.Start + rapid.IntRange(0, 1000).Draw(rt, "length")
			end = e.End
			a.Layout = append(a.Layout, e)
		}
		b := appendArticle(nil, &a)
		var got article.Article
		if err := decodeArticle(b, &got, nil); err != nil || !reflect.DeepEqual(got, a) {
			rt.Fatalf("%+v comes back as %+v, error %v", a, got, err)
		}
		cut := rapid.IntRange(0, len(b)-1).Draw(rt, "cut")
		if err := decodeArticle(b[:cut], &got, nil); err == nil {
			rt.Fatalf("%d of %d bytes decode to %+v", cut, len(b), got)
		}
		row := appendRow([]byte("before"), &a)[len("before"):]
		if rowLength(row) != len(b) || string(row[rowPrefix:]) != string(b) {
			rt.Fatalf("a row of %d bytes, want %d", rowLength(row), len(b))
		}
	})
}
