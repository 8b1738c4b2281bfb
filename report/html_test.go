package report

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"chaff/article"
)

// attributes are all that the templates write, by element.
var attributes = map[string]string{
	"html": "lang", "head": "", "meta": "charset name content http-equiv", "title": "", "style": "", "body": "",
	"header": "", "main": "", "section": "class", "h1": "", "h2": "dir", "h3": "", "p": "class role dir", "strong": "",
	"div": "class dir", "mark": "class", "sup": "id", "a": "href", "span": "class", "ol": "class", "ul": "", "li": "class id",
	"blockquote": "dir", "form": "method action accept-charset", "label": "for", "input": "id name type dir value",
	"textarea": "id name required dir", "button": "type",
}

// values are of attributes that may lead somewhere or look like something.
func goodValue(element, name, value string) bool {
	switch name {
	case "href":
		return value == "/openapi.json" || strings.HasPrefix(value, "#finding-") || strings.HasPrefix(value, "#place-")
	case "action":
		return value == "/"
	case "class":
		return strings.Trim(value, "abcdefghijklmnopqrstuvwxyz -") == ""
	case "id", "name", "for", "type", "method", "role", "dir":
		return strings.Trim(value, "abcdefghijklmnopqrstuvwxyz-0123456789") == ""
	case "content":
		return element == "meta"
	}
	return true
}

// parsed parses a document of ours and fails on an element, attribute, comment or error
// that no template writes. It returns the text of the elements it is asked for by class
// or name.
func parsed(t *testing.T, doc string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			permitted, ok := attributes[n.Data]
			if !ok {
				t.Fatalf("element %s", n.Data)
			}
			for _, a := range n.Attr {
				if !strings.Contains(" "+permitted+" ", " "+a.Key+" ") || !goodValue(n.Data, a.Key, a.Val) {
					t.Fatalf("%s has %s=%q", n.Data, a.Key, a.Val)
				}
			}
			if n.Data == "style" && n.FirstChild.Data != style {
				t.Fatal("the style is not ours")
			}
		case html.CommentNode:
			t.Fatalf("comment %q", n.Data)
		}
	}
	return root
}

// find returns all elements with this name or class.
func find(root *html.Node, what string) []*html.Node {
	var all []*html.Node
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		class := ""
		for _, a := range n.Attr {
			if a.Key == "class" {
				class = a.Val
			}
		}
		if n.Data == what || strings.Contains(" "+class+" ", " "+what+" ") {
			all = append(all, n)
		}
	}
	return all
}

// content returns the text in n but for that of elements named or classed skip.
func content(n *html.Node, skip string) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode && n.Data == skip {
			return
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(n)
	return b.String()
}

var summary = Summary{Articles: 1200, Bytes: 3_400_000, Problems: 2, Elapsed: 1500 * time.Millisecond}

func TestHTML(t *testing.T) {
	for name, findings := range map[string][]article.Finding{"report": example(), "nothing": nil} {
		var b bytes.Buffer
		h := NewHTML(&b)
		for _, f := range findings {
			if err := h.Write(f); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.Close(summary); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", name+".html")
		if *update {
			if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if b.String() != string(want) {
			t.Errorf("%s differs; look at the change and run the test with -update:\n%s", golden, &b)
		}
		root := parsed(t, b.String())
		if n := len(find(root, "finding")); n != len(findings) {
			t.Errorf("%s: %d findings are shown of %d", name, n, len(findings))
		}
		// The reader is told all that the text report tells.
		shows := strings.Join(strings.Fields(content(root, "style")), " ")
		for _, f := range findings {
			if !strings.Contains(shows, strings.Join(strings.Fields(what(&f)), " ")) || !strings.Contains(shows, strings.Join(strings.Fields(printableLines(f.Text)), " ")) {
				t.Errorf("%s: not shown: %s, %q", name, what(&f), f.Text)
			}
		}
	}
}

// The style that the policy permits is the one in the document.
func TestPolicyPermitsTheStyle(t *testing.T) {
	var b bytes.Buffer
	if err := new(Page).Write(&b); err != nil {
		t.Fatal(err)
	}
	root := parsed(t, b.String())
	metas := 0
	for _, m := range find(root, "meta") {
		for _, a := range m.Attr {
			if a.Key == "content" && strings.HasPrefix(a.Val, "default-src 'none'") {
				metas++
				if a.Val != pagePolicy || !strings.HasPrefix(PagePolicy, a.Val) {
					t.Errorf("policy %q", a.Val)
				}
			}
		}
	}
	if metas != 1 || strings.Contains(PagePolicy, "unsafe") || !strings.Contains(PagePolicy, "frame-ancestors 'none'") {
		t.Errorf("%d policies; %s", metas, PagePolicy)
	}
}

func TestHTMLTellsWriteErrors(t *testing.T) {
	broken := errors.New("broken")
	h := NewHTML(writerFunc(func([]byte) (int, error) { return 0, broken }))
	var err error
	for range 1000 {
		if err = h.Write(example()[1]); err != nil {
			break
		}
	}
	if !errors.Is(err, broken) || !errors.Is(h.Close(summary), broken) {
		t.Errorf("%v", err)
	}
	if err := new(Page).Write(writerFunc(func([]byte) (int, error) { return 0, broken })); !errors.Is(err, broken) {
		t.Errorf("a page: %v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// attacks are tried in every string that comes from outside.
var attacks = []string{
	"<script>alert(1)</script>", "</textarea><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'-alert(1)-'",
	"</style><script>", "<!--", "]]>", "javascript:alert(1)", "{{.}}", "&lt;b&gt;&#x3c;", "\x00<\x1b[31m\u202e", "</title><svg/onload=alert(1)>",
	"\xff\xfe", "\r\n\t", "a\rb", "<plaintext>", "<base href=//evil>",
}

// attackedPage returns a page with s everywhere, and spans from a and b.
func attackedPage(s string, a, b int) *Page {
	text := s + " middle " + s
	f := article.Finding{
		Kind: article.OffTopic, Label: article.Label(s), Tier: article.Tier(s), Article: s, Text: s, Span: &article.Span{Start: a, End: b},
		Reasons: []article.Reason{{Signal: s, Evidence: s, Weight: 1}, {Signal: s, Evidence: s, Weight: -1}},
	}
	g := f
	g.Kind, g.Other = article.Repeat, &article.Ref{Article: s, Span: &article.Span{Start: a / 2, End: b - 1}}
	h := article.Finding{Kind: article.NearDuplicate, Article: s, Other: &article.Ref{Article: s}, Relation: article.Relation(s), Cluster: s}
	i := f
	i.Kind = article.Kind(s)
	return &Page{
		Article: &article.Article{ID: s, Text: text, Title: s, URL: s, Source: s, Lang: s},
		Verdict: s + "v", Problem: s, Findings: []article.Finding{f, g, h, i},
	}
}

// checkPage wants p to hold no element that no template writes, to show the whole
// text, and to give the form back as it was.
func checkPage(t *testing.T, p *Page) {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	root := parsed(t, b.String())
	texts := find(root, "text")
	if len(texts) < 1 || texts[0].Data != "div" {
		t.Fatal("the text is not shown")
	}
	// A parser of HTML has line feeds alone.
	lines := func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if got, want := content(texts[0], "sup"), printableLines(p.Article.Text); !sameButLines(got, want) {
		t.Fatalf("the text shows as %q, want %q", got, want)
	}
	form := strings.ToValidUTF8(strings.ReplaceAll(lines(p.Article.Text), "\x00", "\uFFFD"), "\uFFFD")
	if got := content(find(root, "textarea")[0], ""); strings.ToValidUTF8(got, "\uFFFD") != form {
		t.Fatalf("the form has %q, want %q", got, form)
	}
	begun, ended := strings.Count(b.String(), "begins</span>"), strings.Count(b.String(), "ends</span>")
	if n := len(find(root, "finding")); n != len(p.Findings) || begun != ended {
		t.Fatalf("%d findings of %d; %d begin and %d end in the text", n, len(p.Findings), begun, ended)
	}
}

// sameButLines compares texts of which one may have been cut between CR and LF.
func sameButLines(a, b string) bool {
	strip := func(s string) string { return strings.ReplaceAll(s, "\n", "") }
	return strip(a) == strip(b)
}

func TestAttacksAreText(t *testing.T) {
	for _, s := range attacks {
		p := attackedPage(s, 0, len(s))
		checkPage(t, p)
		var b bytes.Buffer
		h := NewHTML(&b)
		for _, f := range p.Findings {
			if err := h.Write(f); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.Close(Summary{}); err != nil {
			t.Fatal(err)
		}
		parsed(t, b.String())
	}
}

func FuzzPage(f *testing.F) {
	for i, s := range attacks {
		f.Add(s, i, 2*i)
	}
	f.Fuzz(func(t *testing.T, s string, a, b int) { checkPage(t, attackedPage(s, a, b)) })
}

// Pieces are the whole text, each with the styles of just those marks that cover it.
func TestPieces(t *testing.T) {
	const text = "0123456789"
	for a := range 10 {
		for b := a + 1; b <= 10; b++ {
			for c := range 10 {
				for d := c + 1; d <= 10; d++ {
					all := []mark{{article.Span{Start: a, End: b}, 1, "repeat"}, {article.Span{Start: c, End: d}, 2, "off-topic"}}
					got, at, open := "", 0, map[int]bool{}
					for _, p := range pieces(text, all) {
						for _, n := range p.Begin {
							if at != all[n-1].Start {
								t.Fatalf("%v: %d begins at %d", all, n, at)
							}
							open[n] = true
						}
						for i := range len(p.Text) {
							want := strings.TrimSpace(fmt.Sprint(map[bool]string{true: "repeat"}[a <= at+i && at+i < b], " ", map[bool]string{true: "off-topic"}[c <= at+i && at+i < d]))
							if strings.Join(strings.Fields(want), " ") != p.Class {
								t.Fatalf("%v: byte %d has %q, want %q", all, at+i, p.Class, want)
							}
						}
						at += len(p.Text)
						got += p.Text
						for _, n := range p.End {
							if at != all[n-1].End || !open[n] {
								t.Fatalf("%v: %d ends at %d", all, n, at)
							}
							delete(open, n)
						}
					}
					if got != text || len(open) > 0 {
						t.Fatalf("%v: %q, %v open", all, got, open)
					}
				}
			}
		}
	}
}

func ExampleNewHTML() {
	var b strings.Builder
	h := NewHTML(&b)
	err := h.Write(article.Finding{
		Kind: article.OffTopic, Label: article.Advertisement, Tier: article.Certain, Article: "tram.txt",
		Text: "Book <b>now</b>!", Reasons: []article.Reason{{Signal: "call to action", Evidence: "Book now"}},
	})
	if err == nil {
		err = h.Close(Summary{Articles: 1})
	}
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, "<blockquote") {
			fmt.Print(line)
		}
	}
	fmt.Println(err)
	// Output:
	// <blockquote dir="auto">Book &lt;b&gt;now&lt;/b&gt;!</blockquote>
	// <nil>
}
