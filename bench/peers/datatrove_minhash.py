"""datatrove: its three minhash steps in one process, with the words of the other
drivers instead of spaCy's. It keeps clusters; all pairs of a cluster are written."""

import struct
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import orjson
from datatrove.data import Document
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.utils.hashing import HashConfig
from datatrove.utils.logging import logger
from datatrove.utils.text import TextNormConfig
from datatrove.utils.word_tokenizers import WordTokenizer

import corpus

logger.remove()


class Words(WordTokenizer):
    """The words of bench/truth."""

    def word_tokenize(self, text):
        return corpus.words(text)

    def sent_tokenize(self, text):
        return [text]

    def span_tokenize(self, text):
        return [(0, len(text))]


def documents(ids):
    with open(sys.argv[1], "rb") as lines:
        for line in lines:
            record = orjson.loads(line)
            ids.append(record["id"])
            yield Document(text=record["text"], id=record["id"])


def clusters(folder):
    plain = TextNormConfig(
        lowercase=False,  # the words are lower-cased
        norm_whitespace=False,
        remove_punctuation=False,
        norm_unicode_diacritics=False,
        norm_numbers=False,
        norm_weekdays=False,
        norm_monthnames=False,
    )
    config = MinhashConfig(
        n_grams=corpus.SHINGLE,
        num_buckets=corpus.BANDS,
        hashes_per_bucket=corpus.HASHES // corpus.BANDS,
        norm_config=plain,
        hash_config=HashConfig(precision=64, hash_fc="xxhash"),
    )
    signatures = MinhashDedupSignature(f"{folder}/signatures", config)
    signatures.word_tokenizer = Words()
    ids = []
    signatures.run(documents(ids))
    buckets = MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/buckets", config=config)
    for bucket in range(corpus.BANDS):
        buckets.run(rank=bucket, world_size=corpus.BANDS)
    MinhashDedupCluster(f"{folder}/buckets", f"{folder}/clusters", config, save_cluster_id=True).run()
    members = defaultdict(list)
    for file in sorted(Path(folder, "clusters").glob("*.clusters")):
        for article, cluster in struct.iter_unpack("<II", file.read_bytes()):
            members[cluster].append(ids[article])
    return members.values()


with tempfile.TemporaryDirectory() as work:
    corpus.write_pairs(corpus.clusters_to_pairs(clusters(work)))
