//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package clean

import (
	"errors"
	"os"
	"syscall"
)

// lock locks file until it is closed, if need be by the end of the process. It
// fails with errLocked if another process has done so.
func lock(file *os.File) error {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	if errors.Is(err, errors.ErrUnsupported) {
		return nil // a file system without locks
	}
	return err
}
