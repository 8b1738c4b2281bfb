"""What the Python drivers share: reading a corpus, words, shingles, pairs.

Words are those of bench/truth: runs of letters and digits in lower case, a Han
or Kana character by itself. Every driver is called as

    python DRIVER.py CORPUS.jsonl PAIRS.tsv
"""

import re
import sys

import orjson

THRESHOLD = 0.8
HASHES = 128
SHINGLE = 5  # words
BANDS = 16  # for libraries that leave the choice to the caller: .95 of the pairs at J = .8
BATCH = 1000  # articles sketched in one call, where a library has such a call

_CJK = "\u3040-\u30ff\u3400-\u9fff"
_has_cjk = re.compile(f"[{_CJK}]").search
_plain_words = re.compile(r"[^\W_]+").findall
_cjk_words = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+").findall


def words(text):
    """The words of a text."""
    text = text.lower()
    return _cjk_words(text) if _has_cjk(text) else _plain_words(text)


def articles():
    """Yields (id, words) of every article of the corpus named on the command line."""
    with open(sys.argv[1], "rb") as lines:
        for line in lines:
            record = orjson.loads(line)
            yield record["id"], words(record["text"])


def batches():
    """Yields the articles in lists of ids and lists of words, BATCH at a time."""
    ids, texts = [], []
    for name, text in articles():
        ids.append(name)
        texts.append(text)
        if len(ids) == BATCH:
            yield ids, texts
            ids, texts = [], []
    if ids:
        yield ids, texts


def grams(text):
    """An iterator over the shingles of a text as tuples; a short text is one shingle."""
    if len(text) < SHINGLE:
        return iter([tuple(text)])
    return zip(text, text[1:], text[2:], text[3:], text[4:], strict=False)


def shingles(text):
    """The shingles of a text as strings."""
    return list(map(" ".join, grams(text)))


def write_pairs(pairs):
    """Writes pairs of ids to the file named on the command line."""
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.writelines(f"{a}\t{b}\n" for a, b in pairs)


def clusters_to_pairs(clusters):
    """Yields all pairs within each of the clusters, given as lists of ids."""
    for members in clusters:
        for i, a in enumerate(members):
            for b in members[i + 1 :]:
                yield a, b
