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
	w := walker{Corpus: c, ctx: ctx, followed: make(map[string]bool)}
	for i, r := range c.roots {
		switch {
		case r.folder:
			w.root = c.prefix(r)
			w.folder(folder{path: r.path, id: w.root, root: i}, nil)
		case c.several || r.path == stdinPath:
			c.sources.add(c.sources.addFolder(folder{root: i, named: true}), r.path)
			c.countSize(r.path)
		default:
			dir, name := filepath.Split(r.path)
			c.sources.add(c.sources.addFolder(folder{path: dir, root: i, named: true}), name)
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

// walker goes through folders.
type walker struct {
	*Corpus
	ctx      context.Context
	root     string          // what the ids below the root begin with
	followed map[string]bool // folders that links led to, by their real path
}

// folder adds the files in f and in the folders below it; chain are the folders
// that f lies in, if links are followed.
func (w *walker) folder(f folder, chain []fs.FileInfo) {
	list, err := os.ReadDir(f.path) // sorted; holds what was read before an error
	if err != nil {
		w.tell(Problem{Path: f.path, Err: cause(err)})
	}
	if w.opts.FollowLinks {
		if info, err := os.Stat(f.path); err == nil { // else ReadDir told why
			chain = append(chain[:len(chain):len(chain)], info)
		}
	}
	number := w.sources.addFolder(f)
	for _, e := range list {
		name := e.Name()
		if w.ctx.Err() != nil {
			return
		}
		if strings.HasPrefix(name, ".") {
			continue
		}
		path := join(f.path, name)
		relative := strings.TrimPrefix(f.id, w.root) + name
		mode := e.Type()
		if mode&fs.ModeSymlink != 0 && !matches(w.opts.Exclude, relative) {
			if mode, err = w.follow(path, chain); err != nil {
				w.tell(Problem{Path: path, Err: err, Harmless: true})
				continue
			}
		}
		switch {
		case mode.IsDir():
			if !matches(w.opts.Exclude, relative) {
				w.folder(folder{path: path, id: f.id + name + "/", root: f.root}, chain)
			}
		case !w.wanted(relative):
		case !mode.IsRegular():
			w.tell(special(path, mode))
		case name == ManifestName && isManifest(path):
			w.tell(Problem{Path: path, Err: ErrManifest, Harmless: true})
		default:
			w.countSize(path)
			w.sources.add(number, name)
		}
	}
}

// follow returns the type of what the link at path leads to, or why it isn't
// followed.
func (w *walker) follow(path string, chain []fs.FileInfo) (fs.FileMode, error) {
	if !w.opts.FollowLinks {
		return 0, ErrLink
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, cause(err)
	}
	if !info.IsDir() {
		return info.Mode().Type(), nil
	}
	for _, above := range chain {
		if os.SameFile(info, above) {
			return 0, ErrLoop
		}
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return 0, cause(err)
	}
	if w.followed[real] {
		return 0, ErrTwice
	}
	w.followed[real] = true
	return info.Mode().Type(), nil
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
