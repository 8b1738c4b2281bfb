package clean

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Apart returns an error if one of the inputs lies in another, so that its
// articles would be their own duplicates.
func Apart(inputs []string) error {
	for i, a := range inputs {
		for j, b := range inputs {
			if i != j && a != stdinPath && b != stdinPath && liesIn(a, b) {
				return fmt.Errorf("%s lies in %s: its articles would be read twice", a, b)
			}
		}
	}
	return nil
}

// vacant returns an error if something stands at dir, which was given as name,
// but an empty folder.
func vacant(dir, name string) error {
	list, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("%s exists and is no folder", name)
	case err != nil:
		return err
	case len(list) > 0:
		return fmt.Errorf("%s is not empty", name)
	}
	return nil
}

// liesIn reports whether p is q or lies below it. Neither need exist.
func liesIn(p, q string) bool {
	info, err := os.Stat(q)
	if err != nil {
		return false
	}
	for at := resolved(p); ; at = filepath.Dir(at) {
		if here, err := os.Stat(at); err == nil && os.SameFile(here, info) {
			return true
		}
		if at == filepath.Dir(at) {
			return false
		}
	}
}

// resolved returns p without the links in the part of it that exists.
func resolved(p string) string {
	full, err := filepath.Abs(p)
	if err != nil {
		return p
	}
	for at, rest := full, ""; ; at, rest = filepath.Dir(at), filepath.Join(filepath.Base(at), rest) {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(real, rest)
		}
		if at == filepath.Dir(at) {
			return full
		}
	}
}
