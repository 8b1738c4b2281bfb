"""Measures near-duplicate detectors side by side on a generated corpus.

Sets each peer up in an environment of its own, generates the corpus and its
truth, runs the peers in turn, several times, and writes one table to
bench/results/peers-N.md. A peer that can't be set up or run is listed with the
reason. Needs the standard library alone.

    python3 bench/peers/run.py --n 5000 --repeat 3 --chaff bin/chaff
"""

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

import measure
import peers
import report
import score

CORPORA = peers.ROOT / "bench/corpus"
RESULTS = peers.ROOT / "bench/results"
EXHAUSTIVE = 50_000  # articles up to which the truth is the join of all pairs


def main():
    options = parsed()
    name = f"{options.seed}-{options.n}"
    corpus = CORPORA / f"{name}.jsonl"
    CORPORA.mkdir(parents=True, exist_ok=True)
    all_peers = peers.peers(options.chaff, options.workers)
    if options.peers:
        all_peers = [p for p in all_peers if p.name in options.peers.split(",")]
    failed = set_up(all_peers, options.n)
    generate(corpus, options)
    ready = [p for p in all_peers if p.name not in failed]
    costs = {p.name: [] for p in ready}
    for _ in range(options.repeat):
        for p in ready:
            if p.name in failed:
                continue
            tell(f"running {p.name}")
            try:
                cost = measure.run(p.command(corpus, found(corpus, p)), p.threads(), options.limit)
                costs[p.name].append(cost)
            except measure.Failed as reason:
                failed[p.name] = str(reason)
    options.floor = measure.own_size()
    truth = score.Truth(beside(corpus, "exact"), beside(corpus, "planted"), options.n <= EXHAUSTIVE)
    lines = []
    for p in all_peers:
        if p.name in failed:
            lines.append(report.Line(p, reason=failed[p.name]))
        else:
            lines.append(report.Line(p, costs[p.name], truth.score(found(corpus, p))))
    RESULTS.mkdir(parents=True, exist_ok=True)
    result = RESULTS / f"peers-{options.n}.md"
    command = shlex.join(["python3", "bench/peers/run.py", *sys.argv[1:]])
    result.write_text(report.markdown(lines, truth, corpus, options, command), encoding="utf-8")
    tell(f"wrote {result}")


def parsed():
    flags = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags.add_argument("--n", type=int, default=5000, help="articles (default 5000)")
    flags.add_argument("--seed", type=int, default=1, help="seed of the corpus (default 1)")
    flags.add_argument("--repeat", type=int, default=3, help="runs of each peer (default 3)")
    flags.add_argument("--limit", type=int, default=600, help="seconds a run may take (default 600)")
    flags.add_argument("--peers", default="", help="run these alone, comma-separated")
    flags.add_argument("--chaff", default=str(peers.ROOT / "bin/chaff"), help="path of the chaff command")
    flags.add_argument("--workers", type=int, default=1, help="chaff's workers (default 1)")
    options = flags.parse_args()
    if options.n < 1 or options.repeat < 1 or options.limit < 1:
        flags.error("--n, --repeat and --limit must be at least 1")
    return options


def set_up(all_peers, articles):
    """Sets the peers up and returns the reasons of those that can't be run, by name."""
    failed = {}
    for p in all_peers:
        if articles > p.most:
            failed[p.name] = f"not run on more than {p.most:,} articles"
            continue
        tell(f"setting up {p.name}")
        try:
            p.set_up()
        except peers.NotSetUp as reason:
            failed[p.name] = f"not set up: {reason}"
    return failed


def beside(corpus, what):
    """The file of a corpus's truth or of a peer's pairs."""
    return corpus.with_suffix(f".{what}.tsv")


def found(corpus, peer):
    return beside(corpus, f"found-{peer.name}")


def generate(corpus, options):
    """Writes the corpus and its truth unless they are there. The last file written is the exact truth."""
    exact, planted = beside(corpus, "exact"), beside(corpus, "planted")
    if exact.exists():
        return
    tell(f"generating {options.n} articles and their truth")
    into(corpus, "./bench/gen/cmd", "-seed", str(options.seed), "-n", str(options.n), "-truth", str(planted))
    alone = [] if options.n <= EXHAUSTIVE else ["-planted", str(planted)]
    into(exact, "./bench/truth/cmd", "-shingle-size", "5", "-jaccard", str(score.THRESHOLD), *alone, str(corpus))


def into(path, package, *args):
    """Writes the output of a Go command of this module to a file, whole or not at all."""
    part = Path(f"{path}.part")
    with open(part, "wb") as out:
        subprocess.run(["go", "run", package, *args], cwd=peers.ROOT, stdout=out, check=True)
    part.rename(path)


def tell(message):
    print(f"peers: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
