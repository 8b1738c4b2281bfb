package offtopic

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"chaff/offtopic/model"
)

// ProfileVersion is the version of the format of profiles.
const ProfileVersion = 1

const profileMagic = "off-topic profile"

// The most signals and rejected texts that a profile holds.
const (
	MaxSignals  = 256
	MaxRejected = 10_000
)

// Other bounds of a file: what is larger was not written by chaff.
const (
	maxProfile    = 16 << 20 // bytes
	maxProvenance = 100      // lines, of which the first and the latest are kept
	maxName       = 100      // bytes
)

// ProfileFile is a profile with what is to be known of it.
type ProfileFile struct {
	// Model is the [model.Fingerprint] of the weights the profile is for.
	Model string
	// Provenance says, a line each, what the numbers were made from.
	Provenance []string
	Profile    Profile
}

// profileJSON is the outward form of a ProfileFile.
type profileJSON struct {
	Chaff      string   `json:"chaff"`
	Version    int      `json:"version"`
	Model      string   `json:"model"`
	Provenance []string `json:"provenance"`
	Numbers    Profile  `json:"numbers"`
}

// NewProfileFile returns a profile for the built-in model.
func NewProfileFile(p Profile, provenance ...string) *ProfileFile {
	return &ProfileFile{Model: model.Fingerprint(), Provenance: provenance, Profile: p}
}

// Fits reports whether the profile was made with the built-in model. With
// another one its numbers mean little.
func (f *ProfileFile) Fits() bool { return f.Model == model.Fingerprint() }

// Tell adds a line to the provenance. Of many lines the first and the latest stay.
func (f *ProfileFile) Tell(line string) {
	f.Provenance = append(f.Provenance, line)
	if n := len(f.Provenance); n > maxProvenance {
		f.Provenance = slices.Delete(f.Provenance, 1, 1+n-maxProvenance)
	}
}

// WriteTo writes the profile as JSON.
func (f *ProfileFile) WriteTo(w io.Writer) (int64, error) {
	out := profileJSON{profileMagic, ProfileVersion, f.Model, f.Provenance, f.Profile}
	if out.Provenance == nil {
		out.Provenance = []string{}
	}
	if out.Numbers.Signals == nil {
		out.Numbers.Signals = map[string]Trust{}
	}
	if out.Numbers.Rejected == nil {
		out.Numbers.Rejected = map[string]int{}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(&out); err != nil {
		return 0, fmt.Errorf("writing a profile: %w", err)
	}
	n, err := w.Write(shorten(b.Bytes()))
	if err != nil {
		return int64(n), fmt.Errorf("writing a profile: %w", err)
	}
	return int64(n), nil
}

// shorten puts lists of numbers into one line each.
func shorten(b []byte) []byte {
	var out []byte
	inside := false
	for line := range bytes.Lines(b) {
		word := bytes.TrimSpace(line)
		switch {
		case bytes.HasSuffix(word, []byte("[")):
			out = append(out, bytes.TrimRight(line, "\n")...)
			inside = true
		case inside && (bytes.HasPrefix(word, []byte(`"`)) || bytes.HasPrefix(word, []byte("{"))): // no numbers
			inside = false
			out = append(append(out, '\n'), line...)
		case inside && bytes.HasPrefix(word, []byte("]")):
			inside = false
			out = append(append(out, word...), '\n')
		case inside:
			out = append(out, bytes.ReplaceAll(word, []byte(","), []byte(", "))...)
		default:
			out = append(out, line...)
		}
	}
	return out
}

// MarshalJSON writes an object with a list for each kind of evidence.
func (w Weights) MarshalJSON() ([]byte, error) {
	b := []byte("{")
	for k := range w {
		if k > 0 {
			b = append(b, ',')
		}
		list, err := json.Marshal(w[k])
		if err != nil {
			return nil, err
		}
		b = append(append(strconv.AppendQuote(b, kinds[k].name), ':'), list...)
	}
	return append(b, '}'), nil
}

// ReadProfile reads a profile as WriteTo writes it. Every number must be there,
// once, in its range, and nothing else; the error names the field that is not.
func ReadProfile(r io.Reader) (*ProfileFile, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxProfile+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > maxProfile:
		return nil, fmt.Errorf("larger than %d bytes", maxProfile)
	case !utf8.Valid(data):
		return nil, errors.New("not UTF-8")
	}
	d := &profileDecoder{json.NewDecoder(bytes.NewReader(data))}
	d.UseNumber()
	var in profileJSON
	if err := d.value(reflect.ValueOf(&in).Elem(), "", ""); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("byte %d: more than one value", d.InputOffset())
	}
	switch p := &in.Numbers; {
	case in.Chaff != profileMagic:
		return nil, fmt.Errorf("chaff: %.40q is not %q", in.Chaff, profileMagic)
	case in.Version != ProfileVersion:
		return nil, fmt.Errorf("version: %d is not %d, the one that is read", in.Version, ProfileVersion)
	case len(in.Model) > maxName:
		return nil, errors.New("model: longer than any")
	case len(in.Provenance) > maxProvenance:
		return nil, fmt.Errorf("provenance: more than %d lines", maxProvenance)
	case p.Likely > p.Certain:
		return nil, fmt.Errorf("numbers.likely: %v is above certain, %v", p.Likely, p.Certain)
	case len(p.Signals) > MaxSignals:
		return nil, fmt.Errorf("numbers.signals: more than %d", MaxSignals)
	case len(p.Rejected) > MaxRejected:
		return nil, fmt.Errorf("numbers.rejected: more than %d", MaxRejected)
	}
	return &ProfileFile{in.Model, in.Provenance, in.Numbers}, nil
}

// profileDecoder fills values from JSON and leaves nothing to chance.
type profileDecoder struct{ *json.Decoder }

// value reads the next value into v, which is called name; span is the range
// of the numbers in it.
func (d *profileDecoder) value(v reflect.Value, name, span string) error {
	token, err := d.Token()
	if err != nil {
		return d.malformed(err)
	}
	wrong := func(want string) error { return fmt.Errorf("%s: not %s", orFile(name), want) }
	if w, ok := v.Addr().Interface().(*Weights); ok {
		if token != json.Delim('{') {
			return wrong("an object")
		}
		return d.weights(w, name, span)
	}
	switch v.Kind() {
	case reflect.Struct:
		if token != json.Delim('{') {
			return wrong("an object")
		}
		return d.object(v, name)
	case reflect.Map:
		if token != json.Delim('{') {
			return wrong("an object")
		}
		return d.entries(v, name, span)
	case reflect.Array, reflect.Slice:
		if token != json.Delim('[') {
			return wrong("a list")
		}
		return d.list(v, name, span)
	case reflect.String:
		s, ok := token.(string)
		if !ok {
			return wrong("a string")
		}
		v.SetString(s)
		return nil
	}
	n, ok := token.(json.Number)
	if !ok {
		return wrong("a number")
	}
	x, err := n.Float64()
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return fmt.Errorf("%s: %.40s is too large", name, n)
	}
	if least, most, ok := bounds(span); ok && !(x >= least && x <= most) {
		return fmt.Errorf("%s: %v is not between %v and %v", name, x, least, most)
	}
	if v.Kind() == reflect.Int {
		if x != math.Trunc(x) || math.Abs(x) > 1<<31 {
			return fmt.Errorf("%s: %v is not a whole number", name, x)
		}
		v.SetInt(int64(x))
		return nil
	}
	v.SetFloat(x)
	return nil
}

// object reads the fields of v, a struct, each of which must be there once.
func (d *profileDecoder) object(v reflect.Value, name string) error {
	seen := make([]bool, v.NumField())
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return d.malformed(err)
		}
		at, known := -1, fmt.Sprint(key)
		for i := range seen {
			if v.Type().Field(i).Tag.Get("json") == known {
				at = i
			}
		}
		field := join(name, known)
		switch {
		case at < 0:
			return fmt.Errorf("%s: no such field", field)
		case seen[at]:
			return fmt.Errorf("%s: there twice", field)
		}
		seen[at] = true
		if err := d.value(v.Field(at), field, v.Type().Field(at).Tag.Get("range")); err != nil {
			return err
		}
	}
	for i, there := range seen {
		if !there {
			return fmt.Errorf("%s: missing", join(name, v.Type().Field(i).Tag.Get("json")))
		}
	}
	return d.closed()
}

// weights reads the weights of all kinds.
func (d *profileDecoder) weights(w *Weights, name, span string) error {
	var seen [Kinds]bool
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return d.malformed(err)
		}
		field := join(name, strconv.Quote(fmt.Sprint(key)))
		k := slices.IndexFunc(kinds[:], func(k struct{ name, signal string }) bool { return k.name == key })
		switch {
		case k < 0:
			return fmt.Errorf("%s: no such kind of evidence", field)
		case seen[k]:
			return fmt.Errorf("%s: there twice", field)
		}
		seen[k] = true
		if err := d.value(reflect.ValueOf(&w[k]).Elem(), field, span); err != nil {
			return err
		}
	}
	if k := slices.Index(seen[:], false); k >= 0 {
		return fmt.Errorf("%s: missing", join(name, strconv.Quote(kinds[k].name)))
	}
	return d.closed()
}

// entries reads the entries of v, a map with strings as keys.
func (d *profileDecoder) entries(v reflect.Value, name, span string) error {
	v.Set(reflect.MakeMap(v.Type()))
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return d.malformed(err)
		}
		k := reflect.ValueOf(fmt.Sprint(key))
		field := join(name, strconv.Quote(k.String()[:min(k.Len(), maxName)]))
		switch {
		case k.Len() == 0 || k.Len() > maxName:
			return fmt.Errorf("%s: not a name of 1 to %d bytes", field, maxName)
		case v.MapIndex(k).IsValid():
			return fmt.Errorf("%s: there twice", field)
		}
		e := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(e, field, span); err != nil {
			return err
		}
		v.SetMapIndex(k, e)
	}
	return d.closed()
}

// list reads the elements of v, an array, which must have as many, or a slice.
func (d *profileDecoder) list(v reflect.Value, name, span string) error {
	n := 0
	for d.More() {
		if v.Kind() == reflect.Slice {
			v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		} else if n == v.Len() {
			return fmt.Errorf("%s: more than %d values", name, n)
		}
		if err := d.value(v.Index(n), fmt.Sprintf("%s[%d]", name, n), span); err != nil {
			return err
		}
		n++
	}
	if n < v.Len() {
		return fmt.Errorf("%s: %d values, not %d", name, n, v.Len())
	}
	return d.closed()
}

// closed takes the bracket that ends an object or a list.
func (d *profileDecoder) closed() error {
	_, err := d.Token()
	return d.malformed(err)
}

// malformed says where the text is no JSON.
func (d *profileDecoder) malformed(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("cut short")
	}
	return fmt.Errorf("byte %d: %w", d.InputOffset(), err)
}

func orFile(name string) string {
	if name == "" {
		return "the file"
	}
	return name
}

func join(name, field string) string {
	if name == "" {
		return field
	}
	return name + "." + field
}

// bounds reads a range as it stands in a tag.
func bounds(span string) (least, most float64, ok bool) {
	low, high, ok := strings.Cut(span, ",")
	if !ok {
		return 0, 0, false
	}
	least, err := strconv.ParseFloat(low, 64)
	most, err2 := strconv.ParseFloat(high, 64)
	return least, most, err == nil && err2 == nil
}
