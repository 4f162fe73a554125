"""What a segment of a long document knows of the rest: among passages of other documents, it should find the one that was
cut from its own, over 2,000 tokens away.

    python -m twinstream_reformer.evaluation.far_passages BUNDLE OPS CORPUS [--documents N]

A segment is encoded as a part of its whole document, with the model's LSH layers and with local ones in their place, and
alone; passages are encoded alone. Printed: the mean of 1 / rank, with its 95% bootstrap interval.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..training.corpus import first_words, read_documents
from ..training.errors import TrainingError, in_a_line
from .encoders import Bundle
from .statistics import Interval, bootstrap

PASSAGE, APART = 200, 2_000
#: Documents are cut there, or where the bundle ends.
MOST = 8_192


def long_rows(corpus: Path, bundle: Bundle, count: int, seed: int) -> list[list[int]]:
    """Token ids of ``count`` documents of at least two passages and what lies between, all sources mixed."""
    most = min(MOST, bundle.max_tokens)
    seen: set[str] = set()
    texts = []
    for document in read_documents(corpus):
        opening = first_words(document.text)
        if len(document.text) > 4 * (APART + 2 * PASSAGE) and opening not in seen:
            seen.add(opening)
            texts.append(document.text)
    random.Random(seed).shuffle(texts)
    rows: list[list[int]] = []
    for text in texts:
        row = bundle.tokenizer.encode(text[: 8 * most]).ids[:most]
        if len(row) >= APART + 2 * PASSAGE:
            rows.append(row)
        if len(rows) == count:
            return rows
    raise TrainingError(f"{corpus} has {len(rows)} documents of at least {APART + 2 * PASSAGE} tokens; {count} are wanted: "
                        "lower --documents, or give more text")


def places(row: list[int], draw: random.Random) -> tuple[int, int]:
    """Starts of a segment and of a passage over :data:`APART` tokens from it, on either side."""
    spare = len(row) - APART - 2 * PASSAGE
    first = draw.randint(0, spare)
    second = draw.randint(first + PASSAGE + APART, len(row) - PASSAGE)
    return (first, second) if draw.random() < 0.5 else (second, first)


def segment_in_document(bundle: Bundle, row: list[int], start: int) -> np.ndarray:
    ids = [-1] * start + [0] * PASSAGE + [-1] * (len(row) - start - PASSAGE)
    return bundle.segments(row, ids)[0]


def reciprocal_rank(segments: np.ndarray, passages: np.ndarray) -> Interval:
    """Of each segment's own passage among all, both [N, P]; the mean."""
    scores = segments @ passages.T
    ranks = (scores >= np.diagonal(scores)[:, None]).sum(axis=1)
    return bootstrap(lambda chosen: float((1 / ranks[chosen]).mean()), len(ranks))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.evaluation.far_passages",
                                     description=__doc__.split("\n")[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("ops", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(arguments)
    lsh = Bundle(options.bundle, options.ops, options.threads)
    lsh.need(APART + 2 * PASSAGE)
    rows = long_rows(options.corpus, lsh, options.documents, options.seed)
    draw = random.Random(options.seed)
    at = [places(row, draw) for row in rows]
    passages = lsh.encode_tokens([row[far : far + PASSAGE] for row, (_, far) in zip(rows, at)])
    alone = lsh.encode_tokens([row[start : start + PASSAGE] for row, (start, _) in zip(rows, at)])
    print(f"{len(rows)} documents, {sum(map(len, rows))} tokens")
    print(f"segment alone: {reciprocal_rank(alone, passages)}", flush=True)
    for name, bundle in (("LSH", lsh), ("local", Bundle(options.bundle, options.ops, options.threads, local=True))):
        found = [segment_in_document(bundle, row, start) for row, (start, _) in zip(tqdm(rows, desc=name), at)]
        print(f"segment in its document, {name} layers: {reciprocal_rank(np.stack(found), passages)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(in_a_line("far_passages", main))
