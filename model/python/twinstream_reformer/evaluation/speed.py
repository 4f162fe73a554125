"""Tokens a second of the bundle, beside the teacher's in the same ONNX Runtime.

    python -m twinstream_reformer.evaluation.speed BUNDLE OPS TEACHER [--threads N]

Random tokens; alternated runs, the median of all but the first. The teacher reads 256 tokens at a time, its limit.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from ..training.errors import in_a_line
from ..training.teacher import Teacher
from .encoders import Bundle

#: Tokens of a text, and texts of a run.
LENGTHS = {512: 64, 4_096: 8}
#: The first id that is drawn, and the end: words, in the vocabulary of the teacher and of the bundle that ships.
FIRST, END = 1_000, 30_000
TEACHER_LENGTH, TEACHER_TEXTS = 256, 64


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.evaluation.speed",
                                     description=__doc__.split("\n")[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("ops", type=Path)
    parser.add_argument("teacher", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(arguments)
    bundle = Bundle(options.bundle, options.ops, options.threads)
    bundle.need(max(LENGTHS))
    teacher = Teacher(options.teacher, options.threads)
    draw = np.random.default_rng(1)
    work = {f"bundle, {length} tokens": (bundle.encode_tokens, length, count) for length, count in LENGTHS.items()}
    work[f"teacher, {TEACHER_LENGTH} tokens"] = (teacher.encode_tokens, TEACHER_LENGTH, TEACHER_TEXTS)
    end = min(END, bundle.vocab_size)
    first = min(FIRST, end // 2)
    texts = {name: draw.integers(first, end, (count, length)).tolist() for name, (_, length, count) in work.items()}
    rates: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(options.runs + 1):
        for name, (encode, length, count) in work.items():
            started = time.perf_counter()
            encode(texts[name])
            rates[name].append(length * count / (time.perf_counter() - started))
    medians = {name: float(np.median(values[1:])) for name, values in rates.items()}
    peer = medians[f"teacher, {TEACHER_LENGTH} tokens"]
    for name, rate in medians.items():
        print(f"{name}: {rate:,.0f} tokens/s, {rate / peer:.1f} times the teacher's")
    return 0


if __name__ == "__main__":
    sys.exit(in_a_line("speed", main))
