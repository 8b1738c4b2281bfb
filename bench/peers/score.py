"""Holds found pairs against the truth of a corpus."""

from collections import Counter
from dataclasses import dataclass

THRESHOLD = 0.8


@dataclass
class Score:
    """How well pairs match the truth. precision is None where the truth knows the planted pairs alone."""

    pairs: int
    precision: float | None
    recall: float
    by_kind: dict  # kind → share of its true pairs found


class Truth:
    """The near-duplicate pairs of a corpus and how each came about."""

    def __init__(self, pairs, planted, exhaustive):
        """pairs and planted name the files that bench/truth and bench/gen write."""
        self.exhaustive = exhaustive
        self.origin = {}
        self.accents = set()  # copies whose diacritics were changed
        for copied, original, kind, _ in rows(planted):
            self.origin[copied] = (original, kind)
            if kind == "diacritics":
                self.accents.add(copied)
        self.kind_of = {ordered(a, b): self.kind(a, b) for a, b, j, _ in rows(pairs) if float(j) >= THRESHOLD}
        self.kinds = Counter(self.kind_of.values())

    def kind(self, a, b):
        """How the earlier article a and the later b came to be alike."""
        original, kind = self.origin.get(b, (None, ""))
        if original == a:
            return kind
        if a in self.origin and self.origin[a][0] == original:
            return "form" if kind == "form" else "two copies"
        return "by chance"

    def score(self, found):
        """Scores a file of pairs. Tools that fold diacritics see likeness where
        the truth's plain words differ: such pairs count neither way."""
        got = {ordered(row[0], row[1]) for row in rows(found)}
        hits = Counter(self.kind_of[pair] for pair in got if pair in self.kind_of)
        wrong = sum(pair not in self.kind_of and self.accents.isdisjoint(pair) for pair in got)
        right = hits.total()
        return Score(
            pairs=len(got),
            precision=right / max(right + wrong, 1) if self.exhaustive else None,
            recall=right / max(self.kinds.total(), 1),
            by_kind={kind: hits[kind] / total for kind, total in self.kinds.items()},
        )


def ordered(a, b):
    """A pair by order in the corpus: ids are numbers of equal width."""
    return (a, b) if a < b else (b, a)


def rows(name):
    """Yields the columns of a tab-separated file."""
    with open(name, encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")
