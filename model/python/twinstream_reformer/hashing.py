"""Angular locality-sensitive hashing and the sort by bucket (section 2, "LSH attention")."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def hash_buckets(vectors: Tensor, rotations: Tensor, factors: tuple[int, ...], mask: Tensor | None) -> Tensor:
    """Bucket of each vector in each round.

    ``vectors`` [B, H, L, D]; ``rotations`` [R, H, F, C, D], F and C at least what ``factors`` need; ``mask`` [B, L]
    bool, True = real token. Returns int64 [B, H, R, L], ids within the round, 0 to prod(factors) - 1; masked positions
    get prod(factors), so that they sort after all others. No gradient flows through.

    A factor's bucket is argmax([x R, -x R]); factors combine as digits of a mixed radix, the first the lowest.
    """
    if len(factors) > rotations.shape[2] or max(factors) // 2 > rotations.shape[3]:
        raise ValueError(
            f"The rotations hold {rotations.shape[2]} factors of {rotations.shape[3]} columns, too few for "
            f"{list(factors)} buckets: draw them for this configuration."
        )
    # Training's automatic bfloat16 would reach into the product, and move one bucket in a hundred.
    with torch.no_grad(), torch.autocast(vectors.device.type, enabled=False):
        vectors = vectors.detach().float()
        buckets, place = None, 1
        for index, factor in enumerate(factors):
            columns = rotations[:, :, index, : factor // 2].float()
            turned = torch.einsum("bhld,rhcd->bhrlc", vectors, columns)
            digit = torch.cat([turned, -turned], dim=-1).argmax(dim=-1)
            buckets = digit if buckets is None else buckets + place * digit
            place *= factor
        if mask is not None:
            buckets = buckets.masked_fill(~mask[:, None, None, :], place)
    return buckets


def sort_by_bucket(buckets: Tensor) -> tuple[Tensor, Tensor]:
    """The ring order: all rounds one after another, each sorted by bucket, equal buckets in order of position.

    ``buckets`` [B, H, R, L]. Returns (``positions`` [B, H, R * L]: the position in each slot of the ring;
    ``slots`` [B, H, R, L]: the slot within its round of each position), int64.
    """
    order = torch.argsort(buckets, dim=-1, stable=True)
    slots = torch.empty_like(order)
    slots.scatter_(-1, order, torch.arange(order.shape[-1], device=order.device).expand_as(order))
    return order.flatten(2), slots


def compact(buckets: Tensor, factors: tuple[int, ...]) -> Tensor:
    """The same buckets in the smallest whole-number type that holds them: they are kept from forward to backward
    for every layer at once, so their size counts against what reversible layers save."""
    return buckets.to(torch.int16 if math.prod(factors) < 2**15 else torch.int32)
