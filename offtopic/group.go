package offtopic

import "chaff/article"

// group is a section of the lexicon: phrases that say the same.
type group int8

const (
	noGroup group = iota
	gShare
	gNetwork
	gSubscribe
	gRelated
	gReadMore
	gComments
	gNavigation
	gContents
	gTags
	gCredit
	gMarker
	gRights
	gCookies
	gDonate
	gLanguages
	gAuthor
	gNotice
	gBio
	gAction
	gOffer
	gUrgency
	gService
	gPraise
	gAddress
	gImperative
	gChatbot
	gFiller
	gTemplate
	gSource
	gByline
	gHelp
	gTools
)

// groups says, for every section, its name in the lexicon, where its phrases
// stand unless marked otherwise, and which signal speaks of it.
var groups = [...]struct {
	name   string
	mode   mode
	signal string
	label  article.Label // empty for guards and for cues that need others
}{
	gShare:      {"share", whole, "share buttons", article.Boilerplate},
	gNetwork:    {"network", whole, "social networks", article.Boilerplate},
	gSubscribe:  {"subscribe", whole, "newsletter or follow", article.Boilerplate},
	gRelated:    {"related", whole, "related posts", article.Boilerplate},
	gReadMore:   {"read more", whole, "read more", article.Boilerplate},
	gComments:   {"comments", whole, "comments", article.Boilerplate},
	gNavigation: {"navigation", whole, "site navigation", article.Boilerplate},
	gContents:   {"contents", whole, "table of contents", article.Boilerplate},
	gTags:       {"tags", whole, "tags", article.Boilerplate},
	gCredit:     {"credit", whole, "image credit", article.Boilerplate},
	gMarker:     {"marker", whole, "advertisement marker", article.Boilerplate},
	gRights:     {"rights", whole, "copyright", article.Boilerplate},
	gCookies:    {"cookies", whole, "cookie notice", article.Boilerplate},
	gDonate:     {"donate", whole, "donation appeal", article.Boilerplate},
	gLanguages:  {"languages", whole, "language links", article.Boilerplate},
	gAuthor:     {"author", whole, "about the author", article.Boilerplate},
	gNotice:     {"notice", whole, "notice of the site", article.Boilerplate},
	gBio:        {"bio", within, "author's bio", article.Boilerplate},
	gAction:     {"action", within, "call to action", article.Advertisement},
	gOffer:      {"offer", within, "price or discount", article.Advertisement},
	gUrgency:    {"urgency", within, "urgency", article.Advertisement},
	gService:    {"service", within, "offer of a service", article.Advertisement},
	gPraise:     {"praise", within, "praise of a product", article.Advertisement},
	gAddress:    {"address", within, "speaks to the reader", article.Advertisement},
	gImperative: {"imperative", within, "imperative", article.Advertisement},
	gChatbot:    {"chatbot", within, "chatbot remark", article.Foreign},
	gFiller:     {"filler", within, "filler text", article.Foreign},
	gTemplate:   {"template", within, "template field", article.Foreign},
	gSource:     {"source", begin, "source line", ""},
	gByline:     {"byline", begin, "byline", ""},
	gHelp:       {"help", within, "helpline", ""},
	gTools:      {"tools", within, "writing tools", ""},
}

// groupNamed returns the group called name, or noGroup.
func groupNamed(name string) group {
	for g := noGroup + 1; int(g) < len(groups); g++ {
		if groups[g].name == name {
			return g
		}
	}
	return noGroup
}

// furniture reports whether phrases of g are page furniture.
func (g group) furniture() bool { return g != noGroup && g <= gNotice }

// cue reports whether phrases of g are cues of advertising.
func (g group) cue() bool { return g >= gAction && g <= gImperative }

// residue reports whether phrases of g are leftovers of writing tools.
func (g group) residue() bool { return g >= gChatbot && g <= gTemplate }
