package corpus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// stdinPath is the path that means standard input.
const stdinPath = "-"

// root is one PATH as given.
type root struct {
	path   string
	folder bool
}

// findRoots looks at each path. It returns those that can be walked or read
// and a Problem for each other one.
func findRoots(paths []string) (roots []root, problems []Problem) {
	for _, path := range paths {
		if path == stdinPath {
			if slices.Contains(roots, root{path: path}) { // read to its end by then
				problems = append(problems, Problem{Path: path, Err: ErrEmpty, Harmless: true})
			} else {
				roots = append(roots, root{path: path})
			}
			continue
		}
		info, err := os.Stat(path)
		switch {
		case err != nil:
			problems = append(problems, Problem{Path: path, Err: cause(err)})
		case info.IsDir():
			roots = append(roots, root{path, true})
		case info.Mode().IsRegular():
			roots = append(roots, root{path, false})
		default:
			problems = append(problems, special(path, info.Mode()))
		}
	}
	return roots, problems
}

// walk adds every file under the roots to the sources, in order.
func (c *Corpus) walk(ctx context.Context) {
	defer c.sources.finish()
	for i, r := range c.roots {
		switch {
		case r.folder:
			c.walkFolder(ctx, folder{r.path, c.prefix(r), i})
		case c.several || r.path == stdinPath:
			c.sources.add(c.sources.addFolder(folder{root: i}), r.path)
			c.countSize(r.path)
		default:
			dir, name := filepath.Split(r.path)
			c.sources.add(c.sources.addFolder(folder{path: dir, root: i}), name)
			c.countSize(r.path)
		}
	}
}

// prefix returns what the ids of the articles below a root begin with.
func (c *Corpus) prefix(r root) string {
	if !r.folder || !c.several {
		return ""
	}
	return strings.TrimRight(filepath.ToSlash(r.path), "/") + "/"
}

func (c *Corpus) countSize(path string) {
	if path == stdinPath {
		return
	}
	if info, err := os.Stat(path); err == nil { // else opening it tells why
		c.total.Add(info.Size())
	}
}

// walkFolder adds the files in f and in the folders below it. Links are not
// followed, so there is no way to come to one folder twice.
func (c *Corpus) walkFolder(ctx context.Context, f folder) {
	list, err := os.ReadDir(f.path) // sorted; holds what was read before an error
	if err != nil {
		c.tell(Problem{Path: f.path, Err: cause(err)})
	}
	number := c.sources.addFolder(f)
	for _, e := range list {
		name := e.Name()
		if ctx.Err() != nil {
			return
		}
		if strings.HasPrefix(name, ".") {
			continue
		}
		path := join(f.path, name)
		mode := e.Type()
		switch {
		case mode.IsDir():
			c.walkFolder(ctx, folder{path, f.id + name + "/", f.root})
		case mode&fs.ModeSymlink != 0:
			c.tell(Problem{Path: path, Err: ErrLink, Harmless: true})
		case !mode.IsRegular():
			c.tell(special(path, mode))
		case name == ManifestName && isManifest(path):
			c.tell(Problem{Path: path, Err: ErrManifest, Harmless: true})
		default:
			if info, err := e.Info(); err == nil { // else opening it tells why
				c.total.Add(info.Size())
			}
			c.sources.add(number, name)
		}
	}
}

// special is the Problem of a FIFO, socket or device.
func special(path string, mode fs.FileMode) Problem {
	what := "device"
	switch {
	case mode&fs.ModeNamedPipe != 0:
		what = "FIFO"
	case mode&fs.ModeSocket != 0:
		what = "socket"
	}
	return Problem{Path: path, Err: fmt.Errorf("%s: %w", what, ErrSpecial), Harmless: true}
}

// cause returns what is wrong without the operation and the path that
// [fs.PathError] repeats.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
