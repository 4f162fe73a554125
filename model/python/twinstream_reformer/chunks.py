"""Rings of chunks and the window each chunk sees (section 2, "LSH attention", figure 2d)."""

from __future__ import annotations

import torch
from torch import Tensor


def to_chunks(values: Tensor, chunk_length: int, dim: int) -> Tensor:
    """Splits ``dim`` (a multiple of ``chunk_length``) into [chunks, chunk_length]."""
    return values.unflatten(dim, (-1, chunk_length))


def window(chunks: Tensor, before: int, after: int, dim: int) -> Tensor:
    """For each chunk, the chunks from ``before`` back to ``after`` ahead, along the chunk's own positions.

    ``chunks`` [..., N, C, ...] with N at ``dim``; returns [..., N, (before + 1 + after) * C, ...]. The chunks form a
    ring. As in the reference, a shift of N or more is no shift: the ring is sliced, not wrapped, so a short ring sees
    chunks twice.
    """
    count = chunks.shape[dim]
    shifted = [torch.roll(chunks, -shift, dim) if 0 < abs(shift) < count else chunks
               for shift in range(-before, after + 1)]
    return shifted[0] if len(shifted) == 1 else torch.cat(shifted, dim=dim + 1)
