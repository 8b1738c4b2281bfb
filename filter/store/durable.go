package store

import "sync"

// durable knows which commits are on disk. Commits become durable in their order,
// since Pebble writes them to one log.
type durable struct {
	mu      sync.Mutex
	changed sync.Cond
	commits uint64
	err     error
	mark    *mark
}

// reach notes that commit n, and with it each before it, is on disk.
func (d *durable) reach(n uint64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n > d.commits {
		d.commits = n
		if err := d.mark.set(n); err != nil {
			return err
		}
		d.changed.Broadcast()
	}
	return d.err
}

// wait returns once commit n is on disk, or with an error when it never will be.
func (d *durable) wait(n uint64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.commits < n && d.err == nil {
		d.changed.Wait()
	}
	if d.commits >= n {
		return nil
	}
	return d.err
}

func (d *durable) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil {
		d.err = err
		d.changed.Broadcast()
	}
}
