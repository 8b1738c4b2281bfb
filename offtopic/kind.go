package offtopic

// kind is a kind of evidence: a group of the lexicon, or one of those below. Each
// has weights of its own in the profile.
type kind uint8

const (
	kindURL = kind(gHelp) + 1 + iota
	kindEmail
	kindPhone
	kindPrice
	kindExclaim
	kindQuestion
	kindButton
	kindName
	kindFollows
	kindField
	kindCode
	kindLanguage
	kindTitle
	kindStranger // words that don't come again
	kindKin      // words that do
	kindSubject
	kindOwnSubject
	kindPosition
	kindReads
	kindReadsOwn
	kindSource
	kindUnrelated
	kindShared
	kindSilence
	kindQuiet
	kindSentence
	kindBlock
	kindShort
	kindGuarded

	// Kinds is the number of kinds of evidence.
	Kinds = int(kindGuarded) + 1
)

// kinds tells how each is named in a reason. Those of one signal have one name.
var kinds = func() (k [Kinds]struct{ name string }) {
	for g := range groups {
		k[g].name = groups[g].signal
	}
	for m := range marks {
		k[int(kindURL)+m].name = marks[m].signal
	}
	for kind, name := range map[kind]string{
		kindButton:     "button",
		kindName:       "author's name",
		kindFollows:    "behind related posts",
		kindField:      "template field",
		kindCode:       "code",
		kindLanguage:   "other language",
		kindTitle:      "title out of place",
		kindStranger:   "topic",
		kindKin:        "topic",
		kindSubject:    "subject",
		kindOwnSubject: "subject",
		kindPosition:   "position",
		kindReads:      "reads like",
		kindReadsOwn:   "reads like the article",
		kindSource:     "furniture of its source",
		kindUnrelated:  "stands in an unrelated article",
		kindShared:     "shared with a version of the article",
		kindSilence:    "nothing else in the block",
		kindQuiet:      "nothing else in the sentence",
		kindSentence:   "length",
		kindBlock:      "length",
		kindShort:      "short line",
		kindGuarded:    "note, source or byline",
	} {
		k[kind].name = name
	}
	return k
}()

// KindName names a kind of evidence by its number.
func KindName(k int) string { return kinds[k].name }

// EitherWay reports whether a kind of evidence tells of the form of a sentence,
// which may speak for or against a label.
func EitherWay(k int) bool {
	switch kind(k) {
	case kindSentence, kindBlock, kindShort:
		return true
	}
	return false
}
