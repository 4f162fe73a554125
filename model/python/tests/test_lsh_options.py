"""What the LSH op offers beyond the reference: rounds set at run time, and the options of other implementations."""

import numpy as np
import pytest
import torch

from models import OPS_LIBRARY, initialized, session, small, tokens
from twinstream_reformer.graph import token_graph
from twinstream_reformer.rotations import fixed_rotations

pytestmark = pytest.mark.skipif(not OPS_LIBRARY.is_file(), reason=f"the custom ops are not built: no {OPS_LIBRARY}")

OPTIONS = {
    "within the bucket": dict(lsh_within_bucket=True),
    "keys once": dict(lsh_count_keys_once=True),
    "both": dict(lsh_within_bucket=True, lsh_count_keys_once=True),
    "both, causal, factorized": dict(lsh_within_bucket=True, lsh_count_keys_once=True, is_decoder=True,
                                     num_buckets=(2, 4)),
    "full below": dict(lsh_full_attention_below=112),
}


def batch(length: int) -> tuple[torch.Tensor, torch.Tensor]:
    ids = tokens(2, length)
    mask = torch.ones_like(ids)
    mask[1, length * 3 // 4 :] = 0
    return ids, mask


def run(running, ids: torch.Tensor, mask: torch.Tensor) -> np.ndarray:
    return running.run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})[0]


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("length", [30, 112, 200])
def test_options_give_what_pytorch_gives(name, length):
    config = small(attn_layers=("lsh", "lsh"), num_hashes=3, **OPTIONS[name])
    model = initialized(config)
    ids, mask = batch(length)
    found = run(session(token_graph(model)), ids, mask)
    with torch.no_grad():
        expected = model(ids, mask)
        reference = initialized(small(attn_layers=("lsh", "lsh"), num_hashes=3, is_decoder=config.is_decoder,
                                      num_buckets=config.num_buckets))(ids, mask)
    real = mask == 1
    assert np.abs(found - expected.numpy())[real.numpy()].max() <= 1e-4
    hashed = length > config.lsh_full_attention_below
    assert ((expected - reference)[real].abs().max() > 1e-3) == (hashed == (name != "full below"))


def test_keys_that_count_once_make_full_attention_of_windows_that_see_all():
    """With windows over the whole ring every round meets every key: counted once, that is full attention."""
    shape = dict(attn_layers=("lsh",), num_hashes=2, lsh_num_chunks_before=3)
    ids = tokens(1, 64)
    with torch.no_grad():
        once = initialized(small(lsh_count_keys_once=True, **shape))(ids)
        full = initialized(small(lsh_full_attention_below=64, **shape))(ids)
    assert (once - full).abs().max() <= 1e-4


@pytest.mark.parametrize("rounds", [1, 2, 4])
def test_rounds_are_set_at_run_time(rounds):
    config = small(num_hashes=2)
    model = initialized(config)
    ids, mask = batch(200)
    graph = token_graph(model, rounds=4)
    found = run(session(graph, entries={"twinstream.rounds": str(rounds)}), ids, mask)
    other = initialized(small(num_hashes=rounds))
    other.encoder.rotation_source._fixed = fixed_rotations(config, 4)[:rounds]
    with torch.no_grad():
        expected = other(ids, mask).numpy()
    assert np.abs(found - expected)[mask.numpy() == 1].max() <= 1e-4
    if rounds == config.num_hashes:
        assert np.array_equal(found, run(session(token_graph(model)), ids, mask))


def test_rounds_that_cannot_be_had_are_refused():
    model = initialized(small())
    with pytest.raises(Exception, match=r"rounds of rotations is 2, wanted at least num_hashes, 3"):
        session(token_graph(model), entries={"twinstream.rounds": "3"})
    with pytest.raises(Exception, match=r"twinstream.rounds is '-1', wanted a whole number"):
        session(token_graph(model), entries={"twinstream.rounds": "-1"})
    with pytest.raises(Exception, match=r"twinstream.standard_dense is '2', wanted 0 or 1"):
        session(token_graph(model), entries={"twinstream.standard_dense": "2"})
