"""Weights of a graph in fewer bytes: 8-bit rows with a float scale each, or float16; computed with as float32."""

from __future__ import annotations

import torch
from torch import Tensor

#: Largest whole number of a row; symmetric, so that no zero point is needed.
LEVELS = 127


def to_int8_rows(weight: Tensor) -> tuple[Tensor, Tensor]:
    """(int8 [N, D], float32 scales [N, 1]) whose product is ``weight`` [N, D], each number within half a scale."""
    scales = weight.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / LEVELS
    return (weight / scales).round().to(torch.int8), scales


def from_int8_rows(numbers: Tensor, scales: Tensor) -> Tensor:
    return numbers.float() * scales
