//go:build !amd64

package shingle

func mapBlock(text string) (letters, beyond uint64) { return mapBlockPlain(text) }
