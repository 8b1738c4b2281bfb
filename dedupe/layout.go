package dedupe

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"chaff/article"
)

// layout returns the blocks of the article.
func (t *Text) layout() []article.Block {
	if !t.laid {
		t.blocks, t.laid = article.Blocks(t.Article.Text), true
	}
	return t.blocks
}

// blockAt returns the index of the block that byte offset pos lies in or, between
// blocks, of the next one.
func (t *Text) blockAt(pos int) int {
	i, _ := slices.BinarySearchFunc(t.layout(), pos, func(b article.Block, pos int) int {
		return cmp.Compare(b.End, pos+1)
	})
	return i
}

// Place returns the line and paragraph in which byte offset pos of the text lies,
// or the next block does where pos stands between two; zero behind the last.
func (t *Text) Place(pos int) article.Place {
	blocks := t.layout()
	i := t.blockAt(pos)
	if i >= len(blocks) {
		return article.Place{}
	}
	p := blocks[i].Place
	for j := blocks[i].Start; j < pos; j++ {
		if c := t.Article.Text[j]; c == '\n' || c == '\r' && t.Article.Text[j+1] != '\n' {
			p.Line++
		}
	}
	return p
}

// The width of a column that a paragraph was wrapped to, in columns: a letter of
// Han, kana or Hangul takes two. Below 24 stand lists and verse, above 120 whole
// paragraphs.
const (
	minColumn = 24
	maxColumn = 120
)

// rewrap joins the lines of paragraphs that were broken to fit a column inside an
// article whose other paragraphs were not, or not to that one. Such a line could not
// have taken the first word of the next. It is known by its neighbours, where they are
// as full, or by the other place of a passage, where the words it ends and begins with
// stand in one line.
func (t *Text) rewrap(found []aligned) {
	blocks := t.layout()
	if len(blocks) < 2 {
		return
	}
	w := wrapping{t: t, blocks: blocks, first: make([]int32, len(blocks)), soft: make([]bool, len(blocks))}
	next := 0
	for i, b := range blocks {
		for next < t.Words.Len() && int(t.Words.Start[next]) < b.Start {
			next++
		}
		w.first[i] = int32(next)
	}
	any := false
	for i := 0; i < len(blocks); {
		k := i + 1
		for k < len(blocks) && w.follows(k) && blocks[k-1].Len() <= 4*maxColumn && blocks[k].Len() <= 4*maxColumn {
			k++
		}
		any = w.column(i, k) || any
		i = k
	}
	for i := range found {
		if p := &found[i]; p.period == 0 {
			any = w.broken(p.runs, false) || any
			any = w.broken(p.runs, true) || any
		}
	}
	if any {
		t.blocks = w.join()
	}
}

// wrapping finds the line ends that stand for a space.
type wrapping struct {
	t      *Text
	blocks []article.Block
	first  []int32 // of each block: its first word
	soft   []bool  // of each block: whether it goes on from the one before
	breaks []int
}

// follows reports whether no blank line stands before block k.
func (w *wrapping) follows(k int) bool {
	gap := w.t.Article.Text[w.blocks[k-1].End:w.blocks[k].Start]
	return strings.Count(gap, "\n")+strings.Count(gap, "\r")-strings.Count(gap, "\r\n") == 1
}

// column joins blocks i to k, one line each, if they are a paragraph in a column.
func (w *wrapping) column(i, k int) bool {
	const least = 3 // lines
	if k-i < least {
		return false
	}
	text := w.t.Article.Text
	w.breaks = w.breaks[:0]
	open, lower := 0, 0
	for b := i + 1; b < k; b++ {
		w.breaks = append(w.breaks, b)
		if last, _ := utf8.DecodeLastRuneInString(w.blocks[b-1].In(text)); unicode.IsLetter(last) || unicode.IsMark(last) || unicode.IsDigit(last) {
			open++
		}
		if next, _ := utf8.DecodeRuneInString(w.blocks[b].In(text)); !unicode.IsUpper(next) {
			lower++
		}
	}
	// Lines of verse end with a clause and often begin with a capital.
	if 2*open < len(w.breaks) || 3*lower < len(w.breaks) {
		return false
	}
	return w.full()
}

// broken joins the blocks that begin in runs of one side, if the words around their
// beginning stand in one block of the other side.
func (w *wrapping) broken(runs []equalRun, other bool) bool {
	w.breaks = w.breaks[:0]
	for _, r := range runs {
		here, there := r.b, r.a
		if other {
			here, there = r.a, r.b
		}
		k, _ := slices.BinarySearch(w.first, here+1)
		for ; k < len(w.first) && w.first[k] < here+r.n; k++ {
			if _, starts := slices.BinarySearch(w.first, there+w.first[k]-here); !starts && w.follows(k) {
				w.breaks = append(w.breaks, k)
			}
		}
	}
	return len(w.breaks) > 0 && w.full()
}

// full marks the breaks as soft if most of the lines before them could not have taken
// the first word of the next one, whether widths were counted in columns or in runes.
func (w *wrapping) full() bool {
	if !w.filled(columns) && !w.filled(utf8.RuneCountInString) {
		return false
	}
	for _, b := range w.breaks {
		w.soft[b] = true
	}
	return true
}

func (w *wrapping) filled(measure func(string) int) bool {
	text := w.t.Article.Text
	width := 0
	for _, b := range w.breaks {
		width = max(width, measure(w.blocks[b-1].In(text)), measure(w.blocks[b].In(text)))
	}
	if width < minColumn || width > maxColumn {
		return false
	}
	full := 0
	for _, b := range w.breaks {
		if measure(w.blocks[b-1].In(text))+1+measure(firstWord(w.blocks[b].In(text))) > width-width/8 {
			full++
		}
	}
	return 4*full >= 3*len(w.breaks)
}

// join returns the blocks, those that go on from others in one with them.
func (w *wrapping) join() []article.Block {
	out := w.blocks[:0]
	for i, b := range w.blocks {
		if w.soft[i] {
			out[len(out)-1].End = b.End
		} else {
			out = append(out, b)
		}
	}
	return out
}

// columns is the width of a line; marks take none.
func columns(line string) int {
	n := 0
	for _, r := range line {
		switch {
		case r < 0x300:
			n++
		case unicode.Is(unicode.M, r), 0x1160 <= r && r <= 0x11FF: // jamo but the first of a syllable
		case isWide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

func isWide(r rune) bool {
	return 0x1100 <= r && r <= 0x115F || 0x2E80 <= r && r <= 0xA4CF || 0xAC00 <= r && r <= 0xD7A3 ||
		0xF900 <= r && r <= 0xFAFF || 0xFF00 <= r && r <= 0xFF60 || 0x20000 <= r && r <= 0x3FFFD
}

// firstWord returns what can't be parted from the beginning of line.
func firstWord(line string) string {
	r, size := utf8.DecodeRuneInString(line)
	if isWide(r) && !unicode.Is(unicode.Hangul, r) || unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
		return line[:size]
	}
	word, _, _ := strings.Cut(line, " ")
	return word
}
