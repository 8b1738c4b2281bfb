"""gaoya's Python package: its own analyzer over normalised words. It has no call
that inserts what it has queried, so that each text is sketched twice."""

from gaoya.minhash import MinHashStringIndex

import corpus


def pairs():
    index = MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=corpus.THRESHOLD,
        num_bands=None,
        band_size=None,
        num_hashes=corpus.HASHES,
        analyzer="word",
        ngram_range=(corpus.SHINGLE, corpus.SHINGLE),
        id_container="smallvec",
    )
    ids = []
    for i, (name, text) in enumerate(corpus.articles()):
        joined = " ".join(text)
        ids.append(name)
        for k in index.query(joined):
            yield ids[k], name
        index.insert_document(i, joined)


corpus.write_pairs(pairs())
