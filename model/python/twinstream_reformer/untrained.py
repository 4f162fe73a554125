"""Makes the bundle ``untrained-64``: seeded random weights, for the pipeline to run with until a trained model ships.

    python -m twinstream_reformer.untrained TEXTS OUTPUT

TEXTS: JSON lines with a ``text`` (the sample of the launcher: the SPDX licence list, CC0); the tokenizer, byte-level
BPE, is made from them.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from .config import ReformerConfig
from .export import write_bundle
from .modeling import ReformerModel, initialize

SEED = 20261125
ENCODING_SIZE = 64


def untrained_config(vocabulary: int) -> ReformerConfig:
    """Four layers of width 64, for 1 to 65,536 tokens."""
    return ReformerConfig(
        attention_head_size=32, attn_layers=("local", "lsh", "local", "lsh"), axial_norm_std=0.1,
        axial_pos_shape=(256, 256), axial_pos_embds_dim=(16, 48), feed_forward_size=128, hash_seed=0, hidden_act="gelu",
        hidden_size=64, initializer_range=0.15, local_attn_chunk_length=64, local_num_chunks_after=1,
        lsh_attn_chunk_length=64, max_position_embeddings=65536, num_attention_heads=2, num_buckets=None, num_hashes=2,
        vocab_size=vocabulary)


def byte_pair_tokenizer(texts: list[str], vocabulary: int) -> Tokenizer:
    """Lower-cased byte-level BPE with [PAD] as token 0: no text has an unknown token."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, special_tokens=["[PAD]"], show_progress=False,
                                  initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.untrained", description=__doc__.split("\n")[0])
    parser.add_argument("texts", type=Path)
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    with options.texts.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    tokenizer = byte_pair_tokenizer(texts, 4096)
    config = untrained_config(tokenizer.get_vocab_size())
    model = ReformerModel(config).eval()
    initialize(model, config, SEED)
    noise = torch.randn(2 * config.hidden_size, ENCODING_SIZE, generator=torch.Generator().manual_seed(SEED))
    projection = torch.linalg.qr(noise).Q
    write_bundle(options.output, "untrained-64", False, model, projection, tokenizer.to_str().encode("utf-8"))
    print(f"The bundle untrained-64 is in {options.output}.")


if __name__ == "__main__":
    main()
