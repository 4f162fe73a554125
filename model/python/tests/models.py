"""Small random models for the tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from twinstream_reformer.config import ReformerConfig
from twinstream_reformer.modeling import ReformerModel, initialize

OPS_LIBRARY = Path(__file__).parents[2] / "native" / "build" / "libtwinstream_ops.so"


def small(**changes) -> ReformerConfig:
    """Four layers of width 32 for 256 positions, without dropout."""
    values = dict(attention_head_size=8, attn_layers=("local", "lsh", "local", "lsh"), axial_pos_shape=(16, 16),
                  axial_pos_embds_dim=(8, 24), feed_forward_size=48, hash_seed=3, hidden_size=32,
                  lsh_attn_chunk_length=16, local_attn_chunk_length=16, max_position_embeddings=256,
                  num_attention_heads=4, num_buckets=8, num_hashes=2, vocab_size=50, initializer_range=0.15,
                  hidden_dropout_prob=0.0, local_attention_probs_dropout_prob=0.0)
    return ReformerConfig(**{**values, **changes})


def initialized(config: ReformerConfig, seed: int = 1) -> ReformerModel:
    """In evaluation mode."""
    model = ReformerModel(config)
    initialize(model, config, seed)
    return model.eval()


def tokens(rows: int, length: int, seed: int = 2) -> torch.Tensor:
    return torch.randint(1, 50, (rows, length), generator=torch.Generator().manual_seed(seed))


def session(graph, threads: int = 0, entries: dict[str, str] = {}):
    """An ONNX Runtime session with our ops; ``entries`` of its configuration."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    for entry in entries.items():
        options.add_session_config_entry(*entry)
    options.register_custom_ops_library(str(OPS_LIBRARY))
    return onnxruntime.InferenceSession(graph.SerializeToString(), options)


def encode(running, rows: list[list[int]]) -> np.ndarray:
    """The encodings of rows of token ids in one batch."""
    ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
    mask = np.zeros_like(ids)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = row
        mask[index, : len(row)] = 1
    return running.run(["encoding"], {"input_ids": ids, "attention_mask": mask, "segment_ids": mask - 1})[0]
