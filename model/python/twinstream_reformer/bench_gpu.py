"""Full attention on a GPU, beside the times of the LSH kernels there.

    python -m twinstream_reformer.bench_gpu CUDA_TEST

CUDA_TEST: the program of the native tests. Its lines are shown; those with a time in half precision get PyTorch's
scaled_dot_product_attention of the same size (batch 1, 4 heads of 64) beside, and the ratio. Medians of 11 runs.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F

HEADS, HEAD_SIZE, RUNS = 4, 64, 11
TYPES = {"float16": torch.float16, "bfloat16": torch.bfloat16}
_TIME = re.compile(r"(\w+) +(\d+) tokens: LSH +([\d.]+) ms")


def sdpa_milliseconds(kind: str, length: int) -> float:
    """The median by CUDA events, after one run that is not counted."""
    query, key, value = torch.randn(3, 1, HEADS, length, HEAD_SIZE, device="cuda", dtype=TYPES[kind])
    times = []
    for _ in range(RUNS + 1):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        F.scaled_dot_product_attention(query, key, value)
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end))
    return statistics.median(times[1:])


def beside(lines: list[str], milliseconds: Callable[[str, int], float]) -> Iterator[str]:
    """The lines of cuda_test; times of the types that full attention runs in with its ``milliseconds``."""
    for line in lines:
        found = _TIME.match(line)
        if found and found[1] in TYPES:
            theirs = milliseconds(found[1], int(found[2]))
            line += f", full attention {theirs:8.3f} ms, {theirs / float(found[3]):.1f} times LSH"
        yield line


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.bench_gpu", description=__doc__.split("\n")[0])
    parser.add_argument("cuda_test", help="model/native/build/cuda/tests/cuda_test")
    options = parser.parse_args(arguments)
    if not torch.cuda.is_available():
        parser.exit(77, f"bench_gpu: PyTorch {torch.__version__} sees no GPU: run this where there is one, with a PyTorch "
                        "built for CUDA\n")
    ran = subprocess.run([options.cuda_test], stdout=subprocess.PIPE, text=True)
    for line in beside(ran.stdout.splitlines(), sdpa_milliseconds):
        print(line, flush=True)
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main())
