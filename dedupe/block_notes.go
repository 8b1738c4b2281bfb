package dedupe

import (
	"cmp"
	"container/heap"
	"slices"
	"sync"
)

const (
	// runItems is the number of items that a sketcher keeps in memory, 4 MB: those of
	// some 20,000 articles. More go to a temporary file, sorted, as a run.
	runItems = 1 << 18
	// mergeItems is the number of items of each run that are read at once, 64 KB.
	mergeItems = 1 << 12
)

// BlockNotes are what the sketchers of one corpus have noted. However large it is, they
// take 4 MB for each sketcher; what does not fit there is kept in a temporary file.
type BlockNotes struct {
	spill spill

	mu        sync.Mutex
	sketchers []*BlockSketcher
	runs      []blockRun
}

// NewBlockNotes returns notes that hold nothing. Their file, if one is needed, is made in
// dir; empty means [os.TempDir].
func NewBlockNotes(dir string) *BlockNotes { return &BlockNotes{spill: spill{dir: dir}} }

// Sketcher returns a sketcher for one goroutine. Several goroutines may ask for one.
func (n *BlockNotes) Sketcher() *BlockSketcher {
	s := NewBlockSketcher()
	s.notes = n
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sketchers = append(n.sketchers, s)
	return s
}

// Close removes the file.
func (n *BlockNotes) Close() error { return n.spill.close() }

// write keeps a sorted run in the file.
func (n *BlockNotes) write(items []blockItem) error {
	at, err := n.spill.write(rawBytes(items))
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.runs = append(n.runs, blockRun{at: at, left: len(items)})
	return nil
}

// merge calls tell with all items by key, then article, and forgets them. Items may come
// more than once.
func (n *BlockNotes) merge(tell func(blockItem)) error {
	var runs blockRuns
	for _, s := range n.sketchers {
		if len(s.items) > 0 {
			runs = append(runs, &blockRun{items: sortedItems(s.items)})
		}
		s.items = nil
	}
	for i := range n.runs {
		if err := n.runs[i].fill(&n.spill); err != nil {
			return err
		}
		runs = append(runs, &n.runs[i])
	}
	n.runs = nil
	heap.Init(&runs)
	for len(runs) > 0 {
		r := runs[0]
		tell(r.items[0])
		if r.items = r.items[1:]; len(r.items) == 0 {
			if err := r.fill(&n.spill); err != nil {
				return err
			}
		}
		if len(r.items) == 0 {
			heap.Pop(&runs)
		} else {
			heap.Fix(&runs, 0)
		}
	}
	return nil
}

// sortedItems sorts items, those of one key by article, and returns each once.
func sortedItems(items []blockItem) []blockItem {
	slices.SortFunc(items, blockItem.compare)
	return slices.Compact(items)
}

func (i blockItem) compare(j blockItem) int {
	return cmp.Or(cmp.Compare(i.key, j.key), cmp.Compare(i.article, j.article))
}

// blockRun is a sorted run of items: those in memory, and left more at an offset of the
// file.
type blockRun struct {
	items  []blockItem
	at     int64
	left   int
	buffer []blockItem
}

// fill reads the next items of the run, if any are left.
func (r *blockRun) fill(file *spill) error {
	n := min(r.left, mergeItems)
	if n == 0 {
		return nil
	}
	if r.buffer == nil {
		r.buffer = make([]blockItem, n)
	}
	r.items = r.buffer[:n]
	raw := rawBytes(r.items)
	if err := file.read(raw, r.at); err != nil {
		return err
	}
	r.at, r.left = r.at+int64(len(raw)), r.left-n
	return nil
}

// blockRuns is a heap of runs by their first items.
type blockRuns []*blockRun

func (r blockRuns) Len() int           { return len(r) }
func (r blockRuns) Less(i, j int) bool { return r[i].items[0].compare(r[j].items[0]) < 0 }
func (r blockRuns) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }
func (r *blockRuns) Push(x any)        { *r = append(*r, x.(*blockRun)) }
func (r *blockRuns) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}
