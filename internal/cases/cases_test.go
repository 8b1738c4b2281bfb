package cases

import (
	"testing"

	"chaff/article"
)

func TestParse(t *testing.T) {
	c, err := Parse("# what it is\nrepeat \"aa\"#2 … \"b\" of \"aa\" … \"b\" reason \"pull quote\"\noff-topic foreign \"x \\\"y\\\"\"\nrepeat \"aa\" of \"aa\"#1\n\naab x \"y\" aab")
	if err != nil {
		t.Fatal(err)
	}
	want := []Want{
		{Kind: article.Repeat, Span: article.Span{Start: 10, End: 13}, Other: article.Span{Start: 0, End: 3}, Reason: "pull quote"},
		{Kind: article.OffTopic, Label: article.Foreign, Span: article.Span{Start: 4, End: 9}},
		{Kind: article.Repeat, Span: article.Span{Start: 10, End: 12}, Other: article.Span{Start: 0, End: 2}},
	}
	if len(c.Want) != len(want) {
		t.Fatalf("%d findings expected, not %d", len(c.Want), len(want))
	}
	for i, w := range want {
		if c.Want[i] != w {
			t.Errorf("finding %d: %+v, want %+v", i, c.Want[i], w)
		}
	}
	if c, err := Parse("none\n\ntext"); err != nil || len(c.Want) != 0 || c.Text != "text" {
		t.Errorf("none: %+v, %v", c, err)
	}
}

func TestParseErrors(t *testing.T) {
	for _, file := range []string{
		"none", "\n\ntext", "none\noff-topic foreign \"text\"\n\ntext", "off-topic foreign \"other\"\n\ntext",
		"repeat \"text\"\n\ntext", "off-topic foreign \"text\"#2\n\ntext", "off-topic foreign \"text\" and more\n\ntext",
		"off-topic foreign text\n\ntext", "near-duplicate \"text\"\n\ntext", "off-topic foreign \"text\" … \"end\"\n\ntext",
	} {
		if c, err := Parse(file); err == nil {
			t.Errorf("%q is taken: %+v", file, c)
		}
	}
}
