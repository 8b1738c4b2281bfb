package report

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"

	"chaff/article"
)

func TestJSONL(t *testing.T) {
	var b bytes.Buffer
	w := NewJSONL(&b)
	findings := []article.Finding{
		{
			Kind: article.Repeat, Article: "001.txt", Span: &article.Span{Start: 2215, End: 3334}, Score: 1,
			Other:   &article.Ref{Article: "001.txt", Span: &article.Span{Start: 1095, End: 2214}},
			Text:    "“Tom & Jerry” <b>\n\tline\x1b",
			Reasons: []article.Reason{{Signal: "same words", Evidence: "9 words"}},
			At:      article.Place{Line: 2, Paragraph: 1},
		},
		{
			Kind: article.NearDuplicate, Cluster: "c1", Article: "b.txt", Other: &article.Ref{Article: "a.txt"}, Score: 0.97,
			Jaccard: share(0), Containment: share(0.97), Relation: article.Contained, Shared: []article.Shared{{Span: article.Span{End: 3}}},
		},
		{Kind: article.OffTopic, Label: article.Foreign, Article: "004.txt", Span: &article.Span{}, Score: 0.5, Tier: article.Review},
	}
	for _, f := range findings {
		if err := w.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := `{"kind":"repeat","article":"001.txt","span":{"start":2215,"end":3334},"other":{"article":"001.txt","span":{"start":1095,"end":2214}},"score":1,"text":"“Tom & Jerry” <b>\n\tline\u001b","reasons":[{"signal":"same words","evidence":"9 words"}]}
{"kind":"near-duplicate","cluster":"c1","article":"b.txt","other":{"article":"a.txt"},"score":0.97,"jaccard":0,"containment":0.97,"relation":"contained","shared":[{"span":{"start":0,"end":3},"other":{"start":0,"end":0}}],"reasons":[]}
{"kind":"off-topic","label":"foreign","article":"004.txt","span":{"start":0,"end":0},"score":0.5,"tier":"review","reasons":[]}
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for i, line := range lines {
		var back article.Finding
		if err := json.Unmarshal([]byte(line), &back); err != nil {
			t.Fatal(err)
		}
		f := findings[i]
		f.At = article.Place{}
		if f.Reasons == nil {
			f.Reasons = []article.Reason{}
		}
		if !reflect.DeepEqual(back, f) {
			t.Errorf("line %d reads as\n%+v\nwant\n%+v", i+1, back, f)
		}
	}
}

func TestJSONLNamesTheArticleItCannotWrite(t *testing.T) {
	nan := share(0)
	*nan /= *nan
	err := NewJSONL(io.Discard).Write(article.Finding{Article: "a.txt", Jaccard: nan})
	if err == nil || !strings.Contains(err.Error(), `"a.txt"`) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkJSONL(b *testing.B) {
	f := example()[1]
	f.Text = strings.Repeat("The words, as they “stand” there. ", 18)
	w := NewJSONL(io.Discard)
	b.ReportAllocs()
	b.SetBytes(int64(len(f.Text)))
	for b.Loop() {
		if err := w.Write(f); err != nil {
			b.Fatal(err)
		}
	}
}
