package corpus

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"chaff/article"

	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// HTML says which text of a page of HTML is its article.
type HTML string

// The two readings of a page.
const (
	// Main is the main content, as the extractor finds it.
	Main HTML = "main"
	// Raw is every block that is visible.
	Raw HTML = "raw"
)

// maxNodes is how many elements and texts a page may have. Half of 300
// pages of the web have fewer than 2,000, none has more than 20,000; with 400,000
// the extractor takes 12 s and 300 MB, and more with more.
const maxNodes = 400_000

// page makes w.article of a page; the charset is the one declared outside it.
func (w *worker) page(data []byte, charset string) error {
	s, err := decodePage(data, charset)
	if err != nil {
		return err
	}
	a := &w.article
	if err := w.extract(s, a); err != nil {
		return err
	}
	if int64(len(a.Text)) > w.corpus.opts.MaxArticle {
		return fmt.Errorf("%w: a text of %d bytes", ErrTooLarge, len(a.Text))
	}
	return nil
}

// extract parses a page and makes a of it. A page that breaks the extractor
// breaks nothing else.
func (w *worker) extract(page string, a *article.Article) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: the page breaks the extractor: %v", ErrDamaged, p)
		}
	}()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	nodes := 0
	for range doc.Descendants() {
		nodes++
	}
	if nodes > maxNodes {
		return fmt.Errorf("%w: a page of %d elements and texts", ErrTooLarge, nodes)
	}
	if lang := declaredLanguage(doc); lang != "" {
		a.Lang = lang
	}
	w.layout.write(doc)
	content := &w.layout
	if w.corpus.opts.HTML == Raw {
		describe(doc, a)
	} else {
		if err := w.mainContent(doc, a); err != nil {
			return err
		}
		content = &w.main
	}
	if len(content.text) == 0 {
		return ErrNoArticle
	}
	a.Text, a.Layout = view(content.text), content.elements
	if a.Source == "" {
		if u, err := url.Parse(a.URL); err == nil {
			a.Source = u.Hostname()
		}
	}
	return nil
}

// mainContent makes w.main of a page, and fills in what the extractor knows of
// it. The extractor drops links and
// landmarks, and at times the space between a link and the next word: a block
// that also stands in the page is taken from there.
func (w *worker) mainContent(doc *html.Node, a *article.Article) error {
	// Of the words of 214 pages whose articles are known, the extractor finds
	// .972 with its fallback (F1 .957) and .955 without it (F1 .942), which saves
	// a third of the time. Dates in other languages than English would double it.
	opts := trafilatura.Options{EnableFallback: true, HtmlDateMode: trafilatura.Fast, ExcludeComments: true}
	if u, err := url.Parse(a.URL); err == nil && a.URL != "" {
		opts.OriginalURL = u
	}
	found, err := trafilatura.ExtractDocument(doc, opts)
	if err != nil {
		return ErrNoArticle
	}
	w.extracted.write(found.ContentNode)
	w.matchBlocks()
	m := found.Metadata
	a.Title, a.Source, a.Date = m.Title, m.Sitename, day(m.Date)
	if a.URL == "" {
		a.URL = m.URL
	}
	return nil
}

// matchBlocks makes w.main of what was extracted. The extractor drops links and
// landmarks, at times the space between a link and the next word, and it glues
// what stands in no element of its own to the block before: a block that is one
// of the page's but for white space, or several of them, is taken from the page.
func (w *worker) matchBlocks() {
	page := &w.layout
	squeezed := make([]string, len(page.elements))
	index := make(map[string]int, len(page.elements))
	for i, e := range page.elements {
		squeezed[i] = squeeze(e.In(view(page.text)))
		if _, found := index[squeezed[i]]; !found {
			index[squeezed[i]] = i
		}
	}
	w.main.reset()
	take := func(i int) { w.main.block(page.elements[i].In(view(page.text)), page.elements[i]) }
	for _, e := range w.extracted.elements {
		text := e.In(view(w.extracted.text))
		key := squeeze(text)
		if i, ok := index[key]; ok {
			take(i)
			continue
		}
		parts := partsOf(key, squeezed)
		for _, i := range parts {
			take(i)
		}
		if len(parts) == 0 {
			w.main.block(text, e)
		}
	}
}

// partsOf returns which of parts, in their order, make up whole; nil if none do.
func partsOf(whole string, parts []string) (made []int) {
	for first := range parts {
		rest := whole
		made = made[:0]
		for i := first; i < len(parts) && rest != ""; i++ {
			if after, ok := strings.CutPrefix(rest, parts[i]); ok {
				rest = after
				made = append(made, i)
			} else if i == first {
				break
			}
		}
		if rest == "" {
			return made
		}
	}
	return nil
}

// squeeze returns s without its white space.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// day returns a date without the place where it was read.
func day(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.Unix(t.Unix(), int64(t.Nanosecond())).UTC()
}

// describe fills in what the head of a page says of it.
func describe(doc *html.Node, a *article.Article) {
	var published, title string
	for n := range doc.Descendants() {
		switch n.DataAtom {
		case atom.Title:
			if title == "" && n.FirstChild != nil {
				title = strings.Join(strings.Fields(n.FirstChild.Data), " ")
			}
		case atom.Meta:
			name, content := attribute(n, "property"), strings.TrimSpace(attribute(n, "content"))
			if name == "" {
				name = attribute(n, "name")
			}
			switch strings.ToLower(name) {
			case "og:title":
				a.Title = content
			case "og:site_name":
				a.Source = content
			case "article:published_time", "datepublished", "date":
				if published == "" {
					published = content
				}
			}
		case atom.Link:
			if a.URL == "" && attribute(n, "rel") == "canonical" {
				a.URL = attribute(n, "href")
			}
		case atom.Body:
			if a.Title == "" {
				a.Title = title
			}
			a.Date = day(new(dates).parse(published))
			return
		}
	}
}

// declaredLanguage returns the language that a page declares.
func declaredLanguage(doc *html.Node) string {
	for n := range doc.ChildNodes() {
		if n.DataAtom == atom.Html {
			return strings.TrimSpace(attribute(n, "lang"))
		}
	}
	return ""
}

// decodePage returns a page as UTF-8. Bytes that are UTF-8 are taken as such
// whatever is declared, since the declaration is wrong then; else the charset is
// what was declared, within the page or outside it, or what can be told; and
// what isn't in the charset becomes U+FFFD, as in browsers.
func decodePage(data []byte, declared string) (string, error) {
	data = bytes.TrimPrefix(data, byteOrderMark)
	contentType := ""
	if declared != "" {
		contentType = "text/html; charset=" + declared
	}
	encoding, name, certain := charset.DetermineEncoding(data, contentType)
	switch {
	case validUTF8(data) && name != "iso-2022-jp":
		return view(data), nil
	case name == "utf-8":
		return strings.ToValidUTF8(view(data), "\uFFFD"), nil
	case certain && name == "gbk":
		name = "gb18030" // which holds the others; pages say the one and use the other
		encoding, _ = charset.Lookup(name)
		fallthrough
	case certain:
		s, err := encoding.NewDecoder().String(view(data))
		return strings.ToValidUTF8(s, "\uFFFD"), err
	}
	if s, err := decodeCharset(data); err == nil {
		return s, nil
	}
	// A page in UTF-8 with a few wrong bytes is still one.
	if s := strings.ToValidUTF8(view(data), "\uFFFD"); strings.Count(s, "\uFFFD") <= len(s)/100 {
		return s, nil
	}
	return "", ErrNotUTF8
}
