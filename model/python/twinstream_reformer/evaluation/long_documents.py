"""Long documents, encoded whole.

    python -m twinstream_reformer.evaluation.long_documents BUNDLE OPS CORPUS [--pairs N]
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..training.corpus import read_documents
from ..training.damage import damaged
from .encoders import Bundle
from .statistics import ranks

LENGTH, SHARED = 22_000, 2_000
OFFSETS = (0, 1_000, 16_000, 60_000)
PASSAGE = 200


def long_texts(corpus: Path, bundle: Bundle, length: int, seed: int) -> Iterator[str]:
    """Texts of about ``length`` tokens, documents of one source after another, none used twice."""
    by_source: dict[str, list[str]] = {}
    for document in read_documents(corpus):
        by_source.setdefault(document.source, []).append(document.text)
    draw = random.Random(seed)
    sources = sorted(by_source)
    for texts in by_source.values():
        draw.shuffle(texts)
    while True:
        texts, parts, tokens = by_source[draw.choice(sources)], [], 0
        while tokens < length and texts:
            parts.append(texts.pop())
            tokens += len(bundle.tokenizer.encode(parts[-1]).ids)
        if tokens >= length:
            yield "\n\n".join(parts)


def shared_beginning_auc(bundle: Bundle, texts: Iterator[str], pairs: int, seed: int) -> tuple[float, float, float]:
    """How well cosine tells damaged copies of ``LENGTH`` tokens from texts that share only their beginning: (AUC, the
    lowest cosine of a copy, the highest of a pair that shares its beginning)."""
    draw = random.Random(seed)
    copies, others = [], []
    for _ in range(pairs):
        text, other = next(texts), next(texts)
        row, other_row = (bundle.tokenizer.encode(part).ids[:LENGTH] for part in (text, other))
        changed = row[:SHARED] + other_row[SHARED:]
        copy = bundle.tokenizer.encode(damaged(text, draw)).ids[:LENGTH]
        one, two, three = bundle.encode_tokens([row, copy, changed])
        copies.append(float(one @ two))
        others.append(float(one @ three))
    places = ranks(np.array(copies + others))[:pairs]
    auc = (places.sum() - pairs * (pairs + 1) / 2) / pairs**2
    return float(auc), min(copies), max(others)


def offset_cosine(bundle: Bundle, passage: list[int], filler: list[int]) -> float:
    """The lowest cosine between the segment encodings of one passage at each of ``OFFSETS`` in filler."""
    found = []
    for offset in OFFSETS:
        row = filler[:offset] + passage + filler[offset : offset + 500]
        segments = [-1] * offset + [0] * len(passage) + [-1] * (len(row) - offset - len(passage))
        found.append(bundle.segments(row, segments)[0])
    return min(float(a @ b) for a, b in itertools.combinations(found, 2))


def change_ratio(bundle: Bundle, row: list[int], passage: list[int], segment: int = 200) -> float:
    """Replaces the tokens in the middle of ``row``; the median cosine distance that this moves the segments there, by
    that of the segments over 2,000 tokens away."""
    start = len(row) // 2 // segment * segment
    changed = row[:start] + passage + row[start + len(passage):]
    ids = [place // segment for place in range(len(row))]
    moved = 1 - (bundle.segments(row, ids) * bundle.segments(changed, ids)).sum(axis=1)
    at = np.arange(len(moved)) * segment
    inside = (at >= start) & (at < start + len(passage))
    far = (at + segment < start - 2000) | (at > start + len(passage) + 2000)
    return float(np.median(moved[inside]) / max(np.median(moved[far]), 1e-12))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.evaluation.long_documents",
                                     description=__doc__.split("\n")[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("ops", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--passages", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(arguments)
    bundle = Bundle(options.bundle, options.ops, options.threads)
    texts = long_texts(options.corpus, bundle, LENGTH, options.seed)
    auc, lowest, highest = shared_beginning_auc(bundle, texts, options.pairs, options.seed)
    print(f"shared beginning, {options.pairs} pairs: AUC {auc:.4f}; copies from {lowest:.3f}, others up to {highest:.3f}")
    filler = [token for text in itertools.islice(texts, 3) for token in bundle.tokenizer.encode(text).ids]
    cosines, ratios = [], []
    for text in itertools.islice(texts, options.passages):
        row = bundle.tokenizer.encode(text).ids
        cosines.append(offset_cosine(bundle, row[:PASSAGE], filler))
        ratios.append(change_ratio(bundle, row[:LENGTH], filler[: 2 * PASSAGE]))
    print(f"passage of {PASSAGE} tokens at {OFFSETS}, {options.passages} passages: lowest cosine {min(cosines):.4f}")
    print(f"changed passage: its segments move {min(ratios):.1f} times as much as those far away, at least")
    return 0


if __name__ == "__main__":
    sys.exit(main())
