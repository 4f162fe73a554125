"""The joined probability of pairs, as the stream's rule gives it, against what it is made of: average precision of twins
over all pairs of files of near-duplicates.

    python -m twinstream_reformer.evaluation.joined BUNDLE OPS FILE...

The rule has a probability for each link of a document, hanging on how crowded its neighbourhood is; a pair has the mean
of the log odds that its two documents give it, each in the whole file. Pairs that are no link follow, by similarity.
And how far the probabilities hold on these files, which they were not fitted to: each file is read as a stream, and the
links of its documents to earlier ones stand in a table of probability against share of twins, at the rate at which they
come: each document's likeliest, which decides, and all.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..calibrate import print_table
from ..calibration.links import CLOSE_JACCARD, CROWD_ODDS, LEAST_JACCARD, Links, links
from ..calibration.scenes import Member
from ..calibration.sketches import Sketcher, kept_encodings, similarity
from ..training.errors import in_a_line
from .encoders import Bundle, Encode
from .neardup import pair_precision, read_clustered
from .statistics import Interval

#: TwinModel.STANDARD, what calibrate prints at its defaults.
SPARSE = np.array([-1.922, 0.913, 0.212, 2.161, -0.108])
SPARSE_WITH_COSINE = np.array([-2.512, 0.803, 0.036, 1.240, -0.535, 0.896])
CROWDED = np.array([-0.503, 1.082, -17.912])


def measures(texts: list[str], encode: Encode, seed: int = 1) -> Iterator[tuple[str, np.ndarray]]:
    """Name and symmetric scores [texts, texts] of estimated Jaccard similarity, containment, and the joined rule."""
    sketcher = Sketcher(seed=seed)
    shingles = [sketcher.shingles(text) for text in tqdm(texts, desc="sketch")]
    sizes = np.array([len(part) for part in shingles], float)
    signatures = np.stack([sketcher.signature(part) for part in shingles])
    jaccard = np.stack([similarity(signatures, row) for row in tqdm(signatures, desc="compare")]).astype(np.float32)
    yield "Jaccard similarity, 3-word shingles, estimated", jaccard
    shorter, longer = np.minimum.outer(sizes, sizes), np.maximum.outer(sizes, sizes)
    common = jaccard * (shorter + longer) / (1 + jaccard)
    yield "containment, estimated", np.minimum(1, common / shorter).astype(np.float32)
    encodings = kept_encodings(np.concatenate([encode(texts[at : at + 64]) for at in tqdm(range(0, len(texts), 64), desc="encode")]))
    cosine = encodings @ encodings.T
    yield "cosine of the encodings as they are kept", cosine
    logits = np.zeros_like(jaccard)
    for index, row in enumerate(jaccard):
        kept = row >= LEAST_JACCARD
        kept[index] = False
        if kept.any():
            found = Links(row[kept], shorter[index][kept], longer[index][kept], np.zeros(int(kept.sum()), bool),
                          cosine[index][kept])
            logits[index][kept] = log_odds(found) - (np.log(CROWD_ODDS) if found.crowded else 0)
    # Links before all others: those are taken for no twins, however the odds of a link stand.
    no_link = -1e3 + jaccard
    yield "joined", np.where(jaccard >= LEAST_JACCARD, (logits + logits.T) / 2, no_link)


def log_odds(part: Links) -> np.ndarray:
    """Of each link to be a twin; in sparse neighbourhoods with the cosine where the stream keeps the link."""
    if part.crowded:
        return part.features() @ CROWDED
    lexical = part.features() @ SPARSE
    return np.where((part.jaccard >= CLOSE_JACCARD) | (lexical >= 0), part.with_cosine() @ SPARSE_WITH_COSINE, lexical)


def print_reliability(name: str, texts: list[str], clusters: list[str], encode: Encode) -> None:
    ids = np.unique(clusters, return_inverse=True)[1]
    members = [Member(int(cluster), text) for cluster, text in zip(ids, texts)]
    parts = list(links(members, Sketcher(seed=1), encode))
    if not parts:
        print(f"\n{name}: no two texts have a Jaccard similarity of {LEAST_JACCARD}: there are no links to judge")
        return
    odds = [log_odds(part) for part in parts]
    best = [int(np.argmax(each)) for each in odds]
    likeliest = (np.array([each[at] for each, at in zip(odds, best)]),
                 np.array([part.twins[at] for part, at in zip(parts, best)], float))
    every = np.concatenate(odds), np.concatenate([part.twins for part in parts]).astype(float)
    for which, (logits, twins) in (("each document's likeliest link", likeliest), ("all links", every)):
        print_table(f"{name}, {which}: {len(twins)}, {twins.mean():.3f} of them twins", "share of twins",
                    1 / (1 + np.exp(-logits)), twins, np.ones(len(twins)))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.evaluation.joined",
                                     description=__doc__.split("\n")[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("ops", type=Path)
    parser.add_argument("files", type=Path, nargs="+", help="JSON lines {id, cluster, text}")
    options = parser.parse_args(arguments)
    # All are read before the first is measured, which takes minutes.
    sets = [(path.name.split(".")[0], *read_clustered(path)) for path in options.files]
    encode = Bundle(options.bundle, options.ops).encode
    for file, texts, clusters in sets:
        for name, scores in measures(texts, encode):
            found: Interval = pair_precision(scores, clusters)
            print(f"{file}, {name}: {found}", flush=True)
        print_reliability(file, texts, clusters, encode)
    return 0


if __name__ == "__main__":
    sys.exit(in_a_line("joined", main))
