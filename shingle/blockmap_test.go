package shingle

import (
	"strings"
	"testing"
)

// FuzzMapBlock holds the map of a block to what it says of each byte, however
// it is made here.
func FuzzMapBlock(f *testing.F) {
	f.Add("The quick brown fox — “über” 狐 — jumps over 13 lazy dogs.")
	f.Add("@AZ[`az{/09:\x00\x7f\x80\xff\xc3\xa9")
	f.Fuzz(func(t *testing.T, text string) {
		block := (text + strings.Repeat(" ", blockSize))[:blockSize]
		var letters, beyond uint64
		for i := range blockSize {
			switch c := block[i]; {
			case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
				letters |= 1 << i
			case c >= 0x80:
				beyond |= 1 << i
			}
		}
		for name, made := range map[string]func(string) (uint64, uint64){"mapBlock": mapBlock, "mapBlockPlain": mapBlockPlain} {
			if l, b := made(block); l != letters || b != beyond {
				t.Errorf("%s(%q) = %x, %x, want %x, %x", name, block, l, b, letters, beyond)
			}
		}
	})
}
