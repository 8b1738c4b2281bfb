"""datasketch: MinHash over Python's hash of each shingle, MinHashLSH with the
bands it chooses, checked by the signatures' estimate."""

from datasketch import MinHash, MinHashLSH

import corpus


def hash32(gram):
    return hash(gram) & 0xFFFFFFFF


def pairs():
    lsh = MinHashLSH(threshold=corpus.THRESHOLD, num_perm=corpus.HASHES)
    sketches = []
    ids = []

    def texts():
        for name, text in corpus.articles():
            ids.append(name)
            yield corpus.grams(text)

    made = MinHash.generator(texts(), num_perm=corpus.HASHES, hashfunc=hash32)
    for i, sketch in enumerate(made):
        for k in lsh.query(sketch):
            if sketches[k].jaccard(sketch) >= corpus.THRESHOLD:
                yield ids[k], ids[i]
        lsh.insert(i, sketch, check_duplication=False)
        sketches.append(sketch)


corpus.write_pairs(pairs())
