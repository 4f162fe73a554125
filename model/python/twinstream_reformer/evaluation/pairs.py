"""Graded pairs of sentences: Spearman's rank correlation with cosine similarity."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..training.corpus import found_as, numbered_lines, string_of
from ..training.errors import TrainingError
from .encoders import Encode
from .statistics import Interval, bootstrap, spearman

#: First and second texts, and the grades.
Pairs = tuple[list[str], list[str], np.ndarray]
#: Names of a grade; a file has the first of them that its first line has.
GRADES = ("score", "relatedness", "label")


def read_pairs(path: Path) -> Pairs:
    """The pairs, two at least, of a file of JSON lines {s1, s2, grade}. Raises TrainingError naming the file, and the
    line, if there are fewer or a line lacks one of the three."""
    first, second, grades = [], [], []
    grade = ""
    for where, row in numbered_lines(path):
        grade = grade or next((name for name in GRADES if name in row), "")
        if not grade:
            raise TrainingError(f'{where} has none of {", ".join(GRADES)}: give each pair a grade under one of these names.')
        try:
            grades.append(float(row[grade]))
        except (KeyError, TypeError, ValueError):
            raise TrainingError(f'{where} has {found_as(row, grade)} as "{grade}"; a number is wanted: mend or remove the '
                                "line.") from None
        first.append(string_of(row, "s1", where))
        second.append(string_of(row, "s2", where))
    if len(first) < 2:
        raise TrainingError(f"{path} has {len(first)} pairs; at least 2 are wanted, to rank: give more lines with s1, s2 "
                            "and a score.")
    return first, second, np.array(grades)


def pair_correlation(encode: Encode, pairs: Pairs, draws: int = 1000) -> Interval:
    first, second, grades = pairs
    vectors = encode(first + second)
    cosines = (vectors[: len(first)] * vectors[len(first):]).sum(axis=1)
    return bootstrap(lambda chosen: spearman(cosines[chosen], grades[chosen]), len(grades), draws)
