package truth

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Record is one line of a corpus.
type Record struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Read calls each with every record of JSON Lines input, in order, and stops at
// the first error.
func Read(r io.Reader, each func(Record) error) error {
	lines := bufio.NewReaderSize(r, 1<<20)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var rec Record
			if err := json.Unmarshal(line, &rec); err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
			if err := each(rec); err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
}

// Planted calls each with the first two columns of every tab-separated row: a
// copy and its original.
func Planted(r io.Reader, each func(copied, original string)) error {
	rows := bufio.NewScanner(r)
	for n := 1; rows.Scan(); n++ {
		f := strings.Split(rows.Text(), "\t")
		if len(f) < 2 {
			return fmt.Errorf("row %d: %d columns, want at least 2", n, len(f))
		}
		each(f[0], f[1])
	}
	return rows.Err()
}
