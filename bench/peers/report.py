"""Writes the measured table as Markdown."""

import datetime
import os
import platform
import re
import statistics
import subprocess
from dataclasses import dataclass, field


@dataclass
class Line:
    """One peer's results, or the reason why there are none."""

    peer: object
    costs: list = field(default_factory=list)
    score: object = None
    reason: str = ""


def markdown(lines, truth, corpus, options, command):
    parts = [
        f"# Near-duplicate detectors on {options.n:,} articles",
        facts(truth, corpus, options, command),
        costs_table(lines, corpus),
        "## Recall by kind",
        kinds_table(lines, truth),
    ]
    return "\n\n".join(parts) + "\n"


def facts(truth, corpus, options, command):
    size = corpus.stat().st_size / 1e6
    if truth.exhaustive:
        checked = f"the exhaustive join, {truth.kinds.total():,} pairs"
    else:
        checked = f"the planted pairs alone, {truth.kinds.total():,} of them; precision is not known"
    return "\n".join(
        [
            f"- Date: {datetime.date.today()}; machine: {processor()}, {os.cpu_count()} cores, {platform.system()}",
            f"- Versions: {versions()}",
            f"- Command: `{command}`",
            f"- Corpus: {options.n:,} generated articles, seed {options.seed}, {size:,.1f} MB JSON Lines",
            "- Work: read the file, word 5-shingles, 128 hashes, pairs with J ≥ 0.8; one thread; "
            f"runs: {options.repeat}, in turn",
            f"- Truth: {checked}",
            "- CPU is user and system time with child processes, median of the runs; memory is the peak of the largest "
            f"process, and can't show less than this runner's own {options.floor:.0f} MB",
        ]
    )


def costs_table(lines, corpus):
    """The main table, best CPU time first, peers without a result last."""
    head = ["peer", "CPU s", "range", "wall s", "MB", "MB/s", "pairs", "precision", "recall", "note"]
    measured = sorted((line for line in lines if not line.reason), key=lambda line: median(line, "cpu"))
    body = []
    for line in measured:
        cpu = [c.cpu for c in line.costs]
        body.append(
            [
                label(line.peer),
                f"{median(line, 'cpu'):.2f}",
                f"{min(cpu):.2f}–{max(cpu):.2f}",
                f"{median(line, 'wall'):.2f}",
                f"{max(c.memory for c in line.costs):.0f}",
                f"{corpus.stat().st_size / 1e6 / median(line, 'cpu'):.1f}",
                f"{line.score.pairs:,}",
                share(line.score.precision),
                share(line.score.recall),
                line.peer.note,
            ]
        )
    for line in lines:
        if line.reason:
            body.append([label(line.peer)] + ["–"] * 8 + [line.reason.replace("|", "/")])
    return table(head, body)


def kinds_table(lines, truth):
    """Share of the true pairs of each kind that each peer finds."""
    measured = [line for line in lines if not line.reason]
    head = ["kind", "pairs", *(line.peer.name for line in measured)]
    body = []
    for kind, total in sorted(truth.kinds.items()):
        body.append([kind, f"{total:,}", *(share(line.score.by_kind[kind]) for line in measured)])
    return table(head, body)


def table(head, body):
    rows = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def label(peer):
    return f"{peer.name} {peer.version}".strip()


def median(line, what):
    return statistics.median(getattr(cost, what) for cost in line.costs)


def share(value):
    return "–" if value is None else f"{value:.3f}"


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        found = re.search(r"^model name\s*: (.*)$", lines.read(), re.MULTILINE)
    return found.group(1) if found else platform.machine()


def versions():
    """Versions of the languages, those that are at hand."""
    said = [f"Python {platform.python_version()}"]
    for command in (["go", "version"], ["rustc", "--version"]):
        try:
            said.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
        except (OSError, subprocess.CalledProcessError):
            continue
    return ", ".join(said)
