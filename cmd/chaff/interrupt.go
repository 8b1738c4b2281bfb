package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// grace is how long a job may take to end after an interrupt before it is
// left to itself: within it workers end the article they are at.
const grace = 700 * time.Millisecond

// interrupts are the signals that end a job.
type interrupts chan os.Signal

// catchInterrupts keeps interrupts from ending the process until stop is called.
func catchInterrupts() interrupts {
	// A reader that has enough closes the pipe: that ends the writing, it is
	// not a reason to die with temporary files left behind.
	signal.Ignore(syscall.SIGPIPE)
	i := make(interrupts, 2)
	signal.Notify(i, os.Interrupt, syscall.SIGTERM)
	return i
}

func (i interrupts) stop() { signal.Stop(i) }

// run returns the error of work. An interrupt ends the context of work, which
// then has a little time left; interrupted reports whether that kept it from
// ending well. A second interrupt ends the process.
func (i interrupts) run(ctx context.Context, work func(context.Context) error) (interrupted bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- work(ctx) }()
	select {
	case err = <-done:
		return false, err
	case <-i:
	}
	go func() {
		<-i
		os.Exit(exitInterrupted)
	}()
	cancel()
	select {
	case err = <-done:
		return err != nil, nil // all may have been done before the interrupt
	case <-time.After(grace):
		return true, nil
	}
}

// serve lets work go on until a signal comes, and then to its end. A second signal ends the
// process.
func (i interrupts) serve(ctx context.Context, work func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-i:
		case <-ctx.Done():
			return
		}
		cancel()
		<-i
		os.Exit(exitInterrupted)
	}()
	return work(ctx)
}
