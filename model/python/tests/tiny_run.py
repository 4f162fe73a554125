"""A training run small enough for a test: made-up texts, a made-up teacher."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from twinstream_reformer.config import ReformerConfig
from twinstream_reformer.text_encoder import TextEncoder
from twinstream_reformer.training.batches import Batches
from twinstream_reformer.training.labels import Labelled
from twinstream_reformer.training.loop import Plan, Run
from twinstream_reformer.training.warm_start import principal_axes, warm_start

WORDS = 60
ENCODING = 16


def tiny_config() -> ReformerConfig:
    return ReformerConfig(
        attention_head_size=8, attn_layers=("local", "lsh"), axial_pos_shape=(16, 16), axial_pos_embds_dim=(8, 16),
        feed_forward_size=32, hash_seed=None, hidden_size=24, hidden_dropout_prob=0.0, initializer_range=0.2,
        local_attention_probs_dropout_prob=0.0, local_attn_chunk_length=16, lsh_attn_chunk_length=16,
        max_position_embeddings=256, num_attention_heads=2, num_buckets=None, num_hashes=1, vocab_size=WORDS)


def tiny_tokenizer() -> Tokenizer:
    vocabulary = {"[PAD]": 0, "[UNK]": 1, **{f"w{n}": n for n in range(2, WORDS)}}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def tiny_data(seed: int = 5) -> Labelled:
    """The teacher's vector of a text is the mean of its words' vectors."""
    draw = np.random.default_rng(seed)
    table = draw.standard_normal((WORDS, 384))

    def text(words: int) -> str:
        return " ".join(f"w{n}" for n in draw.integers(2, WORDS, words))

    def vector(words: str) -> np.ndarray:
        mean = table[[int(word[1:]) for word in words.split()]].mean(axis=0)
        return (mean / np.linalg.norm(mean)).astype(np.float16)

    sentences = [text(int(n)) for n in draw.integers(2, 12, 1200)]
    documents = [[text(8) for _ in range(int(n))] for n in draw.integers(1, 9, 60)]
    captions = [text(4) for _ in range(400)]
    passages = [passage for document in documents for passage in document]
    queries = [" ".join(passage.split()[:2]) for passage in passages]
    vectors = [np.stack([vector(one) for one in texts]) for texts in (sentences, captions, passages, queries)]
    return Labelled(sentences, vectors[0], captions, vectors[1], documents, vectors[2], queries, vectors[3],
                    table.astype(np.float16), json.dumps({}))


def tiny_start(data: Labelled, seed: int = 3) -> TextEncoder:
    _, axes = principal_axes(data.sentence_vectors, ENCODING, centre=False)
    rows = [row.ids for row in tiny_tokenizer().encode_batch(data.sentences)]
    targets = torch.from_numpy(data.sentence_vectors).float() @ axes
    return warm_start(tiny_config(), ENCODING, data.token_vectors, rows, targets, seed)


def tiny_run(folder: Path, data: Labelled, tokens: int, score=lambda _: 0.5, **plan) -> Run:
    _, axes = principal_axes(data.sentence_vectors, ENCODING, centre=False)
    plan = Plan(tokens=tokens, warmup=2, bfloat16=False, **plan)
    return Run(folder, tiny_start(data), Batches(data, tiny_tokenizer(), plan.seed), axes, plan, score)
