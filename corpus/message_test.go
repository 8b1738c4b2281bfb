package corpus

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// A body is the same however it was transferred, and whether the archive has
// undone that or only says so.
func TestBodies(t *testing.T) {
	text := "The bridge was closed on Monday. Größe. " + strings.Repeat("It opened again a week later. ", 40)
	type body struct{ header, data string }
	bodies := map[string]body{
		"plain":            {"", text},
		"identity":         {"Content-Encoding: identity\r\n", text},
		"unknown":          {"Content-Encoding: UTF-8\r\n", text},
		"gzip":             {"content-encoding: gzip\r\n", gz(text)},
		"x-gzip":           {"Content-Encoding: x-gzip\r\n", gz(text)},
		"deflate":          {"Content-Encoding: deflate\r\n", zlibbed(text)},
		"bare deflate":     {"Content-Encoding: deflate\r\n", deflated(text)},
		"br":               {"Content-Encoding: br\r\n", br(text)},
		"zstd":             {"Content-Encoding: zstd\r\n", zst(text)},
		"twice":            {"Content-Encoding: gzip, br\r\n", br(gz(text))},
		"chunked":          {"Transfer-Encoding: chunked\r\n", chunkedBody(text, 100)},
		"chunked gzip":     {"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", chunkedBody(gz(text), 9)},
		"undone chunks":    {"Transfer-Encoding: chunked\r\n", text},
		"undone gzip":      {"Content-Encoding: gzip\r\n", text},
		"undone deflate":   {"Content-Encoding: deflate\r\n", text},
		"undone br":        {"Content-Encoding: br\r\n", text},
		"undone all":       {"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", text},
		"undone gzip only": {"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", chunkedBody(text, 30)},
		"no field":         {"Server\r\n: x\r\nContent-Encoding : gzip\r\n", text},
	}
	for name, b := range bodies {
		for _, bare := range []bool{false, true} {
			record := response("http://a/", "Content-Type: text/plain; charset=utf-8\r\n"+b.header, b.data)
			if bare {
				record = warcRecord("response", "Content-Type: application/http\r\n", "HTTP/1.1 200\nContent-Type: text/plain\n"+strings.ReplaceAll(b.header, "\r\n", "\n")+"\n"+b.data)
			}
			f := read(t, Options{Keep: true}, filepath.Join(write(t, map[string]string{"a": record}), "a"))
			if len(f.articles) != 1 || f.articles[0].Text != text || len(f.problems) > 0 {
				t.Errorf("%s: read %.80q, problems %v", name, f.articles[0].Text, f.problems)
			}
		}
	}
}

// What a crawler cut off on purpose is read as far as it goes and is no
// problem; what is damaged is one.
func TestCutBodies(t *testing.T) {
	var random strings.Builder
	for i := range uint32(400) {
		random.WriteString("word" + string(rune('a'+i*2654435761>>8%26)) + string(rune('a'+i*2246822519>>9%26)) + " ")
	}
	text := random.String()
	for name, data := range map[string]string{
		"Content-Encoding: gzip":     gz(text),
		"Content-Encoding: deflate":  deflated(text),
		"Content-Encoding: br":       br(text),
		"Transfer-Encoding: chunked": chunkedBody(text, 50),
	} {
		for _, cut := range []bool{true, false} {
			truncated := ""
			if cut {
				truncated = "WARC-Truncated: length\r\n"
			}
			record := warcRecord("response", truncated+"Content-Type: application/http\r\n", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"+name+"\r\n\r\n"+data[:len(data)*2/3])
			f := read(t, Options{}, filepath.Join(write(t, map[string]string{"a": record}), "a"))
			if len(f.articles) != 1 || !strings.HasPrefix(text, f.articles[0].Text) || len(f.articles[0].Text) < len(text)/4 {
				t.Errorf("%s: read %+v", name, f.articles)
			}
			if cut && len(f.problems) > 0 || !cut && (len(f.problems) != 1 || !errors.Is(f.problems[0], ErrDamaged) || !strings.HasSuffix(f.problems[0].Path, "a#1")) {
				t.Errorf("%s, cut off on purpose %v: problems %v", name, cut, f.problems)
			}
		}
	}
}

// A page is in the charset that it declares, or the server, or that can be told.
func TestPageCharsets(t *testing.T) {
	german := "Die Bürger der Stadt hätten schon früher gewarnt, heißt es in einem Schreiben an die Behörde. Über die Maßnahmen müsse nun der Rat entscheiden."
	latin := func(s string) string {
		var b strings.Builder
		for _, r := range s {
			b.WriteByte(byte(r))
		}
		return b.String()
	}
	head := "<html><head><meta charset='%'></head><body><p>"
	tests := map[string]struct{ header, page string }{
		"meta":           {"", strings.Replace(head, "%", "iso-8859-1", 1) + latin(german)},
		"server":         {"; charset=ISO-8859-1", "<html><body><p>" + latin(german)},
		"neither":        {"", "<html><body><p>" + latin(german)},
		"UTF-8":          {"", "<html><body><p>" + german},
		"mark":           {"; charset=iso-8859-1", "\ufeff<html><body><p>" + german},
		"wrong meta":     {"", strings.Replace(head, "%", "iso-8859-1", 1) + german},
		"wrong server":   {"; charset=windows-1250", "<html><body><p>" + german},
		"unknown":        {"; charset=none", "<html><body><p>" + german},
		"wrong and late": {"", strings.Replace(head, "%", "utf-8", 1) + german + "</p>" + "\xff"},
		"cut off":        {"", strings.Replace(head, "%", "utf-8", 1) + german + "</p>" + "<a title='\xc3"},
	}
	for name, test := range tests {
		record := response("http://a/", "Content-Type: text/html"+test.header+"\r\n", test.page)
		f := read(t, Options{HTML: Raw, Keep: true}, filepath.Join(write(t, map[string]string{"a": record}), "a"))
		if len(f.articles) != 1 || !strings.HasPrefix(f.articles[0].Text, german) {
			t.Errorf("%s: read %+v, problems %v", name, f.articles, f.problems)
		}
	}
}
