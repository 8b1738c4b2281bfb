package corpus

import (
	"fmt"
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// checkGlobs fails if a glob is malformed.
func checkGlobs(lists ...[]string) error {
	for _, globs := range lists {
		for _, g := range globs {
			if g == "" || !doublestar.ValidatePattern(g) {
				return fmt.Errorf("malformed glob %q", g)
			}
		}
	}
	return nil
}

// matches reports whether one of globs matches the path, which has slashes.
func matches(globs []string, name string) bool {
	for _, g := range globs {
		g, subject := strings.TrimSuffix(g, "/"), name
		if !strings.Contains(g, "/") {
			subject = path.Base(name)
		}
		if doublestar.MatchUnvalidated(strings.TrimPrefix(g, "/"), subject) {
			return true
		}
	}
	return false
}

// wanted reports whether the globs choose a file by its path from the folder
// given to Open.
func (c *Corpus) wanted(name string) bool {
	return !matches(c.opts.Exclude, name) && (len(c.opts.Include) == 0 || matches(c.opts.Include, name))
}

// wantedMember reports whether the globs choose a file in an archive by its
// path in there.
func (c *Corpus) wantedMember(archive *stream, name string) bool {
	for i := range name { // folders are excluded with what is in them
		if name[i] == '/' && matches(c.opts.Exclude, name[:i]) {
			return false
		}
	}
	return !matches(c.opts.Exclude, name) && (!archive.named || len(c.opts.Include) == 0 || matches(c.opts.Include, name))
}
