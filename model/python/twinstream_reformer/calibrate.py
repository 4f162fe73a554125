"""Fits the rule that gives documents their near-duplicate verdicts, and shows how well its probabilities hold.

    python -m twinstream_reformer.calibrate CORPUS [--exclude FOLDER]... [--bundle FOLDER --ops LIBRARY] [--bases N]
           [--held-out N] [--seed N]

CORPUS: a folder of JSON lines {text}, also .gz or .xz. Each base text grows a scene (calibration/scenes.py); bases held
out grow the scenes of the tables. Of each base a pair of a short text and a long one is made too
(calibration/passages.py). Prints the coefficients of TwinModel and tables of probability against share: of twins, for
the pair chosen for each document that has links; of texts truly contained, for the pairs of short and long. With a bundle
the texts are encoded too, and the models fitted again with the cosine: that of sparse neighbourhoods is part of the rule.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .calibration.links import CLOSE_JACCARD, CROWD_ODDS, SPARSE as SPARSE_LINKS, Links, links
from .calibration.passages import passages
from .calibration.regression import fit, probabilities, reliability
from .calibration.scenes import scene
from .calibration.sketches import Sketcher
from .evaluation.encoders import Bundle, Encode
from .training.corpus import MOST_SHARED, RunIndex, first_words, read_documents
from .training.errors import in_a_line

#: Texts shorter than this many characters make no base; of longer ones than the other, the beginning.
SHORTEST, LONGEST = 300, 30_000
#: A document's likest links are fitted on, this many; each document weighs the same.
FITTED_LINKS = 6
BORROWED_TEXTS = 40
#: What a link that is no twin counts beside one that is, where few texts are alike. Texts made in one frame or form come in
#: numbers: a scene shows its first few alone far more often than a stream does, in which most of them find a crowd.
LONE_STRANGER = 0.5

#: Rows of numbers of a document's links.
Features = Callable[[Links], np.ndarray]


@dataclass(frozen=True)
class Kind:
    """A model of the rule: of documents in crowds or not, from some numbers of their links."""

    name: str
    crowded: bool
    features: Features
    columns: str

    def of(self, parts: Sequence[Links]) -> list[Links]:
        return [part for part in parts if part.crowded is self.crowded]


_SPARSE_COLUMNS = ("constant, containment's logit, log of the shorter text's shingles, likeness in length, "
                   "that times containment's logit")
_CROWDED_COLUMNS = "constant, containment's logit, difference in length"
_COSINE_COLUMN = ", minus the log of the cosine distance"
SPARSE = Kind("sparse", False, Links.features, _SPARSE_COLUMNS)
LEXICAL = (SPARSE, Kind("crowded", True, Links.features, _CROWDED_COLUMNS))
ENCODED = (Kind("sparse with cosine", False, Links.with_cosine, _SPARSE_COLUMNS + _COSINE_COLUMN),
           Kind("crowded with cosine", True, Links.with_cosine, _CROWDED_COLUMNS + _COSINE_COLUMN))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.calibrate", description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--exclude", type=Path, action="append", default=[],
                        help="folder of a measuring set: texts that share over 20%% of their 8-word runs are dropped")
    parser.add_argument("--bundle", type=Path, help="what encodes")
    parser.add_argument("--ops", type=Path, help="its native ops")
    parser.add_argument("--bases", type=int, default=4000, help="scenes to fit on")
    parser.add_argument("--held-out", type=int, default=1500, help="scenes of the table")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    measuring = RunIndex()
    for folder in options.exclude:
        measuring.add_folder(folder)
    texts, dropped = bases(options.corpus, options.seed, measuring)
    if options.exclude:
        print(f"{dropped} of {dropped + len(texts)} texts dropped: over {MOST_SHARED:.0%} of their 8-word runs stand in "
              "what is excluded")
    wanted = options.bases + options.held_out
    if len(texts) < 2 * wanted:
        parser.error(f"{options.corpus} has {len(texts)} different texts of {SHORTEST} characters or more; "
                     f"{2 * wanted} are wanted, half of them to borrow sentences from: lower --bases and --held-out")
    if (options.bundle is None) != (options.ops is None):
        parser.error("--bundle and --ops are wanted together")
    encode = Bundle(options.bundle, options.ops).encode if options.bundle else None
    fitted = list(stream(texts[: options.bases], texts[wanted:], options.seed, encode))
    held_out = list(stream(texts[options.bases : wanted], texts[wanted:], options.seed + 1, encode))
    need_both_kinds(fitted, held_out, parser)
    models = {kind: model(kind.of(fitted), kind.features) for kind in LEXICAL}
    if encode:
        # What is kept as a link hangs on the words alone; the cosine of those is asked for.
        fitted, kept = (list(kept_links(parts, models[SPARSE])) for parts in (fitted, held_out))
        need_both_kinds(fitted, kept, parser)
        models |= {kind: model(kind.of(fitted), kind.features) for kind in ENCODED}
    for kind, coefficients in models.items():
        print(f"{kind.name} ({kind.columns}): " + ", ".join(f"{x:.3f}" for x in coefficients))
    short_in_long = [passage_arrays(part, texts[wanted:], options.seed + n)
                     for n, part in enumerate((texts[: options.bases], texts[options.bases : wanted]))]
    features, labels = short_in_long[0]
    contained = fit(features, labels, np.ones(len(labels)))
    print("contained (constant, deviations): " + ", ".join(f"{x:.3f}" for x in contained))
    for kind in LEXICAL:
        print_twins(kind.name, kind, kind.of(held_out), models[kind])
    if encode:
        print_twins("of links that are kept, sparse", SPARSE, SPARSE.of(kept), models[SPARSE])
        for kind in ENCODED:
            print_twins(f"of links that are kept, {kind.name}", kind, kind.of(kept), models[kind])
    features, labels = short_in_long[1]
    print_table(f"contained, {len(labels)} short texts and long ones, bases held out", "share contained",
                probabilities(features, contained), labels, np.ones(len(labels)))
    return 0


def passage_arrays(texts: Sequence[str], others: Sequence[str], seed: int) -> tuple[np.ndarray, np.ndarray]:
    pairs = list(passages(texts, others, seed, BORROWED_TEXTS))
    return np.array([features for features, _ in pairs]), np.array([label for _, label in pairs], float)


def need_both_kinds(fitted: Sequence[Links], held_out: Sequence[Links], parser: argparse.ArgumentParser) -> None:
    """Ends with an error where there is nothing to fit a model on, or to show it by."""
    for option, parts in (("--bases", fitted), ("--held-out", held_out)):
        for kind in LEXICAL:
            if not kind.of(parts):
                parser.error(f"the scenes of {option} have no document whose neighbourhood is {kind.name} (a crowd: over "
                             f"{SPARSE_LINKS} links of similarity {CLOSE_JACCARD}); both kinds are wanted: raise {option}")


def bases(folder: Path, seed: int, measuring: RunIndex) -> tuple[list[str], int]:
    """Texts that differ in their first words, in random order; and how many are left out since they share too many runs
    with ``measuring``."""
    found: dict[str, str] = {}
    for document in read_documents(folder):
        if len(document.text) >= SHORTEST:
            found.setdefault(first_words(document.text), document.text[:LONGEST])
    texts = [text for text in found.values() if measuring.shared(text) <= MOST_SHARED]
    random.Random(seed).shuffle(texts)
    return texts, len(found) - len(texts)


def stream(texts: Sequence[str], others: Sequence[str], seed: int, encode: Encode | None = None) -> Iterator[Links]:
    """The links of all documents of the scenes that grow from ``texts``; with cosines where there is an encoder."""
    draw, sketcher = random.Random(seed), Sketcher(seed=seed)
    for text in texts:
        yield from links(scene(text, draw.choices(others, k=BORROWED_TEXTS), draw), sketcher, encode)


def model(parts: Sequence[Links], features_of: Features = Links.features) -> np.ndarray:
    features, labels, weights = [], [], []
    for part in parts:
        likest = np.argsort(-part.jaccard, kind="stable")[:FITTED_LINKS]
        features.append(features_of(part)[likest])
        labels.append(part.twins[likest])
        weights.append(counts(part.twins[likest], part.crowded) / len(likest))
    each = fit(np.concatenate(features), np.concatenate(labels).astype(float), np.concatenate(weights))
    return of_chosen(parts, each, features_of)


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


def of_chosen(parts: Sequence[Links], coefficients: np.ndarray, features_of: Features) -> np.ndarray:
    """The coefficients that make the probability that of the link chosen, which is each document's likeliest and so too
    likely by its own: its logit is scaled and shifted to fit (Platt, Probabilistic outputs for support vector machines,
    1999)."""
    expected, twins = chosen(parts, coefficients, features_of)
    logits = np.log(expected / (1 - expected))
    shift, scale = fit(np.stack([np.ones(len(logits)), logits], 1), twins, counts(twins, parts[0].crowded))
    scaled = coefficients * scale
    scaled[0] += shift
    return scaled


def kept_links(parts: Sequence[Links], sparse: np.ndarray) -> Iterator[Links]:
    """Those that the stream keeps; in crowds all, since there are enough for any to be chosen."""
    for part in parts:
        if part.crowded:
            yield part
            continue
        kept = (part.jaccard >= CLOSE_JACCARD) | (probabilities(part.features(), sparse) >= 0.5)
        if kept.any():
            yield part.only(kept)


def print_twins(name: str, kind: Kind, parts: Sequence[Links], coefficients: np.ndarray) -> None:
    expected, twins = chosen(parts, coefficients, kind.features)
    weights = counts(twins, kind.crowded)
    print_table(f"{name}, {len(parts)} documents with links, bases held out", "share of twins", expected, twins, weights)
    bounded = np.clip(expected, 1e-6, 1 - 1e-6)
    loss = -np.average(twins * np.log(bounded) + (1 - twins) * np.log(1 - bounded), weights=weights)
    threshold = CROWD_ODDS / (1 + CROWD_ODDS) if kind.crowded else 0.5
    named = expected >= threshold
    has = np.array([part.twins.any() for part in parts])
    print(f"log loss {loss:.4f}; from {threshold:.2f}: {told(named, twins, weights)}, "
          f"recall {(twins[named & has]).sum() / max(1, has.sum()):.3f}")
    if not kind.crowded:
        print("with strangers counted in full, as often as the scenes have them: "
              f"{told(named, twins, np.ones(len(twins)))}")


def told(named: np.ndarray, twins: np.ndarray, weights: np.ndarray) -> str:
    precision = f"{np.average(twins[named], weights=weights[named]):.3f}" if named.any() else "- (none named)"
    return f"told right {np.average(named == twins, weights=weights):.3f}, precision {precision}"


def print_table(title: str, share_of: str, expected: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> None:
    rows, error = reliability(expected, labels, weights)
    print(f"\n{title}\nprobability       count   mean probability   {share_of:>15s}")
    for tenth, (count, mean, share) in enumerate(rows):
        print(f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}  {count:9d}   {mean:16.3f}   {share:15.3f}")
    print(f"expected calibration error {error:.3f}")


if __name__ == "__main__":
    sys.exit(in_a_line("calibrate", main))
