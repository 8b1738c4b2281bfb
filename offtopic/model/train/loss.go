package main

import (
	"fmt"
	"math"

	"chaff/article"
	"chaff/offtopic/model"
)

// lossFolds tells how well models tell sentences that they were not learnt from.
func lossFolds(items []item, n int) error {
	type sum struct{ loss, n, right float64 }
	sums := map[string]sum{}
	for fold := range n {
		m, err := model.Decode(learn(items, fold))
		if err != nil {
			return err
		}
		var f model.Features
		for _, it := range items {
			if int(it.group%folds) != fold || it.weight != 1 {
				continue
			}
			ps := split(it.text)
			for _, p := range ps {
				f.Find(p.text, article.Span{End: len(p.text)}, &p.words, p.keys, 0, p.words.Len())
				z := m.Score(&f)
				pr := softmax(z)
				best, bz := 0, 0.0
				for l, v := range z {
					if v > bz {
						best, bz = l+1, v
					}
				}
				q := 1.0
				for _, x := range pr {
					q -= x
				}
				if it.class > 0 {
					q = pr[it.class-1]
				}
				for _, k := range []string{"all", classNames[it.class], it.lang, it.lang + "." + classNames[it.class]} {
					s := sums[k]
					wt := 1 / float64(len(ps))
					s.loss -= wt * math.Log(max(q, 1e-4))
					s.n += wt
					if best == it.class {
						s.right += wt
					}
					sums[k] = s
				}
			}
		}
	}
	for _, k := range []string{"all", "honest", "ads", "furniture", "foreign", "en", "de", "ru", "zh", "ja", "ar", "tr", "es", "fr"} {
		s := sums[k]
		fmt.Printf("%s %.0f loss %.4f right %.4f\n", k, s.n, s.loss/s.n, s.right/s.n)
	}
	return nil
}
