package serve

import (
	"reflect"
	"strings"
	"time"

	"chaff/article"
	"chaff/filter"
	"chaff/filter/store"
)

// schemas makes JSON schemas, as OpenAPI 3.0 has them, of Go types as encoding/json
// writes them. Structs become named schemas.
type schemas map[string]any

// The values of types that have a few.
var enums = map[reflect.Type][]string{
	reflect.TypeFor[article.Kind]():     append(names(article.Kinds), string(article.Explanation)),
	reflect.TypeFor[article.Label]():    names(article.Labels),
	reflect.TypeFor[article.Tier]():     names(article.Tiers),
	reflect.TypeFor[article.Relation](): names(article.Relations),
	reflect.TypeFor[filter.Verdict]():   names(filter.Verdicts),
	reflect.TypeFor[store.Status]():     names([]store.Status{store.Added, store.Updated, store.Known}),
}

func names[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}

// of returns the schema of a type, or a reference to it.
func (s schemas) of(t reflect.Type) map[string]any {
	if values, ok := enums[t]; ok {
		return map[string]any{"type": "string", "enum": values}
	}
	if t == reflect.TypeFor[time.Time]() {
		return map[string]any{"type": "string", "format": "date-time"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object"}
	case reflect.Struct:
		if _, known := s[t.Name()]; !known {
			s[t.Name()] = nil // it may refer to itself
			s[t.Name()] = s.object(t)
		}
		return map[string]any{"$ref": "#/components/schemas/" + t.Name()}
	default:
		panic("serve: no schema for " + t.String()) // a type of the table of routes; a test makes the document
	}
}

// object returns the schema of a struct. What it writes always is required.
func (s schemas) object(t reflect.Type) map[string]any {
	properties := make(map[string]any)
	var required []string
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		property := s.of(f.Type)
		if doc := f.Tag.Get("doc"); doc != "" {
			property["description"] = doc
		}
		properties[name] = property
		if !strings.Contains(options, "omit") {
			required = append(required, name)
		}
	}
	schema := map[string]any{"type": "object", "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schema
}
