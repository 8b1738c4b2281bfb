package offtopic

import (
	"strings"
	"testing"

	"chaff/article"
	"chaff/offtopic/model"
)

// told reads text and returns what one signal says of it: for each state the
// largest weight on any unit of the last block.
func told(t *testing.T, text string, weigh func(*reading)) (most [states]float64) {
	t.Helper()
	r := reading{Profile: &builtin, model: model.Builtin()}
	r.read(&article.Article{Text: text}, loadLexicon())
	weigh(&r)
	last := len(r.blocks) - 1
	for _, e := range r.evidence {
		if e.signal() == "" {
			t.Fatalf("evidence without a signal: %+v", e)
		}
		if r.units[e.unit].block == last {
			most[e.state] = max(most[e.state], e.weight)
		}
	}
	return most
}

// Each signal speaks of the first texts, behind an article, and not of the
// second.
func TestSignals(t *testing.T) {
	for _, c := range []struct {
		name   string
		weigh  func(*reading)
		state  state
		yes    []string
		silent []string
	}{
		{"furniture", weighFurniture, boiler, []string{
			"Share this article", "Facebook Twitter LinkedIn", "Tags: bridges, rivers", "12 Comments", "Leave a Reply",
			"Teilen", "Das könnte Sie auch interessieren", "Lire aussi : un pont neuf", "También te puede interesar", "Leia também", "Leggi anche: il ponte",
			"Lees ook: de brug", "Zobacz także", "Читайте также", "Підписуйтесь на наш канал", "Bunlar da ilginizi çekebilir", "مقالات ذات صلة", "مطالب مرتبط",
			"כתבות נוספות", "相关阅读", "相關文章", "関連記事", "관련기사", "Bài viết liên quan", "Baca juga: jembatan baru", "Läs också", "Læs også", "Les også", "Lue myös",
			"Související články", "Citește și", "Kapcsolódó cikkek", "Διαβάστε επίσης", "यह भी पढ़ें", "Ver también",
		}, []string{
			"Share prices fell sharply as the council met.", "\"Share this article\"", "Related work on bridges was done by Ellery.", "Image recognition found the crack.", "The newsletter of 1890 is lost.",
		}},
		{"cues", weighCues, advert, []string{
			"Order your free sample today and save 20%!", "Call us now on 020 7946 0123.", "Jetzt bestellen und 10 % Rabatt sichern!", "Réservez maintenant votre séjour !", "¡Llámenos y pida su presupuesto!",
			"Закажите сейчас со скидкой!", "Hemen arayın, indirim kaçmasın!", "اتصل الآن واحصل على خصم", "立即购买，限时优惠", "今すぐ購入で送料無料", "지금 주문하세요",
		}, []string{
			"\"Order your free sample today,\" the letter said.", "The council ordered a report.", "Anyone with information can call the police on 020 7946 0123.", "The bridge was built by hand in 1890.",
		}},
		{"residue", weighResidue, leftover, []string{
			"As an AI language model, I cannot see the river.", "Lorem ipsum dolor sit amet, consectetur.", "Dear {{first_name}}, thank you.", "[INSERT QUOTE HERE]", "\"canonicalUrl\": \"/bridge\",", "</div>", "作为一个人工智能语言模型，我无法回答。",
		}, []string{
			"\"As an AI language model,\" the machine wrote, \"I cannot see the river.\"", "The council [of Harlow] agreed.", "A bridge < 20 metres needs no permit.",
		}},
		{"language", weighLanguage, leftover, []string{
			"Городской совет принял решение восстановить старый мост.", "市议会周二投票决定重建旧木桥。", "Der Rat der Stadt hat am Dienstag beschlossen, dass die alte Brücke über den Fluss mit einer neuen zu ersetzen ist, weil sie nicht mehr sicher ist und von den Ingenieuren gesperrt wurde.",
		}, []string{
			"The river is called Москва there.", "J Laharrague; A Rougerie, Y Jauzion, D Traille, C Dominici; Y Delaigue; S Marconnet, S Bruno, N Mas; F Pelous, J Thion; S Betsen.",
		}},
		{"bio", weighBio, boiler, []string{
			"Nora Quist is a freelance journalist who writes about rivers. She graduated from Lund and lives in Malmö.",
		}, []string{
			"The old ferryman lives in a hut below the bridge.",
		}},
		{"title", weighTitle, stranger, []string{
			"Seven Quick Soups for Cold Autumn Evenings – Ladle Weekly",
		}, []string{
			"The Timber Bridge and the Council", "Seven quick soups are served by the ferryman.", "By Nora Quist of Malmö",
		}},
		{"position", weighPosition, advert, []string{"Anything at all."}, nil},
	} {
		prose := council + "\n\nThe ferry will carry forty people at a time across the river and will cost nothing, the council said, as long as the bridge is closed to those on foot as well.\n\n"
		for _, s := range c.yes {
			if got := told(t, prose+s, c.weigh); got[c.state] <= 0 {
				t.Errorf("%s says nothing of %q", c.name, s)
			}
		}
		for _, s := range c.silent {
			if got := told(t, prose+s, c.weigh); got[c.state] > 0.7 {
				t.Errorf("%s says %.1f of %q", c.name, got[c.state], s)
			}
		}
	}
}

func TestTopic(t *testing.T) {
	const other = "Midfielder Halvorsen signed for Bergen on Friday after a medical, having scored eleven goals in the second division; the striker Okafor follows him to the champions on loan until the cup final."
	var rest strings.Builder
	for range 4 {
		rest.WriteString(strings.NewReplacer("timber", "wooden").Replace(council) + " Again the council spoke of the bridge.\n\n")
	}
	got := told(t, council+"\n\n"+rest.String()+other, weighTopic)
	if got[stranger] <= 0 || got[advert] <= 0 || got[boiler] >= got[advert] {
		t.Errorf("of a stranger: %v", got)
	}
	if got := told(t, council+"\n\n"+rest.String()+"The council and its engineers will rebuild the bridge over the river for lorries.", weighTopic); got[stranger] > 0 {
		t.Errorf("of a kinsman: %v", got)
	}
}

// What a block has in common with the one before it and the one behind it is counted,
// and what they have in common across it.
func TestBeside(t *testing.T) {
	r := reading{Profile: &builtin, model: model.Builtin()}
	r.read(&article.Article{Text: "A pelican and a glacier.\n\nThe pelican and a trombone.\n\nA trombone, and again a glacier."}, loadLexicon())
	told := func(word string) float64 {
		for w := range r.words.Len() {
			if r.word(w) == word {
				return surprise[r.rareness(r.words.Hash[w])]
			}
		}
		t.Fatalf("no %q", word)
		return 0
	}
	k := r.kin
	for i, c := range [][2]float64{
		{k[0].before, 0},
		{k[0].behind, told("pelican")},
		{k[1].before, told("pelican")},
		{k[1].across, told("glacier")},
		{k[1].behind, told("trombone")},
		{k[2].before, told("trombone")},
		{k[2].behind + k[2].across + k[0].across, 0},
	} {
		if c[0] != c[1] || i > 0 && i < 6 && c[0] <= 0 {
			t.Errorf("%d: %v, want %v", i, c[0], c[1])
		}
	}
}

// An article that is full of a cue takes its weight away.
func TestUsualCues(t *testing.T) {
	const graft = "Order your free sample today at www.example.com."
	plain := told(t, strings.Repeat("The council met on the bridge and spoke about the river for an hour.\n\n", 12)+graft, weighCues)
	usual := told(t, strings.Repeat("Order your free sample of soil from the office at www.example.org before you dig.\n\n", 12)+graft, weighCues)
	if plain[advert] < 1 || usual[advert] > plain[advert]/3 {
		t.Errorf("cues weigh %.2f in an article without and %.2f in one full of them", plain[advert], usual[advert])
	}
}

func TestGuards(t *testing.T) {
	for s, want := range map[string]bool{
		"(Sources: AP, Reuters)": true, "Source: ministry of works": true, "Sources say that the bridge is closed.": false,
		"[1] Ellery, Maud. Bridges of the Ash.": true, "1. Ellery, https://example.org/bridges": true, "1. The First Bridge": false,
		"By Nora Quist": true, "By clicking here you agree": false, "Von Nora Quist": true, "Por favor, llame": false,
		"来源：新华社": true, "Additional reporting by Nora Quist": true,
	} {
		r := reading{Profile: &builtin, model: model.Builtin()}
		r.read(&article.Article{Text: council + "\n\n" + s}, loadLexicon())
		if got := r.blocks[len(r.blocks)-1].guarded; got != want {
			t.Errorf("%q guarded: %v", s, got)
		}
	}
}

func TestContacts(t *testing.T) {
	for _, c := range []struct {
		find func(string) (int, int)
		in   string
		want string
	}{
		{findURL, "see https://example.com/a?b=c.", "https://example.com/a?b=c"},
		{findURL, "at www.example.com!", "www.example.com"},
		{findURL, "of FWD.us and U.S.", ""},
		{findEmail, "to a.b@example.org.", "a.b@example.org"},
		{findEmail, "@example met a@b", ""},
		{findPhone, "call 944-800-5678!", "944-800-5678"},
		{findPhone, "+44 20 7946 0123", "+44 20 7946 0123"},
		{findPhone, "(020) 7946 0123", "(020) 7946 0123"},
		{findPhone, "on 2024-05-17", ""},
		{findPhone, "1914-1918", ""},
		{findPhone, "won 6-3 7-5 6-4", ""},
		{findPhone, "$1,250,000 in all", ""},
		{findPhone, "117/2021", ""},
		{findPrice, "only $19.99 a month", "$19.99"},
		{findPrice, "für 20 €", "20 €"},
		{findPrice, "the $ sign", ""},
	} {
		start, end := c.find(c.in)
		if got := c.in[start:end]; got != c.want {
			t.Errorf("in %q: %q, want %q", c.in, got, c.want)
		}
	}
}
