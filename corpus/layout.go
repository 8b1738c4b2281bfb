package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"chaff/article"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// layout writes down the visible text of a page, with a blank line between
// blocks, a line end where the page has <br>, and a tab between the cells of a
// row. White space is collapsed as browsers do it.
type layout struct {
	text     []byte
	elements []article.Element

	open  bool // a block is being written
	gap   byte // what separates the next word from the last, 0 if nothing does
	links int  // bytes of the block that are links

	unhide bool // take what says that it isn't shown
}

// place is where in a page a text stands.
type place struct {
	tag, within string
	link, pre   bool
}

// write makes l what is visible in n and below it. Where nothing is, a script
// shows what is hidden, and that is taken.
func (l *layout) write(n *html.Node) {
	for _, l.unhide = range []bool{false, true} {
		l.text, l.elements = l.text[:0], l.elements[:0]
		l.open, l.gap, l.links = false, 0, 0
		l.node(n, place{tag: "body"})
		l.flush()
		if len(l.text) > 0 {
			return
		}
	}
}

func (l *layout) reset() { l.text, l.elements = l.text[:0], l.elements[:0] }

// block appends a block that was written elsewhere.
func (l *layout) block(text string, e article.Element) {
	if len(l.text) > 0 {
		l.text = append(l.text, "\n\n"...)
	}
	e.Span = article.Span{Start: len(l.text), End: len(l.text) + len(text)}
	l.text = append(l.text, text...)
	l.elements = append(l.elements, e)
}

// blocks are the elements that stand on lines of their own.
var blocks = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Body: true, atom.Button: true,
	atom.Caption: true, atom.Center: true, atom.Dd: true, atom.Details: true, atom.Dialog: true, atom.Div: true,
	atom.Dl: true, atom.Dt: true, atom.Fieldset: true, atom.Figcaption: true, atom.Figure: true, atom.Footer: true,
	atom.Form: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Header: true, atom.Hgroup: true, atom.Hr: true, atom.Legend: true, atom.Li: true, atom.Main: true,
	atom.Menu: true, atom.Nav: true, atom.Ol: true, atom.P: true, atom.Pre: true, atom.Section: true,
	atom.Summary: true, atom.Table: true, atom.Tbody: true, atom.Tfoot: true, atom.Thead: true, atom.Tr: true, atom.Ul: true,
}

// invisible are the elements whose text nobody sees as such.
var invisible = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Head: true, atom.Template: true, atom.Noscript: true, atom.Svg: true,
	atom.Iframe: true, atom.Object: true, atom.Embed: true, atom.Audio: true, atom.Video: true, atom.Canvas: true,
	atom.Select: true, atom.Datalist: true, atom.Textarea: true, atom.Noframes: true, atom.Map: true, atom.Meter: true,
	atom.Progress: true, atom.Rp: true,
}

// landmarks are the elements that an [article.Element] may stand within.
var landmarks = map[atom.Atom]bool{
	atom.Article: true, atom.Main: true, atom.Aside: true, atom.Nav: true, atom.Header: true, atom.Footer: true,
	atom.Form: true, atom.Figure: true,
}

// roles are the landmarks that an element of any name may declare itself.
var roles = map[string]string{
	"article": "article", "main": "main", "complementary": "aside", "navigation": "nav", "banner": "header",
	"contentinfo": "footer", "search": "form", "form": "form", "figure": "figure",
}

func (l *layout) node(n *html.Node, at place) {
	switch n.Type {
	case html.TextNode:
		l.words(n.Data, at)
		return
	case html.ElementNode:
		tag := n.DataAtom
		if tag == 0 { // the extractor leaves it out of its own elements
			tag = atom.Lookup([]byte(n.Data))
		}
		if invisible[tag] || !l.unhide && hidden(n) {
			return
		}
		switch tag {
		case atom.Br:
			if l.open {
				l.gap = '\n'
			}
			return
		case atom.Td, atom.Th:
			if l.open {
				l.gap = '\t'
			}
		case atom.A:
			at.link = true
		case atom.Pre:
			at.pre = true
		}
		if landmarks[tag] {
			at.within = n.Data
		}
		if role := roles[attribute(n, "role")]; role != "" {
			at.within = role
		}
		if blocks[tag] {
			inner := at
			inner.tag = n.Data
			l.flush()
			l.children(n, inner)
			l.flush()
			return
		}
	}
	l.children(n, at)
}

func (l *layout) children(n *html.Node, at place) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		l.node(c, at)
	}
}

// words appends a text, opening a block at the first word.
func (l *layout) words(s string, at place) {
	for len(s) > 0 {
		space := strings.IndexFunc(s, unicode.IsSpace)
		if space != 0 {
			word := s
			if space > 0 {
				word = s[:space]
			}
			l.word(word, at)
			s = s[len(word):]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		s = s[n:]
		switch {
		case !l.open:
		case at.pre && r == '\n':
			l.gap = '\n'
		case l.gap == 0:
			l.gap = ' '
		}
	}
}

func (l *layout) word(s string, at place) {
	before := len(l.text)
	switch {
	case !l.open:
		if len(l.text) > 0 {
			l.text = append(l.text, "\n\n"...)
		}
		before = len(l.text)
		l.elements = append(l.elements, article.Element{Span: article.Span{Start: before}, Tag: at.tag, Within: at.within})
		l.open, l.links = true, 0
	case l.gap != 0:
		l.text = append(l.text, l.gap)
	}
	l.gap = 0
	l.text = append(l.text, s...)
	if at.link {
		l.links += len(l.text) - before
	}
}

// flush ends the block that is being written.
func (l *layout) flush() {
	if !l.open {
		return
	}
	e := &l.elements[len(l.elements)-1]
	e.End = len(l.text)
	e.Links = float64(l.links) / float64(e.Len())
	l.open, l.gap = false, 0
}

// hidden reports whether an element says that it isn't shown.
func hidden(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return a.Val != "until-found"
		case "style":
			style := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
				return true
			}
		}
	}
	return n.DataAtom == atom.Dialog && !has(n, "open")
}

// attribute returns the value of an attribute; "" if there is none.
func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
