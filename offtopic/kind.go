package offtopic

// kind is a kind of evidence: a group of the lexicon, or one of those below. Each
// has weights of its own in the profile.
type kind uint8

const (
	kindURL = kind(gTools) + 1 + iota
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
	kindSentenceReads
	kindSource
	kindUnrelated
	kindShared
	kindSilence
	kindQuiet
	kindSentence
	kindBlock
	kindShort
	kindGuarded
	kindHeading
	kindPlace
	kindLinks

	// Kinds is the number of kinds of evidence.
	Kinds = int(kindLinks) + 1
)

// kinds tells of each kind its name in a profile and that of its signal, by which
// it is told in a reason.
var kinds = func() (k [Kinds]struct{ name, signal string }) {
	for g := range groups {
		k[g].name, k[g].signal = groups[g].name, groups[g].signal
	}
	k[noGroup].name = "none"
	for m := range marks {
		k[int(kindURL)+m].name, k[int(kindURL)+m].signal = marks[m].signal, marks[m].signal
	}
	for kind, names := range map[kind][2]string{
		kindButton:        {"button", "button"},
		kindName:          {"name", "author's name"},
		kindFollows:       {"follows", "behind its heading"},
		kindField:         {"field", "template field"},
		kindCode:          {"code", "code"},
		kindLanguage:      {"language", "other language"},
		kindTitle:         {"title", "title out of place"},
		kindStranger:      {"stranger", "topic"},
		kindKin:           {"kin", "topic"},
		kindSubject:       {"subject", "subject"},
		kindOwnSubject:    {"own subject", "subject"},
		kindPosition:      {"position", "position"},
		kindReads:         {"reads", "reads like"},
		kindReadsOwn:      {"reads own", "reads like the article"},
		kindSentenceReads: {"sentence reads", "reads like"},
		kindSource:        {"furniture", "furniture of its source"},
		kindUnrelated:     {"unrelated", "stands in an unrelated article"},
		kindShared:        {"shared", "shared with a version of the article"},
		kindSilence:       {"silence", "nothing else in the block"},
		kindQuiet:         {"quiet", "nothing else in the sentence"},
		kindSentence:      {"sentence", "length"},
		kindBlock:         {"block", "length"},
		kindShort:         {"short", "short line"},
		kindGuarded:       {"guarded", "note, source or byline"},
		kindHeading:       {"heading", "heading"},
		kindPlace:         {"place", "place in the page"},
		kindLinks:         {"links", "links"},
	} {
		k[kind].name, k[kind].signal = names[0], names[1]
	}
	return k
}()

// IsFixed reports whether the weight of a kind of evidence for a sort of graft is not
// learnt: plants, taken from anywhere, can't teach how far furniture and leftovers
// have the article's words. What tells of a piece of another text is weighed by
// [Stranger], and once is enough.
func IsFixed(k, sort int) bool {
	switch s := state(1 + sort); kind(k) {
	case kindGuarded, kindLanguage, kindField, kindCode, kind(gChatbot), kind(gFiller), kind(gTemplate):
		return true // sure signs, of which few are planted
	case kindKin, kindOwnSubject, kindStranger:
		return s != advert
	}
	return state(1+sort) == stranger && (kind(k) == kindSubject || IsForm(k))
}

// IsForm reports whether a kind of evidence tells of the length of a sentence, or that
// nothing is told of it. For pieces of other texts that is part of [Stranger].
func IsForm(k int) bool { return EitherWay(k) || kind(k) == kindSilence || kind(k) == kindQuiet }

// EitherWay reports whether a kind of evidence tells of the form of a sentence,
// which may speak for or against a label.
func EitherWay(k int) bool {
	switch kind(k) {
	case kindSentence, kindBlock, kindShort:
		return true
	}
	return false
}
