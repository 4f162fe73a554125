"""Random rotations for angular hashing (section 2; Andoni et al. 2015): the reference's draw, in our layout.

Layout everywhere: float32 [R, H, F, C, D]: rounds, heads, factors, columns, head size. A factor of b buckets uses its
first b/2 columns; a factor narrower than C is padded with zeros. Neither rounds nor columns in use need be all: they
are prefixes.
"""

from __future__ import annotations

import dataclasses

import torch
from torch import Tensor

from .buckets import stored_columns
from .config import ReformerConfig


def seed_of(config: ReformerConfig) -> int:
    """The seed of fixed rotations: ``hash_seed``, and 0 where that is null."""
    return 0 if config.hash_seed is None else config.hash_seed


def draw_rotations(config: ReformerConfig, generator: torch.Generator) -> Tensor:
    """One draw, [R, H, F, C, D], from ``generator`` (on the CPU; the global one is never touched).

    With fixed num_buckets this is number for number the reference's
    ``randn(heads, head_size, num_hashes, rotation_size // 2)``, laid out anew.
    """
    heads, size, rounds = config.num_attention_heads, config.attention_head_size, config.num_hashes
    columns = stored_columns(config)
    drawn = torch.randn(heads, size, rounds, sum(columns), generator=generator, dtype=torch.float32)
    drawn = drawn.permute(2, 0, 3, 1)  # [R, H, all columns, D]
    laid_out = torch.zeros(rounds, heads, len(columns), max(columns), size)
    start = 0
    for factor, width in enumerate(columns):
        laid_out[:, :, factor, :width] = drawn[:, :, start : start + width]
        start += width
    return laid_out


def fixed_rotations(config: ReformerConfig, rounds: int = 0) -> Tensor:
    """The rotations of evaluation and export, [R, H, F, C, D], drawn with :func:`seed_of`. Rounds over the
    configuration's ``num_hashes``, up to ``rounds``, come from a draw of their own and leave the first as they are."""
    drawn = draw_rotations(config, torch.Generator().manual_seed(seed_of(config)))
    if rounds <= config.num_hashes:
        return drawn
    more = dataclasses.replace(config, num_hashes=rounds - config.num_hashes)
    return torch.cat([drawn, draw_rotations(more, torch.Generator().manual_seed(seed_of(config) + 1))])


class RotationSource:
    """Hands out rotations: one fixed draw, or, training with a null ``hash_seed``, a new one at every call.

    ``training_seed``: makes the training draws repeatable; None takes one from the system's entropy.
    """

    def __init__(self, config: ReformerConfig, training_seed: int | None = None) -> None:
        self._config = config
        self._fixed: Tensor | None = None
        self._generator = torch.Generator()
        if training_seed is None:
            self._generator.seed()
        else:
            self._generator.manual_seed(training_seed)

    def reseed(self, seed: int) -> None:
        """Makes the training draws from here on those of ``seed``, so that a resumed run continues as it would have."""
        self._generator.manual_seed(seed)

    def rotations(self, training: bool, device: torch.device) -> Tensor:
        """[R, H, F, C, D] on ``device``."""
        if training and self._config.hash_seed is None:
            return draw_rotations(self._config, self._generator).to(device)
        if self._fixed is None or self._fixed.device != device:
            self._fixed = fixed_rotations(self._config).to(device)
        return self._fixed
