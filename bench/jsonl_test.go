package bench

import (
	"bytes"
	"encoding/json"

	"chaff/article"
)

// jsonLines writes articles as a corpus is read.
func jsonLines(all []*article.Article) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	for _, a := range all {
		record := map[string]string{"id": a.ID, "text": a.Text}
		if err := e.Encode(record); err != nil {
			panic(err) // strings can be written
		}
	}
	return b.Bytes()
}
