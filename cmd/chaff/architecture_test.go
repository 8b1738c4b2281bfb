package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport says which packages of the project each may depend on, directly or
// not. What is not listed may import nothing of the project.
var mayImport = map[string][]string{
	"article":         {},
	"internal/cases":  {"article"},
	"shingle":         {"article"},
	"dedupe":          {"article", "shingle"},
	"offtopic/model":  {"article", "shingle"},
	"offtopic/topics": {"article", "shingle"},
	"offtopic":        {"article", "shingle", "dedupe", "offtopic/model", "offtopic/topics"},

	"offtopic/calibrate":           {"article", "shingle", "dedupe", "offtopic", "offtopic/model", "offtopic/topics", "corpus", "scan"},
	"offtopic/model/train":         {"article", "shingle", "dedupe", "offtopic", "offtopic/calibrate", "offtopic/model", "offtopic/topics", "corpus", "scan"},
	"offtopic/model/train/classes": {"article", "shingle"},
	"corpus":                       {"article"},
	"report":                       {"article"},
	"scan":                         {"article", "shingle", "dedupe", "offtopic", "offtopic/model", "offtopic/topics", "corpus"},
	"clean":                        {"article", "shingle", "dedupe", "offtopic", "offtopic/model", "offtopic/topics", "corpus", "scan"},
	"filter":                       {"article", "shingle", "dedupe", "offtopic", "offtopic/model", "offtopic/topics", "corpus", "report", "scan", "clean"},
	"filter/serve":                 {"article", "shingle", "dedupe", "offtopic", "offtopic/model", "offtopic/topics", "corpus", "report", "scan", "clean", "filter"},
	"cmd/chaff":                    {"article", "shingle", "dedupe", "offtopic", "offtopic/model", "offtopic/topics", "corpus", "report", "scan", "clean", "filter"},
	"bench":                        {"article", "shingle", "dedupe", "offtopic", "offtopic/model", "offtopic/topics", "corpus", "report", "scan", "clean", "filter", "internal/cases", "bench"},
}

// importedBy names modules that one package alone may import.
var importedBy = map[string]string{
	"github.com/go-ego/gse":         "shingle",
	"github.com/dgryski/go-minhash": "shingle",
}

func TestArchitecture(t *testing.T) {
	type pkg struct {
		ImportPath   string
		Imports      []string
		TestImports  []string
		XTestImports []string
		Deps         []string
	}
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,TestImports,XTestImports,Deps", "chaff/...")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	seen := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		name, ours := strings.CutPrefix(p.ImportPath, "chaff/")
		if !ours {
			continue
		}
		allowed, listed := rule(name)
		if !listed {
			t.Errorf("package %s has no place in the order of packages", name)
			continue
		}
		seen++
		for _, dep := range p.Deps {
			if dep, ours := strings.CutPrefix(dep, "chaff/"); ours && !within(dep, allowed) && !within(dep, []string{name}) {
				t.Errorf("%s depends on %s", name, dep)
			}
		}
		for _, dep := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			for module, only := range importedBy {
				if (dep == module || strings.HasPrefix(dep, module+"/")) && name != only {
					t.Errorf("%s imports %s, which is for %s alone", name, module, only)
				}
			}
		}
	}
	if seen < len(mayImport) {
		t.Errorf("go list tells of %d packages, the order has %d", seen, len(mayImport))
	}
}

// rule returns what the package called name may import; a folder inside a
// package's folder keeps that package's rule.
func rule(name string) ([]string, bool) {
	for n := name; n != ""; n = n[:max(0, strings.LastIndexByte(n, '/'))] {
		if allowed, ok := mayImport[n]; ok {
			return allowed, true
		}
	}
	return nil, false
}

func within(dep string, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		return dep == n || strings.HasPrefix(dep, n+"/")
	})
}
