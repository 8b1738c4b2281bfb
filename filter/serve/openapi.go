package serve

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// apiVersion is that of the paths below /v1 and of what they take and give.
const apiVersion = "1.0.0"

// Document returns the OpenAPI document of every server, as it is at /openapi.json.
func Document() []byte { return document(routes) }

// document returns the OpenAPI 3.0 document of routes. Maps are written with their keys
// in order, so that it is the same each time.
func document(routes []route) []byte {
	types := make(schemas)
	paths := make(map[string]map[string]any)
	for i := range routes {
		r := &routes[i]
		if paths[r.path] == nil {
			paths[r.path] = make(map[string]any)
		}
		paths[r.path][strings.ToLower(r.method)] = operation(r, types)
	}
	body, err := json.MarshalIndent(map[string]any{
		"openapi": "3.0.3",
		"info": map[string]any{
			"title": "chaff", "version": apiVersion,
			"description": "Tells of an article whether it repeats itself, holds what does not belong to it, or was seen before. " +
				"Spans are byte offsets into the UTF-8 text, half-open. IDs in paths are percent-encoded.",
		},
		"paths": paths,
		"components": map[string]any{
			"schemas": types,
			"securitySchemes": map[string]any{
				"token": map[string]any{"type": "http", "scheme": "bearer", "description": "asked for if the server has a token"},
				"page":  map[string]any{"type": "http", "scheme": "basic", "description": "any name, and the token as the password"},
			},
		},
	}, "", "  ")
	if err != nil {
		panic(err) // it holds maps, slices and strings alone
	}
	return append(body, '\n')
}

func operation(r *route, types schemas) map[string]any {
	o := map[string]any{"operationId": r.name, "summary": r.summary, "responses": responses(r, types)}
	var parameters []any
	for _, q := range r.query {
		parameters = append(parameters, map[string]any{
			"name": q.name, "in": "query", "description": q.about,
			"schema": map[string]any{"type": "string", "enum": q.values, "default": q.values[0]},
		})
	}
	for segment := range strings.SplitSeq(r.path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			parameters = append(parameters, map[string]any{
				"name": strings.TrimSuffix(name, "}"), "in": "path", "required": true, "schema": map[string]any{"type": "string"},
			})
		}
	}
	if parameters != nil {
		o["parameters"] = parameters
	}
	if r.takes.kind != "" {
		o["requestBody"] = map[string]any{"required": true, "content": content(r.takes, types)}
	}
	if !r.open {
		o["security"] = []any{map[string]any{}, map[string]any{"token": []string{}}, map[string]any{"page": []string{}}}
	}
	return o
}

// content describes a body. Of a stream of lines it describes one.
func content(m media, types schemas) map[string]any {
	schema := map[string]any{"type": "string"}
	if m.value != nil {
		schema = types.of(reflect.TypeOf(m.value))
	}
	kind, _, _ := strings.Cut(m.kind, ";")
	return map[string]any{kind: map[string]any{"schema": schema}}
}

func responses(r *route, types schemas) map[string]any {
	status := r.status
	if status == 0 {
		status = http.StatusOK
	}
	answer := map[string]any{"description": http.StatusText(status)}
	if r.gives.kind != "" {
		answer["content"] = content(r.gives, types)
	}
	all := map[string]any{strconv.Itoa(status): answer}
	for _, status := range r.failures() {
		body := content(media{problemType, Problem{}}, types)
		if r.takes.kind == formType { // the page tells what was wrong with the form
			maps.Copy(body, content(r.gives, types))
		}
		failure := map[string]any{"description": http.StatusText(status), "content": body}
		if status == http.StatusServiceUnavailable {
			failure["headers"] = map[string]any{"Retry-After": map[string]any{
				"description": "seconds", "schema": map[string]any{"type": "integer"},
			}}
		}
		all[strconv.Itoa(status)] = failure
	}
	return all
}

// failures returns the statuses of all problems that r may have.
func (r *route) failures() []int {
	all := append([]int{http.StatusForbidden, http.StatusMisdirectedRequest, http.StatusInternalServerError}, r.problems...)
	if !r.open {
		all = append(all, http.StatusUnauthorized)
	}
	if r.seat {
		all = append(all, http.StatusServiceUnavailable)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
