"""Graded pairs of sentences: Spearman's rank correlation with cosine similarity."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..training.corpus import read_lines
from .encoders import Encode
from .statistics import Interval, bootstrap, spearman


def read_pairs(path: Path) -> tuple[list[str], list[str], np.ndarray]:
    """First and second texts, and the grades."""
    rows = list(read_lines(path))
    grade = next(name for name in ("score", "relatedness", "label") if name in rows[0])
    return [row["s1"] for row in rows], [row["s2"] for row in rows], np.array([float(row[grade]) for row in rows])


def pair_correlation(encode: Encode, path: Path, draws: int = 1000) -> Interval:
    first, second, grades = read_pairs(path)
    vectors = encode(first + second)
    cosines = (vectors[: len(first)] * vectors[len(first):]).sum(axis=1)
    return bootstrap(lambda chosen: spearman(cosines[chosen], grades[chosen]), len(grades), draws)
