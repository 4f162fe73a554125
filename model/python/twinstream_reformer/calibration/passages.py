"""Made-up short texts in long ones: whether the short one truly stands in the long one, and what signatures say of it."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence

import numpy as np

from .scenes import borrowed, cut, edited
from .sketches import BITS, Sketcher

Draw = random.Random

#: These three stand in the stream's rule too (TwinDecision).
CONTAINED = 0.8
LEAST_LENGTH_RATIO, MOST_LENGTH_RATIO = 2, 10


def passage(base: str, others: Sequence[str], draw: Draw) -> tuple[str, str]:
    """An excerpt and its source, or a text and a longer one around it: as it was, edited, or beside foreign text."""
    words = cut(base, draw.choice((300, 1000, 2500))).split()
    count = max(20, round(len(words) * draw.uniform(0.08, 0.45)))
    start = draw.randrange(max(1, len(words) - count))
    short, long = " ".join(words[start : start + count]), " ".join(words)
    if draw.random() < 0.3:
        long = short
        while len(long) < len(short) * draw.uniform(2, 8):
            long = " ".join(borrowed(others, draw, 3)) + " " + long + " " + " ".join(borrowed(others, draw, 3))
    kind = draw.random()
    if kind < 0.35:
        short = edited(short, others, draw, draw.uniform(0, 0.2))
    elif kind < 0.7:
        foreign = draw.choice(others)[:20_000].split()
        short += " " + " ".join(foreign[: round(count * draw.uniform(0, 1))])
    return short, long


def features(matches: int, components: int, shorter: int, longer: int) -> list[float]:
    """1, and how many standard deviations the equal components lie over those of a containment of CONTAINED."""
    common = CONTAINED * shorter
    jaccard = common / (shorter + longer - common)
    expected = 2.0**-BITS + (1 - 2.0**-BITS) * jaccard
    return [1.0, (matches - components * expected) / math.sqrt(components * expected * (1 - expected))]


def passages(texts: Sequence[str], others: Sequence[str], seed: int, borrowed_texts: int) -> Iterator[tuple[list[float], bool]]:
    """Features, and whether the true containment reaches CONTAINED, of a pair from each text whose lengths fit."""
    draw, sketcher = random.Random(seed), Sketcher(seed=seed)
    for text in texts:
        sets = [sketcher.shingles(part) for part in passage(text, draw.choices(others, k=borrowed_texts), draw)]
        short, long = sorted(sets, key=len)
        if not LEAST_LENGTH_RATIO * len(short) <= len(long) <= MOST_LENGTH_RATIO * len(short):
            continue
        one, other = sketcher.signature(short), sketcher.signature(long)
        true = len(np.intersect1d(short, long, assume_unique=True)) / len(short)
        yield features(int((one == other).sum()), len(one), len(short), len(long)), true >= CONTAINED
