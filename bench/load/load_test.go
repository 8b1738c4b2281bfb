package load_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"chaff/bench/load"
)

// A server that sheds every third request: all are counted, each where it belongs.
func TestRun(t *testing.T) {
	var asked, shed, wrong atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var a struct{ ID, Text string }
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil || a.Text == "" || a.ID[:2] != "x-" || r.URL.Path != "/v1/check" {
			wrong.Add(1)
		}
		if asked.Add(1)%3 == 0 {
			shed.Add(1)
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	bodies, err := load.Bodies(3, 100, 50, "x-")
	if err != nil || len(bodies) != 50 {
		t.Fatal(len(bodies), err)
	}
	for _, rate := range []float64{0, 200} {
		asked.Store(0)
		shed.Store(0)
		r, err := load.Run(context.Background(), load.Options{URL: server.URL, Path: "/v1/check", Clients: 4, Rate: rate, Time: 300 * time.Millisecond, Bodies: bodies})
		if err != nil {
			t.Fatal(err)
		}
		if int64(len(r.Took)+len(r.Shed)) != asked.Load() || int64(len(r.Shed)) != shed.Load() || r.Failed != 0 || wrong.Load() != 0 {
			t.Errorf("rate %v: %v; %d were asked, %d wrongly", rate, r, asked.Load(), wrong.Load())
		}
		if rate > 0 && len(r.Took)+len(r.Shed)+r.Late > 62 {
			t.Errorf("%v in 0.3 s at %v a second", r, rate)
		}
	}
	server.Config.Handler = http.NotFoundHandler()
	if _, err := load.Run(context.Background(), load.Options{URL: server.URL, Path: "/", Clients: 1, Time: 50 * time.Millisecond, Bodies: bodies}); err == nil {
		t.Error("a server that answers nothing well")
	}
}

func TestQuantile(t *testing.T) {
	var d []time.Duration
	if load.Quantile(d, .5) != 0 {
		t.Error("of nothing")
	}
	for i := range 100 {
		d = append(d, time.Duration(i))
	}
	for q, want := range map[float64]time.Duration{0: 0, .5: 50, .99: 99, 1: 99} {
		if got := load.Quantile(d, q); got != want {
			t.Errorf("%v: %v, want %v", q, got, want)
		}
	}
}
