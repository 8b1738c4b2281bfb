package corpus

import (
	"strings"
	"time"
)

// The layouts a date is tried in, by what it begins with. Go's parser takes a
// fraction after the seconds, one digit where the layout has one, and names of
// months in any case. Orders that depend on the country (01/02/2006) are not
// here: they would be guesses.
var (
	yearFirst = []string{
		time.RFC3339,
		"2006-1-2 15:04:05",
		"2006-1-2",
		"2006-1-2 15:04",
		"2006-1-2T15:04:05",
		"2006-1-2T15:04",
		"2006-1-2T15:04:05Z0700",
		"2006-1-2 15:04:05Z07:00",
		"2006-1-2 15:04:05 Z07:00",
		"2006-1-2 15:04:05 -0700",
		"2006-1-2 15:04:05 -0700 MST",
		"2006-1-2 15:04:05 MST",
		"2006/1/2",
		"2006/1/2 15:04:05",
		"2006/1/2 15:04",
		"2006.1.2",
		"2006.1.2 15:04:05",
		"2006.1.2 15:04",
		"20060102",
		"20060102150405",
		"20060102T150405Z0700",
		"2006年1月2日",
		"2006年1月2日 15:04",
		"2006年1月2日15:04",
	}
	dayFirst = []string{
		"2-Jan-2006 15:04:05",
		"2-Jan-2006",
		"2-Jan-2006 15:04",
		"2 Jan 2006",
		"2 January 2006",
		"2 Jan 2006 15:04",
		"2 Jan 2006 15:04:05",
		"2 Jan 2006 15:04:05 -0700",
		"2 Jan 2006 15:04:05 MST",
		"2.1.2006",
		"2.1.2006 15:04",
	}
	wordFirst = []string{
		time.RFC1123,
		time.RFC1123Z,
		"Mon, 2 Jan 2006 15:04:05 MST",
		"Mon, 2 Jan 2006 15:04:05 -0700",
		"Mon, 2 Jan 2006",
		"Monday, 2 January 2006",
		time.RFC850,
		time.ANSIC,
		time.UnixDate,
		time.RubyDate,
		"January 2, 2006",
		"Jan 2, 2006",
		"January 2, 2006 15:04",
		"Jan 2, 2006 15:04",
		"Monday, January 2, 2006",
		"Mon, Jan 2, 2006",
	}
)

// dates parses dates. It tries the layout first that fitted last, since a
// source keeps to one. No text has two meanings in these layouts, so this
// changes no result. The zero value is ready for use.
type dates struct {
	last string // layout
}

// parse returns the time that s names, in UTC, or the zero time if s is in no
// layout known here. A date without a zone is taken as UTC.
func (d *dates) parse(s string) time.Time {
	s = strings.TrimSpace(s)
	if len(s) < 8 || len(s) > 40 {
		return time.Time{}
	}
	if t, ok := isoDay(s); ok {
		return t
	}
	if d.last != "" {
		if t, err := time.ParseInLocation(d.last, s, time.UTC); err == nil {
			return t.UTC()
		}
	}
	layouts := wordFirst
	if isDigit(s[0]) {
		layouts = dayFirst
		if isDigit(s[1]) && isDigit(s[2]) && isDigit(s[3]) {
			layouts = yearFirst
		}
	}
	for _, layout := range layouts {
		// In UTC, so that zones don't depend on where chaff runs.
		if t, err := time.ParseInLocation(layout, s, time.UTC); err == nil {
			d.last = layout
			return t.UTC()
		}
	}
	return time.Time{}
}

// isoDay reads a day written as "2006-01-02", as most are, five times as fast as
// by a layout. What it doesn't read may still be a date.
func isoDay(s string) (time.Time, bool) {
	if len(s) != len(time.DateOnly) || s[4] != '-' || s[7] != '-' {
		return time.Time{}, false
	}
	number := func(s string) (n int) {
		for i := range len(s) {
			if !isDigit(s[i]) {
				return -1
			}
			n = 10*n + int(s[i]-'0')
		}
		return n
	}
	year, month, day := number(s[:4]), number(s[5:7]), number(s[8:])
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	// A month or day out of its bounds becomes another one.
	return t, year >= 0 && t.Month() == time.Month(month) && t.Day() == day
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
