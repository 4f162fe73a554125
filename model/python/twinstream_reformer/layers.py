"""Blocks of the Reformer: embeddings, attention block, chunked feed-forward, reversible layer (sections 2 and 3)."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .activations import ACTIVATIONS
from .attention import LocalSelfAttention, LSHSelfAttention
from .config import ReformerConfig


class AxialPositionEmbeddings(nn.Module):
    """Position p, written as digits of ``axial_pos_shape``, is the concatenation of one vector a digit (section 4).

    forward: ``length`` to [length, hidden], of the positions from ``offset`` on; beyond the last, from 0 again.
    """

    def __init__(self, config: ReformerConfig) -> None:
        super().__init__()
        self.shape = config.axial_pos_shape
        self.weights = nn.ParameterList()
        for axis, (count, width) in enumerate(zip(config.axial_pos_shape, config.axial_pos_embds_dim)):
            sizes = [1] * len(self.shape) + [width]
            sizes[axis] = count
            self.weights.append(nn.Parameter(torch.ones(sizes)))

    def forward(self, length: int, offset: int = 0) -> Tensor:
        rest = torch.arange(offset, offset + length, device=self.weights[0].device) % math.prod(self.shape)
        parts = []
        for axis in reversed(range(len(self.shape))):
            parts.append(self.weights[axis].flatten(0, -2)[rest % self.shape[axis]])
            rest = rest // self.shape[axis]
        return torch.cat(parts[::-1], dim=-1)


class LearnedPositionEmbeddings(nn.Module):
    """One vector a position. forward: ``length`` to [length, hidden], of the positions from ``offset`` on."""

    def __init__(self, config: ReformerConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(config.max_position_embeddings, config.hidden_size)

    def forward(self, length: int, offset: int = 0) -> Tensor:
        return self.embedding.weight[offset : offset + length]


class Embeddings(nn.Module):
    """Tokens plus positions. forward: ``input_ids`` [B, L], the first at position ``offset``, to [B, L, hidden]."""

    def __init__(self, config: ReformerConfig) -> None:
        super().__init__()
        self.dropout = config.hidden_dropout_prob
        self.word_embeddings = nn.Embedding(config.vocab_size, config.hidden_size)
        self.position_embeddings = (
            AxialPositionEmbeddings(config) if config.axial_pos_embds else LearnedPositionEmbeddings(config))

    def forward(self, input_ids: Tensor, offset: int = 0) -> Tensor:
        words = F.dropout(self.word_embeddings(input_ids), self.dropout, self.training)
        return words + self.position_embeddings(input_ids.shape[1], offset)


class Projection(nn.Module):
    """A dense map under the parameter name that checkpoints use, with dropout after it."""

    def __init__(self, width_in: int, width_out: int, bias: bool, dropout: float) -> None:
        super().__init__()
        self.dense = nn.Linear(width_in, width_out, bias=bias)
        self.dropout = dropout

    def forward(self, states: Tensor) -> Tensor:
        return F.dropout(self.dense(states), self.dropout, self.training)


class AttentionBlock(nn.Module):
    """LayerNorm, self-attention, output projection. forward: states [B, L, hidden] to (the same shape, buckets)."""

    def __init__(self, config: ReformerConfig, kind: str) -> None:
        super().__init__()
        self.layer_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.self_attention = LSHSelfAttention(config) if kind == "lsh" else LocalSelfAttention(config)
        self.output = Projection(config.num_attention_heads * config.attention_head_size, config.hidden_size, False,
                                 config.hidden_dropout_prob)

    def forward(self, states: Tensor, mask: Tensor | None, rotations: Tensor | None,
                buckets: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        mixed, buckets = self.self_attention(self.layer_norm(states), mask, rotations, buckets)
        return self.output(mixed), buckets


class FeedForward(nn.Module):
    """LayerNorm and two dense maps, a piece of ``chunk_size_feed_forward`` positions at a time (0 = all at once).

    forward: [B, L, hidden] to the same.
    """

    def __init__(self, config: ReformerConfig) -> None:
        super().__init__()
        self.chunk = config.chunk_size_feed_forward
        self.layer_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.dense = Projection(config.hidden_size, config.feed_forward_size, True, config.hidden_dropout_prob)
        self.activation = ACTIVATIONS[config.hidden_act]
        self.output = Projection(config.feed_forward_size, config.hidden_size, True, config.hidden_dropout_prob)

    def pieces(self, states: Tensor) -> tuple[Tensor, ...]:
        """``states`` cut along the positions into what is processed at once."""
        return states.split(self.chunk, dim=1) if self.chunk else (states,)

    def piece(self, states: Tensor) -> Tensor:
        return self.output(self.activation(self.dense(self.layer_norm(states))))

    def forward(self, states: Tensor) -> Tensor:
        done = [self.piece(part) for part in self.pieces(states)]
        return done[0] if len(done) == 1 else torch.cat(done, dim=1)


class ReversibleLayer(nn.Module):
    """One layer on two streams: y1 = x1 + attention(x2), y2 = x2 + feed_forward(y1) (section 3)."""

    def __init__(self, config: ReformerConfig, kind: str) -> None:
        super().__init__()
        self.attention = AttentionBlock(config, kind)
        self.feed_forward = FeedForward(config)

    def forward(self, x1: Tensor, x2: Tensor, mask: Tensor | None,
                rotations: Tensor | None) -> tuple[Tensor, Tensor, Tensor | None]:
        """(y1, y2, buckets), each stream [B, L, hidden]."""
        mixed, buckets = self.attention(x2, mask, rotations)
        y1 = x1 + mixed
        return y1, x2 + self.feed_forward(y1), buckets
