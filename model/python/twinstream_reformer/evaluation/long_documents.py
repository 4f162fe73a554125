"""Long documents, encoded whole.

    python -m twinstream_reformer.evaluation.long_documents BUNDLE OPS CORPUS [--pairs N]

Damaged copies of the same length: the text is cut to the length, then damaged in any of the ways of
training/damage.py. A truncated copy is filled up with text of another document to the length of its original: up to
half of it is something else then, which is the strict reading of the task. How copies that are not truncated fare
stands beside.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from tqdm import tqdm

from ..training.corpus import first_words, read_documents
from ..training.damage import damaged
from ..training.errors import TrainingError, in_a_line
from .encoders import Bundle
from .statistics import bootstrap, ranks

LENGTH, SHARED = 22_000, 2_000
OFFSETS = (0, 1_000, 16_000, 60_000)
PASSAGE = 200
#: Tokens of filler after the passage.
BEHIND = 500
#: The longest row of all.
LONGEST = max(LENGTH, OFFSETS[-1] + PASSAGE + BEHIND)
#: A copy with at least this share of tokens of its own is taken for not truncated: that leaves .9, before what other
#: edits add.
WHOLE = 0.95


def long_texts(corpus: Path, tokenizer: Tokenizer, length: int, seed: int) -> Iterator[str]:
    """Texts of ``length`` tokens, documents of one source after another, none used twice; of documents that begin alike
    one. Raises TrainingError when they have run out."""
    by_source: dict[str, list[str]] = {}
    seen: set[str] = set()
    for document in read_documents(corpus):
        if (opening := first_words(document.text)) not in seen:
            seen.add(opening)
            by_source.setdefault(document.source, []).append(document.text)
    draw = random.Random(seed)
    for texts in by_source.values():
        draw.shuffle(texts)
    made = 0
    while by_source:
        source = draw.choice(sorted(by_source))
        texts, parts, tokens = by_source[source], [], 0
        while tokens < length and texts:
            parts.append(texts.pop())
            tokens += len(tokenizer.encode(parts[-1]).ids)
        if tokens >= length:
            made += 1
            yield beginning("\n\n".join(parts), tokenizer, length)
        else:
            del by_source[source]
    raise TrainingError(f"{corpus} has text for {made} documents of {length} tokens, of one source each; more are wanted: "
                        "lower --pairs or --passages, or give more text")


def beginning(text: str, tokenizer: Tokenizer, length: int) -> str:
    """The text of the first ``length`` tokens."""
    offsets = tokenizer.encode(text).offsets
    return text[: offsets[length - 1][1]] if len(offsets) > length else text


def damaged_copy(text: str, filler: list[int], tokenizer: Tokenizer, draw: random.Random) -> tuple[list[int], int]:
    """Tokens of a damaged copy of ``text``, as many as the text has, and how many of them are the copy's own. What a
    truncation took is made up by ``filler``, as where a part of a document stands in a longer page; of a copy that grew
    the end is left out."""
    length = len(tokenizer.encode(text).ids)
    copy = tokenizer.encode(damaged(text, draw)).ids[:length]
    return copy + filler[: length - len(copy)], len(copy)


@dataclass(frozen=True)
class Told:
    """Cosines of texts with their copies, and with what shares only their beginning."""

    copies: np.ndarray
    others: np.ndarray

    def auc(self, chosen: np.ndarray) -> float:
        places = ranks(np.concatenate([self.copies[chosen], self.others[chosen]]))[: len(chosen)]
        return float((places.sum() - len(chosen) * (len(chosen) + 1) / 2) / len(chosen) ** 2)

    def __str__(self) -> str:
        interval = bootstrap(self.auc, len(self.copies))
        return (f"AUC {interval.value:.4f} [{interval.low:.4f}, {interval.high:.4f}]; "
                f"copies from {self.copies.min():.3f}, others up to {self.others.max():.3f}")


def shared_beginning(bundle: Bundle, texts: Iterator[str], pairs: int, seed: int) -> tuple[Told, np.ndarray]:
    """How well cosine tells damaged copies of ``LENGTH`` tokens from texts that share only their beginning; and which
    share of each copy is its own."""
    draw = random.Random(seed)
    copies, others, own = [], [], []
    for _ in tqdm(range(pairs), desc="pairs"):
        text, other = next(texts), next(texts)
        row, other_row = (bundle.tokenizer.encode(part).ids[:LENGTH] for part in (text, other))
        copy, kept = damaged_copy(text, other_row, bundle.tokenizer, draw)
        one, two, three = bundle.encode_tokens([row, copy, row[:SHARED] + other_row[SHARED:]])
        copies.append(float(one @ two))
        others.append(float(one @ three))
        own.append(kept / len(row))
    return Told(np.array(copies), np.array(others)), np.array(own)


def offset_cosine(bundle: Bundle, passage: list[int], filler: list[int]) -> float:
    """The lowest cosine between the segment encodings of one passage at each of ``OFFSETS`` in filler."""
    found = []
    for offset in OFFSETS:
        row = filler[:offset] + passage + filler[offset : offset + BEHIND]
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
    bundle.need(LONGEST)
    texts = long_texts(options.corpus, bundle.tokenizer, LENGTH, options.seed)
    told, own = shared_beginning(bundle, texts, options.pairs, options.seed)
    print(f"shared beginning, {options.pairs} pairs: {told}", flush=True)
    whole = own >= WHOLE
    if whole.any():
        print(f"the {whole.sum()} of them whose copy is not truncated: {Told(told.copies[whole], told.others[whole])}",
              flush=True)
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
    sys.exit(in_a_line("long_documents", main))
