package clean

import "errors"

// errLocked means that another process holds a lock.
var errLocked = errors.New("locked")
