package dedupe

// The thresholds of meaning, in words of prose. Measured on the cases in
// testdata/repeats (149 articles when most were set, 286 now), on the findings in 19,043
// Reuters and 2,225 BBC articles (33 and 6; 30 of Reuters' are right in an editor's eyes),
// and on copies planted in BBC and chinanews articles.
const (
	// proseBlock: a block of so many words is no line of verse, of a list or a
	// table. From 10 to 20 nothing measured changes.
	proseBlock = 15
	// headingSize: a block that does not end as a sentence may be a heading up to
	// here. 15 reports long entries of a table of contents, and 2 more forms of
	// Reuters; 40 loses 2 real repeats of Reuters.
	headingSize = 25
	// minHeadline is the size of a headline that stands again below a line after
	// it. 3 reports "Shr not given" in 2 earnings tables of Reuters.
	minHeadline = 5
	// minEdited is the size of an edited sentence. 20 loses an edited pull quote
	// of the cases, 1 finding of Reuters and 3 of BBC.
	minEdited = 12
	// minRefigured is the size of a sentence in which all figures were changed, in an
	// article that has mostlyProse of its words in blocks of prose. 25 loses 2 cases, 12
	// reports 5 forms of Reuters. A shorter one, of minEdited words, may have a figure in
	// eight words.
	minRefigured = 17
	mostlyProse  = 0.6
	// minPart is the size of a sentence that is the beginning or end of another
	// one. 8 reports 2 more in BBC, 24 two less.
	minPart = 14
	// minClause is the size of what is neither sentence nor block. 20 reports 2
	// forms of Reuters more; 60 loses 1 of BBC.
	minClause = 40
	// minRefrain is the size of what may stand three times, and not in a row. 16
	// reports the refrains of 2 cases, 8 of 4; 40 loses paragraphs of 2 cases.
	minRefrain = 24
	// minAgain is the size of what may stand three times where a refrain does not: one
	// case has a letter of 21 words; what a speech says again in the midst of paragraphs
	// is shorter, 9 words in the case that has one.
	minAgain = 14
	// minQuestion is the size of a question. 5 reports the questions of 2 cases.
	minQuestion = 15
	// minItem is the size of an item of a numbered or marked list. With 5 nothing
	// measured changes.
	minItem = 15
	// minDoubled is the size of an item that stands in its list again. From 3 to 8
	// the cases come out alike, 10 loses 2.
	minDoubled = 5
	// minClauses is the size of a sentence inside two such items. 10 reports a
	// clause of the terms among the cases.
	minClauses = 25
	// minList is the size of several short lines that end as sentences do. 10
	// reports a case.
	minList = 20
	// minVerse is the size of several short lines that do not. 20 reports a song
	// that is quoted in an article.
	minVerse = 80
	// minTwice is the size of several short lines that stand twice running: lists
	// of links, menus. From 5 to 20 nothing measured changes.
	minTwice = 10

	// longPassage is the size from which more may be changed.
	longPassage = 30
	// likeShort is the least likeness of a shorter passage: equal words by words of
	// the longer place. 0.65 reports a case, 8 more of Reuters (all forms) and 3 of
	// BBC; 0.85 loses sentences with every fifth word changed.
	likeShort = 0.77
	// likeLong is the least likeness of others. 0.6 reports a case, 2 forms of
	// Reuters and 2 of BBC; 0.8 loses an article with a sentence put in.
	likeLong = 0.70
	// likeBesides is the least likeness of a shorter passage fewer than besides
	// words after its first place, where two sentences are often built alike. With
	// likeShort instead 3 of these are reported in Reuters.
	likeBesides = 0.87
	besides     = 25

	// likeFilled is the least likeness of prose in which nothing but figures was changed:
	// a Russian case, whose nouns and verbs agree with them, has 0.74.
	likeFilled = 0.65

	// variedShare: one in so many of the first variedWords words must be new. Only
	// texts made of a handful of words have fewer.
	variedWords = 60
	variedShare = 4
)
