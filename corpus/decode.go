package corpus

import "chaff/article"

// DecodeRecord decodes one record of JSON Lines, a JSON object with an id and a text, as
// it is decoded from a file. Its strings may share memory with line, which must not
// change afterwards. The errors are [ErrNotUTF8], [ErrNotJSON], [ErrNotObject], [ErrNoID]
// and [ErrNoText].
func DecodeRecord(line []byte) (*article.Article, error) {
	a := new(article.Article)
	r := record{idField: "id", textField: "text"}
	if err := r.decode(line, a); err != nil {
		return nil, err
	}
	return a, nil
}
