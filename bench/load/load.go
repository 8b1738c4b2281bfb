// Package load asks a server that chaff serve runs about generated articles, and measures
// how long the answers take.
//
// A closed loop has a number of clients each of which asks again when it has its answer:
// it finds what the server can do. An open loop asks at a rate whatever the answers do,
// and counts the time from when an article was due, so that a server that falls behind
// can't hide it.
package load

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"chaff/bench/gen"
)

// Options say what is asked, and how.
type Options struct {
	// URL of the server, with its port and without a path; http only.
	URL string
	// Path that is asked, such as /v1/check.
	Path string
	// Clients is the number of requests that may be under way.
	Clients int
	// Rate is the number of requests that are due in a second; 0 means a closed loop.
	Rate float64
	// Time is how long it goes on.
	Time time.Duration
	// Bodies are the requests, drawn at random.
	Bodies [][]byte
}

// Result is what came of it.
type Result struct {
	// Took are the times of answers with status 200, in order.
	Took []time.Duration
	// Shed are the times of answers with 429 or 503, in order.
	Shed []time.Duration
	// Late is how many were due, but not asked, since all clients waited.
	Late int
	// Failed is how many had no answer, or another status.
	Failed int
	// Elapsed is from the first request to the last answer.
	Elapsed time.Duration
}

// Bodies returns articles n to n+count of a generated corpus as requests. With fresh ids
// no index has them.
func Bodies(seed uint64, n, count int, prefix string) ([][]byte, error) {
	corpus, err := gen.New(gen.Options{Seed: seed, Articles: n + count})
	if err != nil {
		return nil, err
	}
	all := make([][]byte, count)
	for i := range all {
		a, _ := corpus.Article(n + i)
		all[i], err = json.Marshal(map[string]string{"id": prefix + a.ID, "text": a.Text, "source": a.Source, "date": a.Date})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// tally is what one client has counted.
type tally struct {
	took, shed []time.Duration
	failed     int
}

// Run asks as o says.
func Run(ctx context.Context, o Options) (*Result, error) {
	clients := make([]*client, o.Clients)
	for i := range clients {
		var err error
		if clients[i], err = newClient(o.URL, o.Path); err != nil {
			return nil, err
		}
		defer clients[i].close()
	}
	ctx, cancel := context.WithTimeout(ctx, o.Time)
	defer cancel()
	began := time.Now()
	due, late := schedule(ctx, o)
	tallies := make([]tally, o.Clients)
	var all sync.WaitGroup
	for c := range tallies {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(c), 7))
			for at := range due {
				if at.IsZero() {
					at = time.Now()
				}
				status, err := clients[c].ask(o.Bodies[random.IntN(len(o.Bodies))])
				tallies[c].count(status, err, time.Since(at))
			}
		})
	}
	all.Wait()
	r := &Result{Elapsed: time.Since(began), Late: int(late.Load())}
	for _, t := range tallies {
		r.Took, r.Shed, r.Failed = append(r.Took, t.took...), append(r.Shed, t.shed...), r.Failed+t.failed
	}
	slices.Sort(r.Took)
	slices.Sort(r.Shed)
	if len(r.Took) == 0 {
		return r, fmt.Errorf("of %d requests to %s none was answered well", len(r.Shed)+r.Failed, o.URL+o.Path)
	}
	return r, nil
}

// schedule returns when requests are due: the zero time for at once. What no client is
// free to take within a second is late, and left out.
func schedule(ctx context.Context, o Options) (<-chan time.Time, *atomic.Int64) {
	backlog := 0
	if o.Rate > 0 {
		backlog = int(o.Rate) + 1
	}
	due := make(chan time.Time, backlog)
	late := new(atomic.Int64)
	go func() {
		defer close(due)
		began := time.Now()
		for n := 0; ctx.Err() == nil; n++ {
			if o.Rate == 0 {
				select {
				case due <- time.Time{}:
				case <-ctx.Done():
				}
				continue
			}
			at := began.Add(time.Duration(float64(n) / o.Rate * float64(time.Second)))
			time.Sleep(time.Until(at))
			select {
			case due <- at:
			default:
				late.Add(1)
			}
		}
	}()
	return due, late
}

func (t *tally) count(status int, err error, took time.Duration) {
	switch {
	case err != nil:
		t.failed++
	case status == http.StatusOK:
		t.took = append(t.took, took)
	case status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests:
		t.shed = append(t.shed, took)
	default:
		t.failed++
	}
}

// Quantile returns the time within which the share q of sorted times lies, 0 for none.
func Quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// String tells the figures in a line.
func (r *Result) String() string {
	return fmt.Sprintf("%d answered (%.0f/s), p50 %s, p99 %s, most %s; %d shed, p99 %s; %d late, %d failed",
		len(r.Took), float64(len(r.Took))/r.Elapsed.Seconds(), ms(Quantile(r.Took, .5)), ms(Quantile(r.Took, .99)), ms(Quantile(r.Took, 1)),
		len(r.Shed), ms(Quantile(r.Shed, .99)), r.Late, r.Failed)
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
