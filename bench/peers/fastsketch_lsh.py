"""FastSketchLSH: prehashed shingles in its CSR batches, one thread, LSH, checked
by the signatures' estimate."""

from itertools import chain

import numpy as np
from FastSketchLSH import LSH, FastSimilaritySketch

import corpus


def flat(texts):
    """The hashes of all shingles of the texts, and where each text's begin."""
    hashed = [list(map(hash, corpus.grams(text))) for text in texts]
    starts = np.zeros(len(texts) + 1, dtype=np.uint64)
    np.cumsum([len(h) for h in hashed], out=starts[1:])
    data = np.fromiter(chain.from_iterable(hashed), dtype=np.int64, count=int(starts[-1]))
    return data.view(np.uint64), starts


def pairs():
    sketcher = FastSimilaritySketch(size=corpus.HASHES)
    ids = []
    parts = []
    for names, texts in corpus.batches():
        ids += names
        data, starts = flat(texts)
        parts.append(sketcher.batch_csr(data, starts, prehashed=True, num_threads=1))
    sketches = np.concatenate(parts)
    lsh = LSH(num_perm=corpus.HASHES, num_bands=corpus.BANDS, num_threads=1)
    lsh.insert(sketches)
    found, starts = lsh.query(sketches, format="csr")
    first = np.repeat(np.arange(len(ids)), np.diff(np.asarray(starts).astype(np.int64)))
    second = np.asarray(found).astype(np.int64)
    later = first < second
    first, second = first[later], second[later]
    like = (sketches[first] == sketches[second]).mean(axis=1) >= corpus.THRESHOLD
    for a, b in sorted(set(zip(first[like].tolist(), second[like].tolist(), strict=True))):
        yield ids[a], ids[b]


corpus.write_pairs(pairs())
