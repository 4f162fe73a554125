"""Buckets of training are those of inference."""

import torch

from twinstream_reformer.hashing import hash_buckets


def test_buckets_are_the_same_under_automatic_bfloat16():
    random = torch.Generator().manual_seed(1)
    vectors = torch.randn(2, 2, 64, 32, generator=random)
    rotations = torch.randn(2, 2, 1, 32, 32, generator=random)
    expected = hash_buckets(vectors, rotations, (64,), None)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(hash_buckets(vectors, rotations, (64,), None), expected)
