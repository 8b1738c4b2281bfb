package corpus

import (
	"errors"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
)

func TestCharsets(t *testing.T) {
	tests := []struct {
		charsets, text string
	}{
		{"windows-1252", "He said “no” — it’s a café on the corner, and that was the end of a very long story."},
		{"windows-1252 iso-8859-15", "Le président a déclaré mercredi que les négociations étaient terminées et que la délégation rentrerait dès le lendemain, après une dernière réunion à l'hôtel."},
		{"windows-1252", "Die Bürger der Stadt hätten schon früher gewarnt, heißt es in einem Schreiben an die Behörde. Über die Maßnahmen müsse nun der Rat entscheiden."},
		{"windows-1252", "El Gobierno español anunció ayer una inversión de más de mil millones de euros en la próxima década, según informó el señor ministro."},
		{"iso-8859-2 windows-1250", "Rząd ogłosił w środę nowe przepisy dotyczące rynku pracy. Według ministra zmiany wejdą w życie już od przyszłego roku, a związki zawodowe zapowiadają protesty."},
		{"iso-8859-2 windows-1250", "Vláda ve středu schválila nový zákon o daních. Podle ministra financí přinese změny hlavně pro menší podniky, které dosud platily vyšší sazby."},
		{"iso-8859-2 windows-1250", "A kormány szerdán új törvényt fogadott el az adózásról. A miniszter szerint a változások főként a kisebb vállalkozásokat érintik. Többször is őszintén köszönetet mondott."},
		{"windows-1254", "Hükümet çarşamba günü vergilerle ilgili yeni bir yasayı kabul etti. Maliye Bakanı'na göre değişiklikler özellikle küçük işletmeleri ilgilendiriyor. Şirketler daha yüksek oranlar ödüyordu."},
		{"windows-1251 koi8-r iso-8859-5 ibm866 x-mac-cyrillic", "Правительство в среду приняло новый закон о налогах. По словам министра финансов, изменения коснутся прежде всего небольших предприятий."},
		{"iso-8859-7 windows-1253", "Η κυβέρνηση ανακοίνωσε την Τετάρτη νέα μέτρα για την αγορά εργασίας. Σύμφωνα με τον υπουργό, οι αλλαγές θα ισχύσουν από το επόμενο έτος."},
		{"windows-1255", "הממשלה אישרה ביום רביעי חוק מסים חדש. לדברי שר האוצר, השינויים ישפיעו בעיקר על עסקים קטנים ששילמו עד כה שיעורים גבוהים יותר."},
		{"windows-1256", "أقرت الحكومة يوم الأربعاء قانونا جديدا للضرائب. وبحسب وزير المالية فإن التغييرات ستؤثر بشكل رئيسي على الشركات الصغيرة."},
		{"shift_jis euc-jp iso-2022-jp", "政府は水曜日、新しい税法を承認した。財務大臣によると、この変更は主に中小企業に影響を与えるという。"},
		{"gb18030", "政府周三通过了新的税法。财政部长表示，这项变更主要影响中小企业，预计明年起实施。"},
		{"big5", "行政院週三通過新的稅法。財政部長表示，這項變更主要影響中小企業，預計明年起實施。"},
		{"euc-kr", "정부는 수요일 새로운 세법을 승인했다. 재무장관에 따르면 이번 변경은 주로 중소기업에 영향을 미칠 것이라고 한다."},
		{"windows-874", "รัฐบาลอนุมัติกฎหมายภาษีใหม่เมื่อวันพุธ รัฐมนตรีคลังกล่าวว่าการเปลี่ยนแปลงจะส่งผลกระทบต่อธุรกิจขนาดเล็กเป็นหลัก"},
	}
	for _, test := range tests {
		for name := range strings.FieldsSeq(test.charsets) {
			encoding, _ := charset.Lookup(name)
			encoded, err := encoding.NewEncoder().String(test.text)
			if err != nil {
				t.Fatal(err)
			}
			dir := write(t, map[string]string{
				"a.txt": encoded,
				"b.txt": strings.Repeat("Words.\n", 10000) + encoded, // far behind plain ASCII
			})
			f := read(t, Options{}, filepath.Join(dir, "a.txt"))
			if len(f.articles) != 1 || f.articles[0].Text != test.text {
				t.Errorf("%s: read %+v with problems %v, want %q", name, f.articles, f.problems, test.text)
			}
			f = read(t, Options{}, filepath.Join(dir, "b.txt"))
			if len(f.articles) == 1 && !strings.HasSuffix(f.articles[0].Text, test.text) {
				t.Errorf("%s after ASCII: read …%q", name, f.articles[0].Text[len(f.articles[0].Text)-len(encoded):])
			}
		}
	}
}

// What is in no charset is refused, whatever it is.
func TestNoiseIsRefused(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 300 {
		b := make([]byte, 40+4*n)
		for i := range b {
			b[i] = byte(1 + random.IntN(255))
			if n%2 == 0 {
				b[i] = byte(32 + random.IntN(224))
			}
		}
		if s, err := decodeText(b, "", DefaultMaxArticle); !errors.Is(err, ErrNotUTF8) && !errors.Is(err, ErrBinary) {
			t.Errorf("noise is read as %q, error %v", s, err)
		}
	}
}
