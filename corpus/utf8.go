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
	spaces   = 0x2020_2020_2020_2020
)

// validUTF8 reports what [utf8.Valid] reports. It is quicker on Chinese,
// Japanese and Korean, where utf8.Valid runs at 0.6 GB/s and would alone take
// two thirds of the time of reading JSON Lines.
func validUTF8(b []byte) bool {
	valid, _ := checkUTF8(b)
	return valid
}

// checkUTF8 reports whether b is valid UTF-8 and whether it holds, up to where it
// is, a byte under 0x20.
func checkUTF8(b []byte) (valid, controls bool) {
	var low uint64 // has a top bit set if there was a byte under 0x20
	for {
		for len(b) >= 32 {
			w0, w1 := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
			w2, w3 := binary.LittleEndian.Uint64(b[16:]), binary.LittleEndian.Uint64(b[24:])
			if (w0|w1|w2|w3)&asciiTop != 0 {
				break
			}
			low |= (w0-spaces)&^w0 | (w1-spaces)&^w1 | (w2-spaces)&^w2 | (w3-spaces)&^w3
			b = b[32:]
		}
		for len(b) >= 8 {
			w := binary.LittleEndian.Uint64(b)
			if w&asciiTop == 0 {
				low |= (w - spaces) &^ w
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
			return true, low&asciiTop != 0
		}
		if b[0] < utf8.RuneSelf {
			if b[0] < 0x20 {
				low = asciiTop
			}
			b = b[1:]
			continue
		}
		if len(b) > 1 && 0xC2 <= b[0] && b[0] <= 0xDF && b[1]&0xC0 == 0x80 {
			b = b[2:]
			continue
		}
		if len(b) > 2 && b[0]&0xF0 == 0xE0 && !restricted(b[0]) && b[1]&0xC0 == 0x80 && b[2]&0xC0 == 0x80 {
			b = b[3:]
			continue
		}
		if r, n := utf8.DecodeRune(b); r != utf8.RuneError || n == 3 {
			b = b[n:]
			continue
		}
		return false, low&asciiTop != 0
	}
}

func restricted(lead byte) bool { return lead == 0xE0 || lead == 0xED }
