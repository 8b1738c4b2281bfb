package offtopic

// weight is what the groups of the lexicon are worth, in log-odds against a unit
// being on topic: as a whole block, at its beginning, and anywhere in it.
//
// The numbers are set by hand and checked, not learnt. In the development part of
// the Web Content Extraction Benchmark (690 articles) .91 of the blocks they flag
// lie outside the article's body: share buttons, comments, newsletters and notes
// on the author at .97 and more, related posts with the titles behind them at .91,
// calls to action at .85, offers of a service at .48, for guides by a seller offer
// services all along. 3 of 2,225 edited BBC articles are flagged.
var weight = [...]struct{ whole, begin, within float64 }{
	gShare:      {8.5, 7.0, 4.5},
	gNetwork:    {4.5, 4.5, 4.5},
	gSubscribe:  {8.5, 7.0, 5.5},
	gRelated:    {9.0, 7.5, 4.5},
	gReadMore:   {8.0, 7.0, 4.5},
	gComments:   {8.0, 7.0, 5.5},
	gNavigation: {7.5, 6.5, 4.5},
	gContents:   {9.5, 7.0, 4.5},
	gTags:       {7.5, 6.5, 4.5},
	gCredit:     {7.5, 6.5, 4.5},
	gMarker:     {9.0, 7.0, 5.0},
	gRights:     {8.5, 7.0, 6.0},
	gCookies:    {8.5, 7.0, 5.5},
	gDonate:     {8.0, 7.0, 5.5},
	gLanguages:  {9.0, 9.0, 6.0},
	gAuthor:     {8.0, 7.0, 5.0},
	gNotice:     {8.0, 7.0, 5.5},
	gBio:        {2.0, 2.0, 2.0},
	gAction:     {2.7, 2.7, 2.7},
	gOffer:      {2.2, 2.2, 2.2},
	gUrgency:    {2.0, 2.0, 2.0},
	gService:    {2.2, 2.2, 2.2},
	gPraise:     {1.0, 1.0, 1.0},
	gAddress:    {1.1, 1.1, 1.1},
	gImperative: {1.6, 1.6, 1.6},
	gChatbot:    {7.5, 7.5, 7.0},
	gFiller:     {8.5, 8.5, 8.5},
	gTemplate:   {8.0, 8.0, 7.5},
	gSource:     {},
	gByline:     {},
	gHelp:       {},
	gTools:      {},
}

func (e entry) weight() float64 {
	w := &weight[e.group]
	switch e.mode {
	case whole:
		return w.whole
	case begin:
		return w.begin
	}
	return w.within
}
