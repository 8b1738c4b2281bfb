package calibrate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strings"

	"chaff/article"
	"chaff/offtopic"
)

// Decision is what an editor says of one off-topic finding.
type Decision struct {
	Label    int     // of the finding, a number of [offtopic.Labels]
	Score    float64 // of the finding
	Reasons  []article.Reason
	Text     string
	Accepted bool
}

// Decisions are the decisions of one file.
type Decisions struct {
	All []Decision
	// Undecided counts the lines without a verdict, Again those that say what an
	// earlier one says, Bad those of which a problem was told.
	Undecided, Again, Bad int
}

// maxLine is the size of the longest line read, in bytes; the text of a finding
// may be a whole article.
const maxLine = 32 << 20

// verdictLine is a line: a finding with a verdict. What else is there is not read.
type verdictLine struct {
	article.Finding
	Verdict *string `json:"verdict"`
}

// ReadDecisions reads JSON Lines: findings as scan prints them, each with a field
// verdict, accept or reject. Lines without one are passed over, whatever they are.
// Two lines that differ in their verdict on one finding contradict each other, and
// none of them counts. A line that can't be used is told to problem and costs
// nothing else; an error is one of reading.
func ReadDecisions(r io.Reader, problem func(line int, err error)) (*Decisions, error) {
	d := &decisionReader{problem: problem, told: make(map[uint64]told)}
	from := bufio.NewReaderSize(r, 64<<10)
	for n := 1; ; n++ {
		line, err := readLine(from)
		switch {
		case errors.Is(err, io.EOF):
			d.All = slices.DeleteFunc(d.All, func(x Decision) bool { return x.Label < 0 })
			return &d.Decisions, nil
		case errors.Is(err, errLong):
			d.bad(n, err)
			continue
		case err != nil:
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if err := d.read(n, line); err != nil {
			d.bad(n, err)
		}
	}
}

type decisionReader struct {
	Decisions
	problem func(int, error)
	told    map[uint64]told
}

// told is what was said of a finding, and in which line first.
type told struct {
	at, line int // at is an index of All
	accepted bool
}

func (d *decisionReader) bad(line int, err error) {
	d.Bad++
	if d.problem != nil {
		d.problem(line, err)
	}
}

// read takes in line n.
func (d *decisionReader) read(n int, line []byte) error {
	var v verdictLine
	if err := json.Unmarshal(line, &v); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) && wrong.Field != "" {
			return fmt.Errorf("%s is not as scan prints it", strings.TrimPrefix(wrong.Field, "Finding."))
		}
		return errors.New("not a JSON object")
	}
	if v.Verdict == nil || strings.TrimSpace(*v.Verdict) == "" {
		d.Undecided++
		return nil
	}
	accepted := false
	switch strings.ToLower(strings.TrimSpace(*v.Verdict)) {
	case "accept", "accepted":
		accepted = true
	case "reject", "rejected":
	default:
		return fmt.Errorf("verdict %.40q is none of accept, reject", *v.Verdict)
	}
	label := slices.Index(offtopic.Labels[:], v.Label)
	switch {
	case v.Kind != article.OffTopic:
		return fmt.Errorf("kind %.40q is not %s: no other findings are learnt from", v.Kind, article.OffTopic)
	case label < 0:
		return fmt.Errorf("label %.40q is none of advertisement, boilerplate, foreign", v.Label)
	case !(v.Score > 0 && v.Score <= 1):
		return fmt.Errorf("score %v is not above 0 and at most 1", v.Score)
	}
	key := keyOf(&v.Finding)
	if before, ok := d.told[key]; ok {
		if before.accepted != accepted {
			d.All[before.at].Label = -1 // no longer counts
			return fmt.Errorf("contradicts line %d; neither counts", before.line)
		}
		d.Again++
		return nil
	}
	d.told[key] = told{len(d.All), n, accepted}
	d.All = append(d.All, Decision{label, v.Score, v.Reasons, v.Text, accepted})
	return nil
}

// keyOf tells findings apart.
func keyOf(f *article.Finding) uint64 {
	name := fmt.Sprintf("%q %s %q", f.Article, f.Label, f.Text)
	if f.Span != nil {
		name += fmt.Sprintf(" %d %d", f.Span.Start, f.Span.End)
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash takes all
	return h.Sum64()
}

var errLong = fmt.Errorf("longer than %d bytes", maxLine)

// readLine returns the next line, its end included. It holds no more than
// maxLine bytes of one.
func readLine(from *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := from.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxLine; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case long:
			return nil, errLong
		case err != nil && len(line) == 0:
			return nil, err
		}
		return line, nil
	}
}
