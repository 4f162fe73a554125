"""The links of each document of a scene to earlier ones, and what the rule reads from them: as in the stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .scenes import Member
from .sketches import Sketcher

#: These four stand in the stream's rule too (TwinDecision, TwinModel).
LEAST_JACCARD = 0.2
CLOSE_JACCARD = 0.4
SPARSE = 3
CROWD_ODDS = 2.0


@dataclass(frozen=True)
class Links:
    """One document's links, in stream order of the other ends."""

    jaccard: np.ndarray
    shorter: np.ndarray
    longer: np.ndarray
    twins: np.ndarray

    @property
    def crowded(self) -> bool:
        return int((self.jaccard >= CLOSE_JACCARD).sum()) > SPARSE

    def features(self) -> np.ndarray:
        """[links, 4] of the model for crowded neighbourhoods, or [links, 3] of that for sparse ones."""
        constant = np.ones(len(self.jaccard))
        common = self.jaccard * (self.shorter + self.longer) / (1 + self.jaccard)
        containment = logit(np.minimum(1, common / self.shorter), 0.98)
        if self.crowded:
            difference = np.log(self.longer / self.shorter)
            return np.stack([constant, logit(self.jaccard, 0.995), containment, difference], 1)
        return np.stack([constant, containment, np.log(self.shorter)], 1)



def logit(share: np.ndarray, most: float) -> np.ndarray:
    bounded = np.clip(share, 0.005, most)
    return np.log(bounded / (1 - bounded))


def links(members: Sequence[Member], sketcher: Sketcher) -> Iterator[Links]:
    """Of each document that has any."""
    sizes: list[int] = []
    signatures: list[np.ndarray] = []
    clusters: list[int] = []
    for member in members:
        size, signature = sketcher.sketch(member.text)
        if sizes:
            equal = (np.stack(signatures) == signature).mean(axis=1)
            jaccard = np.maximum(0, (equal - 1 / 256) / (1 - 1 / 256))
            kept = jaccard >= LEAST_JACCARD
            if kept.any():
                others = np.array(sizes)[kept]
                yield Links(jaccard[kept], np.minimum(size, others), np.maximum(size, others),
                            np.array(clusters)[kept] == member.cluster)
        sizes.append(size)
        signatures.append(signature)
        clusters.append(member.cluster)
