package offtopic

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// findURL returns where the first web address in s begins and ends: one with a
// scheme or "www.". A bare "name.com" is as often the name of a company.
func findURL(s string) (start, end int) {
	i := strings.Index(s, "://")
	for i > 0 && isAlpha(s[i-1]) {
		i--
	}
	if w := strings.Index(s, "www."); i < 0 || w >= 0 && w < i {
		i = w
	}
	if i < 0 {
		return 0, 0
	}
	end = i
	for end < len(s) && s[end] > ' ' && s[end] < utf8.RuneSelf && !strings.ContainsRune("\"<>()", rune(s[end])) {
		end++
	}
	return i, i + len(strings.TrimRight(s[i:end], ".,;:!?'"))
}

func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// findEmail returns where the first e-mail address in s begins and ends.
func findEmail(s string) (start, end int) {
	for at := strings.IndexByte(s, '@'); at >= 0; {
		start, end = at, at+1
		for start > 0 && mailByte(s[start-1]) {
			start--
		}
		for end < len(s) && mailByte(s[end]) {
			end++
		}
		domain := strings.TrimRight(s[at+1:end], ".")
		if start < at && strings.IndexByte(domain, '.') > 0 {
			return start, at + 1 + len(domain)
		}
		next := strings.IndexByte(s[at+1:], '@')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return 0, 0
}

func mailByte(c byte) bool {
	return isAlpha(c) || isDigit(c) || c == '.' || c == '-' || c == '_' || c == '+'
}

// findPhone returns where the first number in s that is set like a phone number
// begins and ends: 8 to 15 digits in at least two groups, with a plus sign,
// brackets, or groups of the sizes phone numbers have. Years, sums of money,
// scores and dates are not.
func findPhone(s string) (start, end int) {
	for i := 0; i < len(s); {
		c := s[i]
		if !isDigit(c) && c != '+' && c != '(' {
			i++
			continue
		}
		if i > 0 && (isAlpha(s[i-1]) || s[i-1] == '/' || s[i-1] == '.' || s[i-1] == ',' || s[i-1] >= utf8.RuneSelf && currencyBefore(s[:i])) {
			i = skipNumber(s, i)
			continue
		}
		if end := phoneEnd(s, i); end > i {
			return i, end
		}
		i = skipNumber(s, i)
	}
	return 0, 0
}

// phoneLeast is the number of digits below which a number is no phone number.
const phoneLeast = 8

func skipNumber(s string, i int) int {
	for i++; i < len(s) && (isDigit(s[i]) || (s[i] == '.' || s[i] == ',') && i+1 < len(s) && isDigit(s[i+1])); {
		i++
	}
	return i
}

func currencyBefore(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.Is(unicode.Sc, r)
}

// phoneEnd returns the end of the phone number that begins at i, or i.
func phoneEnd(s string, i int) int {
	var sizes [8]int
	groups, digits, end := 0, 0, i
	signed := s[i] == '+' || s[i] == '('
	for j := i; j < len(s); j++ {
		c := s[j]
		if isDigit(c) {
			if j == i || !isDigit(s[j-1]) {
				if groups == len(sizes) {
					return i
				}
				groups++
			}
			sizes[groups-1]++
			digits++
			end = j + 1
			continue
		}
		if c != ' ' && c != '-' && c != '(' && c != ')' && c != '+' && c != '.' && c != '/' {
			break
		}
		if j > i && !isDigit(s[j-1]) && s[j-1] != ')' && c != '(' && c != ' ' {
			break
		}
	}
	if digits < phoneLeast || digits > 15 || groups < 2 {
		return i
	}
	if end < len(s) && (isAlpha(s[end]) || s[end] == '%') {
		return i
	}
	last := sizes[groups-1]
	if signed && groups >= 2 && last >= 2 {
		return end
	}
	// 944-800-5678, 0800 123 4567, 020 7946 0000; a year range or a score has
	// other sizes.
	if groups >= 3 && sizes[0] >= 2 && sizes[0] <= 4 && sizes[1] >= 2 && last >= 2 && digits >= 9 && !dateLike(sizes[:groups]) {
		return end
	}
	if groups == 2 && s[i] == '0' && digits >= 9 {
		return end
	}
	return i
}

func dateLike(sizes []int) bool {
	return len(sizes) == 3 && (sizes[0] == 4 && sizes[1] <= 2 && sizes[2] <= 2 || sizes[0] <= 2 && sizes[1] <= 2)
}

// findPrice returns where the first price in s begins and ends: a currency sign
// with a number beside it.
func findPrice(s string) (start, end int) {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf && c != '$' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.Is(unicode.Sc, r) && r != '元' && r != '円' {
			i += size
			continue
		}
		if end := numberFrom(s, i+size); end > 0 {
			return i, end
		}
		before := strings.TrimRight(s[:i], " \u00a0")
		if n := len(before); n > 0 && isDigit(before[n-1]) {
			for n > 0 && (isDigit(s[n-1]) || s[n-1] == '.' || s[n-1] == ',') {
				n--
			}
			return n, i + size
		}
		i += size
	}
	return 0, 0
}

// numberFrom returns the end of the number that begins at i of s, a space
// aside, or 0.
func numberFrom(s string, i int) int {
	if i < len(s) && s[i] == ' ' {
		i++
	}
	start := i
	for i < len(s) && (isDigit(s[i]) || (s[i] == '.' || s[i] == ',') && i > start && i+1 < len(s) && isDigit(s[i+1])) {
		i++
	}
	if i == start {
		return 0
	}
	return i
}
