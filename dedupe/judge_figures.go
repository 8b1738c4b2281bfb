package dedupe

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isFigure reports whether w begins with a digit, or is a number in words.
func isFigure(w string) bool {
	if c := w[0]; c < utf8.RuneSelf && !unicode.IsLetter(rune(c)) {
		return '0' <= c && c <= '9'
	}
	r, size := utf8.DecodeRuneInString(w)
	if size == len(w) && unicode.IsLetter(r) {
		return strings.ContainsRune(hanNumbers, r)
	}
	if unicode.IsNumber(r) {
		return true
	}
	w = strings.ToLower(w)
	for _, tens := range germanTens {
		if strings.HasSuffix(w, tens) {
			return true
		}
	}
	return numberWords[w]
}

// hanNumbers are the letters that Chinese and Japanese write numbers with.
const hanNumbers = "〇零一二三四五六七八九十百千万萬两兩"

// germanTens end the numbers from 20 that German writes in one word.
var germanTens = []string{"zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig", "hundert"}

// numberWords are small numbers in words, by which forms and copies of a form differ. What
// is an article, a pronoun or a preposition more often ("un", "on") is left out.
var numberWords = func() map[string]bool {
	words := make(map[string]bool)
	for w := range strings.FieldsSeq(`
		one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
		nineteen twenty thirty forty fifty sixty seventy eighty ninety first second third fourth fifth sixth seventh eighth
		ninth tenth nil zero
		zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn
		neunzehn erste ersten erster zweite zweiten zweiter dritte dritten dritter vierte vierten vierter fünfte fünften null
		twee drie vijf zes zeven negen tien twaalf twintig dertig
		deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante
		soixante premier première deuxième troisième quatrième cinquième
		dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta cuarenta cincuenta primero primera
		segundo segunda tercero tercera cuarto cuarta quinto quinta
		dois duas três quatro sete oito nove dez doze vinte trinta
		due tre quattro cinque sei sette otto dieci undici dodici quindici venti trenta quaranta cinquanta primo secondo
		terzo terza quarto
		два две двух три трёх трех четыре четырёх четырех пять пяти шесть шести семь семи восемь восьми девять девяти десять
		десяти одиннадцать двенадцать пятнадцать пятнадцати двадцать двадцати тридцать тридцати сорок ноль нуля первый первого
		первом второй второго втором третий третьего третьем четвёртый
		iki üç dört beş altı yedi sekiz dokuz yirmi otuz kırk elli birinci ikinci üçüncü dördüncü beşinci
		اثنان اثنين اثنتان ثلاثة ثلاث أربعة أربع خمسة خمس ستة ست سبعة سبع ثمانية ثماني تسعة تسع عشرة عشر عشرين ثلاثين أربعين
		خمسين الأول الثاني الثالث الرابع`) {
		words[w] = true
	}
	return words
}()

// filledIn reports whether the places of p differ as two copies of a form do: in
// figures and names rather than in wording.
func (j *repeatJudge) filledIn(p *aligned, size int) bool {
	if size >= minClause && p.likeness() >= 0.95 {
		return false // a figure put right
	}
	names := j.capitals(p.b0, p.b1)*4 < p.b1-p.b0 // not where nouns are written like names
	differences, keys, figures := 0, 0, 0
	a, b := p.a0, p.b0
	count := func(a1, b1 int) {
		if a1 > a || b1 > b {
			differences++
			if j.key(a, a1, b, b1, names) && j.key(b, b1, a, a1, names) {
				keys++
			}
			if j.key(a, a1, b, b1, false) && j.key(b, b1, a, a1, false) {
				figures++
			}
		}
	}
	for _, r := range p.runs {
		count(int(r.a), int(r.b))
		a, b = int(r.a+r.n), int(r.b+r.n)
	}
	count(p.a1, p.b1)
	// Two short sentences that are built alike and give different figures, as steps of a
	// recipe do, have words of their own besides; so have two paragraphs, one right behind
	// the other, as the days of a forecast.
	return 2*keys >= differences || size < longPassage && 3*figures >= differences ||
		figures > 0 && p.b0-p.a1 <= joint*j.t.unit && j.t.boundAt(p.b0) == blockBound
}

// refigured reports whether p is prose in which nothing but figures was changed: whole
// sentences in an article that has no others like them.
func (j *repeatJudge) refigured(p *aligned, a, b *repeatSide) bool {
	t := j.t
	if b.size < minRefigured && j.figureWords(b.i, b.j) > b.size/8 || b.size < minEdited || j.prosaic < mostlyProse || j.entry[a.first] || j.entry[b.first] ||
		2*(p.b0-p.a1) < besides*t.unit || !a.isSentences() || !b.isSentences() {
		return false
	}
	at, to := p.a0, p.b0
	for _, r := range p.runs {
		if !j.otherFigures(at, int(r.a), to, int(r.b)) {
			return false
		}
		at, to = int(r.a+r.n), int(r.b+r.n)
	}
	return j.otherFigures(at, p.a1, to, p.b1) && !j.refrain(p)
}

// figuresOf lists figures of the later place of p that the first one doesn't have there.
func (j *repeatJudge) figuresOf(p *aligned) string {
	const most = 5
	if p.exact() {
		return ""
	}
	t := j.t
	var figures []string
	a, b := p.a0, p.b0
	list := func(a1, b1 int) {
		for ; b < b1; b++ {
			if w := t.word(b); len(figures) < most && isFigure(w) && !slices.Contains(t.Words.Hash[a:a1], t.Words.Hash[b]) {
				figures = append(figures, w)
			}
		}
	}
	for _, r := range p.runs {
		list(int(r.a), int(r.b))
		a, b = int(r.a+r.n), int(r.b+r.n)
	}
	list(p.a1, p.b1)
	return strings.Join(figures, ", ")
}

// otherFigures reports whether words a0 to a1 and b0 to b1 are mostly figures, or words that
// end differently because of them.
func (j *repeatJudge) otherFigures(a0, a1, b0, b1 int) bool {
	words := j.t.Words.Hash
	for a0 < a1 && b0 < b1 && words[a1-1] == words[b1-1] { // too few for a run
		a1, b1 = a1-1, b1-1
	}
	for a0 < a1 && b0 < b1 && words[a0] == words[b0] {
		a0, b0 = a0+1, b0+1
	}
	return j.figures(a0, a1) && j.figures(b0, b1) || j.inflected(a0, a1, b0, b1)
}

// inflected reports whether words a0 to a1 differ from words b0 to b1 in their endings only.
func (j *repeatJudge) inflected(a0, a1, b0, b1 int) bool {
	if a1-a0 != b1-b0 || j.t.unit > 1 {
		return false
	}
	for ; a0 < a1; a0, b0 = a0+1, b0+1 {
		v, w := j.t.word(a0), j.t.word(b0)
		n := 0
		for n < min(len(v), len(w)) && v[n] == w[n] {
			n++
		}
		if 2*n < max(len(v), len(w)) || isFigure(v) {
			return false
		}
	}
	return true
}

// figures reports whether words i to k are mostly figures.
func (j *repeatJudge) figures(i, k int) bool {
	return 2*j.figureWords(i, k) >= k-i
}

// figureWords counts the figures among words i to k.
func (j *repeatJudge) figureWords(i, k int) int {
	n := 0
	for ; i < k; i++ {
		if isFigure(j.t.word(i)) {
			n++
		}
	}
	return n
}

// key reports whether there is a figure or, if asked for, a name among words i to k
// that is not among words m to n.
func (j *repeatJudge) key(i, k, m, n int, names bool) bool {
	hashes := j.t.Words.Hash
	for ; i < k; i++ {
		if (isFigure(j.t.word(i)) || names && j.capitals(i, i+1) > 0) && !slices.Contains(hashes[m:n], hashes[i]) {
			return true
		}
	}
	return false
}

// capitals counts the words from i to k that begin with a capital inside a sentence.
func (j *repeatJudge) capitals(i, k int) int {
	n := 0
	for ; i < k; i++ {
		if r, _ := utf8.DecodeRuneInString(j.t.word(i)); unicode.IsUpper(r) && j.t.boundAt(i) == within {
			n++
		}
	}
	return n
}
