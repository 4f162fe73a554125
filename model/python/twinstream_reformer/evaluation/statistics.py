"""Rank correlation, ranking measures, bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Interval:
    """A figure with the 2.5th and 97.5th percentiles of its bootstrap."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def bootstrap(measure: Callable[[np.ndarray], float], count: int, draws: int = 1000, seed: int = 1) -> Interval:
    """``measure`` of all ``count`` items, given by index, and over ``draws`` samples of them with replacement."""
    random = np.random.default_rng(seed)
    values = [measure(random.integers(0, count, count)) for _ in range(draws)] or [np.nan]
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(measure(np.arange(count)), float(low), float(high))


def ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1, ties sharing their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[inverse]


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(ranks(a), ranks(b))[0, 1])


def ndcg(gains_in_order: np.ndarray, all_gains: np.ndarray, depth: int = 10) -> float:
    """Normalised discounted cumulative gain of a ranking: gains of the ranked documents, and of all that there are."""
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    best = np.sort(all_gains)[::-1][:depth]
    ideal = float((best * discounts[: len(best)]).sum())
    found = gains_in_order[:depth]
    return float((found * discounts[: len(found)]).sum()) / ideal if ideal else 0.0


def average_precision(scores: np.ndarray, relevant: np.ndarray) -> float:
    """Of a ranking by descending score; ties keep the order given."""
    hits = relevant[np.argsort(-scores, kind="stable")]
    at = np.flatnonzero(hits)
    return float((np.arange(1, len(at) + 1) / (at + 1)).mean()) if len(at) else 0.0
