package serve

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"
)

// The ways a gate turns work away.
var (
	errBusy     = errors.New("no seat is free")
	errWaited   = errors.New("waited too long for a slot")
	errTooLong  = errors.New("the work takes too long")
	errPanicked = errors.New("panicked")
)

// gate bounds what is taken on: a request takes a seat, its work a slot, and what waits
// for the disk a place among those that do.
type gate struct {
	seats chan struct{}
	slots chan struct{}
	disk  chan struct{}
	wait  time.Duration // the longest wait for one of these
}

func newGate(l Limits) *gate {
	return &gate{
		seats: make(chan struct{}, l.Concurrency+l.Queue),
		slots: make(chan struct{}, l.Concurrency),
		disk:  make(chan struct{}, l.Concurrency+l.Queue+window*l.Bulk),
		wait:  l.Timeout / 5,
	}
}

// enter takes a seat, which leave gives back, or returns errBusy.
func (g *gate) enter() error {
	select {
	case g.seats <- struct{}{}:
		return nil
	default:
		return errBusy
	}
}

func (g *gate) leave() { <-g.seats }

// letOthersGoFirst makes requests, and their work, take turns in the order in which they
// came. Go's scheduler runs what is ready on a processor before what the network made
// ready, so that some connections whose clients ask again at once would go on and on while
// others wait: of 64 clients that kept both processors busy one request in 100 took
// more than 0.6 s, where half took 20 ms. Likewise work that waits for a slot would keep
// those waiting who are to be turned away.
func letOthersGoFirst() { runtime.Gosched() }

// do calls work when there is room in slots, and returns what it does, see take and run.
func do[T any](ctx context.Context, slots chan struct{}, wait time.Duration, work func(context.Context) (T, error)) (T, error) {
	if err := take(ctx, slots, wait); err != nil {
		var none T
		return none, err
	}
	return run(ctx, slots, work, nil)
}

// take waits for room in slots and takes it. If that lasts longer than wait it returns
// errWaited; if ctx ends first, errTooLong, or the error of a ctx that was cancelled.
func take(ctx context.Context, slots chan struct{}, wait time.Duration) error {
	patience := time.NewTimer(wait)
	defer patience.Stop()
	select {
	case slots <- struct{}{}:
		return nil
	case <-patience.C:
		return errWaited
	case <-ctx.Done():
		return cause(ctx)
	}
}

// run calls work, for which there is room in slots, and returns what it does. If ctx ends
// first it returns the error that take would; work then goes on to its end, so long keeps
// its slot, and late, if it isn't nil, is given what it makes. A panic becomes an error.
func run[T any](ctx context.Context, slots chan struct{}, work func(context.Context) (T, error), late func(T)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() { <-slots }()
		defer func() {
			if p := recover(); p != nil {
				done <- outcome{err: fmt.Errorf("%w: %T\n%s", errPanicked, p, debug.Stack())}
			}
		}()
		letOthersGoFirst()
		value, err := work(ctx)
		done <- outcome{value, err}
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
	}
	select {
	case o := <-done: // at the same moment
		return o.value, o.err
	default:
	}
	if late != nil {
		go func() {
			if o := <-done; o.err == nil {
				late(o.value)
			}
		}()
	}
	var none T
	return none, cause(ctx)
}

// cause returns why ctx has ended.
func cause(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errTooLong
	}
	return ctx.Err()
}
