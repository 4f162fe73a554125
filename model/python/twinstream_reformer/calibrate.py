"""Fits the rule that gives documents their near-duplicate verdicts, and shows how well its probabilities hold.

    python -m twinstream_reformer.calibrate CORPUS [--bases N] [--held-out N] [--seed N]

CORPUS: a folder of JSON lines {text}, also .gz or .xz. Each base text grows a scene (calibration/scenes.py); bases held
out grow the scenes of the tables. Of each base a pair of a short text and a long one is made too
(calibration/passages.py). Prints the coefficients of TwinModel and tables of probability against share: of twins, for
the pair chosen for each document that has links; of texts truly contained, for the pairs of short and long.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from .calibration.links import CROWD_ODDS, Links, links
from .calibration.passages import passages
from .calibration.regression import fit, probabilities, reliability
from .calibration.scenes import scene
from .calibration.sketches import Sketcher
from .evaluation.encoders import Encode
from .training.corpus import first_words, read_documents

#: Texts shorter than this many characters make no base; of longer ones than the other, the beginning.
SHORTEST, LONGEST = 300, 30_000
#: A document's likest links are fitted on, this many; each document weighs the same.
FITTED_LINKS = 6
BORROWED_TEXTS = 40
#: What a link that is no twin counts beside one that is, where few texts are alike. Texts made in one frame or form come in
#: numbers: a scene shows its first few alone far more often than a stream does, in which most of them find a crowd.
LONE_STRANGER = 0.5


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.calibrate", description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--bases", type=int, default=4000, help="scenes to fit on")
    parser.add_argument("--held-out", type=int, default=1500, help="scenes of the table")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    texts = bases(options.corpus, options.seed)
    wanted = options.bases + options.held_out
    if len(texts) < 2 * wanted:
        parser.error(f"{options.corpus} has {len(texts)} different texts of {SHORTEST} characters or more; "
                     f"{2 * wanted} are wanted, half of them to borrow sentences from: lower --bases and --held-out")
    fitted = list(stream(texts[: options.bases], texts[wanted:], options.seed))
    held_out = list(stream(texts[options.bases : wanted], texts[wanted:], options.seed + 1))
    models = {}
    for crowded, names in ((False, "constant, containment's logit, log of the shorter text's shingles, likeness in length, "
                                   "that times containment's logit"),
                           (True, "constant, containment's logit, difference in length")):
        parts = [part for part in fitted if part.crowded is crowded]
        models[crowded] = of_chosen(parts, model(parts))
        print(f"{'crowded' if crowded else 'sparse'} ({names}): " + ", ".join(f"{x:.3f}" for x in models[crowded]))
    short_in_long = [passage_arrays(part, texts[wanted:], options.seed + n)
                     for n, part in enumerate((texts[: options.bases], texts[options.bases : wanted]))]
    features, labels = short_in_long[0]
    contained = fit(features, labels, np.ones(len(labels)))
    print("contained (constant, deviations): " + ", ".join(f"{x:.3f}" for x in contained))
    for crowded, coefficients in models.items():
        print_twins([part for part in held_out if part.crowded is crowded], coefficients,
                    CROWD_ODDS / (1 + CROWD_ODDS) if crowded else 0.5)
    features, labels = short_in_long[1]
    print_table(f"contained, {len(labels)} short texts and long ones, bases held out", "share contained",
                probabilities(features, contained), labels, np.ones(len(labels)))
    return 0


def passage_arrays(texts: Sequence[str], others: Sequence[str], seed: int) -> tuple[np.ndarray, np.ndarray]:
    pairs = list(passages(texts, others, seed, BORROWED_TEXTS))
    return np.array([features for features, _ in pairs]), np.array([label for _, label in pairs], float)


def bases(folder: Path, seed: int) -> list[str]:
    """Texts that differ in their first words, in random order."""
    found: dict[str, str] = {}
    for document in read_documents(folder):
        if len(document.text) >= SHORTEST:
            found.setdefault(first_words(document.text), document.text[:LONGEST])
    texts = list(found.values())
    random.Random(seed).shuffle(texts)
    return texts


def stream(texts: Sequence[str], others: Sequence[str], seed: int, encode: Encode | None = None) -> Iterator[Links]:
    """The links of all documents of the scenes that grow from ``texts``; with cosines where there is an encoder."""
    draw, sketcher = random.Random(seed), Sketcher(seed=seed)
    for text in texts:
        yield from links(scene(text, draw.choices(others, k=BORROWED_TEXTS), draw), sketcher, encode)


#: Rows of numbers of a document's links.
Features = Callable[[Links], np.ndarray]


def model(parts: Sequence[Links], features_of: Features = Links.features) -> np.ndarray:
    features, labels, weights = [], [], []
    for part in parts:
        likest = np.argsort(-part.jaccard, kind="stable")[:FITTED_LINKS]
        features.append(features_of(part)[likest])
        labels.append(part.twins[likest])
        weights.append(counts(part.twins[likest], part.crowded) / len(likest))
    return fit(np.concatenate(features), np.concatenate(labels).astype(float), np.concatenate(weights))


def counts(twins: np.ndarray, crowded: bool) -> np.ndarray:
    """What each link counts."""
    return np.where(np.asarray(twins, bool) | crowded, 1.0, LONE_STRANGER)


def chosen(parts: Sequence[Links], coefficients: np.ndarray,
           features_of: Features = Links.features) -> tuple[np.ndarray, np.ndarray]:
    """Each document's most probable link, the earliest of equals: its probability, and whether it is a twin."""
    expected, twins = [], []
    for part in parts:
        each = probabilities(features_of(part), coefficients)
        best = int(np.argmax(each))
        expected.append(each[best])
        twins.append(part.twins[best])
    return np.array(expected), np.array(twins, float)


def of_chosen(parts: Sequence[Links], coefficients: np.ndarray) -> np.ndarray:
    """The coefficients that make the probability that of the link chosen, which is each document's likeliest and so too
    likely by its own: its logit is scaled and shifted to fit (Platt, Probabilistic outputs for support vector machines,
    1999)."""
    expected, twins = chosen(parts, coefficients)
    logits = np.log(expected / (1 - expected))
    shift, scale = fit(np.stack([np.ones(len(logits)), logits], 1), twins, counts(twins, parts[0].crowded))
    scaled = coefficients * scale
    scaled[0] += shift
    return scaled


def print_twins(parts: Sequence[Links], coefficients: np.ndarray, threshold: float) -> None:
    expected, twins = chosen(parts, coefficients)
    weights = counts(twins, parts[0].crowded)
    print_table(f"{'crowded' if parts[0].crowded else 'sparse'}, {len(parts)} documents with links, bases held out",
                "share of twins", expected, twins, weights)
    named = expected >= threshold
    has = np.array([part.twins.any() for part in parts])
    print(f"from {threshold:.2f}: precision {np.average(twins[named], weights=weights[named]):.3f}, "
          f"recall {(twins[named & has]).sum() / max(1, has.sum()):.3f}")


def print_table(title: str, share_of: str, expected: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> None:
    rows, error = reliability(expected, labels, weights)
    print(f"\n{title}\nprobability       count   mean probability   {share_of:>15s}")
    for tenth, (count, mean, share) in enumerate(rows):
        print(f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}  {count:9d}   {mean:16.3f}   {share:15.3f}")
    print(f"expected calibration error {error:.3f}")


if __name__ == "__main__":
    sys.exit(main())
