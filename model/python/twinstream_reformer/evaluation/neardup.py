"""Near-duplicates with known clusters: average precision over all pairs of a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..training.corpus import read_lines
from .encoders import Encode
from .statistics import Interval

FILES = ("licenses", "usenet_editions", "kafka_doc_versions", "wikipedia_revisions")


def neardup(encode: Encode, path: Path) -> Interval:
    """Of the cosine of two texts' encodings."""
    rows = list(read_lines(path))
    vectors = encode([row["text"] for row in rows])
    return pair_precision(vectors @ vectors.T, [str(row["cluster"]) for row in rows])


def pair_precision(scores: np.ndarray, labels: list[str], draws: int = 100, seed: int = 1) -> Interval:
    """Of symmetric ``scores`` [N, N]; twins have the same label. The bootstrap draws documents; a pair counts as often as
    the product of its documents' counts, and copies of one document are no pair."""
    clusters = np.unique(labels, return_inverse=True)[1]
    first, second = np.triu_indices(len(labels), 1)
    order = np.argsort(-scores[first, second], kind="stable")
    first, second = first[order].astype(np.int32), second[order].astype(np.int32)
    twins = clusters[first] == clusters[second]
    random = np.random.default_rng(seed)
    values = []
    for _ in range(draws):
        counts = np.bincount(random.integers(0, len(labels), len(labels)), minlength=len(labels))
        values.append(_precision(twins, (counts[first] * counts[second]).astype(np.float32)))
    low, high = np.percentile(values or [np.nan], [2.5, 97.5])
    return Interval(_precision(twins, np.ones(len(twins), np.float32)), float(low), float(high))


def _precision(twins: np.ndarray, counts: np.ndarray) -> float:
    """Average precision of pairs in order of score, each counted ``counts`` times."""
    kept = np.cumsum(counts, dtype=np.float64)
    found = np.cumsum(counts * twins, dtype=np.float64)
    hits = twins & (counts > 0)
    return float((counts[hits] * found[hits] / kept[hits]).sum() / max(found[-1], 1))
