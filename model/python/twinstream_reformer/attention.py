"""LSH and local self-attention (section 2)."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .buckets import bucket_factors
from .chunks import to_chunks, window
from .config import ReformerConfig
from .hashing import compact, hash_buckets, sort_by_bucket

#: Score of a key that may not be seen.
MASKED = -1e9
#: Score of a query's own position under shared query-key: seen only where nothing else is (section 2).
SELF = -1e5


def split_heads(states: Tensor, heads: int) -> Tensor:
    """[B, L, H * D] to [B, H, L, D]."""
    return states.unflatten(-1, (heads, -1)).transpose(1, 2)


def merge_heads(states: Tensor) -> Tensor:
    """[B, H, L, D] to [B, L, H * D]."""
    return states.transpose(1, 2).flatten(2)


def attend(query: Tensor, key: Tensor, value: Tensor, query_at: Tensor, key_at: Tensor, allowed: Tensor | None,
           causal: bool, shared: bool, dropout: float, added: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Softmax attention inside windows.

    ``query`` [..., C, D], ``key`` and ``value`` [..., W, D], positions ``query_at`` [..., C] and ``key_at`` [..., W],
    ``allowed`` [..., W] bool or None (all). ``shared``: a query's own position counts :data:`SELF`. ``dropout``: the
    probability to drop an attention weight, 0 outside training. ``added`` [..., C, W] or None: to the scores. Returns
    the mix [..., C, D] and the log of the softmax's denominator [..., C].
    """
    scores = query @ key.transpose(-1, -2)
    if added is not None:
        scores = scores + added
    if allowed is not None:
        scores = scores.masked_fill(~allowed.unsqueeze(-2), MASKED)
    if causal:
        scores = scores.masked_fill(query_at.unsqueeze(-1) < key_at.unsqueeze(-2), MASKED)
    if shared:
        scores = scores.masked_fill(query_at.unsqueeze(-1) == key_at.unsqueeze(-2), SELF)
    total = torch.logsumexp(scores, dim=-1, keepdim=True)
    weights = F.dropout(torch.exp(scores - total), dropout, training=dropout > 0)
    return weights.to(value.dtype) @ value, total.squeeze(-1)


class LocalSelfAttention(nn.Module):
    """Each chunk attends to itself and its neighbours. Up to one chunk, all attends to all.

    forward: ``states`` [B, L, hidden], L at most a chunk or a multiple of one; ``mask`` [B, L] bool or None. Returns
    ([B, L, H * D], None): the second place is that of the buckets. Not causal, the first chunk sees the last, as in
    the reference.
    """

    def __init__(self, config: ReformerConfig) -> None:
        super().__init__()
        self.config = config
        width = config.num_attention_heads * config.attention_head_size
        self.query = nn.Linear(config.hidden_size, width, bias=False)
        self.key = nn.Linear(config.hidden_size, width, bias=False)
        self.value = nn.Linear(config.hidden_size, width, bias=False)

    def forward(self, states: Tensor, mask: Tensor | None, rotations: Tensor | None = None,
                buckets: Tensor | None = None) -> tuple[Tensor, None]:
        config, length = self.config, states.shape[1]
        heads = config.num_attention_heads
        query, key, value = (split_heads(part(states), heads) for part in (self.query, self.key, self.value))
        key = key / math.sqrt(config.attention_head_size)
        at = torch.arange(length, device=states.device).expand(1, 1, length)
        allowed = None if mask is None else mask[:, None, :]
        query_at = key_at = at
        chunk = config.local_attn_chunk_length
        if length > chunk:
            before, after = config.local_num_chunks_before, config.local_num_chunks_after
            query, query_at = to_chunks(query, chunk, 2), to_chunks(at, chunk, 2)
            key, value = (window(to_chunks(part, chunk, 2), before, after, 2) for part in (key, value))
            key_at = window(query_at, before, after, 2)
            if allowed is not None:
                allowed = window(to_chunks(allowed, chunk, 2), before, after, 2)
        dropout = config.local_attention_probs_dropout_prob if self.training else 0.0
        mixed, _ = attend(query, key, value, query_at, key_at, allowed, config.is_decoder, False, dropout)
        if length > chunk:
            mixed = mixed.flatten(2, 3)
        return merge_heads(mixed), None


class LSHSelfAttention(nn.Module):
    """Positions are hashed, sorted by bucket and cut into chunks; each chunk attends to itself and its neighbours in
    that order; rounds are weighed by their softmax denominators (section 2, "Multi-round LSH attention").

    forward: ``states`` [B, L, hidden], L at most a chunk or a multiple of one; ``mask`` [B, L] bool or None;
    ``rotations`` [R, H, F, C, D]; ``buckets`` [B, H, R, L] or None: used in place of hashing. Returns
    ([B, L, H * D], the buckets, or None where all attended to all).
    """

    def __init__(self, config: ReformerConfig) -> None:
        super().__init__()
        self.config = config
        width = config.num_attention_heads * config.attention_head_size
        self.query_key = nn.Linear(config.hidden_size, width, bias=False)
        self.value = nn.Linear(config.hidden_size, width, bias=False)

    def forward(self, states: Tensor, mask: Tensor | None, rotations: Tensor | None = None,
                buckets: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        config, length = self.config, states.shape[1]
        query = split_heads(self.query_key(states), config.num_attention_heads)
        value = split_heads(self.value(states), config.num_attention_heads)
        if length <= max(config.lsh_attn_chunk_length, config.lsh_full_attention_below):
            at = torch.arange(length, device=states.device).expand(1, 1, length)
            allowed = None if mask is None else mask[:, None, :]
            mixed, _ = attend(query, self._as_key(query), value, at, at, allowed, config.is_decoder, True,
                              self._dropout())
            return merge_heads(mixed), None
        if buckets is None:
            factors = bucket_factors(config, length)
            buckets = compact(hash_buckets(query, rotations, factors, mask), factors)
        return merge_heads(self._attend_sorted(query, value, mask, buckets)), buckets

    def _attend_sorted(self, query: Tensor, value: Tensor, mask: Tensor | None, buckets: Tensor) -> Tensor:
        config = self.config
        chunk, before, after = config.lsh_attn_chunk_length, config.lsh_num_chunks_before, config.lsh_num_chunks_after
        at, slots = sort_by_bucket(buckets)
        rows = at.unsqueeze(-1).expand(*at.shape, query.shape[-1])
        query = to_chunks(query.gather(2, rows), chunk, 2)
        value = window(to_chunks(value.gather(2, rows), chunk, 2), before, after, 2)
        key = window(self._as_key(query), before, after, 2)
        query_at = to_chunks(at, chunk, 2)
        allowed = None
        if mask is not None:
            real = mask[:, None, :].expand(-1, at.shape[1], -1).gather(2, at)
            allowed = window(to_chunks(real, chunk, 2), before, after, 2)
        key_at = window(query_at, before, after, 2)
        added = self._added(buckets, query_at, key_at, allowed)
        mixed, total = attend(query, key, value, query_at, key_at, allowed, config.is_decoder, True, self._dropout(),
                              added)
        rounds, length = buckets.shape[2:]
        mixed = mixed.flatten(2, 3).unflatten(2, (rounds, length))
        total = total.flatten(2, 3).unflatten(2, (rounds, length)).gather(3, slots)
        mixed = mixed.gather(3, slots.unsqueeze(-1).expand(*slots.shape, mixed.shape[-1]))
        if rounds == 1:
            return mixed.squeeze(2)
        # Not softmax: where a query sees only itself, totals near SELF lose digits in the logarithm, and the
        # reference's result has that loss in it.
        weights = torch.exp(total - torch.logsumexp(total, dim=2, keepdim=True))
        return (mixed * weights.unsqueeze(-1).to(mixed.dtype)).sum(dim=2)

    def _added(self, buckets: Tensor, query_at: Tensor, key_at: Tensor, allowed: Tensor | None) -> Tensor | None:
        """What the options of ours add to the scores, [B, H, N, C, W]: of ``buckets`` [B, H, R, L], the positions of
        the slots [B, H, N, C] and of their windows [B, H, N, W]. Quadratic in the length where keys count once."""
        config = self.config
        if not (config.lsh_within_bucket or config.lsh_count_keys_once):
            return None
        pairs = (*key_at.shape[:3], query_at.shape[3], key_at.shape[3])
        met = torch.ones(pairs, dtype=torch.bool, device=buckets.device)
        if allowed is not None:
            met = met & allowed.unsqueeze(-2)
        if config.lsh_within_bucket:
            # Bucket and round of every slot.
            rounds = torch.arange(buckets.shape[2], device=buckets.device).view(1, 1, -1, 1)
            group = buckets.long() * buckets.shape[2] + rounds
            order, _ = sort_by_bucket(buckets)
            slots = group.gather(3, order.view(buckets.shape)).flatten(2)
            slots = to_chunks(slots, config.lsh_attn_chunk_length, 2)
            seen = window(slots, config.lsh_num_chunks_before, config.lsh_num_chunks_after, 2)
            met = met & (slots.unsqueeze(-1) == seen.unsqueeze(-2))
        added = torch.where(met, 0.0, MASKED)
        if config.lsh_count_keys_once:
            length = buckets.shape[3]
            pair = (query_at.unsqueeze(-1) * length + key_at.unsqueeze(-2)).flatten(2)
            times = torch.zeros(*pair.shape[:2], length * length, device=buckets.device)
            times.scatter_add_(2, pair, met.float().flatten(2))
            added = added - times.gather(2, pair).clamp(min=1).log().view(pairs)
        return added

    def _as_key(self, query: Tensor) -> Tensor:
        # Shared query-key needs keys of equal length, or a query would prefer long keys over near ones.
        scale = torch.rsqrt(query.square().mean(dim=-1, keepdim=True) + 1e-6)
        return query * scale / math.sqrt(self.config.attention_head_size)

    def _dropout(self) -> float:
        return self.config.lsh_attention_probs_dropout_prob if self.training else 0.0
