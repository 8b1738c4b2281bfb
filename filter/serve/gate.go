package serve

import (
	"context"
	"errors"
	"fmt"
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

// do calls work when there is room in slots, and returns what it does. If ctx ends first
// it returns errTooLong, or the error of a ctx that was cancelled; work then goes on to
// its end, and so long keeps its slot. A panic becomes an error.
func do[T any](ctx context.Context, slots chan struct{}, wait time.Duration, work func(context.Context) (T, error)) (T, error) {
	var none T
	patience := time.NewTimer(wait)
	defer patience.Stop()
	select {
	case slots <- struct{}{}:
	case <-patience.C:
		return none, errWaited
	case <-ctx.Done():
		return none, cause(ctx)
	}
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
		return none, cause(ctx)
	}
}

// cause returns why ctx has ended.
func cause(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errTooLong
	}
	return ctx.Err()
}
