package topics

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"sync"
)

// Rarities is the number of classes of rarity: the commonest words of a language
// are of class 0, those that it isn't known to have of the last.
const Rarities = 8

// The file has, for each language, the length of its name and the name, and for
// each class but the last the number of its words in four bytes and three bytes of
// the hash of each.
//
//go:embed rarity.bin
var rarityFile []byte

// rarityBytes is the length of a word in the file.
const rarityBytes = 3

// Rarity tells how rare words are in a language. It is read-only.
type Rarity struct {
	slots []uint32 // the hash and, below it, the class counted from one
}

var rarities = sync.OnceValues(func() (map[string]*Rarity, error) { return decodeRarities(rarityFile) })

// RarityIn returns how rare words are in a language, nil if that is not known.
func RarityIn(lang string) *Rarity {
	all, err := rarities()
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return all[lang]
}

func decodeRarities(data []byte) (map[string]*Rarity, error) {
	all := make(map[string]*Rarity)
	for len(data) > 0 {
		n := int(data[0])
		if len(data) < 1+n {
			return nil, errors.New("rarities: cut short")
		}
		name := string(data[1 : 1+n])
		data = data[1+n:]
		var classes [Rarities - 1][]byte
		words := 0
		for c := range classes {
			if len(data) < 4 {
				return nil, errors.New("rarities: cut short")
			}
			n := int(binary.LittleEndian.Uint32(data))
			if len(data) < 4+n*rarityBytes {
				return nil, errors.New("rarities: cut short")
			}
			classes[c], data = data[4:4+n*rarityBytes], data[4+n*rarityBytes:]
			words += n
		}
		size := 16
		for size < 2*words {
			size *= 2
		}
		r := &Rarity{slots: make([]uint32, size)}
		for c, words := range classes {
			for ; len(words) > 0; words = words[rarityBytes:] {
				key := uint32(words[0])<<8 | uint32(words[1])<<16 | uint32(words[2])<<24
				if s := r.slot(key); *s == 0 {
					*s = key | uint32(c+1)
				}
			}
		}
		all[name] = r
	}
	return all, nil
}

func (r *Rarity) slot(key uint32) *uint32 {
	i := int(key*0x9E3779B1>>8) & (len(r.slots) - 1)
	for r.slots[i] != 0 && r.slots[i]&^0xFF != key {
		i = (i + 1) & (len(r.slots) - 1)
	}
	return &r.slots[i]
}

// rarityKey is what is kept of a hash, above the byte of the class.
func rarityKey(hash uint64) uint32 { return (uint32(hash>>32) ^ uint32(hash)) &^ 0xFF }

// Of returns the class of a word by its hash, or of two letters of a script without
// spaces by that of their pair.
func (r *Rarity) Of(hash uint64) int {
	if s := *r.slot(rarityKey(hash)); s != 0 {
		return int(s&0xFF) - 1
	}
	return Rarities - 1
}

// AppendRarity appends what the file has of a language: its words by class.
func AppendRarity(data []byte, lang string, words [Rarities - 1][]uint64) []byte {
	data = append(data, byte(len(lang)))
	data = append(data, lang...)
	for _, class := range words {
		data = binary.LittleEndian.AppendUint32(data, uint32(len(class)))
		for _, h := range class {
			key := rarityKey(h)
			data = append(data, byte(key>>8), byte(key>>16), byte(key>>24))
		}
	}
	return data
}

// PairOf returns the hash of two letters of a script without spaces side by side.
func PairOf(a, b uint64) uint64 { return a*31 + b }
