"""What the cosine of the encodings would add to the rule that names twins: the same fit with it and without.

    python -m twinstream_reformer.evaluation.cosine_weight BUNDLE OPS CORPUS [--bases N] [--held-out N]

Prints, for sparse and crowded neighbourhoods, the weight that the fit gives the cosine (of one standard deviation), and of
bases held out the log loss, the calibration error and the accuracy of each document's likeliest link, with the cosine and
without.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..calibrate import Features, bases, chosen, counts, model, stream
from ..calibration.links import Links
from ..calibration.regression import reliability
from .encoders import Bundle

#: Texts are cut there, to save time.
MOST_TOKENS = 1_024


def report(name: str, parts: Sequence[Links], features: Features, coefficients: np.ndarray) -> str:
    expected, twins = chosen(parts, coefficients, features)
    weights = counts(twins, parts[0].crowded)
    bounded = np.clip(expected, 1e-6, 1 - 1e-6)
    loss = -np.average(twins * np.log(bounded) + (1 - twins) * np.log(1 - bounded), weights=weights)
    error = reliability(expected, twins, weights)[1]
    return f"{name}: log loss {loss:.4f}, calibration error {error:.3f}, accuracy {((expected >= 0.5) == twins).mean():.4f}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.evaluation.cosine_weight",
                                     description=__doc__.split("\n")[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("ops", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--bases", type=int, default=1000, help="scenes to fit on")
    parser.add_argument("--held-out", type=int, default=500, help="scenes to measure on")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    bundle = Bundle(options.bundle, options.ops)
    texts = bases(options.corpus, options.seed)
    wanted = options.bases + options.held_out

    def encode(some: list[str]) -> np.ndarray:
        return bundle.encode(some, MOST_TOKENS)

    fit_on = list(stream(texts[: options.bases], texts[wanted:], options.seed, encode))
    held_out = list(stream(texts[options.bases : wanted], texts[wanted:], options.seed + 1, encode))
    for crowded, name in ((False, "sparse"), (True, "crowded")):
        train, test = ([part for part in some if part.crowded is crowded] for some in (fit_on, held_out))
        plain, joint = model(train), model(train, Links.with_cosine)
        spread = np.concatenate([part.with_cosine()[:, -1] for part in train]).std()
        print(f"{name}, {len(train)} documents fitted, {len(test)} held out: weight of the cosine {joint[-1] * spread:.3f}")
        print(report("  without", test, Links.features, plain))
        print(report("  with", test, Links.with_cosine, joint), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
