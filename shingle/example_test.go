package shingle_test

import (
	"fmt"

	"chaff/shingle"
)

func Example() {
	var w shingle.Words
	text := "Don’t panic — the café is OPEN"
	shingle.Tokenizer{}.Words(&w, text)
	for i := range w.Len() {
		fmt.Printf("%s|", text[w.Start[i]:w.End[i]])
	}
	fmt.Println()

	a := shingle.TextSet(nil, w.Hash, 3)
	w.Reset()
	shingle.Tokenizer{}.Words(&w, "don't panic: the cafe is closed")
	b := shingle.TextSet(nil, w.Hash, 3)
	l := a.Compare(b)
	fmt.Printf("J %.2f, C %.2f\n", l.Jaccard, l.Containment)
	// Output:
	// Don|t|panic|the|café|is|OPEN|
	// J 0.67, C 0.80
}

func ExampleSigner() {
	shingles := []uint64{1 << 60, 2 << 60, 3 << 60, 4 << 60}
	s := shingle.NewSigner(shingle.OPH, 128)
	a := s.Sign(nil, shingles)
	b := s.Sign(nil, shingles[:3])
	fmt.Println(len(a), a.Estimate(a), a.Estimate(b) > 0.5)
	// Output: 128 1 true
}
