"""A Reformer that gives encodings: its token states, a weight for each token, and a head."""

from __future__ import annotations

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from .config import ReformerConfig
from .modeling import ReformerModel


class TextEncoder(nn.Module):
    """Encodings of unit length of documents and of their segments.

    A token's weight in the mean is exp(``token_scalar`` of its id + ``state_weight`` of its state): the final LayerNorm
    takes a state's norm away, so importance cannot live there. The mean goes through ``head``.

    forward: ``input_ids``, ``mask`` (1 = real token) and ``segment_ids`` (-1 = in none), each [B, L]; ``offset`` as in
    :class:`ReformerModel`. Returns (documents [B, P], segments [B, S, P]), S the greatest id + 1; an empty segment is 0.
    """

    def __init__(self, config: ReformerConfig, encoding_size: int, training_seed: int | None = None) -> None:
        super().__init__()
        self.config = config
        self.reformer = ReformerModel(config, training_seed)
        self.token_scalar = nn.Embedding(config.vocab_size, 1)
        self.state_weight = nn.Linear(2 * config.hidden_size, 1, bias=False)
        self.head = nn.Linear(2 * config.hidden_size, encoding_size, bias=False)

    def forward(self, input_ids: Tensor, mask: Tensor, segment_ids: Tensor, offset: int = 0) -> tuple[Tensor, Tensor]:
        documents, segments = self.means(input_ids, mask, segment_ids, offset)
        return F.normalize(self.head(documents), dim=-1), F.normalize(self.head(segments), dim=-1)

    def means(self, input_ids: Tensor, mask: Tensor, segment_ids: Tensor, offset: int = 0) -> tuple[Tensor, Tensor]:
        """Weighted mean states before the head: [B, 2 hidden], [B, S, 2 hidden]."""
        states = self.reformer(input_ids, mask, offset).float()
        scalars = self.token_scalar(input_ids) + self.state_weight(states)
        weights = scalars.squeeze(-1).float().exp() * mask
        count = int(segment_ids.max().clamp(min=0)) + 1
        inside = F.one_hot(segment_ids.clamp(min=0), count) * (segment_ids >= 0).unsqueeze(-1)
        shares = torch.cat([torch.ones_like(inside[..., :1]), inside], dim=-1) * weights.unsqueeze(-1)
        total = shares.sum(dim=1).clamp(min=1e-30)  # [B, 1 + S]
        pooled = (shares.transpose(1, 2) @ states) / total.unsqueeze(-1)
        return pooled[:, 0], pooled[:, 1:]

    @torch.no_grad()
    def encode(self, rows: list[list[int]], batch_tokens: int = 8192) -> Tensor:
        """Encodings [rows, P] of token id rows, batched by equal padded length, as each would be alone; on the CPU,
        wherever the weights are."""
        self.eval()
        device = self.head.weight.device
        result = torch.zeros(len(rows), self.head.out_features)
        order = sorted((i for i in range(len(rows)) if rows[i]), key=lambda i: len(rows[i]))
        start = 0
        while start < len(order):
            end, longest = start + 1, self.config.padded_length(len(rows[order[start]]))
            while end < len(order) and (end - start) * longest < batch_tokens and \
                    self.config.padded_length(len(rows[order[end]])) == longest:
                end += 1
            chosen = order[start:end]
            ids, mask = (part.to(device) for part in pad([rows[i] for i in chosen]))
            result[chosen] = self(ids, mask, mask - 1)[0].cpu()
            start = end
        return result

    def save(self, folder: Path) -> None:
        """Writes config.json and model.safetensors."""
        folder.mkdir(parents=True, exist_ok=True)
        values = {"model_type": "reformer", "encoding_size": self.head.out_features, **self.config.to_dict()}
        (folder / "config.json").write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
        save_file({name: value.contiguous() for name, value in self.state_dict().items()}, folder / "model.safetensors")

    @classmethod
    def load(cls, folder: Path) -> "TextEncoder":
        """What :meth:`save` wrote, in evaluation mode."""
        values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        encoder = cls(ReformerConfig.from_dict(values), values["encoding_size"])
        encoder.load_state_dict(load_file(folder / "model.safetensors"))
        return encoder.eval()


def pad(rows: list[list[int]], filler: int = 0) -> tuple[Tensor, Tensor]:
    """Token ids and mask, int64 [rows, longest]."""
    longest = max(map(len, rows))
    ids = torch.full((len(rows), longest), filler, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row, dtype=torch.long)
        mask[index, : len(row)] = 1
    return ids, mask
