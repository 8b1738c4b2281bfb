package scan

import (
	"net/url"
	"path"
	"strings"

	"chaff/article"
)

// sourceOf names what an article shares its furniture with: its source, or else the
// host of its URL, or the folder of its ID. Articles without any are of one source.
func sourceOf(a *article.Article) string {
	if a.Source != "" {
		return a.Source
	}
	if a.URL != "" {
		if u, err := url.Parse(a.URL); err == nil && u.Host != "" {
			return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
		}
	}
	if dir := path.Dir(a.ID); dir != "." {
		return dir
	}
	return ""
}
