"""First weights from the teacher: before its first step the student is a weighted mean of static token vectors."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from ..config import ReformerConfig
from ..modeling import initialize
from ..text_encoder import TextEncoder, pad

#: The constant of smooth inverse frequency (Arora et al. 2017): weight a / (a + p).
SIF = 1e-3
#: The last dimensions of an embedding, those of least variance, carry the position at first.
POSITION_WIDTH = 32
POSITION_SIZE = 0.5


def principal_axes(vectors: np.ndarray, width: int, centre: bool) -> tuple[Tensor, Tensor]:
    """(mean [D], axes [D, width]) of ``vectors`` [N, D], most variance first; without ``centre`` the mean is 0."""
    values = torch.from_numpy(np.asarray(vectors, np.float32)).double()
    mean = values.mean(dim=0) if centre else torch.zeros(values.shape[1], dtype=torch.float64)
    values = values - mean
    _, axes = torch.linalg.eigh(values.T @ values)
    axes = axes.flip(1)[:, :width]
    axes = axes * torch.sign(axes.gather(0, axes.abs().argmax(dim=0, keepdim=True)))  # eigh leaves the sign open
    return mean.float(), axes.float()


def static_vectors(token_vectors: np.ndarray, width: int) -> Tensor:
    """[vocabulary, width]: principal components of the teacher's vectors of single tokens."""
    mean, axes = principal_axes(token_vectors, width, centre=True)
    return (torch.from_numpy(token_vectors.astype(np.float32)) - mean) @ axes


def sif_weights(rows: list[list[int]], vocabulary: int) -> Tensor:
    """[vocabulary]: a / (a + p), p the token's frequency in ``rows``, one added to each count."""
    counts = torch.bincount(torch.tensor([token for row in rows for token in row]), minlength=vocabulary) + 1.0
    return SIF / (SIF + counts / counts.sum())


def warm_start(config: ReformerConfig, encoding_size: int, token_vectors: np.ndarray, rows: list[list[int]],
               targets: Tensor, seed: int) -> TextEncoder:
    """A student whose layers add nothing yet.

    ``rows``: token ids of texts whose teacher vectors, in the student's encoding space, are ``targets``
    [rows, encoding_size]; the head is fitted to them.
    """
    encoder = TextEncoder(config, encoding_size, training_seed=seed)
    initialize(encoder, config, seed)
    static = static_vectors(token_vectors, config.hidden_size)
    with torch.no_grad():
        spread = static.std(dim=1)
        encoder.reformer.embeddings.word_embeddings.weight.copy_(static / static.square().mean().sqrt())
        encoder.token_scalar.weight.copy_((sif_weights(rows, config.vocab_size) * spread).log().unsqueeze(1))
        encoder.token_scalar.weight.sub_(encoder.token_scalar.weight.mean())
        encoder.state_weight.weight.zero_()
        for layer in encoder.reformer.encoder.layers:
            layer.attention.output.dense.weight.zero_()
            layer.feed_forward.output.dense.weight.zero_()
        if config.axial_pos_embds:
            _start_positions(encoder)
        head = _fit_head(encoder, rows, targets)
        # The encoding has length 1 whatever the head's size, but the optimiser's steps do not grow with it.
        encoder.head.weight.copy_(head * config.initializer_range / head.square().mean().sqrt())
    return encoder


def _start_positions(encoder: TextEncoder) -> None:
    """The last axis gets waves whose periods divide it, so that a step means the same everywhere; the others 0."""
    *others, last = encoder.reformer.embeddings.position_embeddings.weights
    for weight in others:
        weight.zero_()
    count, width = last.shape[-2:]
    waves = min(POSITION_WIDTH, width) // 2
    turns = torch.unique(torch.logspace(0, math.log2(count / 4), waves, base=2).round())
    angle = 2 * math.pi * torch.arange(count).unsqueeze(1) * turns / count
    table = torch.cat([angle.sin(), angle.cos()], dim=1) * POSITION_SIZE
    last.zero_()
    last.view(count, width)[:, width - table.shape[1]:] = table


def _fit_head(encoder: TextEncoder, rows: list[list[int]], targets: Tensor, ridge: float = 1e-4) -> Tensor:
    """[encoding size, 2 hidden]: least squares from mean states to targets."""
    means = torch.zeros(len(rows), 2 * encoder.config.hidden_size)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    for start in range(0, len(rows), 256):
        chosen = order[start : start + 256]
        ids, mask = pad([rows[i] for i in chosen])
        means[chosen] = encoder.means(ids, mask, mask - 1)[0]
    means, targets = means.double(), targets.double()
    gram = means.T @ means
    gram += ridge * gram.diagonal().mean() * torch.eye(len(gram), dtype=torch.float64)
    return torch.linalg.solve(gram, means.T @ targets).T.float()
