"""Compares our Reformer with reference vectors, and writes what ONNX Runtime needs to be compared too.

    python -m twinstream_reformer.parity OUTPUT FOLDER...

Every folder under FOLDER... that holds a case.npz is a case. OUTPUT gets cases.json and, for each case, the graph, its
inputs and the expected output, for the Java runner. A case that cannot be run is said, and the others compared; the
status is 2 then.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
import onnx
import torch

from .checkpoint import CheckpointError, build, read_weights
from .config import ReformerConfig
from .buckets import bucket_factors
from .graph import token_graph

#: What files of a case raise that are missing, damaged, or do not fit each other. ConfigError and CheckpointError are
#: ValueErrors.
BROKEN = (EOFError, IndexError, KeyError, OSError, ValueError, zipfile.BadZipFile, zlib.error)


def find_cases(folders: list[str]) -> list[Path]:
    """Every folder below, in order of path, that holds a case.npz; linked folders are entered. Raises FileNotFoundError
    where there is none."""
    found: set[Path] = set()
    for folder in folders:
        below: set[Path] = set()
        seen: set[Path] = set()
        for at, inside, files in os.walk(folder, followlinks=True):
            real = Path(at).resolve()
            if real in seen:
                inside.clear()  # or a link to a folder above would be followed for ever
                continue
            seen.add(real)
            if "case.npz" in files:
                below.add(real)
        if not below:
            raise FileNotFoundError(
                f"{folder} holds no case: a case is a folder with config.json, weights.npz and case.npz.")
        found |= below
    return sorted(found)


def config_of(folder: Path, length: int) -> ReformerConfig:
    """The case's configuration. An automatic number of buckets becomes the one that the reference takes for
    ``length`` tokens, since it draws its rotations for that number."""
    config = ReformerConfig.from_file(folder / "config.json")
    padded = config.padded_length(length)
    if "lsh" not in config.attn_layers or config.num_buckets is not None or padded <= config.lsh_attn_chunk_length:
        return config
    factors = bucket_factors(config, padded)
    return dataclasses.replace(config, num_buckets=factors if len(factors) > 1 else factors[0])


def run_case(folder: Path, output: Path) -> float:
    """Writes the case for ONNX Runtime and returns PyTorch's largest absolute difference at unmasked positions."""
    with np.load(folder / "case.npz") as case:
        input_ids = case["input_ids"].astype(np.int64)
        mask = case["attention_mask"].astype(np.int64) if "attention_mask" in case.files else np.ones_like(input_ids)
        expected = case["output"].astype(np.float32)
    if input_ids.ndim != 2:
        raise CheckpointError(f"input_ids has shape {list(input_ids.shape)}; rows of tokens [B, L] are wanted")
    config = config_of(folder, input_ids.shape[1])
    if input_ids.size and not 0 <= input_ids.min() <= input_ids.max() < config.vocab_size:
        raise CheckpointError(f"input_ids goes from {input_ids.min()} to {input_ids.max()}; ids from 0 to vocab_size - 1 "
                              f"({config.vocab_size - 1}) are wanted")
    model = build(config, read_weights(folder))
    with torch.no_grad():
        ours = model(torch.from_numpy(input_ids), torch.from_numpy(mask)).numpy()
    output.mkdir(parents=True, exist_ok=True)
    onnx.save(token_graph(model), str(output / "model.onnx"))
    for name, array, kind in (("input_ids", input_ids, "<i8"), ("attention_mask", mask, "<i8"),
                              ("expected", expected, "<f4")):
        array.astype(kind).tofile(output / f"{name}.bin")
    if ours.shape != expected.shape:
        raise CheckpointError(f"the output has shape {list(ours.shape)}; the case wants {list(expected.shape)}")
    return float(np.abs(ours - expected)[mask == 1].max(initial=0.0))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.parity", description=__doc__.split("\n")[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("folders", nargs="+")
    options = parser.parse_args(arguments)
    try:
        cases = find_cases(options.folders)
        names = _short_names(cases)
        written = []
        for index, (folder, name) in enumerate(zip(cases, names)):
            try:
                difference = run_case(folder, options.output / str(index))
            except BROKEN as error:
                print(f"parity: case {folder}: {error}", file=sys.stderr)
                continue
            with np.load(folder / "case.npz") as case:
                shape, wanted = list(case["input_ids"].shape), list(case["output"].shape)
            written.append({"name": name, "folder": str(index), "shape": shape, "output_shape": wanted,
                            "pytorch": difference})
        if written:
            (options.output / "cases.json").write_text(json.dumps(written, indent=1), encoding="utf-8")
    except OSError as error:
        print(f"parity: {error}", file=sys.stderr)
        return 2
    return 0 if len(written) == len(cases) else 2


def _short_names(cases: list[Path]) -> list[str]:
    """The folders' names, with as many parents as tell them apart."""
    depth = 1
    while len({case.parts[-depth:] for case in cases}) < len(cases):
        depth += 1
    return ["/".join(case.parts[-depth:]) for case in cases]


if __name__ == "__main__":
    sys.exit(main())
