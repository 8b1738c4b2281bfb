package calibrate_test

import (
	"fmt"
	"strings"

	"chaff/offtopic"
	"chaff/offtopic/calibrate"
)

func ExampleFold() {
	const line = `{"kind":"off-topic","label":"boilerplate","article":"%s","score":0.9,"text":"Meet the team",` +
		`"reasons":[{"signal":"about the author","weight":3}],"verdict":"reject"}` + "\n"
	decided := fmt.Sprintf(line, "a.txt") + fmt.Sprintf(line, "b.txt")
	d, err := calibrate.ReadDecisions(strings.NewReader(decided), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	p := offtopic.Builtin()
	f := calibrate.Fold(&p, d.All)
	fmt.Printf("%d rejected; boilerplate %+.2f; %d text is not told again\n", f.Rejected, f.Ease[1], f.Silenced)
	// Output: 2 rejected; boilerplate -0.04; 1 text is not told again
}
