"""Sketches of the same distribution as those of the stream: MinHash of 3-word shingles, components of 4 bits; and encodings
as the stream keeps them."""

from __future__ import annotations

import re

import numpy as np

_WORD = re.compile(r"\w+")
#: Bits that the stream keeps of each component.
BITS = 4
#: Levels that it keeps of an encoding's components, on either side of zero.
ENCODING_STEPS = 31


class Sketcher:
    """``components`` minima of random permutations, each cut to :data:`BITS`; the permutations are those of ``seed``."""

    def __init__(self, components: int = 256, shingle_words: int = 3, seed: int = 1) -> None:
        random = np.random.default_rng(seed)
        self._words = shingle_words
        self._multipliers = random.integers(0, 2**32, components, dtype=np.uint32) | np.uint32(1)
        self._addends = random.integers(0, 2**32, components, dtype=np.uint32)
        self._hashes: dict[str, int] = {}
        self._random = random

    def shingles(self, text: str) -> np.ndarray:
        """Distinct uint64 codes, at least 1."""
        words = [self._hash(word) for word in _WORD.findall(text.casefold())] or [0]
        runs = np.lib.stride_tricks.sliding_window_view(np.array(words, np.uint64), min(self._words, len(words)))
        codes = np.zeros(len(runs), np.uint64)
        for column in runs.T:
            codes = _mixed(codes * np.uint64(0x9E3779B97F4A7C15) + column)
        return np.unique(codes)

    def signature(self, shingles: np.ndarray) -> np.ndarray:
        """uint8 components."""
        minima = np.full(len(self._addends), 2**32 - 1, np.uint32)
        folded = (shingles >> np.uint64(32)).astype(np.uint32)
        for start in range(0, len(folded), 1024):
            part = folded[start : start + 1024, None] * self._multipliers + self._addends
            np.minimum(minima, part.min(axis=0), out=minima)
        return (_mixed(minima.astype(np.uint64)) & np.uint64(2**BITS - 1)).astype(np.uint8)

    def _hash(self, word: str) -> int:
        if word not in self._hashes:
            self._hashes[word] = int(self._random.integers(0, 2**63))
        return self._hashes[word]


def similarity(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Estimated Jaccard similarity, from signatures along the last axis: different minima agree by chance too (Li,
    Koenig, b-Bit minwise hashing, WWW 2010)."""
    chance = 2.0**-BITS
    return np.maximum(0, ((one == other).mean(axis=-1) - chance) / (1 - chance))


def kept_encodings(encodings: np.ndarray) -> np.ndarray:
    """[texts, P] unit vectors, each component cut to 6 bits: a sign and the nearest of the squares of 0 to 31, as shares
    of that of the vector's largest component."""
    shares = np.abs(encodings) / np.maximum(np.abs(encodings).max(axis=1, keepdims=True), 1e-12) * ENCODING_STEPS**2
    low = np.floor(np.sqrt(shares))
    # The midpoint of two squares belongs to the larger one.
    levels = low + (2 * shares >= low**2 + (low + 1) ** 2)
    kept = np.sign(encodings) * np.minimum(levels, ENCODING_STEPS) ** 2
    return kept / np.maximum(np.linalg.norm(kept, axis=1, keepdims=True), 1e-12)


def _mixed(codes: np.ndarray) -> np.ndarray:
    codes = (codes ^ (codes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    codes = (codes ^ (codes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return codes ^ (codes >> np.uint64(31))
