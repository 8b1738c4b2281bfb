package serve

import "sync"

// order lets the lines of one stream that have one ID be judged one after the other, so
// that of several versions of an article the last one stays.
type order struct {
	mu   sync.Mutex
	last map[string]chan struct{} // by ID, closed when its last line has been judged
}

func newOrder() *order { return &order{last: make(map[string]chan struct{})} }

// turn is the place of a line among those of its ID.
type turn struct {
	order  *order
	id     string
	before chan struct{} // nil where there is none
	own    chan struct{}
}

// take gives the next line of id its turn.
func (o *order) take(id string) *turn {
	o.mu.Lock()
	defer o.mu.Unlock()
	t := &turn{order: o, id: id, before: o.last[id], own: make(chan struct{})}
	o.last[id] = t.own
	return t
}

// wait waits until the line before has been judged.
func (t *turn) wait() {
	if t.before != nil {
		<-t.before
	}
}

func (t *turn) done() {
	t.order.mu.Lock()
	defer t.order.mu.Unlock()
	if t.order.last[t.id] == t.own {
		delete(t.order.last, t.id)
	}
	close(t.own)
}
