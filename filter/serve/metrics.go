package serve

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"chaff/filter"
	"chaff/filter/store"
)

// metrics are the figures of one server. They have a registry of their own, so that a
// process may have several servers.
type metrics struct {
	handler  http.Handler
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	atWork   prometheus.Gauge
	verdicts *prometheus.CounterVec
	findings *prometheus.CounterVec
	added    *prometheus.CounterVec
}

// buckets are bounds in seconds, about the times that are promised.
var buckets = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

func newMetrics(s *Server) *metrics {
	r := prometheus.NewRegistry()
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		v := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
		r.MustRegister(v)
		return v
	}
	gauge := func(name, help string, value func() float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	m := &metrics{
		requests: counter("chaff_http_requests_total", "Requests answered.", "route", "method", "code"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "chaff_http_request_seconds", Help: "How long requests took that were not turned away.", Buckets: buckets,
		}, []string{"route"}),
		atWork:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "chaff_http_requests_open", Help: "Requests that are being answered."}),
		verdicts: counter("chaff_verdicts_total", "Articles judged.", "verdict"),
		findings: counter("chaff_findings_total", "Findings in articles judged.", "kind"),
		added:    counter("chaff_submissions_total", "Articles accepted into the index.", "status"),
	}
	r.MustRegister(m.seconds, m.atWork,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge("chaff_seats", "Requests that may be taken on at a time.", func() float64 { return float64(cap(s.gate.seats)) })
	gauge("chaff_seats_taken", "Requests taken on: waiting or at work.", func() float64 { return float64(len(s.gate.seats)) })
	gauge("chaff_slots", "Articles that may be worked on at a time.", func() float64 { return float64(cap(s.gate.slots)) })
	gauge("chaff_slots_taken", "Articles worked on.", func() float64 { return float64(len(s.gate.slots)) })
	gauge("chaff_bulk_streams", "Bulk streams open.", func() float64 { return float64(len(s.bulk)) })
	r.MustRegister(&indexCollector{s.index})
	m.handler = promhttp.HandlerFor(r, promhttp.HandlerOpts{})
	return m
}

// answered counts a request. What was turned away is no figure of how long work takes.
func (m *metrics) answered(route, by string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, method(by), strconv.Itoa(status)).Inc()
	if status != http.StatusServiceUnavailable {
		m.seconds.WithLabelValues(route).Observe(took.Seconds())
	}
}

// method returns the name of a method that there is, and one name for all others: what
// clients invent must not become series or lines of the log.
func method(name string) string {
	switch name {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return name
	}
	return "other"
}

func (m *metrics) judged(r *filter.Result) {
	m.verdicts.WithLabelValues(string(r.Verdict)).Inc()
	for i := range r.Findings {
		m.findings.WithLabelValues(string(r.Findings[i].Kind)).Inc()
	}
	if r.Status != "" {
		m.added.WithLabelValues(string(r.Status)).Inc()
	}
}

// indexCollector tells what the index holds, asked once for all its figures.
type indexCollector struct{ index *store.Store }

var (
	indexArticles = prometheus.NewDesc("chaff_index_articles", "Articles in the index.", nil, nil)
	indexDisk     = prometheus.NewDesc("chaff_index_disk_bytes", "Size of the files of the index.", nil, nil)
	indexCommits  = prometheus.NewDesc("chaff_index_commits", "Changes since the index was made.", nil, nil)
)

func (c *indexCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- indexArticles
	ch <- indexDisk
	ch <- indexCommits
}

func (c *indexCollector) Collect(ch chan<- prometheus.Metric) {
	stats, err := c.index.Stats()
	if err != nil {
		return // it is closed
	}
	for desc, value := range map[*prometheus.Desc]int64{
		indexArticles: stats.Articles, indexDisk: stats.DiskBytes, indexCommits: stats.Commits,
	} {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(value))
	}
}
