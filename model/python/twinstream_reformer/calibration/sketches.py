"""MinHash sketches of the same distribution as those of the stream: 3-word shingles, components of 8 bits."""

from __future__ import annotations

import re

import numpy as np

_WORD = re.compile(r"\w+")


class Sketcher:
    """``components`` minima of random permutations, each cut to 8 bits; the permutations are those of ``seed``."""

    def __init__(self, components: int = 256, shingle_words: int = 3, seed: int = 1) -> None:
        random = np.random.default_rng(seed)
        self._words = shingle_words
        self._multipliers = random.integers(0, 2**32, components, dtype=np.uint32) | np.uint32(1)
        self._addends = random.integers(0, 2**32, components, dtype=np.uint32)
        self._hashes: dict[str, int] = {}
        self._random = random

    def sketch(self, text: str) -> tuple[int, np.ndarray]:
        """The number of distinct shingles, at least 1, and uint8 components."""
        words = [self._hash(word) for word in _WORD.findall(text.casefold())] or [0]
        runs = np.lib.stride_tricks.sliding_window_view(np.array(words, np.uint64), min(self._words, len(words)))
        codes = np.zeros(len(runs), np.uint64)
        for column in runs.T:
            codes = _mixed(codes * np.uint64(0x9E3779B97F4A7C15) + column)
        codes = np.unique(codes)
        minima = np.full(len(self._addends), 2**32 - 1, np.uint32)
        folded = (codes >> np.uint64(32)).astype(np.uint32)
        for start in range(0, len(folded), 1024):
            part = folded[start : start + 1024, None] * self._multipliers + self._addends
            np.minimum(minima, part.min(axis=0), out=minima)
        return len(codes), _mixed(minima.astype(np.uint64)).astype(np.uint8)

    def _hash(self, word: str) -> int:
        if word not in self._hashes:
            self._hashes[word] = int(self._random.integers(0, 2**63))
        return self._hashes[word]


def _mixed(codes: np.ndarray) -> np.ndarray:
    codes = (codes ^ (codes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    codes = (codes ^ (codes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return codes ^ (codes >> np.uint64(31))
