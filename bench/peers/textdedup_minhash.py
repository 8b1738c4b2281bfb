"""text-dedup: its minhash pipeline with the check for false positives, its own
tokeniser, one process. It keeps clusters; all pairs of a cluster are written."""

import pickle
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from text_dedup.config.base import load_config_from_toml
from text_dedup.minhash import main

import corpus

CONFIG = """
[input]
input_type = "local_files"
file_type = "json"
[input.read_arguments]
path = "json"
data_files = "{corpus}"
split = "train"
cache_dir = "{folder}/cache"
[algorithm]
algorithm_name = "minhash"
text_column = "text"
num_perm = {hashes}
ngram_size = {shingle}
threshold = {threshold}
min_length = 1
check_false_positive = true
num_proc = 1
[output]
output_dir = "{folder}/out"
skip_filtering = true
save_clusters = true
keep_index_column = true
[debug]
"""


def clusters(folder):
    config = Path(folder, "config.toml")
    config.write_text(
        CONFIG.format(
            corpus=Path(sys.argv[1]).absolute(),
            folder=folder,
            hashes=corpus.HASHES,
            shingle=corpus.SHINGLE,
            threshold=corpus.THRESHOLD,
        ),
        encoding="utf-8",
    )
    main(load_config_from_toml(config))
    with open(Path(folder, "out", "clusters.pickle"), "rb") as saved:
        cluster_of = pickle.load(saved)
    ids = [name for name, _ in corpus.articles()]
    members = defaultdict(list)
    for article, cluster in sorted(cluster_of.items()):
        members[cluster].append(ids[article])
    return members.values()


if __name__ == "__main__":  # the pipeline's worker imports this file again
    with tempfile.TemporaryDirectory() as work:
        corpus.write_pairs(corpus.clusters_to_pairs(clusters(work)))
