"""One LSH attention layer: how far from full attention, and how fast, by rounds of hashing.

    python -m twinstream_reformer.bench_attention OPS_LIBRARY [--length 4096] [--rounds 1 2 4 8] [--runs 5]

4 heads of 64, chunk 64, batch 1, float32; both projections are in every time. Rounds are set per session, on one graph.
Error is the relative Frobenius error against full attention over the same shared keys. Two inputs: tokens that gather
around one direction for each 64 of them (cosine about 0.9), where attention is sharp, as hashing supposes; and
directions with nothing in common, where there is nothing for it to find. Peers: Hugging Face's LSHSelfAttention layer,
and torch's scaled_dot_product_attention; runs alternated, each after untimed ones of its own, medians.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F

from .attention import attend, merge_heads, split_heads
from .bench import medians
from .config import ReformerConfig
from .graph import lsh_layer_graph
from .modeling import ReformerModel

HEADS, HEAD_SIZE, CHUNK = 4, 64, 64


def layer_config(length: int, rounds: int) -> ReformerConfig:
    """About two buckets a chunk, as the automatic rule gives."""
    power = (2 * (length // CHUNK)).bit_length() - 1
    buckets = 2**power if power <= 7 else (2 ** (power // 2), 2 ** (power - power // 2))
    return ReformerConfig(
        attention_head_size=HEAD_SIZE, attn_layers=("lsh",), axial_pos_embds=False, hash_seed=0,
        hidden_size=HEADS * HEAD_SIZE, lsh_attn_chunk_length=CHUNK, max_position_embeddings=length,
        num_attention_heads=HEADS, num_buckets=buckets, num_hashes=rounds, vocab_size=320)


def gathered(length: int, draw: torch.Generator) -> torch.Tensor:
    """States [1, length, hidden] around one direction for each chunk's worth of tokens, in random order."""
    centres = torch.randn(length // CHUNK, HEADS * HEAD_SIZE, generator=draw)
    states = centres[torch.randint(len(centres), (length,), generator=draw)]
    return (states + 0.33 * torch.randn(length, HEADS * HEAD_SIZE, generator=draw)).unsqueeze(0)


def scattered(length: int, draw: torch.Generator) -> torch.Tensor:
    """States [1, length, hidden] of independent directions."""
    return torch.randn(1, length, HEADS * HEAD_SIZE, generator=draw)


INPUTS = {"gathered": gathered, "scattered": scattered}


def full_attention(layer, states: torch.Tensor) -> torch.Tensor:
    """What hashing approximates: every key, own position last."""
    query, value = split_heads(layer.query_key(states), HEADS), split_heads(layer.value(states), HEADS)
    at = torch.arange(states.shape[1]).view(1, 1, -1)
    return merge_heads(torch.cat([
        attend(part, layer._as_key(query), value, positions, at, None, False, True, 0.0)[0]
        for part, positions in zip(query.split(1024, 2), at.split(1024, 2))], dim=2))


def ours(model: ReformerModel, library: str, threads: int, rounds: int, most: int) -> Callable:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("twinstream.rounds", str(rounds))
    options.register_custom_ops_library(library)
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(lsh_layer_graph(model, most).SerializeToString(), options)

    def run(states: torch.Tensor) -> torch.Tensor:
        feeds = {"states": states.numpy(), "attention_mask": np.ones(states.shape[:2], np.int64)}
        return torch.from_numpy(session.run(None, feeds)[0])

    return run


def reference(model: ReformerModel, rounds: int) -> Callable | None:
    """Hugging Face's layer with the same weights; None where Transformers is not installed."""
    try:
        from transformers import ReformerConfig as TheirConfig
        from transformers.models.reformer.modeling_reformer import LSHSelfAttention
    except ImportError:
        return None
    layer = LSHSelfAttention(TheirConfig(**model.config.to_dict())).eval()
    layer.load_state_dict(model.encoder.layers[0].attention.self_attention.state_dict(), strict=False)
    return lambda states: layer(states, num_hashes=rounds).hidden_states


def sdpa(layer) -> Callable:
    def run(states: torch.Tensor) -> torch.Tensor:
        query, value = split_heads(layer.query_key(states), HEADS), split_heads(layer.value(states), HEADS)
        return merge_heads(F.scaled_dot_product_attention(query, query, value))

    return run


def seconds(sides: dict[str, Callable], states: torch.Tensor, runs: int) -> dict[str, float]:
    """Of each side: the median of ``runs`` alternated runs, each after untimed ones."""
    return {name: states.numel() / rate for name, rate in medians(sides, states, runs).items()}


@torch.no_grad()
def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.bench_attention",
                                     description=__doc__.split("\n")[0])
    parser.add_argument("library")
    parser.add_argument("--length", type=int, default=4096, help="tokens, a multiple of 64 (default 4096)")
    parser.add_argument("--rounds", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(arguments)
    if options.length < CHUNK or options.length % CHUNK:
        parser.error(f"--length is {options.length}; a multiple of {CHUNK}, the chunk, is wanted")
    if min(options.rounds) < 1:
        parser.error(f"--rounds has {min(options.rounds)}; at least 1 is wanted")
    if options.runs < 1:
        parser.error(f"--runs is {options.runs}; at least 1 is wanted")
    torch.set_num_threads(options.threads)
    most = max(options.rounds)
    model = ReformerModel(layer_config(options.length, most)).eval()
    layer = model.encoder.layers[0].attention.self_attention
    for projection in (layer.query_key, layer.value):
        torch.nn.init.eye_(projection.weight)
    states = {name: make(options.length, torch.Generator().manual_seed(1)) for name, make in INPUTS.items()}
    full = {name: full_attention(layer, rows) for name, rows in states.items()}
    print(f"{options.length} tokens\nrounds  error gathered  error scattered   twinstream ms   reference ms  ratio"
          "   full attention ms  ratio")
    for rounds in options.rounds:
        sides = {"twinstream": ours(model, options.library, options.threads, rounds, most), "full": sdpa(layer)}
        if (theirs := reference(model, rounds)) is not None:
            sides["reference"] = theirs
        errors = {name: ((sides["twinstream"](rows) - full[name]).norm() / full[name].norm()).item()
                  for name, rows in states.items()}
        times = seconds(sides, states["gathered"], options.runs)
        mine = times["twinstream"]
        peers = [f"{times[name] * 1e3:14.1f} {times[name] / mine:6.1f}" if name in times else " " * 20 + "-"
                 for name in ("reference", "full")]
        print(f"{rounds:6d}  {errors['gathered']:14.3f}  {errors['scattered']:15.3f}  {mine * 1e3:14.1f} {peers[0]}"
              f"     {peers[1]}", flush=True)


if __name__ == "__main__":
    main()
