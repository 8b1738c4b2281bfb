package corpus

import (
	"slices"
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	day := time.Date(2006, 1, 2, 0, 0, 0, 0, time.UTC)
	minute := day.Add(15*time.Hour + 4*time.Minute)
	second := minute.Add(5 * time.Second)
	tests := map[string]time.Time{
		"2006-01-02":                      day,
		"2006-1-2":                        day,
		" 20060102 ":                      day,
		"2006/01/02":                      day,
		"2.1.2006":                        day,
		"2006年1月2日":                       day,
		"02-JAN-2006":                     day,
		"2 January 2006":                  day,
		"January 2, 2006":                 day,
		"Mon, 2 Jan 2006":                 day,
		"2006-01-02 15:04":                minute,
		"2006-1-2 15:04:05":               second,
		"2006-01-02T15:04:05":             second,
		"2006-01-02T15:04:05Z":            second,
		"2006-01-02T15:04:05.25Z":         second.Add(time.Second / 4),
		"2006-01-02T17:04:05+02:00":       second,
		"2006-01-02T17:04:05+0200":        second,
		"2-JAN-2006 15:04:05.25":          second.Add(time.Second / 4),
		"Mon, 02 Jan 2006 15:04:05 GMT":   second,
		"Mon, 02 Jan 2006 17:04:05 +0200": second,
		"Mon Jan  2 15:04:05 2006":        second,
		"01/02/2006":                      {},
		"2006":                            {},
		"2006-13-02":                      {},
		"yesterday":                       {},
		"":                                {},
	}
	for s, want := range tests {
		if got := new(dates).parse(s); got != want {
			t.Errorf("%q is %v, want %v", s, got, want)
		}
	}
}

// What a date means doesn't depend on the layout that fitted the one before.
func TestDatesHaveOneMeaning(t *testing.T) {
	layouts := slices.Concat(yearFirst, dayFirst, wordFirst)
	for _, day := range []int{1, 2, 11, 12, 28} {
		for _, layout := range layouts {
			s := time.Date(2011, time.Month(day%12+1), day, 10, 11, 12, 0, time.FixedZone("CET", 60*60)).Format(layout)
			want := new(dates).parse(s)
			if want.IsZero() {
				t.Errorf("%q in layout %q isn't understood", s, layout)
			}
			for _, last := range layouts {
				d := dates{last: last}
				if got := d.parse(s); got != want {
					t.Errorf("%q is %v after layout %q, else %v", s, got, last, want)
				}
			}
		}
	}
}
