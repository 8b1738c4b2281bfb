package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/pflag"

	"chaff/offtopic"
)

func profileVar(set *pflag.FlagSet, path *string) {
	set.StringVar(path, "profile", "", "a `file` that calibrate or label wrote: how off-topic content is told")
}

// readProfile reads the file of --profile; nil if none is named.
func readProfile(path string) (*offtopic.ProfileFile, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		var cause *fs.PathError
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return nil, fmt.Errorf("--profile: %s: %w", path, err)
	}
	defer file.Close()
	p, err := offtopic.ReadProfile(file)
	if err != nil {
		return nil, fmt.Errorf("--profile: %s: %w", path, err)
	}
	return p, nil
}

// tellStale says that the profile read from path, if any, is for other weights.
func tellStale(c *console, path string) {
	if path != "" {
		c.tell(fmt.Sprintf("--profile: %s was made with other weights than those of this chaff; calibrate makes a new one", path))
	}
}
