"""A stack of reversible layers whose activations are not kept but computed again in backward (section 3)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from .layers import ReversibleLayer


@contextmanager
def _seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Random numbers drawn inside are those of ``seed``; outside, as if nothing had happened."""
    devices = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(seed)
        yield


def _new_seed() -> int:
    return int(torch.randint(0, 2**62, (1,)).item())


class ReversibleStack(torch.autograd.Function):
    """Runs the layers keeping, of each, two seeds and the buckets; backward reconstructs the inputs from the outputs.

    Buckets are kept since a reconstructed input differs in its last bits, and an argmax may turn on those. Backward
    computes in the forward's autocast state, wherever it is called: what it subtracts must be what was added. Gradients
    of the layers' parameters are added to their ``grad`` in backward, so ``torch.autograd.grad`` does not see them.
    """

    @staticmethod
    def forward(ctx, x1: Tensor, x2: Tensor, layers: list[ReversibleLayer], mask: Tensor | None,
                rotations: list[Tensor | None]) -> tuple[Tensor, Tensor]:
        ctx.layers, ctx.mask, ctx.kept = layers, mask, []
        kind = x1.device.type
        ctx.autocast = (kind, torch.get_autocast_dtype(kind), torch.is_autocast_enabled(kind))
        for layer, turns in zip(layers, rotations):
            seeds = (_new_seed(), _new_seed())
            with _seeded(seeds[0], x1.device):
                mixed, buckets = layer.attention(x2, mask, turns)
            x1 = x1 + mixed
            del mixed
            with _seeded(seeds[1], x1.device):
                x2 = x2 + layer.feed_forward(x1)
            ctx.kept.append((seeds, buckets))
        ctx.save_for_backward(x1, x2)
        return x1, x2

    @staticmethod
    def backward(ctx, d1: Tensor, d2: Tensor):
        y1, y2 = ctx.saved_tensors
        for layer, (seeds, buckets) in zip(reversed(ctx.layers), reversed(ctx.kept)):
            x2, d1 = _undo_feed_forward(layer, y1, y2, d1, d2, seeds[1], ctx.autocast)
            y1, added = _undo_attention(layer, y1, x2, d1, ctx.mask, buckets, seeds[0], ctx.autocast)
            y2, d2 = x2, d2 + added
        return d1, d2, None, None, None


def _undo_feed_forward(layer: ReversibleLayer, y1: Tensor, y2: Tensor, d1: Tensor, d2: Tensor,
                       seed: int, autocast: tuple) -> tuple[Tensor, Tensor]:
    """(x2, gradient of y1). Piece by piece, so that only one piece's inner activations exist at a time."""
    block, x2, gradient = layer.feed_forward, torch.empty_like(y2), torch.empty_like(d1)
    with _seeded(seed, y1.device), torch.enable_grad():
        for *whole, to_x2, to_gradient in zip(*(block.pieces(t) for t in (y1, y2, d1, d2, x2, gradient))):
            part_y1, part_y2, part_d1, part_d2 = whole
            part_y1 = part_y1.detach().requires_grad_()
            with torch.autocast(*autocast):
                out = block.piece(part_y1)
            out.backward(part_d2)
            with torch.no_grad():
                to_x2.copy_(part_y2 - out)
                to_gradient.copy_(part_d1 + part_y1.grad)
    return x2, gradient


def _undo_attention(layer: ReversibleLayer, y1: Tensor, x2: Tensor, d1: Tensor, mask: Tensor | None,
                    buckets: Tensor | None, seed: int, autocast: tuple) -> tuple[Tensor, Tensor]:
    """(x1, what the attention adds to the gradient of x2)."""
    with _seeded(seed, y1.device), torch.enable_grad():
        x2 = x2.detach().requires_grad_()
        with torch.autocast(*autocast):
            out, _ = layer.attention(x2, mask, None, buckets)
        out.backward(d1)
    return y1 - out.detach(), x2.grad
