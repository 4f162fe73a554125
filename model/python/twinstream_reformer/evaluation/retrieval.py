"""Queries with judged documents: nDCG@10 of the ranking by cosine."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..training.corpus import read_lines
from .encoders import Encode
from .statistics import Interval, bootstrap, ndcg

SETS = ("cranfield", "cacm", "msmarco_sample", "dbpedia_sample")


def gain_of(name: str, grade: int) -> int:
    """Cranfield's grades run from 1 (best) to 4, and -1; the others' from 0 up."""
    if name == "cranfield":
        return 5 - grade if 1 <= grade <= 4 else 0
    return max(grade, 0)


@functools.cache
def retrieval_scores(encode: Encode, folder: Path) -> np.ndarray:
    """nDCG@10 of each judged query of the set in ``folder``, queries in order of id. Ties are broken by id."""
    documents = sorted(read_lines(folder / "corpus.jsonl.gz"), key=lambda row: row["_id"])
    queries = {row["_id"]: row["text"] for row in read_lines(folder / "queries.jsonl.gz")}
    places = {row["_id"]: place for place, row in enumerate(documents)}
    gains: dict[str, dict[int, int]] = {}
    for row in read_lines(folder / "qrels.jsonl.gz"):
        gain = gain_of(folder.name, int(row["grade"]))
        if gain > 0 and row["doc"] in places:
            gains.setdefault(row["query"], {})[places[row["doc"]]] = gain
    judged = sorted(query for query in gains if query in queries)
    vectors = encode([f"{row['title']}\n{row['text']}".strip() for row in documents])
    scores = encode([queries[query] for query in judged]) @ vectors.T
    result = []
    for query, row in zip(judged, scores):
        best = np.argsort(-row, kind="stable")[:10]
        relevant = gains[query]
        result.append(ndcg(np.array([relevant.get(int(place), 0) for place in best], float),
                           np.array(list(relevant.values()), float)))
    return np.array(result)


def retrieval(encode: Encode, folder: Path, draws: int = 1000) -> Interval:
    scores = retrieval_scores(encode, folder)
    return bootstrap(lambda chosen: float(scores[chosen].mean()), len(scores), draws)


def mean_retrieval(encode: Encode, folders: Sequence[Path], draws: int = 1000, seed: int = 1) -> Interval:
    """The mean over sets, each counted alike. The bootstrap draws queries within their sets."""
    sets = [retrieval_scores(encode, folder) for folder in folders]
    random = np.random.default_rng(seed)
    values = [np.mean([scores[random.integers(0, len(scores), len(scores))].mean() for scores in sets])
              for _ in range(draws)]
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(float(np.mean([scores.mean() for scores in sets])), float(low), float(high))
