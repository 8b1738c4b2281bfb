package serve

import (
	"cmp"
	"runtime"
	"time"
)

// Limits bound what a server takes on. A zero field means its default.
type Limits struct {
	// Body is the size of the largest request body, and of the largest line of a bulk
	// stream, in bytes; default [DefaultBody].
	Body int64
	// Article is the length of the longest text, in bytes; default [DefaultArticle].
	Article int
	// Concurrency is how many articles are worked on at a time; default 2 for each
	// processor. What waits for the disk to take a submission is not counted.
	Concurrency int
	// Queue is how many requests may wait for that; default [DefaultQueue].
	Queue int
	// Bulk is how many bulk streams there may be at a time; default [DefaultBulk].
	Bulk int
	// Connections is how many connections are open at a time; default
	// [DefaultConnections].
	Connections int
	// Timeout is how long a request may take, its body included; of a bulk stream how
	// long a line may, and how long it may stand still. Default [DefaultTimeout].
	Timeout time.Duration
	// Grace is how long requests may go on after the server was told to stop; default
	// [DefaultGrace].
	Grace time.Duration
}

// The defaults of [Limits].
const (
	DefaultBody        = 4 << 20
	DefaultArticle     = 1 << 20
	DefaultQueue       = 64
	DefaultBulk        = 4
	DefaultConnections = 1024
	DefaultTimeout     = 10 * time.Second
	DefaultGrace       = 15 * time.Second
)

func (l Limits) withDefaults() Limits {
	l.Body = cmp.Or(l.Body, DefaultBody)
	l.Article = cmp.Or(l.Article, DefaultArticle)
	l.Concurrency = cmp.Or(l.Concurrency, 2*runtime.GOMAXPROCS(0))
	l.Queue = cmp.Or(l.Queue, DefaultQueue)
	l.Bulk = cmp.Or(l.Bulk, DefaultBulk)
	l.Connections = cmp.Or(l.Connections, DefaultConnections)
	l.Timeout = cmp.Or(l.Timeout, DefaultTimeout)
	l.Grace = cmp.Or(l.Grace, DefaultGrace)
	return l
}
