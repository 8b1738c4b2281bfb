package corpus

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
)

func TestCharsetParameter(t *testing.T) {
	for contentType, want := range map[string]string{
		"text/html; charset=Big5": "Big5", "text/html;charset='euc-kr'": "euc-kr", `text/html; Charset = "koi8-r"; x=y`: "koi8-r",
		"text/html; charset=utf-8;": "utf-8", "text/html charset=gbk": "gbk", "text/html; charsets; charset=x": "x", "charset=": "", "text/html": "", "": "",
	} {
		if got := charsetParameter(contentType); got != want {
			t.Errorf("%q has charset %q, want %q", contentType, got, want)
		}
	}
}

// A page's charset is what it or its server says, in every way it can be said,
// and told from its bytes where nothing is said.
func TestCharsetsOfPages(t *testing.T) {
	texts := map[string]string{
		"big5":         "行政院週三通過新的稅法。財政部長表示，這項變更主要影響中小企業，預計明年起實施。",
		"gb18030":      "政府周三通过了新的税法。财政部长表示，这项变更主要影响中小企业，预计明年起实施。",
		"shift_jis":    "政府は水曜日、新しい税法を承認した。財務大臣によると、この変更は主に中小企業に影響を与えるという。",
		"euc-jp":       "政府は水曜日、新しい税法を承認した。財務大臣によると、この変更は主に中小企業に影響を与えるという。",
		"iso-2022-jp":  "政府は水曜日、新しい税法を承認した。財務大臣によると、この変更は主に中小企業に影響を与えるという。",
		"euc-kr":       "정부는 수요일 새로운 세법을 승인했다. 재무장관에 따르면 이번 변경은 주로 중소기업에 영향을 미칠 것이라고 한다.",
		"windows-1250": "Vláda ve středu schválila nový zákon o daních. Podle ministra financí přinese změny hlavně pro menší podniky, které dosud platily vyšší sazby.",
		"windows-1251": "Правительство в среду приняло новый закон о налогах. По словам министра финансов, изменения коснутся прежде всего небольших предприятий.",
		"koi8-r":       "Правительство в среду приняло новый закон о налогах. По словам министра финансов, изменения коснутся прежде всего небольших предприятий.",
		"windows-1252": "Le président a déclaré mercredi que les négociations étaient terminées et que la délégation rentrerait dès le lendemain, après une dernière réunion à l'hôtel.",
		"windows-1253": "Η κυβέρνηση ανακοίνωσε την Τετάρτη νέα μέτρα για την αγορά εργασίας. Σύμφωνα με τον υπουργό, οι αλλαγές θα ισχύσουν από το επόμενο έτος.",
		"windows-1254": "Hükümet çarşamba günü vergilerle ilgili yeni bir yasayı kabul etti. Maliye Bakanı'na göre değişiklikler özellikle küçük işletmeleri ilgilendiriyor.",
		"windows-1255": "הממשלה אישרה ביום רביעי חוק מסים חדש. לדברי שר האוצר, השינויים ישפיעו בעיקר על עסקים קטנים ששילמו עד כה שיעורים גבוהים יותר.",
		"windows-1256": "أقرت الحكومة يوم الأربعاء قانونا جديدا للضرائب. وبحسب وزير المالية فإن التغييرات ستؤثر بشكل رئيسي على الشركات الصغيرة.",
		"utf-8":        "Rząd ogłosił w środę nowe przepisy dotyczące rynku pracy – 政府 – Правительство.",
	}
	for name, text := range texts {
		encoding, _ := charset.Lookup(name)
		for how, head := range map[string]string{
			"meta":       `<meta charset="` + name + `">`,
			"http-equiv": `<META http-equiv=Content-Type content="text/html; charset=` + strings.ToUpper(name) + `">`,
			"server":     "",
			"nothing":    "",
			// What a page says of itself is wrong where it can't be.
			"wrong": `<meta charset="iso-8859-1">`,
		} {
			if how == "wrong" && name != "utf-8" || how == "nothing" && name == "iso-2022-jp" {
				continue
			}
			page, err := encoding.NewEncoder().String("<!DOCTYPE html><html><head>" + head + "<title>x</title></head><body><p>" + text + "</p></body></html>")
			if err != nil {
				t.Fatal(err)
			}
			file, data := "a.html", page
			if how == "server" {
				file, data = "a.warc", response("http://a/", fmt.Sprintf("Content-Type: text/html; charset=%q\r\n", name), page)
			}
			f := read(t, Options{HTML: Raw}, filepath.Join(write(t, map[string]string{file: data}), file))
			if len(f.articles) != 1 || f.articles[0].Text != text {
				t.Errorf("%s by %s: read %+v with problems %v, want %q", name, how, f.articles, f.problems, text)
			}
		}
	}
}
