"""The links of each document of a scene to earlier ones, and what the rule reads from them: as in the stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..evaluation.encoders import Encode
from .scenes import Member
from .sketches import Sketcher, kept_encodings, similarity

#: These six stand in the stream's rule too (TwinDecision, TwinModel).
LEAST_JACCARD = 0.25
CLOSE_JACCARD = 0.4
SPARSE = 3
CROWD_ODDS = 2.33
LIKE_LENGTH = 0.05
#: Added to a cosine distance before its logarithm is taken.
NO_DISTANCE = 0.005


@dataclass(frozen=True)
class Links:
    """One document's links, in stream order of the other ends; ``cosine`` of the encodings, where they were asked for."""

    jaccard: np.ndarray
    shorter: np.ndarray
    longer: np.ndarray
    twins: np.ndarray
    cosine: np.ndarray | None = None

    @property
    def crowded(self) -> bool:
        return int((self.jaccard >= CLOSE_JACCARD).sum()) > SPARSE

    def features(self) -> np.ndarray:
        """[links, 3] of the model for crowded neighbourhoods, or [links, 5] of that for sparse ones."""
        constant = np.ones(len(self.jaccard))
        common = self.jaccard * (self.shorter + self.longer) / (1 + self.jaccard)
        containment = logit(np.minimum(1, common / self.shorter))
        difference = np.log(self.longer / self.shorter)
        if self.crowded:
            return np.stack([constant, containment, difference], 1)
        like_length = np.exp(-difference / LIKE_LENGTH)
        return np.stack([constant, containment, np.log(self.shorter), like_length, like_length * containment], 1)

    def only(self, chosen: np.ndarray) -> Links:
        """Some of the links. Those from CLOSE_JACCARD on must be among them, or a crowd would seem none."""
        cosine = None if self.cosine is None else self.cosine[chosen]
        return Links(self.jaccard[chosen], self.shorter[chosen], self.longer[chosen], self.twins[chosen], cosine)

    def with_cosine(self) -> np.ndarray:
        """The features and one more, which grows with the cosine: minus the logarithm of the distance."""
        return np.column_stack([self.features(), -np.log(NO_DISTANCE + 1 - self.cosine)])


def logit(share: np.ndarray) -> np.ndarray:
    bounded = np.clip(share, 0.005, 0.98)
    return np.log(bounded / (1 - bounded))


def links(members: Sequence[Member], sketcher: Sketcher, encode: Encode | None = None) -> Iterator[Links]:
    """Of each document that has any. Exact copies have no links of their own: in the stream they join their text."""
    encodings = kept_encodings(encode([member.text for member in members])) if encode else None
    known: set[bytes] = set()
    sizes: list[int] = []
    signatures: list[np.ndarray] = []
    clusters: list[int] = []
    places: list[int] = []
    for place, member in enumerate(members):
        shingles = sketcher.shingles(member.text)
        if shingles.tobytes() in known:
            continue
        known.add(shingles.tobytes())
        size, signature = len(shingles), sketcher.signature(shingles)
        if sizes:
            jaccard = similarity(np.stack(signatures), signature)
            kept = jaccard >= LEAST_JACCARD
            if kept.any():
                others = np.array(sizes)[kept]
                yield Links(jaccard[kept], np.minimum(size, others), np.maximum(size, others),
                            np.array(clusters)[kept] == member.cluster,
                            None if encodings is None else encodings[np.array(places)[kept]] @ encodings[place])
        sizes.append(size)
        places.append(place)
        signatures.append(signature)
        clusters.append(member.cluster)
