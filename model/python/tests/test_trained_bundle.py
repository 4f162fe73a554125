"""The bundle that ships: its size, and what it must tell apart."""

import random
from pathlib import Path

import numpy as np
import pytest

from models import OPS_LIBRARY
from twinstream_reformer.evaluation.encoders import Bundle
from twinstream_reformer.training.damage import damaged

FOLDER = Path(__file__).parents[2] / "bundles" / "reformer-minilm-256"
MOST_BYTES = 24 * 10**6

WATER = ("A heat pump moves heat from the cold ground into a house. It needs electricity for its compressor, but gives "
         "three times as much heat as it uses. In summer the same machine can cool the rooms. ")
LAW = ("The tenant shall pay the rent on the first day of each month. If the tenant is late, the landlord may charge a "
       "fee of two percent. Either party may end this lease with a notice of ninety days. ")


def test_the_bundle_is_small():
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= MOST_BYTES


@pytest.fixture(scope="module")
def bundle():
    if not OPS_LIBRARY.is_file():
        pytest.skip(f"the custom ops are not built: no {OPS_LIBRARY}")
    return Bundle(FOLDER, OPS_LIBRARY)


def test_its_manifest_says_what_it_takes(bundle):
    assert (bundle.max_tokens, bundle.vocab_size) == (65536, 30522)
    assert max(bundle.tokenizer.get_vocab().values()) < bundle.vocab_size


def test_a_paraphrase_is_nearer_than_another_topic(bundle):
    pump, paraphrase, lease = bundle.encode([
        WATER, "Heat pumps warm homes with energy taken out of the soil; they run on electric power and can cool too.", LAW])
    assert pump @ paraphrase > 0.6 > 0.3 > pump @ lease


def test_damaged_copies_stay_near(bundle):
    """Of every text, each copy is nearer than any other text."""
    texts = [WATER * 3, LAW * 3]
    encodings = bundle.encode(texts)
    for index, text in enumerate(texts):
        copies = bundle.encode([damaged(text, random.Random(seed)) for seed in range(12)])
        cosines = copies @ encodings.T
        assert np.all(cosines[:, index] > cosines[:, 1 - index] + 0.3)


def test_a_passage_means_the_same_wherever_it_stands(bundle):
    """Segment encodings of one passage at positions 0 to 16,000 of a long document."""
    passage, filler = (bundle.tokenizer.encode(text).ids for text in (WATER * 4, LAW * 500))
    found = []
    for offset in (0, 1_000, 16_000):
        row = filler[:offset] + passage + filler[offset : offset + 500]
        segments = [-1] * offset + [0] * len(passage) + [-1] * (len(row) - offset - len(passage))
        found.append(bundle.segments(row, segments)[0])
    assert min(float(found[0] @ other) for other in found) >= 0.95


def test_without_rotations_its_lsh_layers_attend_locally(bundle):
    """A far change is seen through the hash, and no longer without it; short texts have one chunk, so nothing changes."""
    local = Bundle(FOLDER, OPS_LIBRARY, local=True)
    assert np.array_equal(local.encode([WATER]), bundle.encode([WATER]))
    passage, filler = (bundle.tokenizer.encode(text).ids for text in (WATER * 4, LAW * 60))
    # The first chunk sees the last one: the segment stands in the middle.
    rows = [filler + passage + filler + end for end in (filler[: len(passage)], passage)]
    segments = [-1] * len(filler) + [0] * len(passage) + [-1] * (len(filler) + len(passage))
    near, far = (abs(one.segments(rows[0], segments) - one.segments(rows[1], segments)).max() for one in (local, bundle))
    assert near == 0 < far
