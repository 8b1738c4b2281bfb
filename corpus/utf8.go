package corpus

import (
	"encoding/binary"
	"unicode/utf8"
)

// Three-byte sequences, two at a time: the bits that tell a lead byte (1110xxxx)
// from continuation bytes (10xxxxxx), and what they must be.
const (
	pairMask = 0x0000_C0C0_F0C0_C0F0
	pairBits = 0x0000_8080_E080_80E0
	asciiTop = 0x8080_8080_8080_8080
)

// validUTF8 reports what [utf8.Valid] reports. It is quicker on Chinese,
// Japanese and Korean, where utf8.Valid runs at 0.6 GB/s and would alone take
// two thirds of the time of reading JSON Lines.
func validUTF8(b []byte) bool {
	for {
		for len(b) >= 32 {
			w := binary.LittleEndian.Uint64(b) | binary.LittleEndian.Uint64(b[8:]) |
				binary.LittleEndian.Uint64(b[16:]) | binary.LittleEndian.Uint64(b[24:])
			if w&asciiTop != 0 {
				break
			}
			b = b[32:]
		}
		for len(b) >= 8 {
			w := binary.LittleEndian.Uint64(b)
			if w&asciiTop == 0 {
				b = b[8:]
				continue
			}
			// Leads E0 and ED restrict the byte after them: leave them to the
			// slow way.
			if w&pairMask != pairBits || restricted(byte(w)) || restricted(byte(w>>24)) {
				break
			}
			b = b[6:]
		}
		// One rune the slow way, then try again.
		if len(b) == 0 {
			return true
		}
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		if len(b) > 1 && 0xC2 <= b[0] && b[0] <= 0xDF && b[1]&0xC0 == 0x80 {
			b = b[2:]
			continue
		}
		if r, n := utf8.DecodeRune(b); r != utf8.RuneError || n == 3 {
			b = b[n:]
			continue
		}
		return false
	}
}

func restricted(lead byte) bool { return lead == 0xE0 || lead == 0xED }
