package offtopic

import (
	"math/rand"
	"reflect"
	"testing"
)

// best tries every sequence of states.
func best(steps []step) float64 {
	var try func(i int, p state) float64
	try = func(i int, p state) float64 {
		if i == len(steps) {
			return 0
		}
		most := 0.0
		for s := range states {
			v := steps[i].score[s] - steps[i].change(p, s) + try(i+1, s)
			if s == 0 || v > most {
				most = v
			}
		}
		return most
	}
	return try(0, onTopic)
}

// The decoder's segments are worth as much as the best of all sequences.
func TestDecodeBest(t *testing.T) {
	rng := rand.New(rand.NewSource(7))
	var d decoder
	for range 300 {
		steps := make([]step, 1+rng.Intn(6))
		for i := range steps {
			steps[i] = step{enter: 5, turn: 3, leave: float64(rng.Intn(3))}
			for s := advert; s < states; s++ {
				steps[i].score[s] = rng.NormFloat64() * 4
			}
		}
		segments := d.decode(nil, steps)
		sum := 0.0
		for k, s := range segments {
			if s.first > s.last || k > 0 && s.first <= segments[k-1].last {
				t.Fatalf("segments %+v", segments)
			}
			for i := s.first; i <= s.last; i++ {
				sum += steps[i].score[s.state]
			}
			p := onTopic
			if k > 0 && segments[k-1].last+1 == s.first {
				p = segments[k-1].state
			}
			sum -= steps[s.first].change(p, s.state)
			if s.last+1 < len(steps) && (k+1 == len(segments) || segments[k+1].first > s.last+1) {
				sum -= steps[s.last+1].leave
			}
		}
		if want := best(steps); sum < want-1e-9 || sum > want+1e-9 {
			t.Fatalf("%+v is worth %v, the best %v", segments, sum, want)
		}
	}
}

// Weak lines between strong ones join them, and one finding spans all.
func TestDecodeJoins(t *testing.T) {
	steps := make([]step, 7)
	for i := range steps {
		steps[i].enter, steps[i].turn = 5, 3
		for s := advert; s < states; s++ {
			steps[i].score[s] = -0.3
		}
	}
	steps[2].score[advert], steps[5].score[advert] = 6, 6
	var d decoder
	got := d.decode(nil, steps)
	if len(got) != 1 || got[0].state != advert || got[0].first != 2 || got[0].last != 5 {
		t.Fatalf("segments %+v", got)
	}
	if got := d.decode(nil, nil); got != nil {
		t.Fatalf("of nothing: %+v", got)
	}
	if again := d.decode(nil, steps); !reflect.DeepEqual(got, again) {
		t.Fatalf("%+v, then %+v", got, again)
	}
}

// Advertisements with a list between them are one, unless its lines speak against it
// more than either is worth, or hold a sentence.
func TestJoinLists(t *testing.T) {
	for name, c := range map[string]struct {
		line float64 // what each of three lines says for an advertisement
		long bool    // one of them is a sentence
		want int     // segments
	}{
		"a list":          {-1, false, 1},
		"of the article":  {-4, false, 2},
		"with a sentence": {-1, true, 2},
	} {
		steps := make([]step, 5)
		for i := range steps {
			steps[i] = step{enter: 2, turn: 5, short: !c.long}
			steps[i].score[advert] = c.line
		}
		steps[0].score[advert], steps[4].score[advert] = 6, 7
		segments := joinLists(new(decoder).decode(nil, steps), steps)
		if len(segments) != c.want {
			t.Errorf("%s: %+v", name, segments)
		}
		if c.want == 1 && (segments[0].first != 0 || segments[0].last != 4 || segments[0].score != 6+7-3-2) {
			t.Errorf("%s: %+v", name, segments)
		}
	}
}
