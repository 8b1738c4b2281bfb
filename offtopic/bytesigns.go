package offtopic

// byteSigns tells which bytes stand in a text, so that what needs one of them is
// not sought where there is none.
type byteSigns uint32

// The lowest bits are the kinds of [codeMark], whose number 0 is none.
const (
	signMarks  byteSigns = 1<<16 - 1 - 1
	signField  byteSigns = 1 << (16 + iota) // fields of templates begin with it
	signAt                                  // of mail addresses
	signSlash                               // of web addresses
	signQuote                               // begins a quotation mark
	signMoney                               // begins a currency's sign
	signCode                                // of statements
	signLetter                              // a Latin letter of ASCII
	signDigit
	signWide // of a rune beyond ASCII
)

var signOf = func() (signs [256]byteSigns) {
	for c, k := range codeMark {
		if k > 0 {
			signs[c] |= 1 << k
		}
	}
	for c := range 26 {
		signs['a'+c], signs['A'+c] = signLetter, signLetter
	}
	for c := range 10 {
		signs['0'+c] = signDigit
	}
	for c := 0x80; c < 0x100; c++ {
		signs[c] = signWide | signMoney
	}
	for sign, bytes := range map[byteSigns]string{
		signField: "{[%", signAt: "@", signSlash: "/", signQuote: "\"\xC2\xE2\xE3", signMoney: "$", signCode: "(){};=",
	} {
		for i := range len(bytes) {
			signs[bytes[i]] |= sign
		}
	}
	return signs
}()
