"""Reads a model's folder: a Hugging Face checkpoint, or a case of reference vectors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .config import ReformerConfig, read_config
from .modeling import ReformerModel, ReformerModelWithLMHead


class CheckpointError(ValueError):
    """A folder that is no Reformer checkpoint; the message names the file or weight, and what was wanted."""


def load_model(folder: str | Path) -> ReformerModel | ReformerModelWithLMHead:
    """The model of ``folder`` in evaluation mode, float32, with its language-model head if the checkpoint has one.

    The folder holds config.json and one of weights.npz, model.safetensors (one file or an index of several) or
    pytorch_model.bin (likewise). Raises ConfigError or CheckpointError.
    """
    folder = Path(folder)
    values = read_config(folder / "config.json")
    if values.get("model_type", "reformer") != "reformer":
        raise CheckpointError(f"{folder}/config.json says model_type {values['model_type']!r}; it must be 'reformer'.")
    config = ReformerConfig.from_dict(values)
    return build(config, read_weights(folder))


def build(config: ReformerConfig, weights: dict[str, Tensor]) -> ReformerModel | ReformerModelWithLMHead:
    """A model with these weights, named as in the reference. Heads other than the language model's are left out."""
    weights = {name: value.float() for name, value in weights.items() if "mask_value" not in name}
    bias = weights.pop("lm_head.decoder.bias", None)
    if bias is not None:
        weights.setdefault("lm_head.bias", bias)
    if any(name.startswith("lm_head.") for name in weights):
        model: ReformerModel | ReformerModelWithLMHead = ReformerModelWithLMHead(config)
        weights.setdefault("lm_head.bias", torch.zeros(config.vocab_size))
    else:
        model = ReformerModel(config)
        if any(name.startswith("reformer.") for name in weights):
            weights = {name[len("reformer."):]: v for name, v in weights.items() if name.startswith("reformer.")}
    wanted = model.state_dict()
    missing = sorted(wanted.keys() - weights.keys())
    unknown = sorted(weights.keys() - wanted.keys())
    if missing or unknown:
        raise CheckpointError(f"The weights do not fit the configuration: missing {missing[:3] or 'none'}"
                              f" ({len(missing)}), unknown {unknown[:3] or 'none'} ({len(unknown)}).")
    for name, value in wanted.items():
        if value.shape != weights[name].shape:
            raise CheckpointError(f"{name} has shape {list(weights[name].shape)}; config.json wants "
                                  f"{list(value.shape)}.")
    model.load_state_dict(weights)
    return model.eval()


def read_weights(folder: Path) -> dict[str, Tensor]:
    """The state dict of the first kind of weights file found."""
    if (folder / "weights.npz").is_file():
        with np.load(folder / "weights.npz") as arrays:
            return {name: torch.from_numpy(np.asarray(arrays[name])) for name in arrays.files}
    for name, read in (("model.safetensors", _read_safetensors), ("pytorch_model.bin", _read_pickle)):
        index = folder / f"{name}.index.json"
        if (folder / name).is_file():
            return read(folder / name)
        if index.is_file():
            parts = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
            return {key: value for part in parts for key, value in read(folder / part).items()}
    raise CheckpointError(f"{folder} has no weights: put weights.npz, model.safetensors or pytorch_model.bin there.")


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    from safetensors.torch import load_file

    return load_file(path)


def _read_pickle(path: Path) -> dict[str, Tensor]:
    return torch.load(path, map_location="cpu", weights_only=True)
