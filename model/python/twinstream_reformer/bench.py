"""Speed of the exported Reformer under ONNX Runtime with our ops, beside its peers in PyTorch.

    python -m twinstream_reformer.bench OPS_LIBRARY [--lengths 512 4096 16384 65536] [--runs 5]

One model (4 layers local, lsh, local, lsh; width 256; 4 heads of 64; feed-forward 1,024; 2 rounds; chunk 64; batch 1,
float32), the same weights on both sides, outputs compared before anything is timed, runs alternated, each after
untimed ones of its own, medians printed.
Beside ours in float32, ours with products in whole numbers of 8 bits, and its relative error (Frobenius) in percent.
Peers: Hugging Face's Reformer, and the same layers with full attention (torch's scaled_dot_product_attention).
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F

from .attention import merge_heads, split_heads
from .config import ReformerConfig
from .graph import token_graph
from .modeling import ReformerModel, initialize

#: Fixed numbers of buckets, about two a chunk, since the reference draws its rotations for them.
BUCKETS = {512: 16, 4096: 128, 16384: (32, 16), 65536: (32, 64)}
#: Token states that differ by more come from another bucket: two columns so near that the order of summing decides.
SAME = 1e-3
#: Before each timed run.
SETTLE_SECONDS = 0.3
#: Full attention at 65,536 takes hours.
LONGEST_FULL = 16384


def bench_config(length: int) -> ReformerConfig:
    """The configuration for one of the lengths of :data:`BUCKETS`."""
    return ReformerConfig(
        attention_head_size=64, attn_layers=("local", "lsh", "local", "lsh"), axial_pos_shape=(256, 256),
        axial_pos_embds_dim=(64, 192), feed_forward_size=1024, hash_seed=0, hidden_size=256,
        lsh_attn_chunk_length=64, local_attn_chunk_length=64, max_position_embeddings=65536, num_attention_heads=4,
        num_buckets=BUCKETS[length], num_hashes=2, vocab_size=8192)


def reference(model: ReformerModel) -> Callable[[torch.Tensor], torch.Tensor] | None:
    """Hugging Face's Reformer with the same weights; None where Transformers is not installed."""
    try:
        import transformers
    except ImportError:
        return None
    theirs = transformers.ReformerModel(transformers.ReformerConfig(**model.config.to_dict())).eval()
    theirs.load_state_dict(model.state_dict(), strict=False)
    return lambda ids: theirs(ids).last_hidden_state


class FullAttention(torch.nn.Module):
    """The same weights with full attention in every layer: what the Reformer is there to avoid."""

    def __init__(self, model: ReformerModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        config = self.model.config
        x1 = x2 = self.model.embeddings(ids)
        for layer in self.model.encoder.layers:
            block = layer.attention
            states, attention = block.layer_norm(x2), block.self_attention
            shared = hasattr(attention, "query_key")
            query = split_heads((attention.query_key if shared else attention.query)(states),
                                config.num_attention_heads)
            key = query if shared else split_heads(attention.key(states), config.num_attention_heads)
            value = split_heads(attention.value(states), config.num_attention_heads)
            x1 = x1 + block.output(merge_heads(F.scaled_dot_product_attention(query, key, value)))
            x2 = x2 + layer.feed_forward(x1)
        return self.model.encoder.layer_norm(torch.cat([x1, x2], dim=-1))


def ours(model: ReformerModel, library: str, threads: int, shape: torch.Size,
         weight_bits: int = 32) -> Callable[[torch.Tensor], torch.Tensor]:
    """The exported graph under ONNX Runtime, for ids [B, L] of ``shape``; each result takes the place of the last."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.register_custom_ops_library(library)
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(token_graph(model, weight_bits=weight_bits).SerializeToString(), options)
    output, mask = session.get_outputs()[0].name, np.ones(tuple(shape), np.int64)
    result = torch.empty(*shape, 2 * model.config.hidden_size)  # used again: torch keeps its memory too, and copies nothing

    def run(ids: torch.Tensor) -> torch.Tensor:
        binding = session.io_binding()
        binding.bind_cpu_input("input_ids", ids.numpy())
        binding.bind_cpu_input("attention_mask", mask)
        binding.bind_output(output, "cpu", 0, np.float32, tuple(result.shape), result.data_ptr())
        session.run_with_iobinding(binding)
        return result

    return run


def medians(sides: dict[str, Callable], ids: torch.Tensor, runs: int) -> dict[str, float]:
    """Tokens a second of each side: the median of ``runs`` alternated runs."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(runs):
        for name, run in sides.items():
            _settle(run, ids)
            started = time.perf_counter()
            run(ids)
            seconds[name].append(time.perf_counter() - started)
    return {name: ids.numel() / statistics.median(times) for name, times in seconds.items()}


def _settle(run: Callable, ids: torch.Tensor) -> None:
    """Untimed runs, until threads of the side before, which wait busily for more to do, have given their core back."""
    started = time.perf_counter()
    run(ids)
    while time.perf_counter() - started < SETTLE_SECONDS:
        run(ids)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.bench", description=__doc__.split("\n")[0])
    parser.add_argument("library")
    parser.add_argument("--lengths", type=int, nargs="+", default=sorted(BUCKETS), choices=sorted(BUCKETS))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print("tokens   twinstream    reference  ratio   full attention  ratio   tokens that differ"
          "   8 bits  over reference   error")
    for length in options.lengths:
        config = bench_config(length)
        model = ReformerModel(config)
        initialize(model, dataclasses.replace(config, initializer_range=0.05), 1)
        model.eval()
        ids = torch.randint(1, config.vocab_size, (1, length), generator=torch.Generator().manual_seed(2))
        with torch.no_grad():
            sides = {"twinstream": ours(model, options.library, options.threads, ids.shape),
                     "8 bits": ours(model, options.library, options.threads, ids.shape, weight_bits=8)}
            exact, rounded = (side(ids) for side in sides.values())
            error = float((rounded - exact).norm() / exact.norm())
            theirs = reference(model)
            difference = float("nan")
            if theirs is not None:
                apart = (theirs(ids) - exact).abs().amax(dim=-1)
                difference = (apart > SAME).float().mean().item()
                sides["reference"] = theirs
            if length <= LONGEST_FULL:
                sides["full"] = FullAttention(model)
            speed = medians(sides, ids, options.runs)
        print(f"{length:6d}  {_speed(speed, 'twinstream')}  {_peer(speed, 'reference')}  {_peer(speed, 'full')}"
              f"   {difference:.2%}   {_speed(speed, '8 bits')} {_ratio(speed, '8 bits', 'reference')}   {error:.2%}", flush=True)


def _speed(speed: dict[str, float], name: str) -> str:
    return f"{speed[name]:11,.0f}" if name in speed else "          -"


def _peer(speed: dict[str, float], name: str) -> str:
    return f"{_speed(speed, name)} {_ratio(speed, 'twinstream', name)}"


def _ratio(speed: dict[str, float], name: str, peer: str) -> str:
    return f"{speed[name] / speed[peer]:6.1f}" if peer in speed else "     -"


if __name__ == "__main__":
    main()
