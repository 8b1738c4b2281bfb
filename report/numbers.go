package report

import (
	"fmt"
	"strconv"
	"time"
)

// Plural writes n with the word for one or for many: "1 repeat", "1,204 repeats".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

// thousands writes n with a comma before each three digits.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Size writes a number of bytes in the decimal unit that leaves it between 1 and 1000.
func Size(n int64) string {
	if n < 1000 {
		return Plural(int(n), "byte", "bytes")
	}
	x, unit := float64(n)/1000, 0
	for x >= 999.5 && unit < 4 {
		x /= 1000
		unit++
	}
	name := [...]string{"kB", "MB", "GB", "TB", "PB"}[unit]
	if x < 10 {
		return fmt.Sprintf("%.1f %s", x, name)
	}
	return fmt.Sprintf("%.0f %s", x, name)
}

// Duration writes d to a tenth of a second below ten seconds, else to the second.
func Duration(d time.Duration) string {
	switch s := int(d.Round(time.Second).Seconds()); {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case s < 60:
		return fmt.Sprintf("%d s", s)
	case s < 3600:
		return fmt.Sprintf("%d min %d s", s/60, s%60)
	default:
		return fmt.Sprintf("%d h %d min", s/3600, s%3600/60)
	}
}
