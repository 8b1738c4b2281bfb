package store

import (
	"fmt"
	"sync"

	"github.com/cockroachdb/pebble/v2"
)

// durable knows which commits are on disk. Commits become durable in their order,
// since Pebble writes them to one log.
type durable struct {
	mu      sync.Mutex
	changed sync.Cond
	commits uint64
	err     error
	mark    *mark
}

// reach notes that commit n, and with it each before it, is on disk. Nothing is after a
// failure: Pebble may not know of it, see disk.
func (d *durable) reach(n uint64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil && n > d.commits {
		if err := d.mark.set(n); err != nil {
			return fmt.Errorf("%s: %w", markFile, err)
		}
		d.commits = n
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

// applied is a commit that can be seen and is on its way to the disk.
type applied struct {
	batch  *pebble.Batch
	commit uint64
}

// syncer waits for commits to be on disk, one after the other, whoever else waits.
// Pebble writes all that are under way at once.
type syncer struct {
	store   *Store
	commits chan applied
	done    chan struct{}
}

// syncing is how many commits may be on their way to the disk. At 10,000 articles a
// second that is a tenth of a second's worth.
const syncing = 1024

func startSyncer(s *Store) *syncer {
	y := &syncer{store: s, commits: make(chan applied, syncing), done: make(chan struct{})}
	go y.run()
	return y
}

func (y *syncer) run() {
	defer close(y.done)
	for a := range y.commits {
		err := a.batch.SyncWait()
		if err == nil {
			err = y.store.durable.reach(a.commit)
		}
		if err == nil {
			err = a.batch.Close()
		}
		if err != nil {
			y.store.fail(err)
		}
	}
}

// Close waits for the commits that are under way. No other may begin.
func (y *syncer) Close() error {
	close(y.commits)
	if y.store.failed.Load() != nil {
		return nil // Pebble may never end one of them
	}
	<-y.done
	return nil
}
