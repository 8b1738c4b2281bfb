// Command classes groups words of like use and writes the file of classes that
// package model embeds. It reads lines of a word and its vector, commonest first.
package main

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand"
	"os"
	"slices"
	"strconv"
	"strings"

	"chaff/shingle"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "classes:", err)
		os.Exit(1)
	}
}

const (
	dimensions = 100
	coarse     = 64
	fine       = 600
	rounds     = 7
	seeds      = 12000 // commonest words, of which classes begin
)

func run(in io.Reader, out io.Writer) error {
	var words []string
	var vectors [][]float32
	sc := bufio.NewScanner(in)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		fields := strings.Fields(sc.Text())
		if len(fields) != dimensions+1 {
			return fmt.Errorf("line %d: %d fields", len(words)+1, len(fields))
		}
		v := make([]float32, dimensions)
		for i := range v {
			x, err := strconv.ParseFloat(fields[i+1], 32)
			if err != nil {
				return fmt.Errorf("line %d: %w", len(words)+1, err)
			}
			v[i] = float32(x)
		}
		scale(v)
		words, vectors = append(words, fields[0]), append(vectors, v)
	}
	if err := sc.Err(); err != nil {
		return err
	}
	if len(words) < seeds {
		return fmt.Errorf("%d words, %d needed", len(words), seeds)
	}
	type entry struct {
		key          uint32
		coarse, fine int
	}
	c, f := cluster(vectors, coarse), cluster(vectors, fine)
	var all []entry
	seen := make(map[uint32]bool)
	var w shingle.Words
	for i, word := range words {
		w.Reset()
		shingle.Tokenizer{}.Words(&w, word)
		if w.Len() != 1 {
			continue
		}
		key := uint32(w.Hash[0]>>32) ^ uint32(w.Hash[0])
		if !seen[key] {
			seen[key] = true
			all = append(all, entry{key, c[i], f[i]})
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	var data []byte
	for _, e := range all {
		data = binary.LittleEndian.AppendUint32(data, e.key)
		data = append(data, byte(e.coarse+1))
		data = binary.LittleEndian.AppendUint16(data, uint16(e.fine+1))
	}
	_, err := out.Write(data)
	return err
}

// cluster returns the number of each vector's class: spherical k-means.
func cluster(vectors [][]float32, k int) []int {
	rng := rand.New(rand.NewSource(1))
	centres := make([][]float32, k)
	for i := range centres {
		centres[i] = slices.Clone(vectors[rng.Intn(seeds)])
	}
	class := make([]int, len(vectors))
	for range rounds {
		for i, v := range vectors {
			most := float32(-2)
			for c, centre := range centres {
				s := float32(0)
				for j, x := range v {
					s += x * centre[j]
				}
				if s > most {
					class[i], most = c, s
				}
			}
		}
		for _, centre := range centres {
			clear(centre)
		}
		for i, c := range class {
			for j, x := range vectors[i] {
				centres[c][j] += x
			}
		}
		for _, centre := range centres {
			scale(centre)
		}
	}
	return class
}

// scale gives v the length 1.
func scale(v []float32) {
	sum := 0.0
	for _, x := range v {
		sum += float64(x * x)
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum) + 1e-9)
	}
}
