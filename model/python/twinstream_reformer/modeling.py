"""The Reformer (Kitaev et al. 2020), under the parameter names of the reference, so that its checkpoints load."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import ReformerConfig
from .layers import Embeddings, ReversibleLayer
from .reversible import ReversibleStack
from .rotations import RotationSource


class ReformerEncoder(nn.Module):
    """The layers. forward: embeddings [B, L, hidden], L as padded, ``mask`` [B, L] bool or None, to [B, L, 2 hidden].

    ``reversible``: gradients by reconstruction; False keeps all activations, faster where they fit.
    """

    def __init__(self, config: ReformerConfig, training_seed: int | None = None) -> None:
        super().__init__()
        self.kinds = config.attn_layers
        self.reversible = True
        self.dropout = config.hidden_dropout_prob
        self.rotation_source = RotationSource(config, training_seed)
        self.layers = nn.ModuleList(ReversibleLayer(config, kind) for kind in config.attn_layers)
        self.layer_norm = nn.LayerNorm(2 * config.hidden_size, eps=config.layer_norm_eps)

    def forward(self, embedded: Tensor, mask: Tensor | None) -> Tensor:
        rotations = [self.rotation_source.rotations(self.training, embedded.device) if kind == "lsh" else None
                     for kind in self.kinds]
        if torch.is_grad_enabled() and self.reversible:
            # Frozen embeddings must not stop the layers from being trained.
            embedded = embedded if embedded.requires_grad else embedded.detach().requires_grad_()
            x1, x2 = ReversibleStack.apply(embedded, embedded, list(self.layers), mask, rotations)
        else:
            x1 = x2 = embedded
            for layer, turns in zip(self.layers, rotations):
                x1, x2, _ = layer(x1, x2, mask, turns)
        states = self.layer_norm(torch.cat([x1, x2], dim=-1))
        return F.dropout(states, self.dropout, self.training)


class ReformerModel(nn.Module):
    """Token states. forward: ``input_ids`` [B, L] and ``attention_mask`` [B, L] (1 = real token; None = all are).
    ``offset``: the position of the first token, for training positions beyond the lengths trained on.

    Returns [B, L, 2 * hidden_size]. A length over the smallest chunk length is padded, inside, to a multiple of all
    chunk lengths. Raises ValueError for a length over ``config.max_tokens`` or a mask of another shape.
    """

    def __init__(self, config: ReformerConfig, training_seed: int | None = None) -> None:
        super().__init__()
        self.config = config
        self.embeddings = Embeddings(config)
        self.encoder = ReformerEncoder(config, training_seed)

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None, offset: int = 0) -> Tensor:
        length = input_ids.shape[1]
        padded = self.config.padded_length(length)
        if length > self.config.max_tokens:
            raise ValueError(f"{length} tokens are over this model's {self.config.max_tokens}: shorten the input.")
        if attention_mask is not None and attention_mask.shape != input_ids.shape:
            raise ValueError(f"attention_mask has shape {list(attention_mask.shape)}; it must be that of input_ids, "
                             f"{list(input_ids.shape)}.")
        mask = None if attention_mask is None else attention_mask.bool()
        if padded > length:
            mask = torch.ones_like(input_ids, dtype=torch.bool) if mask is None else mask
            mask = F.pad(mask, (0, padded - length), value=False)
            input_ids = F.pad(input_ids, (0, padded - length), value=self.config.pad_token_id)
        return self.encoder(self.embeddings(input_ids, offset), mask)[:, :length]


class LanguageModelHead(nn.Module):
    """States [B, L, 2 hidden] to logits [B, L, vocabulary], a piece of ``chunk_size_lm_head`` positions at a time."""

    def __init__(self, config: ReformerConfig) -> None:
        super().__init__()
        self.chunk = config.chunk_size_lm_head
        self.decoder = nn.Linear(2 * config.hidden_size, config.vocab_size, bias=False)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))

    def forward(self, states: Tensor) -> Tensor:
        if not self.chunk:
            return self.decoder(states) + self.bias
        return torch.cat([self.decoder(part) + self.bias for part in states.split(self.chunk, dim=1)], dim=1)


class ReformerModelWithLMHead(nn.Module):
    """Next-token logits. Inputs and errors as for :class:`ReformerModel`; returns [B, L, vocab_size]."""

    def __init__(self, config: ReformerConfig, training_seed: int | None = None) -> None:
        super().__init__()
        self.config = config
        self.reformer = ReformerModel(config, training_seed)
        self.lm_head = LanguageModelHead(config)

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        return self.lm_head(self.reformer(input_ids, attention_mask))


def initialize(model: nn.Module, config: ReformerConfig, seed: int) -> None:
    """Gives every weight its first value, from ``seed`` alone: normal with ``initializer_range`` (axial positions:
    ``axial_norm_std``), biases 0, LayerNorms 1."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "layer_norm.weight" in name:
                parameter.fill_(1)
            elif name.endswith("bias"):
                parameter.zero_()
            else:
                axial = "position_embeddings.weights" in name
                parameter.normal_(0, config.axial_norm_std if axial else config.initializer_range, generator=generator)
