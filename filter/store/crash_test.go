package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"chaff/article"
)

// victimEnv, where it is set, makes the test program a victim: it writes to the
// index in that directory until it is killed.
const victimEnv = "CHAFF_STORE_VICTIM"

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimEnv); dir != "" {
		if err := victim(dir, os.Getenv(victimEnv+"_ROUND")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// victimArticle is what the victim writes under an ID: its text is known from the
// ID and the edition.
func victimArticle(id, edition int) *article.Article {
	rng := rand.New(rand.NewPCG(uint64(id), uint64(edition)))
	words := make([]string, 20+rng.IntN(400))
	for i := range words {
		words[i] = strconv.Itoa(rng.IntN(100_000))
	}
	return &article.Article{ID: fmt.Sprint(id), Text: strings.Join(words, " ")}
}

// victim adds, updates and removes articles by several goroutines. It says on
// standard output what it is about to do, and that it is done.
func victim(dir, round string) error {
	n, err := strconv.Atoi(round)
	if err != nil {
		return err
	}
	s, err := Open(dir, Options{StoreText: n%2 == 0})
	if err != nil {
		return err
	}
	const workers = 6
	var wg sync.WaitGroup
	errs := make(chan error, workers)
	for w := range workers {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := (n*10_000+i)*workers + w
				errs <- errors.Join(
					step(s, "add", id, 0),
					func() error {
						switch {
						case i%4 == 3:
							return step(s, "add", id-2*workers, 1)
						case i%7 == 6:
							return step(s, "remove", id-workers, 0)
						}
						return nil
					}())
			}
		})
	}
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// step does one thing, between two lines that tell of it. A line is one write.
func step(s *Store, what string, id, edition int) error {
	fmt.Fprintf(os.Stdout, "begin %s %d %d\n", what, id, edition)
	var err error
	a := victimArticle(id, edition)
	switch {
	case what == "remove":
		err = s.Remove(context.Background(), a.ID)
	case id%3 == 0:
		_, err = s.Add(context.Background(), a)
	default:
		_, err = s.Submit(context.Background(), a, func([]Match) bool { return true })
	}
	fmt.Fprintf(os.Stdout, "end %s %d %d\n", what, id, edition)
	return err
}

// fate is what may have become of an ID after a crash.
type fate struct {
	done    int // the edition acknowledged last; absent: none
	pending int // what was begun and not acknowledged; nothing: none
}

const (
	absent  = -1
	nothing = -2
)

// TestKill kills a process that writes, at a random moment, again and again. Each
// time every article that it acknowledged must be there, whole, and no other.
//
// CHAFF_STORE_KILLS sets how often; 20 if it is not set.
func TestKill(t *testing.T) {
	kills := number(t, "CHAFF_STORE_KILLS", 20)
	if testing.Short() {
		kills = 5
	}
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	fates := make(map[int]fate)
	steps := 0
	for round := range kills {
		steps += killRound(t, dir, round, time.Duration(rng.IntN(150))*time.Millisecond, fates)
		afterKill(t, dir, fates, round%10 == 9 || round == kills-1)
		if t.Failed() {
			t.Fatalf("after kill %d", round)
		}
	}
	if steps == 0 {
		t.Fatal("nothing was acknowledged")
	}
	t.Logf("%d kills, %d steps acknowledged, %d articles touched", kills, steps, len(fates))
}

// killRound lets a victim work for some time after its first step, kills it, and
// notes what it said. It returns the number of steps acknowledged.
func killRound(t *testing.T, dir string, round int, after time.Duration, fates map[int]fate) int {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), victimEnv+"="+dir, victimEnv+"_ROUND="+strconv.Itoa(round))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	steps, said := 0, 0
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if said++; said == 1 {
			time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
		var when, what string
		var id, edition int
		if _, err := fmt.Sscan(lines.Text(), &when, &what, &id, &edition); err != nil {
			t.Fatalf("victim says %q", lines.Text())
		}
		f, ok := fates[id]
		if !ok {
			f = fate{done: absent, pending: nothing}
		}
		if what == "remove" {
			edition = absent
		}
		if when == "begin" {
			f.pending = edition
		} else {
			f = fate{done: edition, pending: nothing}
			steps++
		}
		fates[id] = f
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
		t.Fatalf("the victim ended by itself: %v", err)
	}
	return steps
}

func afterKill(t *testing.T, dir string, fates map[int]fate, verify bool) {
	t.Helper()
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, s)
	there := 0
	for id, f := range fates {
		found := absent
		var r record
		switch err := s.lookUp(fmt.Sprint(id), &r); {
		case err == nil:
			there++
			for found = 0; found < 2 && r.text != textSum(victimArticle(id, found).Text); found++ {
			}
		case !errors.Is(err, ErrNotFound):
			t.Fatal(err)
		}
		if found != f.done && (f.pending == nothing || found != f.pending) {
			t.Errorf("article %d: edition %d is there, %d was acknowledged, %d was under way", id, found, f.done, f.pending)
		}
		fates[id] = fate{done: found, pending: nothing}
	}
	if int(s.counters.articles) != there {
		t.Errorf("%d articles are counted, %d are known of", s.counters.articles, there)
	}
	if verify {
		verified(t, s)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	openAt(t, dir, Options{})
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), victimEnv+"="+dir, victimEnv+"_ROUND=0")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), ErrLocked.Error()) {
		t.Fatalf("%v: %s", err, out)
	}
}
