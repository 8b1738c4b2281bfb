"""rensa: full-set RMinHash and RMinHashLSH, checked by the signatures' estimate."""

from rensa import RMinHash, RMinHashLSH

import corpus


def pairs():
    lsh = RMinHashLSH(threshold=corpus.THRESHOLD, num_perm=corpus.HASHES, num_bands=corpus.BANDS)
    sketches = []
    ids = []
    for names, texts in corpus.batches():
        made = RMinHash.from_token_sets(map(corpus.shingles, texts), corpus.HASHES, 42)
        lsh.insert_many(made, start_key=len(ids))
        sketches += made
        ids += names
    for i, found in enumerate(lsh.query_all(sketches)):
        for k in found:
            if k < i and sketches[k].jaccard(sketches[i]) >= corpus.THRESHOLD:
                yield ids[k], ids[i]


corpus.write_pairs(pairs())
