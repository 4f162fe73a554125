"""Configurations: what they derive, and how wrong ones are refused."""

import math

import pytest

from models import small
from twinstream_reformer.buckets import automatic_factors, bucket_factors
from twinstream_reformer.config import ConfigError, ReformerConfig


@pytest.mark.parametrize("key, value, wanted", [
    ("attn_layers", ["lsh", "full"], "'lsh' or 'local'"),
    ("num_buckets", 7, "even number"),
    ("hidden_act", "none", "one of"),
    ("axial_pos_embds_dim", [8, 8], "add up to hidden_size"),
    ("vocab_size", 0, "at least 1"),
    ("pad_token_id", 50, "vocab_size - 1"),
    ("hidden_dropout_prob", 1.0, "below 1"),
])
def test_a_wrong_value_is_named(key, value, wanted):
    with pytest.raises(ConfigError, match=key) as refused:
        ReformerConfig.from_dict({**small().to_dict(), key: value})
    assert wanted in str(refused.value)


UNREAD = {
    "local": dict(lsh_attn_chunk_length=None, lsh_num_chunks_before=None, lsh_num_chunks_after=None, num_buckets=7,
                  lsh_attention_probs_dropout_prob=None, lsh_within_bucket=2, lsh_full_attention_below=-1),
    "lsh": dict(local_attn_chunk_length=None, local_num_chunks_before=None, local_num_chunks_after=None,
                local_attention_probs_dropout_prob=None),
}


@pytest.mark.parametrize("kind", UNREAD)
def test_keys_of_a_kind_of_layer_that_is_not_there_are_not_read(kind):
    config = ReformerConfig.from_dict({**small().to_dict(), "attn_layers": [kind], **UNREAD[kind]})
    assert (config.min_chunk_length, config.pad_multiple, config.max_tokens) == (16, 16, 256)
    assert [config.padded_length(n) for n in (1, 16, 17)] == [1, 16, 32]
    assert ReformerConfig.from_dict(config.to_dict()) == config
    for key, value in UNREAD[kind].items():
        with pytest.raises(ConfigError, match=key):
            small(**{key: value})


def test_lengths():
    config = small(local_attn_chunk_length=24)
    assert (config.min_chunk_length, config.pad_multiple) == (16, 48)
    assert [config.padded_length(n) for n in (1, 16, 17, 48, 49)] == [1, 16, 48, 48, 96]
    assert config.max_tokens == 240


def test_automatic_buckets_double_and_split():
    limit = 2 * max(math.isqrt(65536 // 64), 64)
    assert automatic_factors(64, 64, limit) == (2,)
    assert automatic_factors(64 * 3, 64, limit) == (4,)
    assert automatic_factors(64 * 64, 64, limit) == (128,)
    assert automatic_factors(64 * 128, 64, limit) == (16, 16)
    assert automatic_factors(64 * 256, 64, limit) == (16, 32)
    assert bucket_factors(small(num_buckets=(4, 6)), 99) == (4, 6)
