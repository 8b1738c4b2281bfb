package serve

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// Media types.
const (
	jsonType    = "application/json"
	ndjsonType  = "application/x-ndjson"
	problemType = "application/problem+json"
	textType    = "text/plain; charset=utf-8"
	htmlType    = "text/html; charset=utf-8"
	formType    = "application/x-www-form-urlencoded"
)

// A route is one thing that can be asked. The OpenAPI document is made from it.
type route struct {
	method, path string
	name         string // operationId
	summary      string
	query        []parameter
	takes, gives media
	status       int // of the answer; 0 means 200
	// problems are the statuses of its problem details, but for those that any route
	// has that asks for a token or takes a seat.
	problems []int
	open     bool // asks for no token
	seat     bool // takes a seat while it is at work
	answer   func(*Server, http.ResponseWriter, *http.Request) error
}

// media is a body: its type, and an example of the Go type it is made from; of a stream
// of lines, that of one line. Without a Go type it is text.
type media struct {
	kind  string
	value any
}

// parameter is one of the query, with the values it may have; the first is the default.
type parameter struct {
	name, about string
	values      []string
}

// The parameter of a bulk stream that says what is done with each article.
const (
	modeName   = "mode"
	modeCheck  = "check"
	modeSubmit = "submit"
)

var articleProblems = []int{http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusGatewayTimeout}

var routes = []route{
	{
		method: http.MethodPost, path: "/v1/check", name: "check", summary: "Judge an article and change nothing",
		takes: media{jsonType, Article{}}, gives: media{jsonType, Judgement{}},
		problems: articleProblems, seat: true, answer: (*Server).check,
	},
	{
		method: http.MethodPost, path: "/v1/submit", name: "submit",
		summary: "Judge an article and add it to the index if it is accepted; the answer comes when that is on disk",
		takes:   media{jsonType, Article{}}, gives: media{jsonType, Judgement{}},
		problems: append([]int{http.StatusInsufficientStorage}, articleProblems...), seat: true, answer: (*Server).submit,
	},
	{
		method: http.MethodPost, path: "/v1/explain", name: "explain",
		summary: "Judge an article and tell the findings, too, that are not sure enough to count",
		takes:   media{jsonType, Article{}}, gives: media{jsonType, Judgement{}},
		problems: articleProblems, seat: true, answer: (*Server).explain,
	},
	{
		method: http.MethodPost, path: "/v1/bulk", name: "bulk",
		summary: "Judge a stream of articles, one JSON object a line, as if one were asked after the other; a line comes back for each, in order",
		query:   []parameter{{modeName, "what is done with each article", []string{modeCheck, modeSubmit}}},
		takes:   media{ndjsonType, Article{}}, gives: media{ndjsonType, BulkLine{}},
		problems: []int{http.StatusBadRequest, http.StatusUnsupportedMediaType, http.StatusServiceUnavailable}, answer: (*Server).stream,
	},
	{
		method: http.MethodGet, path: "/v1/articles/{id}", name: "getArticle", summary: "What the index holds of an article",
		gives: media{jsonType, Entry{}}, problems: []int{http.StatusNotFound, http.StatusGatewayTimeout}, seat: true, answer: (*Server).get,
	},
	{
		method: http.MethodDelete, path: "/v1/articles/{id}", name: "removeArticle", summary: "Remove an article from the index",
		status: http.StatusNoContent, problems: []int{http.StatusNotFound, http.StatusGatewayTimeout, http.StatusInsufficientStorage},
		seat: true, answer: (*Server).remove,
	},
	{
		method: http.MethodGet, path: "/healthz", name: "healthz", summary: "Whether the process is alive",
		gives: media{textType, nil}, open: true, answer: (*Server).healthz,
	},
	{
		method: http.MethodGet, path: "/readyz", name: "readyz", summary: "Whether articles can be submitted",
		gives: media{textType, nil}, problems: []int{http.StatusServiceUnavailable}, open: true, answer: (*Server).readyz,
	},
	{
		method: http.MethodGet, path: "/metrics", name: "metrics", summary: "Figures for Prometheus",
		gives: media{"text/plain", nil}, answer: (*Server).exposition,
	},
	{
		method: http.MethodGet, path: "/openapi.json", name: "openapi", summary: "This document",
		gives: media{jsonType, map[string]any(nil)}, open: true, answer: (*Server).openAPI,
	},
	{
		method: http.MethodGet, path: "/", name: "page", summary: "A page to paste an article into",
		gives: media{htmlType, nil}, answer: (*Server).page,
	},
	{
		method: http.MethodPost, path: "/", name: "checkPage", summary: "The page with what was found in the article",
		takes: media{formType, Form{}}, gives: media{htmlType, nil}, problems: articleProblems, seat: true, answer: (*Server).checkPage,
	},
}

// mux returns the handler of all routes. A path without a route, and a method that its
// path does not have, are answered with problem details.
func (s *Server) mux(routes []route) http.Handler {
	mux := http.NewServeMux()
	methods := make(map[string][]string)
	for i := range routes {
		r := &routes[i]
		methods[r.path] = append(methods[r.path], r.method)
		if r.method == http.MethodGet {
			methods[r.path] = append(methods[r.path], http.MethodHead)
		}
		mux.Handle(r.method+" "+pattern(r.path), s.route(r))
	}
	for path, has := range methods {
		slices.Sort(has)
		allow := strings.Join(has, ", ")
		mux.Handle(pattern(path), s.answered(func(w http.ResponseWriter, r *http.Request) error {
			w.Header().Set("Allow", allow)
			return problem(http.StatusMethodNotAllowed, "this path takes %s", allow)
		}))
	}
	mux.Handle("/", s.answered(func(http.ResponseWriter, *http.Request) error {
		return problem(http.StatusNotFound, "there is nothing at this path; /openapi.json tells what there is")
	}))
	return mux
}

// pattern returns what net/http calls a path of the table: "/" is no more than itself.
func pattern(path string) string {
	if path == "/" {
		return "/{$}"
	}
	return path
}

// route returns the handler of r with what all routes have in common.
func (s *Server) route(r *route) http.Handler {
	return s.answered(func(w http.ResponseWriter, req *http.Request) error {
		entryOf(req).route = r.path
		if !r.open {
			if err := s.authorized(w, req, strings.HasPrefix(r.gives.kind, "text/html")); err != nil {
				return err
			}
		}
		if r.takes.kind != "" {
			if err := ofType(req, r.takes.kind); err != nil {
				return err
			}
		}
		if !r.seat {
			return r.answer(s, w, req)
		}
		letOthersGoFirst()
		if err := s.gate.enter(); err != nil {
			return err
		}
		defer s.gate.leave()
		if req.ContentLength > s.limits.Body {
			return &http.MaxBytesError{Limit: s.limits.Body}
		}
		ctx, cancel := context.WithTimeout(req.Context(), s.limits.Timeout)
		defer cancel()
		req = req.WithContext(ctx)
		req.Body = http.MaxBytesReader(w, req.Body, s.limits.Body)
		return r.answer(s, w, req)
	})
}
