package scan

import (
	"testing"

	"chaff/article"
)

func TestSourceOf(t *testing.T) {
	for want, a := range map[string]article.Article{
		"courier":     {Source: "courier", URL: "https://www.example.org/x", ID: "f/a"},
		"example.org": {URL: "https://WWW.Example.org:8080/x", ID: "f/a"},
		"f/g":         {ID: "f/g/a.txt", URL: "::not a URL"},
		"":            {ID: "a.txt"},
	} {
		if got := sourceOf(&a); got != want {
			t.Errorf("source %q of %+v, want %q", got, a, want)
		}
	}
}
