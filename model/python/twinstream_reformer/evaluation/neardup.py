"""Near-duplicates with known clusters: average precision over all pairs of a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..training.corpus import found_as, numbered_lines, string_of
from ..training.errors import TrainingError
from .encoders import Encode
from .statistics import Interval

FILES = ("licenses", "usenet_editions", "kafka_doc_versions", "wikipedia_revisions")


def read_clustered(path: Path) -> tuple[list[str], list[str]]:
    """Texts and their clusters, of two lines at least. Raises TrainingError naming the file, and the line, if there are
    fewer or a line lacks one of them."""
    texts, clusters = [], []
    for where, row in numbered_lines(path):
        if not isinstance(row.get("cluster"), str | int):
            raise TrainingError(f'{where} has {found_as(row, "cluster")} as "cluster"; a string or a whole number is '
                                "wanted: mend or remove the line.")
        texts.append(string_of(row, "text", where))
        clusters.append(str(row["cluster"]))
    if len(texts) < 2:
        raise TrainingError(f"{path} has {len(texts)} texts; at least 2 are wanted, to make a pair: give more lines.")
    return texts, clusters


def neardup(encode: Encode, path: Path) -> Interval:
    """Of the cosine of two texts' encodings."""
    texts, clusters = read_clustered(path)
    vectors = encode(texts)
    return pair_precision(vectors @ vectors.T, clusters)


def pair_precision(scores: np.ndarray, labels: list[str], draws: int = 100, seed: int = 1) -> Interval:
    """Of symmetric ``scores`` [N, N]; twins have the same label. The bootstrap draws documents; a pair counts as often as
    the product of its documents' counts, and copies of one document are no pair."""
    clusters = np.unique(labels, return_inverse=True)[1]
    first, second = np.triu_indices(len(labels), 1)
    order = np.argsort(-scores[first, second], kind="stable")
    first, second = first[order].astype(np.int32), second[order].astype(np.int32)
    sorted_scores = scores[first, second]
    # The last pair of each pair's score: equal scores are one step, whatever the order of the file.
    ends = (np.searchsorted(-sorted_scores, -sorted_scores, side="right") - 1).astype(np.int32)
    twins = clusters[first] == clusters[second]
    random = np.random.default_rng(seed)
    values = []
    for _ in range(draws):
        counts = np.bincount(random.integers(0, len(labels), len(labels)), minlength=len(labels))
        values.append(_precision(twins, ends, (counts[first] * counts[second]).astype(np.float32)))
    low, high = np.percentile(values or [np.nan], [2.5, 97.5])
    return Interval(_precision(twins, ends, np.ones(len(twins), np.float32)), float(low), float(high))


def _precision(twins: np.ndarray, ends: np.ndarray, counts: np.ndarray) -> float:
    """Average precision of pairs in order of score, each counted ``counts`` times; ``ends``: the last of equal score."""
    kept = np.cumsum(counts, dtype=np.float64)
    found = np.cumsum(counts * twins, dtype=np.float64)
    hits = twins & (counts > 0)
    at = ends[hits]
    return float((counts[hits] * found[at] / kept[at]).sum() / max(found[-1], 1))
