package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"chaff/filter/serve"
)

// contract is the OpenAPI document that the server gives, made strict: what it does not
// name may not be answered.
var contract = sync.OnceValues(func() (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromData(serve.Document())
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, err
	}
	no := false
	for name, schema := range doc.Components.Schemas {
		if name != "Article" {
			schema.Value.AdditionalProperties = openapi3.AdditionalProperties{Has: &no}
		}
	}
	return gorillamux.NewRouter(doc)
})

func init() {
	openapi3filter.RegisterBodyDecoder("application/problem+json", openapi3filter.JSONBodyDecoder)
	plain := func(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
		b, err := io.ReadAll(body)
		return string(b), err
	}
	openapi3filter.RegisterBodyDecoder("text/html", plain)
	openapi3filter.RegisterBodyDecoder("text/plain", plain)
}

// conforms fails unless the answer is one that the document has for the request. What
// has no route, or a method that its path does not take, is answered with a problem.
func conforms(t *testing.T, req *http.Request, status int, header http.Header, body []byte) {
	t.Helper()
	router, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	plain := req.Clone(context.Background())
	plain.URL.Host, plain.URL.Scheme = "", ""
	route, params, err := router.FindRoute(plain)
	if err != nil {
		if status != http.StatusNotFound && status != http.StatusMethodNotAllowed && status != http.StatusMisdirectedRequest {
			t.Errorf("%s %s is not in the document and is answered with %d", req.Method, req.URL.Path, status)
		}
		return
	}
	if status == http.StatusOK && strings.HasPrefix(header.Get("Content-Type"), ndjsonType) {
		schema := route.Operation.Responses.Status(status).Value.Content.Get(ndjsonType).Schema.Value
		for line := range bytes.Lines(body) {
			var v any
			if err := json.Unmarshal(line, &v); err != nil {
				t.Errorf("%q: %v", line, err)
			} else if err := schema.VisitJSON(v); err != nil {
				t.Errorf("%q: %v", line, err)
			}
		}
		return
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: plain, PathParams: params, Route: route},
		Status:                 status,
		Header:                 header,
		Body:                   io.NopCloser(bytes.NewReader(body)),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		t.Errorf("%s %s: %d is not as the document has it: %v", req.Method, req.URL.Path, status, err)
	}
}

var update = flag.Bool("update", false, "write the golden file")

// What programs rely on changes only where the golden file shows it.
func TestDocumentIsAsItWas(t *testing.T) {
	const golden = "testdata/openapi.json"
	if *update {
		if err := os.WriteFile(golden, serve.Document(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(serve.Document(), want) {
		t.Errorf("the document differs from %s; if that is meant, run the test with -update", golden)
	}
}

// Every operation of the document is answered, and not by "no such path".
func TestDocumentIsServed(t *testing.T) {
	s := start(t, serve.Options{})
	a := s.do(http.MethodGet, "/openapi.json", "", "")
	if a.status != http.StatusOK || a.body != string(serve.Document()) {
		t.Fatalf("%d, %d bytes", a.status, len(a.body))
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(a.body))
	if err != nil {
		t.Fatal(err)
	}
	operations := 0
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			operations++
			kind := ""
			if o.RequestBody != nil {
				for kind = range o.RequestBody.Value.Content {
				}
			}
			a := s.do(method, strings.Replace(path, "{id}", "nobody", 1), kind, "")
			if a.status == http.StatusMethodNotAllowed || strings.Contains(a.body, "nothing at this path") {
				t.Errorf("%s %s: %d %s", method, path, a.status, a.body)
			}
		}
	}
	if operations != 12 {
		t.Errorf("%d operations", operations)
	}
	// A request that the document permits is understood: each field arrives.
	fields := doc.Components.Schemas["Article"].Value
	b, err := json.Marshal(serve.Article{ID: "i", Text: "t", Title: "ti", URL: "u", Source: "s", Lang: "l", Date: "2026-01-02"})
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil || fields.VisitJSON(v) != nil || len(v) != len(fields.Properties) {
		t.Errorf("an article is %v, its schema has %d fields: %v", v, len(fields.Properties), fields.VisitJSON(v))
	}
	if status := s.do(http.MethodPost, "/v1/submit", jsonType, string(b)).status; status != http.StatusOK {
		t.Fatal(status)
	}
	e := decode[serve.Entry](t, s.do(http.MethodGet, "/v1/articles/i", "", "").body)
	if e.Title != "ti" || e.URL != "u" || e.Source != "s" || e.Lang != "l" || e.Date.Year() != 2026 || e.Text == nil || *e.Text != "t" {
		t.Errorf("%+v", e)
	}
}
